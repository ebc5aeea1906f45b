//! One frame: visibility and colour per sample, band by band.

use glam::{Mat3, Vec2, Vec3, Vec4};
use rayon::prelude::*;

use super::camera::{Camera, Seen};
use super::fill::{Clip, rasterize};
use super::shade::{self, Light};
use super::{Background, Image, Scene, Shading, View, mip};

/// Samples per pixel along each axis.
const SUPERSAMPLING: u32 = 2;
/// Pixel rows per band: small enough to balance threads, large enough to share set-up.
const BAND_ROWS: u32 = 16;
const NO_TRIANGLE: u32 = u32::MAX;

/// What one sample sees.
#[derive(Clone, Copy)]
struct Sample {
    inverse_depth: f32,
    triangle: u32,
    weights: Vec3,
}

const NOTHING: Sample = Sample {
    inverse_depth: 0.0,
    triangle: NO_TRIANGLE,
    weights: Vec3::ZERO,
};

/// What the samples of one triangle share.
struct Patch {
    triangle: u32,
    inverse_depths: Vec3,
    /// One column per corner.
    normals: Mat3,
    /// The same; zero where there are none.
    tangents: Mat3,
    /// Which way the bitangent points.
    handedness: f32,
    /// Linear vertex colours, one column per corner; white where there are none.
    colours: Mat3,
    uvs: [Vec2; 3],
    /// Texture coordinates from one sample to the next.
    uv_step: f32,
}

impl Patch {
    const NONE: Self = Self {
        triangle: NO_TRIANGLE,
        inverse_depths: Vec3::ZERO,
        normals: Mat3::ZERO,
        tangents: Mat3::ZERO,
        handedness: 1.0,
        colours: Mat3::ZERO,
        uvs: [Vec2::ZERO; 3],
        uv_step: 0.0,
    };
}

/// Everything the bands share.
struct Frame<'a> {
    scene: &'a Scene<'a>,
    view: &'a View,
    camera: Camera,
    light: Light,
    seen: Vec<Seen>,
    /// Samples per side.
    side: u32,
}

pub(super) fn render(scene: &Scene, view: &View, size: u32) -> Image {
    let mut image = Image::filled(size, size, [0; 4]);
    if size == 0 {
        return image;
    }
    let side = size * SUPERSAMPLING;
    let camera = Camera::around(
        scene.center,
        scene.radius,
        view.azimuth_deg,
        view.elevation_deg,
        side,
    );
    let frame = Frame {
        scene,
        view,
        light: Light::of(view.shading, camera.view_from_world.transpose()),
        seen: scene
            .model
            .positions
            .iter()
            .map(|&p| camera.see(p))
            .collect(),
        camera,
        side,
    };
    let bins = frame.bins();
    image
        .rgba
        .par_chunks_mut((size * BAND_ROWS * 4) as usize)
        .zip(&bins)
        .enumerate()
        .for_each(|(band, (pixels, triangles))| frame.draw_band(band as u32, triangles, pixels));
    image
}

impl Frame<'_> {
    fn corners(&self, triangle: u32) -> [Seen; 3] {
        self.scene.model.triangles[triangle as usize].map(|index| self.seen[index as usize])
    }

    /// The triangles that face the camera, listed in every band they reach, in model order.
    fn bins(&self) -> Vec<Vec<u32>> {
        let band_samples = (BAND_ROWS * SUPERSAMPLING) as f32;
        let bands = self.side.div_ceil(BAND_ROWS * SUPERSAMPLING) as usize;
        let mut bins = vec![Vec::new(); bands];
        for triangle in 0..self.scene.model.triangles.len() as u32 {
            let [a, b, c] = self.corners(triangle).map(|seen| seen.at);
            // Counter-clockwise from outside is clockwise on a screen whose y points down.
            let faces_away = (b - a).perp_dot(c - a) >= 0.0;
            if faces_away {
                continue;
            }
            let top = a.y.min(b.y).min(c.y) / band_samples;
            let bottom = a.y.max(b.y).max(c.y) / band_samples;
            let last = (bottom.max(0.0) as usize).min(bands - 1);
            for bin in &mut bins[(top.max(0.0) as usize).min(last)..=last] {
                bin.push(triangle);
            }
        }
        bins
    }

    fn draw_band(&self, band: u32, triangles: &[u32], pixels: &mut [u8]) {
        let first_row = band * BAND_ROWS * SUPERSAMPLING;
        let rows = pixels.len() as u32 / 4 / (self.side / SUPERSAMPLING) * SUPERSAMPLING;
        let clip = Clip {
            x: 0..self.side,
            y: first_row..first_row + rows,
        };
        let samples = self.visibility(&clip, triangles);
        let mut patch = Patch::NONE;
        let width = self.side / SUPERSAMPLING;
        for (at, pixel) in (0..).zip(pixels.chunks_exact_mut(4)) {
            let (left, top) = (at % width * SUPERSAMPLING, at / width * SUPERSAMPLING);
            let mut sum = Vec4::ZERO;
            for y in top..top + SUPERSAMPLING {
                for x in left..left + SUPERSAMPLING {
                    let sample = &samples[(y * self.side + x) as usize];
                    let center = Vec2::new(x as f32, (first_row + y) as f32) + 0.5;
                    sum += self.color(sample, center, &mut patch);
                }
            }
            let samples_per_pixel = (SUPERSAMPLING * SUPERSAMPLING) as f32;
            pixel.copy_from_slice(&self.composed(sum / samples_per_pixel));
        }
    }

    fn visibility(&self, clip: &Clip, triangles: &[u32]) -> Vec<Sample> {
        let side = self.side as usize;
        let mut samples = vec![NOTHING; clip.y.len() * side];
        for &triangle in triangles {
            let corners = self.corners(triangle);
            let inverse_depths = Vec3::from(corners.map(|corner| corner.inverse_depth));
            rasterize(corners.map(|corner| corner.at), clip, |x, y, weights| {
                let inverse_depth = inverse_depths.dot(weights);
                let sample = &mut samples[(y - clip.y.start) as usize * side + x as usize];
                if inverse_depth > sample.inverse_depth {
                    *sample = Sample {
                        inverse_depth,
                        triangle,
                        weights,
                    };
                }
            });
        }
        samples
    }

    /// Linear colour of a sample and how much of the background it hides, premultiplied.
    /// `patch` is the triangle met last: neighbours mostly see the same.
    fn color(&self, sample: &Sample, at: Vec2, patch: &mut Patch) -> Vec4 {
        if sample.triangle == NO_TRIANGLE {
            return self.ground(at);
        }
        if patch.triangle != sample.triangle {
            *patch = self.patch(sample.triangle);
        }
        // On the screen attribute / depth is linear; dividing by 1 / depth gives it back.
        let weights = sample.weights * patch.inverse_depths / sample.inverse_depth;
        let normal = (patch.normals * weights).normalize_or(Vec3::Y);
        let color = match self.view.shading {
            Shading::Normals => shade::normal_color(self.bumped(patch, weights, normal)),
            Shading::Clay => shade::clay(self.light.on(normal)),
            Shading::Textured => self.lit(patch, weights, normal, at),
        };
        color.extend(1.0)
    }

    /// The material in the studio's light.
    fn lit(&self, patch: &Patch, weights: Vec3, normal: Vec3, at: Vec2) -> Vec3 {
        let textures = &self.scene.textures;
        let normal = self.bumped(patch, weights, normal);
        let mut albedo = patch.colours * weights;
        if let Some(texture) = &textures.base_colour {
            albedo *= sample(texture, patch, weights);
        }
        let (occlusion, roughness) = match &textures.orm {
            Some(texture) => {
                let orm = sample(texture, patch, weights);
                (orm.x, orm.y)
            }
            None => (1.0, self.scene.model.material.roughness),
        };
        let towards_eye = -self.camera.ray(at).normalize_or(Vec3::NEG_Z);
        albedo * self.light.shaded(normal, occlusion)
            + Vec3::splat(self.light.gloss(normal, towards_eye, roughness) * occlusion)
    }

    /// The normal with the normal map's detail.
    fn bumped(&self, patch: &Patch, weights: Vec3, normal: Vec3) -> Vec3 {
        let Some(texture) = &self.scene.textures.normal else {
            return normal;
        };
        let tangent = patch.tangents * weights;
        let tangent = (tangent - normal * normal.dot(tangent)).normalize_or_zero();
        let bitangent = normal.cross(tangent) * patch.handedness;
        let detail = sample(texture, patch, weights) * 2.0 - 1.0;
        Mat3::from_cols(tangent, bitangent, normal)
            .mul_vec3(detail)
            .normalize_or(normal)
    }

    fn patch(&self, triangle: u32) -> Patch {
        let model = self.scene.model;
        let indices = model.triangles[triangle as usize].map(|index| index as usize);
        let columns = |[a, b, c]: [Vec3; 3]| Mat3::from_cols(a, b, c);
        let tangents = indices.map(|index| model.tangents.get(index).copied().unwrap_or_default());
        let colour = |index: usize| {
            model
                .colours
                .get(index)
                .map_or(Vec3::ONE, |&c| mip::linear(c))
        };
        Patch {
            triangle,
            inverse_depths: Vec3::from(indices.map(|index| self.seen[index].inverse_depth)),
            normals: columns(indices.map(|index| model.normals[index])),
            tangents: columns(tangents.map(|tangent| tangent.truncate())),
            handedness: tangents[0].w,
            colours: columns(indices.map(colour)),
            uvs: indices.map(|index| model.uvs.get(index).copied().unwrap_or_default()),
            uv_step: self.uv_step(indices),
        }
    }

    /// How far texture coordinates move from one sample to the next: areas compared.
    fn uv_step(&self, indices: [usize; 3]) -> f32 {
        let uv = |index: usize| self.scene.model.uvs.get(index).copied().unwrap_or_default();
        let [a, b, c] = indices.map(uv);
        let area = (b - a).perp_dot(c - a).abs();
        let [a, b, c] = indices.map(|index| self.seen[index].at);
        let samples = (b - a).perp_dot(c - a).abs().max(1e-3);
        (area / samples).sqrt()
    }

    /// The ground is invisible but for the shadow on it.
    fn ground(&self, at: Vec2) -> Vec4 {
        if !self.view.contact_shadow {
            return Vec4::ZERO;
        }
        let lost = self
            .scene
            .shadow
            .along(self.camera.eye, self.camera.ray(at));
        Vec3::ZERO.extend(lost)
    }

    fn composed(&self, premultiplied: Vec4) -> [u8; 4] {
        let (color, alpha) = (premultiplied.truncate(), premultiplied.w);
        let (linear, alpha) = match self.view.background {
            Background::Color(behind) => (color + mip::linear(behind) * (1.0 - alpha), 1.0),
            Background::Transparent => (color / alpha.max(1e-6), alpha),
        };
        let [r, g, b] = mip::encode(linear);
        [r, g, b, (alpha * 255.0).round() as u8]
    }
}

/// The texture at a place of a triangle, at the level that fits its size on the screen.
fn sample(texture: &mip::Pyramid, patch: &Patch, weights: Vec3) -> Vec3 {
    let [a, b, c] = patch.uvs;
    let uv = a * weights.x + b * weights.y + c * weights.z;
    let texels = texture.texels();
    let level = texture.level_for(patch.uv_step * (texels.x * texels.y).sqrt());
    texture.sample(level, uv)
}
