//! A cube and a sphere whose every side is known.

use glam::{Vec2, Vec3};
use mesh::{Material, Model, Texture};

/// The strongest channel of the cube's coloured sides.
pub const BRIGHT: u8 = 200;

/// Side 2, standing on the ground. Front (+Z) red, +X green, back blue, −X yellow, top white,
/// bottom black: one texel each.
pub fn cube() -> Model {
    let sides = [
        (Vec3::Z, Vec3::X),
        (Vec3::X, Vec3::NEG_Z),
        (Vec3::NEG_Z, Vec3::NEG_X),
        (Vec3::NEG_X, Vec3::Z),
        (Vec3::Y, Vec3::X),
        (Vec3::NEG_Y, Vec3::X),
    ];
    let rgb = vec![
        BRIGHT, 20, 20, 20, BRIGHT, 20, 20, 20, BRIGHT, BRIGHT, BRIGHT, 20, 255, 255, 255, 0, 0, 0,
    ];
    let mut model = Model {
        positions: Vec::new(),
        normals: Vec::new(),
        uvs: Vec::new(),
        triangles: Vec::new(),
        material: Material::textured(Texture {
            width: 6,
            height: 1,
            rgb,
        }),
        ..Model::default()
    };
    for (side, (out, right)) in (0..).zip(sides) {
        let up = out.cross(right);
        let first = model.positions.len() as u32;
        for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
            model.positions.push(out + right * x + up * y + Vec3::Y);
            model.normals.push(out);
            model.uvs.push(Vec2::new((side as f32 + 0.5) / 6.0, 0.5));
        }
        model.triangles.push([first, first + 1, first + 2]);
        model.triangles.push([first, first + 2, first + 3]);
    }
    model
}

/// Radius 1, standing on the ground, 10,000 triangles, closed, a fine checkerboard all over.
pub fn sphere() -> Model {
    let (columns, rows) = (100_u32, 51_u32);
    let mut model = Model {
        positions: Vec::new(),
        normals: Vec::new(),
        uvs: Vec::new(),
        triangles: Vec::new(),
        material: Material::textured(Texture {
            width: 512,
            height: 512,
            rgb: (0..512 * 512)
                .flat_map(|i| {
                    [if (i / 16 + i / 512 / 16) % 2 == 0 {
                        60
                    } else {
                        220
                    }; 3]
                })
                .collect(),
        }),
        ..Model::default()
    };
    for row in 0..=rows {
        for column in 0..=columns {
            let uv = Vec2::new(column as f32 / columns as f32, row as f32 / rows as f32);
            // The last column lies exactly on the first, the poles are exactly points.
            let around = (column % columns) as f32 / columns as f32;
            let (sin_around, cos_around) = (around * std::f32::consts::TAU).sin_cos();
            let (sin_down, cos_down) = (uv.y * std::f32::consts::PI).sin_cos();
            let sin_down = if row == rows { 0.0 } else { sin_down };
            let normal = Vec3::new(sin_around * sin_down, cos_down, cos_around * sin_down);
            model.positions.push(normal + Vec3::Y);
            model.normals.push(normal.normalize_or(Vec3::Y));
            model.uvs.push(uv);
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            let first = row * (columns + 1) + column;
            let below = first + columns + 1;
            if row + 1 < rows {
                model.triangles.push([first, below, below + 1]);
            }
            if row > 0 {
                model.triangles.push([first, below + 1, first + 1]);
            }
        }
    }
    model
}
