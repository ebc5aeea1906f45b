//! Our own small network, inside the binary (models/README.md says what it was trained on).
//!
//! One picture of 192² in; out come depth, normal and expected error of the first surface at 192²,
//! colour and depth of the last surface at 96², a view-aligned volume of 96² rays with 96 samples
//! each, and a few numbers. training/network.py is the same network in PyTorch.

use std::sync::{Mutex, OnceLock};

use glam::Vec3;
use imaging::{Frame, Plane};
use rten::{Model, NodeId, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::EngineError;
use crate::model::{Guess, ShapeModel, Tell, Volume};
use crate::symmetry::Mirror;

static WEIGHTS: &[u8] = include_bytes!("../../../../models/builtin.onnx");

const INPUT_SIDE: usize = 192;
const RAYS: usize = 96;
const DEPTHS: usize = 96;
/// Up, tangent of half the field of view, mirror plane (normal, offset, logit of its presence).
const GLOBALS: usize = 9;
/// Depths the volume spans, as in training.
const RANGE: [f32; 2] = [-0.90, 1.86];
/// Sane fields of view, as tangents of their halves: 13° to 53°.
const FOV_TANS: [f32; 2] = [0.115, 0.5];
/// Below this the predicted up direction is nonsense: the picture would stand on its head.
const LEAST_UP: f32 = 0.2;

/// The network; weights are unpacked at the first guess.
#[derive(Default)]
pub struct Builtin {
    loaded: OnceLock<Loaded>,
    loading: Mutex<()>,
}

struct Loaded {
    model: Model,
    input: NodeId,
    outputs: [NodeId; 4],
}

impl Builtin {
    fn loaded(&self) -> Result<&Loaded, EngineError> {
        let _one_at_a_time = self.loading.lock();
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        let shape_error = |error: &dyn std::fmt::Display| EngineError::Shape(error.to_string());
        let model = Model::load_static_slice(WEIGHTS).map_err(|error| shape_error(&error))?;
        let [input] = model.input_ids() else {
            return Err(shape_error(
                &"the weights have an unexpected number of inputs",
            ));
        };
        let input = *input;
        let outputs = <[NodeId; 4]>::try_from(model.output_ids())
            .map_err(|_| shape_error(&"the weights have an unexpected number of outputs"))?;
        Ok(self.loaded.get_or_init(|| Loaded {
            model,
            input,
            outputs,
        }))
    }

    /// The four outputs as they come, of the right size and finite.
    fn outputs(&self, frame: &Frame) -> Result<[Vec<f32>; 4], EngineError> {
        let Loaded {
            model,
            input,
            outputs,
        } = self.loaded()?;
        let inputs = vec![(*input, ValueOrView::from(input_tensor(frame)))];
        let values = model
            .run_n(inputs, *outputs, None)
            .map_err(|error| EngineError::Shape(error.to_string()))?
            .map(|value| {
                value
                    .into_tensor::<f32>()
                    .map(|t| t.to_vec())
                    .unwrap_or_default()
            });
        let sizes = values.each_ref().map(Vec::len);
        let rays = RAYS * RAYS;
        if sizes
            != [
                5 * INPUT_SIDE * INPUT_SIDE,
                5 * rays,
                DEPTHS * rays,
                GLOBALS,
            ]
        {
            return Err(EngineError::Shape(
                "the weights give outputs of the wrong size".into(),
            ));
        }
        if values.iter().flatten().any(|value| !value.is_finite()) {
            return Err(EngineError::Shape(
                "the network gave values that are not numbers".into(),
            ));
        }
        Ok(values)
    }
}

impl ShapeModel for Builtin {
    fn name(&self) -> &'static str {
        "builtin"
    }

    fn input_side(&self) -> usize {
        INPUT_SIDE
    }

    fn prepare(&self) {
        let _ = self.loaded();
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let [front, back, volume, globals] = self.outputs(frame)?;
        let up = Vec3::new(globals[0], globals[1], globals[2]).normalize_or(Vec3::Y);
        Ok(Guess {
            front: channels(&front, INPUT_SIDE, 0),
            back: channels(&back, RAYS, 3),
            back_colour: Some(channels(&back, RAYS, 0)),
            volume: Some(Volume {
                side: RAYS,
                depths: DEPTHS,
                range: RANGE,
                logits: volume,
                exact: false,
            }),
            up: if up.y >= LEAST_UP { up } else { Vec3::Y },
            mirror: Vec3::new(globals[4], globals[5], globals[6])
                .try_normalize()
                .map(|normal| Mirror {
                    normal,
                    offset: globals[7],
                    probability: 1.0 / (1.0 + (-globals[8]).exp()),
                }),
            half_fov_tan: globals[3].clamp(FOV_TANS[0], FOV_TANS[1]),
        })
    }
}

/// `1 × 4 × side × side`: colour times alpha in −1…1, then alpha in −1…1.
fn input_tensor(frame: &Frame) -> NdTensor<f32, 4> {
    let pixels = INPUT_SIDE * INPUT_SIDE;
    let mut values = vec![0.0; 4 * pixels];
    for (i, (colour, alpha)) in frame.colour.data.iter().zip(&frame.alpha.data).enumerate() {
        for channel in 0..3 {
            values[channel * pixels + i] = (colour[channel] * 2.0 - 1.0) * alpha[0];
        }
        values[3 * pixels + i] = alpha[0] * 2.0 - 1.0;
    }
    NdTensor::from_data([1, 4, INPUT_SIDE, INPUT_SIDE], values)
}

/// `C` channels from `first` on, of a channel-major image.
fn channels<const C: usize>(values: &[f32], side: usize, first: usize) -> Plane<C> {
    let at =
        |channel: usize, x: usize, y: usize| values[(first + channel) * side * side + y * side + x];
    Plane::from_fn(side, side, |x, y| {
        std::array::from_fn(|channel| at(channel, x, y))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_equal_the_reference_runtime_s() {
        let at = |i: usize| (i as f32 + 0.5) / INPUT_SIDE as f32 * 2.0 - 1.0;
        let frame = Frame {
            colour: Plane::from_fn(INPUT_SIDE, INPUT_SIDE, |x, y| {
                let (x, y) = (at(x), at(y));
                [
                    0.5 + 0.5 * (7.0 * x).sin(),
                    0.5 + 0.5 * (5.0 * y).cos(),
                    0.5 + 0.4 * x * y,
                ]
            }),
            alpha: Plane::from_fn(INPUT_SIDE, INPUT_SIDE, |x, y| {
                [((0.8 - at(x).hypot(1.3 * at(y))) * 20.0).clamp(0.0, 1.0)]
            }),
        };
        let outputs = Builtin::default().outputs(&frame).unwrap();
        let golden = include_str!("../../tests/golden/builtin.txt");
        let mut compared = 0;
        for line in golden.lines() {
            let [output, index, value] = line.split(' ').collect::<Vec<_>>()[..] else {
                panic!("malformed golden line {line}");
            };
            let ours = outputs[output.parse::<usize>().unwrap()][index.parse::<usize>().unwrap()];
            let theirs: f32 = value.parse().unwrap();
            let tolerance = 1e-3 * theirs.abs().max(1.0);
            assert!(
                (ours - theirs).abs() <= tolerance,
                "{line}, but here {ours}"
            );
            compared += 1;
        }
        assert!(compared > 250, "{compared}");
    }
}
