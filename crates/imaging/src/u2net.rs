//! U²-Net and its small sister U²-Netp: salient object detection.
//!
//! Qin et al., "U²-Net: Going Deeper with Nested U-Structure for Salient Object Detection",
//! Pattern Recognition 106 (2020). Both networks take and give the same shapes.

use rten::{Model, NodeId, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::guided;
use crate::picture::AlphaRole;
use crate::{Matte, MatteError, MatteModel, Picture, Plane};

/// Side of the square that the network was trained on, in pixels. The picture is squeezed into
/// it whatever its aspect, as in training.
const SIDE: usize = 320;

/// Channel means and deviations of ImageNet, which the training normalised by.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// A map that nowhere exceeds this has found nothing. With an object somewhere the networks say
/// 0.99 and more at its middle; on plain surfaces and skies they stay below 0.01.
const FOUND: f32 = 0.2;

/// A loaded network: about 5 MB (u2netp) or 180 MB (u2net). Load once, share between threads.
pub struct U2Net {
    model: Model,
    input: NodeId,
    /// The finest of seven side outputs; the others served training.
    output: NodeId,
}

impl U2Net {
    /// Loads a network from the bytes of an ONNX file.
    ///
    /// # Errors
    /// [`MatteError::Load`] when the bytes are no ONNX file or a network of another shape.
    pub fn from_onnx(bytes: Vec<u8>) -> Result<Self, MatteError> {
        let model = Model::load(bytes).map_err(|error| MatteError::Load(error.to_string()))?;
        let (&[input], &[output, ..]) = (model.input_ids(), model.output_ids()) else {
            return Err(MatteError::Load(
                "not one input and some outputs".to_owned(),
            ));
        };
        Ok(Self {
            model,
            input,
            output,
        })
    }

    /// How much each place belongs to the object, 0–1, on the network's own grid of 320 × 320 squeezed
    /// over the picture: all that the network says. [`MatteModel::matte`] brings it to the picture's size.
    ///
    /// # Errors
    /// [`MatteError::Run`].
    pub fn map(&self, picture: &Picture) -> Result<Plane<1>, MatteError> {
        let (_, map) = self.look(picture)?;
        Ok(Plane {
            width: SIDE,
            height: SIDE,
            data: map.into_iter().map(|value| [value]).collect(),
        })
    }

    /// The picture at the network's size, and its stretched map.
    fn look(&self, picture: &Picture) -> Result<(Picture, Vec<f32>), MatteError> {
        let small = picture.resized(SIDE as u32, SIDE as u32, AlphaRole::Channel);
        let mut map = self.run(&small)?;
        stretch(&mut map);
        Ok((small, map))
    }

    /// The network's map for a 320 × 320 picture, before any scaling.
    fn run(&self, small: &Picture) -> Result<Vec<f32>, MatteError> {
        let input = NdTensor::from_data([1, 3, SIDE, SIDE], normalise(small));
        let inputs = vec![(self.input, ValueOrView::from(input))];
        let [output] = self
            .model
            .run_n(inputs, [self.output], None)
            .map_err(|error| MatteError::Run(error.to_string()))?;
        let map: NdTensor<f32, 4> = output
            .try_into()
            .map_err(|_| MatteError::Run("the map is no picture".to_owned()))?;
        if map.shape() != [1, 1, SIDE, SIDE] {
            return Err(MatteError::Run("the map has another size".to_owned()));
        }
        Ok(map.into_data())
    }
}

impl MatteModel for U2Net {
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
        let (small, map) = self.look(picture)?;
        Ok(Matte {
            width: picture.width,
            height: picture.height,
            alpha: guided::upsample(&map, &small, picture),
        })
    }
}

/// Planes R, G, B: divided by the brightest channel value of the picture, then normalised.
fn normalise(small: &Picture) -> Vec<f32> {
    let colours = || small.rgba.chunks_exact(4);
    let brightest = colours()
        .flat_map(|pixel| &pixel[..3])
        .copied()
        .max()
        .unwrap_or(0);
    // A black picture stays black.
    let scale = 1.0 / f32::from(brightest.max(1));
    (0..3)
        .flat_map(|channel| {
            colours().map(move |pixel| {
                (f32::from(pixel[channel]) * scale - MEAN[channel]) / DEVIATION[channel]
            })
        })
        .collect()
}

/// Stretches the map to 0–1 in place, as the network's authors do. A map that says the same
/// everywhere, or hardly anything anywhere, would be stretched to noise: there is no object in
/// the picture, all zero.
fn stretch(map: &mut [f32]) {
    let low = map.iter().copied().fold(f32::INFINITY, f32::min);
    let high = map.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let range = high - low;
    if !(range.is_finite() && range > f32::EPSILON && high >= FOUND) {
        map.fill(0.0);
        return;
    }
    for value in map {
        let stretched = (*value - low) / range;
        *value = if stretched.is_finite() {
            stretched
        } else {
            0.0
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_without_an_object_is_empty() {
        for constant in [0.0, 0.37, 1.0, f32::NAN, f32::INFINITY] {
            let mut map = vec![constant; 9];
            stretch(&mut map);
            assert_eq!(map, vec![0.0; 9], "{constant}");
        }
        let mut doubtful = vec![0.001, 0.02, 0.05];
        stretch(&mut doubtful);
        assert_eq!(doubtful, [0.0; 3]);
    }

    #[test]
    fn stretching_reaches_both_ends() {
        let mut map = vec![0.2, 0.3, 0.6];
        stretch(&mut map);
        assert_eq!((map[0], map[2]), (0.0, 1.0));
        assert!((map[1] - 0.25).abs() < 1e-6);
    }

    #[test]
    fn a_black_picture_normalises_to_finite_numbers() {
        let black = Picture::new(2, 2, vec![0; 16]);
        assert!(normalise(&black).iter().all(|value| value.is_finite()));
    }

    #[test]
    fn a_file_that_is_no_network_is_refused() {
        for bytes in [&b""[..], b"not a network", &[8, 7, 0x3a, 0xff]] {
            assert!(matches!(
                U2Net::from_onnx(bytes.to_vec()),
                Err(MatteError::Load(_))
            ));
        }
    }
}
