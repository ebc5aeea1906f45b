//! A photograph repainted in one of 26 styles.
//!
//! One feed-forward network for all styles, which differ in a scale and a shift after each
//! normalisation: Dumoulin, Shlens and Kudlur, "A Learned Representation for Artistic Style", ICLR
//! 2017. Normalising looks at the whole picture, so it can't be cut into tiles: larger pictures are
//! repainted at [`LARGEST_SIDE`] and enlarged.

use rten::{Model, NodeId, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::Picture;
use crate::network::{NetworkError, Tell, go_on};
use crate::picture::AlphaRole;

/// As errors call it.
const WHAT: &str = "restyling";
/// Strokes have a size in pixels: beyond this they are too fine to be seen, and memory (32
/// channels at full size) would grow.
const LARGEST_SIDE: u32 = 1280;
/// The network halves its picture twice and looks far: smaller ones are enlarged first.
const SMALLEST_SIDE: u32 = 32;

/// Styles in the network's order, called by how they look.
const NAMES: [&str; 26] = [
    "pastel",
    "bold-lines",
    "ink-wash",
    "carnival",
    "autumn-poster",
    "rust-oil",
    "night-spots",
    "primary-colours",
    "colour-pencil",
    "mosaic",
    "copper",
    "ochre-etching",
    "lilac",
    "jungle",
    "mist",
    "stained-glass",
    "crayon",
    "woven",
    "sandstone",
    "starry",
    "embers",
    "collage",
    "graphic-novel",
    "moonlight",
    "woodblock",
    "tapestry",
];

/// One of the network's styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style(usize);

impl Style {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..NAMES.len()).map(Self)
    }

    /// Lower-case name, as in `--style`.
    pub fn name(self) -> &'static str {
        NAMES[self.0]
    }

    /// The style of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|style| style.name() == name)
    }
}

/// A loaded network, below 1 MB. Load once, share between threads.
pub struct Restyler {
    model: Model,
    image: NodeId,
    weights: NodeId,
    output: NodeId,
}

impl Restyler {
    /// Loads the network from the bytes of an ONNX file.
    ///
    /// # Errors
    /// [`NetworkError::Load`] when the bytes are no ONNX file or a network of another shape.
    pub fn from_onnx(bytes: Vec<u8>) -> Result<Self, NetworkError> {
        let load = |reason: String| NetworkError::Load { what: WHAT, reason };
        let model = Model::load(bytes).map_err(|error| load(error.to_string()))?;
        let (&[image, weights], &[output]) = (model.input_ids(), model.output_ids()) else {
            return Err(load("not two inputs and one output".to_owned()));
        };
        Ok(Self {
            model,
            image,
            weights,
            output,
        })
    }

    /// The picture in that style; alpha stays.
    ///
    /// # Errors
    /// [`NetworkError::Run`] or [`NetworkError::Cancelled`], which is heard before and after.
    pub fn restyle(
        &self,
        picture: &Picture,
        style: Style,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError> {
        go_on(tell(0.0))?;
        let (width, height) = working_size(picture.width, picture.height);
        let small = picture.resized(width, height, AlphaRole::Weight);
        let painted = self
            .run(&small, style)
            .map_err(|reason| NetworkError::Run { what: WHAT, reason })?;
        let mut large = painted.resized(picture.width, picture.height, AlphaRole::Channel);
        for (to, from) in large
            .rgba
            .chunks_exact_mut(4)
            .zip(picture.rgba.chunks_exact(4))
        {
            to[3] = from[3];
        }
        go_on(tell(1.0))?;
        Ok(large)
    }

    fn run(&self, picture: &Picture, Style(style): Style) -> Result<Picture, String> {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let plane = width * height;
        let planes = (0..3 * plane)
            .map(|at| f32::from(picture.rgba[at % plane * 4 + at / plane]) / 255.0)
            .collect::<Vec<_>>();
        let image = NdTensor::from_data([1, 3, height, width], planes);
        let mut weights = [0.0_f32; NAMES.len()];
        weights[style] = 1.0;
        let weights = NdTensor::from_data([NAMES.len()], weights.to_vec());
        let inputs = vec![
            (self.image, ValueOrView::from(image)),
            (self.weights, ValueOrView::from(weights)),
        ];
        let [output] = self
            .model
            .run_n(inputs, [self.output], None)
            .map_err(|error| error.to_string())?;
        let output: NdTensor<f32, 4> =
            (output.try_into()).map_err(|_| "what came out is no picture")?;
        let [1, 3, rows, columns] = output.shape() else {
            return Err("what came out is no picture".to_owned());
        };
        if rows < height || columns < width {
            return Err("what came out has another size".to_owned());
        }
        // Sizes that can't be halved twice come out a little larger.
        let mut painted = picture.clone();
        for y in 0..height {
            for x in 0..width {
                painted.set_colour(
                    x,
                    y,
                    [0, 1, 2].map(|c| output[[0, c, y, x]].clamp(0.0, 1.0)),
                );
            }
        }
        Ok(painted)
    }
}

/// The size nearest to the picture's that the network can take.
fn working_size(width: u32, height: u32) -> (u32, u32) {
    let (longer, shorter) = (width.max(height), width.min(height));
    let scale = if longer > LARGEST_SIDE {
        LARGEST_SIDE as f32 / longer as f32
    } else {
        (SMALLEST_SIDE as f32 / shorter as f32).max(1.0)
    };
    let scaled = |side: u32| ((side as f32 * scale).round() as u32).max(SMALLEST_SIDE);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_has_a_name_of_its_own_that_finds_it() {
        for style in Style::all() {
            assert_eq!(Style::named(style.name()), Some(style));
        }
        assert_eq!(Style::named("oil"), None);
    }

    #[test]
    fn the_working_size_is_bounded_on_both_sides() {
        assert_eq!(working_size(640, 480), (640, 480));
        assert_eq!(working_size(8000, 6000), (1280, 960));
        assert_eq!(working_size(16, 32), (32, 64));
        assert_eq!(working_size(16_000, 16), (1280, 32));
    }
}
