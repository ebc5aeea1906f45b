//! Colour: the picture itself where the camera saw the surface, a plausible continuation elsewhere.

mod bake;
mod clusters;
mod detail;
mod fill;
mod light;
mod occlusion;
mod palette;
mod relief;
mod sight;

use glam::{Vec2, Vec3};
use imaging::{Frame, Plane, Pyramid};
use mesh::tangents::add_tangents;
use mesh::unwrap::{Side, unwrap};
use rayon::prelude::*;

use mesh::{Material, Model, Surface, Texture, measure};

use crate::Options;
use crate::model::Guess;
use crate::surface::Sculpture;
use crate::view::View;
use crate::views::Placement;
use bake::bake;
use detail::Detail;
use fill::fill;
use light::Finish;
use occlusion::occlusion;
use palette::Palette;
use relief::Relief;
use sight::Sight;

/// Texels between islands, so that coarser mip levels don't bleed into each other.
const GUTTER: u32 = 6;
/// The front keeps faces that a side would otherwise take: fewer seams through the photograph.
const FRONT_BONUS: f32 = 0.35;
/// Sides and back hold soft colours only; they get fewer texels than the photograph.
const UNSEEN_DENSITY: f32 = 0.35;
/// The same where there are photographs of them.
const SEEN_DENSITY: f32 = 0.9;
/// Of two photographs that show the same surface, the one it faces more wins: the exponent.
const SHARPNESS: i32 = 6;
/// Weight of the continuation where photographs show hardly anything.
const UNSEEN_WEIGHT: f32 = 1e-4;
/// The front photo counts as if the surface faced it this much more: fewer seams through it.
const FRONT_FIRST: f32 = 1.25;

/// Surfaces turned away from the camera by more than `acos` of the first value show nothing of
/// the picture, up to the second value they fade: grazing views smear.
const GRAZING: [f32; 2] = [0.05, 0.22];
/// Blur of unseen parts, as a share of the picture's side: right behind what was seen, and far
/// behind it, where mirrored print must not be legible.
const BLUR: [f32; 2] = [0.008, 0.09];
/// Depth behind the seen surface at which the blur is full.
const FULL_BLUR_DEPTH: f32 = 0.5;
/// Unseen parts are slightly darker than the front: they face away from the light.
const UNSEEN_SHADE: f32 = 0.94;
/// Share of the network's own idea of the back's colour, far behind what was seen.
const NETWORK_SHARE: f32 = 0.9;
/// Depths behind the seen surface up to which colours are carried on along the surface, and from
/// which the network and the picture in front decide.
const CONTINUED_DEPTH: [f32; 2] = [0.02, 0.3];
/// Blur of the colours that are carried on, as a share of the picture's side: single pixels would
/// become streaks.
const CONTINUED_BLUR: f32 = 0.006;

/// Blur of the network's colours before and after they are matched with the photograph's, in its
/// pixels.
const BACK_BLUR: f32 = 1.2;

/// A picture from another side.
pub struct OtherPhoto {
    /// Its camera, in its own frame.
    pub view: View,
    /// Where that frame lies in the front camera's.
    pub placement: Placement,
    /// The object in it.
    pub photo: Frame,
}

/// Unwraps the surface and paints it with the front's photo and any others. The result is still
/// in the front camera's frame.
///
/// With [`Tier::is_delit`] the photographs' light is taken out, and what remains of a surface is
/// told apart: albedo, relief, roughness, occlusion.
pub fn paint(
    sculpture: &Sculpture,
    view: View,
    photo: &Frame,
    others: &[OtherPhoto],
    guess: &Guess,
    options: &Options,
) -> Model {
    let size = options.texture_goal();
    let delit = options.tier.is_delit();
    let surface = &sculpture.surface;
    let normals = measure::vertex_normals(surface);
    let sides = sides(view, !others.is_empty());
    // Most of unwrapping is packing, which is done on one thread.
    let ((mut model, scale), (sight, developed)) = rayon::join(
        || unwrapped(sculpture, &normals, &sides, size),
        || {
            let sight = Sight::of(surface, &normals, view);
            let developed = Developed::of(photo, &sight, delit);
            (sight, developed)
        },
    );
    if delit {
        add_tangents(&mut model);
    }
    let palette = Palette::of(&developed.photo);
    let painter = Painter {
        view,
        sight,
        texel: 0.5 / scale.max(f32::MIN_POSITIVE),
        photo: developed.pyramid,
        others: (others.iter())
            .map(|other| Other::of(other, surface, &normals, delit))
            .collect(),
        back: guess.back_colour.as_ref().map(|colour| {
            let own = |c: &[f32; 3]| palette.nearest(c.map(|c| c.clamp(0.0, 1.0)));
            colour.blurred(BACK_BLUR).map(own).blurred(BACK_BLUR)
        }),
    };
    let continued = painter.continued(&model);
    let base_colour = bake(&model, size, GUTTER, |spot| {
        let normal = spot.mix(&model.normals).normalize_or(Vec3::Z);
        painter.colour(spot.mix(&model.positions), normal, spot.mix(&continued))
    });
    model.material = match developed.finish {
        Some(finish) => {
            let detail = Detail::of(&developed.photo);
            let tilt = |point: Vec3, normal: Vec3| {
                detail.tilt(view.project(point), normal) * painter.seen(point, normal)
            };
            detailed(&model, &sculpture.fine, base_colour, &finish, tilt)
        }
        None => Material::textured(base_colour),
    };
    model
}

/// The surface as a model without colours, and the texels per unit of the front's sheet.
fn unwrapped(sculpture: &Sculpture, normals: &[Vec3], sides: &[Side], size: u32) -> (Model, f32) {
    let surface = &sculpture.surface;
    let flat = unwrap(surface, sculpture.quads, sides, size, GUTTER);
    let source = || flat.source.iter().map(|&v| v as usize);
    let model = Model {
        positions: source().map(|v| surface.positions[v]).collect(),
        normals: source().map(|v| normals[v]).collect(),
        uvs: flat.texels.iter().map(|&t| t / size as f32).collect(),
        triangles: flat.triangles,
        quads: sculpture.quads,
        ..Model::default()
    };
    (model, flat.scale)
}

/// The photograph as it is, or without its light and with what that tells about the surface.
struct Developed {
    photo: Frame,
    pyramid: Pyramid,
    finish: Option<Finish>,
}

impl Developed {
    fn of(photo: &Frame, sight: &Sight, delit: bool) -> Self {
        let (photo, finish) = if delit {
            let delit = light::delit(photo, sight);
            (delit.photo, Some(delit.finish))
        } else {
            (photo.clone(), None)
        };
        Self {
            pyramid: Pyramid::of(&photo),
            photo,
            finish,
        }
    }
}

/// Everything a renderer wants to know about the surface; `tilt(point, normal)` is added to the
/// normal.
fn detailed(
    model: &Model,
    fine: &Surface,
    base_colour: Texture,
    finish: &Finish,
    tilt: impl Fn(Vec3, Vec3) -> Vec3 + Sync,
) -> Material {
    let relief = Relief::of(fine);
    // The fine surface and its surroundings change slowly compared with the photograph.
    let size = (base_colour.width / 2).max(1);
    let normal = bake(model, size, GUTTER / 2, |spot| {
        relief.texel(spot, model, &tilt)
    });
    let whole = Surface {
        positions: model.positions.clone(),
        triangles: model.triangles.clone(),
    };
    let open = occlusion(&whole, &model.normals);
    let orm = bake(model, size, GUTTER / 2, |spot| {
        let roughness = finish.roughness(texel(&base_colour, spot.mix(&model.uvs)));
        [spot.mix(&open), roughness, 0.0]
    });
    Material {
        base_colour: Some(base_colour),
        normal: Some(normal),
        orm: Some(orm),
        ..Material::default()
    }
}

/// The texel nearest to a texture coordinate, 0–1.
fn texel(texture: &Texture, uv: Vec2) -> [f32; 3] {
    let size = Vec2::new(texture.width as f32, texture.height as f32);
    let at = (uv * size).clamp(Vec2::ZERO, size - 1.0).as_usizevec2();
    let start = (at.y * texture.width as usize + at.x) * 3;
    [0, 1, 2].map(|i| f32::from(texture.rgb[start + i]) / 255.0)
}

/// The front as the camera saw it, and the five other sides of a box.
fn sides(view: View, others: bool) -> Vec<Side<'static>> {
    let side_density = if others { SEEN_DENSITY } else { UNSEEN_DENSITY };
    let front = Side {
        facing: Box::new(move |point, normal| normal.dot(view.towards(point))),
        bonus: FRONT_BONUS,
        flatten: Box::new(move |point| view.project(point) * 2.0),
        nearness: Box::new(move |point| -view.scale(point)),
        density: 1.0,
    };
    let others = [Vec3::NEG_Z, Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y]
        .map(|out| Side::of_box(out, side_density));
    std::iter::once(front).chain(others).collect()
}

struct Painter {
    view: View,
    sight: Sight,
    /// What a texel of the front's sheet covers, as a share of the picture's side.
    texel: f32,
    photo: Pyramid,
    others: Vec<Other>,
    back: Option<Plane<3>>,
}

impl Painter {
    /// sRGB colour, 0–1, of a surface point with a unit normal; `continued` is what the surroundings
    /// would have it be.
    fn colour(&self, point: Vec3, normal: Vec3, continued: Vec3) -> [f32; 3] {
        let (photo, seen) = self.photographed(point, normal, 0.0);
        if seen >= 1.0 {
            photo
        } else {
            mix(self.unseen(point, continued), photo, seen)
        }
    }

    /// How well the front's camera sees a point of the surface, 0–1.
    fn seen(&self, point: Vec3, normal: Vec3) -> f32 {
        let facing = normal.dot(self.view.towards(point));
        let visible = self
            .sight
            .visibility(self.sight.depth_behind(point), facing);
        smoothstep(GRAZING[0], GRAZING[1], facing) * visible
    }

    /// What the photographs that show a point show there, each as much as the surface faces it, and
    /// how sure that is, 0–1; blurred over `radius` of the picture's side.
    fn photographed(&self, point: Vec3, normal: Vec3, radius: f32) -> ([f32; 3], f32) {
        let at = self.view.project(point);
        let front = self.seen(point, normal);
        if self.others.is_empty() {
            let colour = match front > 0.0 {
                true => self.shown(&self.photo, at, radius),
                false => [0.0; 3],
            };
            return (colour, front);
        }
        let facing = normal.dot(self.view.towards(point)).max(0.0);
        let front = front * (facing * FRONT_FIRST).powi(SHARPNESS);
        let (mut sum, mut total) = ([0.0; 3], 0.0);
        let mut add = |photo: &Pyramid, at: Vec2, weight: f32| {
            if weight > 0.0 {
                let colour = self.shown(photo, at, radius);
                (0..3).for_each(|i| sum[i] += weight * colour[i]);
                total += weight;
            }
        };
        add(&self.photo, at, front);
        for other in &self.others {
            let (at, weight) = other.sees(point, normal);
            add(&other.photo, at, weight);
        }
        (
            sum.map(|c| c / total.max(f32::MIN_POSITIVE)),
            total / (total + UNSEEN_WEIGHT),
        )
    }

    /// The colour of a photograph, blurred over `radius` of its side, or over one texel with 0.
    fn shown(&self, photo: &Pyramid, at: Vec2, radius: f32) -> [f32; 3] {
        if radius > 0.0 {
            photo.sample(at.x, at.y, radius)
        } else {
            photo.mean(at.x, at.y, self.texel)
        }
    }

    /// The photographed colours carried on along the surface, for every vertex.
    fn continued(&self, model: &Model) -> Vec<Vec3> {
        let (surface, ids) = model.welded();
        let normals = measure::vertex_normals(&surface);
        let seen: Vec<(Vec3, f32)> = (surface.positions.par_iter().zip(&normals))
            .map(|(&point, &normal)| {
                let (colour, weight) = self.photographed(point, normal, CONTINUED_BLUR);
                (Vec3::from(colour), weight)
            })
            .collect();
        let filled = fill(
            &surface,
            &seen,
            Vec3::from(self.photo.sample(0.5, 0.5, 1.0)),
        );
        ids.iter().map(|&v| filled[v as usize]).collect()
    }

    /// What nobody saw: near what was seen its continuation, far behind it the picture in front of
    /// it, ever softer, toned by the network.
    fn unseen(&self, point: Vec3, continued: Vec3) -> [f32; 3] {
        let at = self.view.project(point);
        let behind = self.sight.depth_behind(point);
        let far = smoothstep(0.0, FULL_BLUR_DEPTH, behind);
        let blur = BLUR[0] + (BLUR[1] - BLUR[0]) * far;
        let shade = 1.0 - (1.0 - UNSEEN_SHADE) * far;
        let mirrored = self.photo.sample(at.x, at.y, blur).map(|c| c * shade);
        let network = self.back.as_ref().map_or(mirrored, |back| {
            let network = back.sample(at.x, at.y).map(|c| c * shade);
            mix(mirrored, network, NETWORK_SHARE)
        });
        mix(
            continued.to_array(),
            network,
            smoothstep(CONTINUED_DEPTH[0], CONTINUED_DEPTH[1], behind),
        )
    }
}

/// Another camera, ready to be asked.
struct Other {
    view: View,
    placement: Placement,
    sight: Sight,
    photo: Pyramid,
}

impl Other {
    fn of(other: &OtherPhoto, surface: &Surface, normals: &[Vec3], delit: bool) -> Self {
        let inward = |&p: &Vec3| other.placement.inward(p);
        let its_surface = Surface {
            positions: surface.positions.iter().map(inward).collect(),
            triangles: surface.triangles.clone(),
        };
        let inward = |&n: &Vec3| other.placement.rotation.inverse() * n;
        let its_normals: Vec<Vec3> = normals.iter().map(inward).collect();
        let sight = Sight::of(&its_surface, &its_normals, other.view);
        let developed = Developed::of(&other.photo, &sight, delit);
        Self {
            view: other.view,
            placement: other.placement,
            sight,
            photo: developed.pyramid,
        }
    }

    /// Where the camera sees a point of the surface, and how well.
    fn sees(&self, point: Vec3, normal: Vec3) -> (Vec2, f32) {
        let point = self.placement.inward(point);
        let normal = self.placement.rotation.inverse() * normal;
        let facing = normal.dot(self.view.towards(point));
        let visible = self
            .sight
            .visibility(self.sight.depth_behind(point), facing);
        let weight = smoothstep(GRAZING[0], GRAZING[1], facing) * visible;
        (
            self.view.project(point),
            weight * facing.max(0.0).powi(SHARPNESS),
        )
    }
}

fn mix(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * share)
}

fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
