//! The report as a picture: where each problem is, from four sides.

use glam::{Vec2, Vec3};

use super::{Marks, Report};
use crate::raster::{Background, Image, Scene, Shading, View};
use crate::sheet::font;
use crate::soup::corners;
use crate::{Material, Model, Surface, Texture, measure};

/// Pixels a side of each of the four views.
const TILE: u32 = 448;
/// Height of the strip with the legend.
const LEGEND: u32 = 40;
const INK: [u8; 3] = [40, 42, 48];
/// Untroubled faces, and the back of any face.
const PLAIN: [u8; 3] = [206, 206, 206];
const BACK: [u8; 3] = [96, 96, 100];

/// What a mark looks like; where a face has several, the first here shows. The colours can be told
/// apart by people who see fewer of them (Okabe and Ito, "Color universal design", 2008).
const COLORS: [(Marks, [u8; 3], &str); 6] = [
    (Marks::HOLE, [213, 94, 0], "HOLE"),
    (Marks::NON_MANIFOLD, [204, 121, 167], "NON-MANIFOLD"),
    (Marks::CROSSING, [0, 114, 178], "CROSSING"),
    (Marks::FLIPPED, [0, 158, 115], "FLIPPED"),
    (Marks::THIN, [240, 228, 66], "THIN"),
    (Marks::OVERHANG, [86, 180, 233], "OVERHANG"),
];

/// Problems of single edges get a knob of this radius (share of the longest side), or nobody would
/// find them.
const KNOB: f32 = 0.012;
/// The first so many kinds of mark get knobs.
const KNOBBED: usize = 3;

/// The four views: name, azimuth and elevation in degrees.
const VIEWS: [(&str, f32, f32); 4] = [
    ("FRONT", 20.0, 15.0),
    ("RIGHT", 110.0, 15.0),
    ("BACK", 200.0, 15.0),
    ("BELOW", 20.0, -70.0),
];

/// Draws a surface with what `report`, which must be its own, has marked.
pub fn picture(surface: &Surface, report: &Report) -> Image {
    let model = painted(surface, report);
    let scene = Scene::new(&model);
    let mut picture = Image::filled(2 * TILE, 2 * TILE + LEGEND, [255; 4]);
    for (i, (name, azimuth_deg, elevation_deg)) in (0..).zip(VIEWS) {
        let view = View {
            azimuth_deg,
            elevation_deg,
            shading: Shading::Textured,
            background: Background::Color(View::PAPER),
            contact_shadow: false,
        };
        let mut tile = scene.render(&view, TILE);
        font::write(&mut tile, [8, 8], 2, INK, name);
        let (left, top) = (i % 2 * TILE, i / 2 * TILE);
        for (y, row) in (top..).zip(tile.rgba.chunks_exact((TILE * 4) as usize)) {
            let start = ((y * picture.width + left) * 4) as usize;
            picture.rgba[start..start + row.len()].copy_from_slice(row);
        }
    }
    legend(&mut picture, report);
    picture
}

fn legend(picture: &mut Image, report: &Report) {
    let top = 2 * TILE + 12;
    let mut left = 12;
    let shown = COLORS
        .iter()
        .filter(|(mark, ..)| report.marks.iter().any(|marks| marks.has(*mark)));
    for (_, color, name) in shown {
        for y in top..top + 16 {
            for x in left..left + 16 {
                let at = ((y * picture.width + x) * 4) as usize;
                picture.rgba[at..at + 3].copy_from_slice(color);
            }
        }
        font::write(picture, [left + 20, top + 1], 2, INK, name);
        left += 20 + 8 * name.len() as u32 + 24;
    }
    if left == 12 {
        font::write(picture, [left, top + 1], 2, INK, "NOTHING MARKED");
    }
}

/// Flat-shaded, both sides of every face, colours from a texture of one row.
fn painted(surface: &Surface, report: &Report) -> Model {
    let palette: Vec<[u8; 3]> = [PLAIN, BACK]
        .into_iter()
        .chain(COLORS.map(|c| c.1))
        .collect();
    let mut brush = Brush {
        colors: palette.len() as f32,
        model: Model {
            positions: Vec::new(),
            normals: Vec::new(),
            uvs: Vec::new(),
            triangles: Vec::new(),
            material: Material::textured(Texture {
                width: palette.len() as u32,
                height: 1,
                rgb: palette.concat(),
            }),
            ..Model::default()
        },
    };
    let finite: Vec<Vec3> = surface
        .positions
        .iter()
        .copied()
        .filter(|p| p.is_finite())
        .collect();
    let (low, high) = measure::bounds(&finite);
    let radius = KNOB * (high - low).max_element();
    let mut taken = std::collections::HashSet::new();
    for (face, marks) in (0..).zip(&report.marks) {
        let [a, b, c] = corners(surface, face);
        if !(a.is_finite() && b.is_finite() && c.is_finite()) {
            continue;
        }
        let found = COLORS.iter().position(|(mark, ..)| marks.has(*mark));
        brush.face([a, b, c], found.map_or(0, |i| i + 2));
        brush.face([a, c, b], if found == Some(3) { 5 } else { 1 });
        let middle = (a + b + c) / 3.0;
        let is_small = (b - a).length().max((c - a).length()) < 3.0 * radius;
        if let Some(kind) = found.filter(|&kind| kind < KNOBBED && is_small) {
            // One knob is enough where many would touch.
            let cell = ((middle - low) / radius).as_ivec3();
            if taken.insert((cell, kind)) {
                brush.knob(middle, radius, kind + 2);
            }
        }
    }
    brush.model
}

struct Brush {
    model: Model,
    colors: f32,
}

impl Brush {
    fn face(&mut self, [a, b, c]: [Vec3; 3], color: usize) {
        let first = self.model.positions.len() as u32;
        let normal = (b - a).cross(c - a).normalize_or(Vec3::Y);
        self.model.positions.extend([a, b, c]);
        self.model.normals.extend([normal; 3]);
        self.model
            .uvs
            .extend([Vec2::new((color as f32 + 0.5) / self.colors, 0.5); 3]);
        self.model.triangles.push([first, first + 1, first + 2]);
    }

    /// An octahedron.
    fn knob(&mut self, middle: Vec3, radius: f32, color: usize) {
        for octant in 0..8 {
            let sign = |bit: u32| {
                if octant >> bit & 1 == 0 {
                    radius
                } else {
                    -radius
                }
            };
            let [x, y, z] = [Vec3::X * sign(0), Vec3::Y * sign(1), Vec3::Z * sign(2)];
            let outward = [middle + x, middle + y, middle + z];
            let is_mirrored = sign(0) * sign(1) * sign(2) < 0.0;
            let [a, b, c] = outward;
            self.face(if is_mirrored { [a, c, b] } else { outward }, color);
        }
    }
}
