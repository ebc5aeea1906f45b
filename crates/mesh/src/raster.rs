//! Pictures of models, drawn on the CPU: previews, turntables, contact sheets.
//!
//! One frame is: put the vertices on the screen ([`camera`]), find which triangle each sample
//! sees ([`fill`]), colour what was found ([`shade`]), average the samples into pixels. Bands of
//! rows are independent of each other, so the bytes don't depend on the number of threads.
//!
//! [`fill`] knows nothing of cameras: baking uses it to walk the texels of a triangle.

mod camera;
pub mod fill;
mod frame;
mod mip;
mod shade;
mod shadow;

use glam::Vec3;

use crate::Model;

pub use fill::{Clip, rasterize};

/// 8-bit sRGB pixels with straight alpha, rows top to bottom, `width × height × 4` bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// RGBA bytes.
    pub rgba: Vec<u8>,
}

impl Image {
    /// A picture of one colour.
    pub fn filled(width: u32, height: u32, color: [u8; 4]) -> Self {
        Self {
            width,
            height,
            rgba: color.repeat(width as usize * height as usize),
        }
    }
}

/// How the surface is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shading {
    /// The model's own material, softly lit.
    #[default]
    Textured,
    /// Grey clay under stronger light: shows the shape and nothing else.
    Clay,
    /// World-space normals as colours, x → red, y → green, z → blue. Unlit.
    Normals,
}

/// What is behind the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Nothing.
    Transparent,
    /// One sRGB colour.
    Color([u8; 3]),
}

/// From where and how the model is looked at. The camera always frames the whole model, at the
/// same scale from every side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Degrees around +Y. 0 looks at the front (from +Z), 90 at the model's +X side.
    pub azimuth_deg: f32,
    /// Degrees above the horizon, −89 to 89.
    pub elevation_deg: f32,
    /// What the surface looks like.
    pub shading: Shading,
    /// What is behind it.
    pub background: Background,
    /// A soft shadow on the ground (y = the model's lowest point) where it touches.
    pub contact_shadow: bool,
}

impl View {
    /// A neutral paper grey, light enough for dark models and dark enough for white ones.
    pub const PAPER: [u8; 3] = [226, 227, 230];

    /// The preview's own view from the side `azimuth_deg`: a little from above, on paper.
    pub fn from_azimuth(azimuth_deg: f32) -> Self {
        Self {
            azimuth_deg,
            elevation_deg: 12.0,
            shading: Shading::Textured,
            background: Background::Color(Self::PAPER),
            contact_shadow: true,
        }
    }

    /// The preview's view at frame `index` of a turntable with `frames` of them: evenly spaced
    /// from the front on, so that the first follows the last without a seam.
    pub fn on_turntable(index: u32, frames: u32) -> Self {
        Self::from_azimuth(360.0 * index as f32 / frames.max(1) as f32)
    }

    /// The same view, shown in another way.
    pub fn with_shading(self, shading: Shading) -> Self {
        Self { shading, ..self }
    }
}

/// A material's textures, ready to be sampled.
struct Textures<'a> {
    base_colour: Option<mip::Pyramid<'a>>,
    normal: Option<mip::Pyramid<'a>>,
    orm: Option<mip::Pyramid<'a>>,
}

impl<'a> Textures<'a> {
    fn of(material: &'a crate::Material) -> Self {
        let pyramid = |texture: &'a Option<crate::Texture>, encoding| {
            texture
                .as_ref()
                .map(|texture| mip::Pyramid::of(texture, encoding))
        };
        Self {
            base_colour: pyramid(&material.base_colour, mip::Encoding::Srgb),
            normal: pyramid(&material.normal, mip::Encoding::Linear),
            orm: pyramid(&material.orm, mip::Encoding::Linear),
        }
    }
}

/// A model prepared for drawing: worth keeping when several views of it are wanted.
pub struct Scene<'a> {
    model: &'a Model,
    textures: Textures<'a>,
    shadow: shadow::Shadow,
    center: Vec3,
    radius: f32,
}

impl<'a> Scene<'a> {
    /// Prepares `model`: a few milliseconds for a 1K texture.
    pub fn new(model: &'a Model) -> Self {
        let low = model.positions.iter().copied().reduce(Vec3::min);
        let high = model.positions.iter().copied().reduce(Vec3::max);
        let (low, high) = (low.unwrap_or(Vec3::ZERO), high.unwrap_or(Vec3::ZERO));
        let center = (low + high) / 2.0;
        let reach = |position: &Vec3| position.distance(center);
        let radius = model.positions.iter().map(reach).fold(0.0, f32::max);
        Self {
            model,
            textures: Textures::of(&model.material),
            shadow: shadow::Shadow::of(model, center, radius),
            center,
            radius: radius.max(1e-6),
        }
    }

    /// Draws a square picture of `size` pixels a side.
    pub fn render(&self, view: &View, size: u32) -> Image {
        frame::render(self, view, size)
    }
}

/// Draws one square picture of `model`, `size` pixels a side.
pub fn render(model: &Model, view: &View, size: u32) -> Image {
    Scene::new(model).render(view, size)
}
