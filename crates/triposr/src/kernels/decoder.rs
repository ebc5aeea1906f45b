//! The decoder: a point's features from three planes, through a perceptron, to density and colour.
//!
//! Bilinear sampling and the first layer are both linear, so the first layer is applied to the
//! planes' texels once, and points sample its outputs: the layer costs nothing per point.

use pulp::{Arch, Simd};

use super::elementwise::silu_of;
use super::panel::{self, Panels, Spread};
use crate::config::Activation;

/// Points that go through a layer together: their activations stay in the first cache.
pub(crate) const BATCH: usize = 8 * panel::ROWS;
/// Widths are rounded up to this: one vector of the widest kind.
const LANES: usize = 16;

/// The decoder's weights.
pub(crate) struct Decoder {
    activation: Activation,
    /// Outputs of a hidden layer.
    neurons: usize,
    /// The first layer: `neurons × 3 · channels`, row by row.
    first: Vec<f32>,
    first_bias: Vec<f32>,
    rest: Vec<Layer>,
}

/// A layer's weights, transposed: one row of padded outputs for each input.
struct Layer {
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// The three planes after the first layer: texels of padded outputs, rows top to bottom.
pub(crate) struct Planes {
    /// Texels per side.
    pub(crate) side: usize,
    texels: [Vec<f32>; 3],
}

impl Decoder {
    /// Layers are weights (outputs × inputs) and biases; the last has four outputs.
    pub(crate) fn new(activation: Activation, layers: &[(Vec<f32>, Vec<f32>)]) -> Self {
        let (first, first_bias) = &layers[0];
        let neurons = first_bias.len();
        let rest = layers[1..].iter().map(|(weight, bias)| {
            let (outputs, padded) = (bias.len(), bias.len().next_multiple_of(LANES));
            let mut weights = vec![0.0; neurons * padded];
            for (output, row) in weight.chunks(neurons).enumerate() {
                for (input, &weight) in row.iter().enumerate() {
                    weights[input * padded + output] = weight;
                }
            }
            let mut bias = bias.clone();
            bias.resize(padded, 0.0);
            debug_assert!(outputs <= padded);
            Layer { weights, bias }
        });
        let mut first_bias = first_bias.clone();
        first_bias.resize(neurons.next_multiple_of(LANES), 0.0);
        Self {
            activation,
            neurons,
            first: first.clone(),
            first_bias,
            rest: rest.collect(),
        }
    }

    /// Applies the first layer to planes of `side²` texels of channels.
    pub(crate) fn project(&self, planes: [&[f32]; 3], side: usize) -> Planes {
        let (inputs, padded) = (self.first.len() / self.neurons, self.first_bias.len());
        let channels = inputs / 3;
        let mut at = 0;
        let texels = planes.map(|plane| {
            let mut dense = vec![0.0; side * side * self.neurons];
            let weight = &self.first[at..];
            let panels = Panels::from_transposed(weight, inputs, self.neurons, channels);
            at += channels;
            let plane = Spread::new(plane, channels);
            panels.add_product(&plane, 0..self.neurons, &mut dense);
            let mut texels = vec![0.0; side * side * padded];
            for (texel, dense) in texels.chunks_mut(padded).zip(dense.chunks(self.neurons)) {
                texel[..self.neurons].copy_from_slice(dense);
            }
            texels
        });
        Planes { side, texels }
    }

    /// Density and three colour channels, before their activations, for points whose coordinates
    /// are in units of the radius.
    pub(crate) fn decode(&self, planes: &Planes, points: &[[f32; 3]], out: &mut [[f32; 4]]) {
        let mut buffers = [(); 2].map(|()| vec![0.0; BATCH * self.first_bias.len()]);
        for (points, out) in points.chunks(BATCH).zip(out.chunks_mut(BATCH)) {
            decode_batch(self, planes, points, out, &mut buffers);
        }
    }

    /// Multiplications for so many points.
    pub(crate) fn work(&self, points: usize) -> usize {
        points * (12 * self.neurons + self.rest.iter().map(|l| l.weights.len()).sum::<usize>())
    }
}

/// As many points as the buffers are for.
#[pulp::with_simd(decode_batch = Arch::new())]
#[inline(always)]
fn decode_batch_loop<S: Simd>(
    simd: S,
    decoder: &Decoder,
    planes: &Planes,
    points: &[[f32; 3]],
    out: &mut [[f32; 4]],
    [now, next]: &mut [Vec<f32>; 2],
) {
    let (neurons, width) = (decoder.neurons, decoder.first_bias.len());
    for (point, features) in points.iter().zip(now.chunks_mut(width)) {
        features.copy_from_slice(&decoder.first_bias);
        planes.sample(*point, features);
    }
    for layer in &decoder.rest {
        match decoder.activation {
            Activation::Silu => now.iter_mut().for_each(|x| *x = silu_of(*x)),
            Activation::Relu => now.iter_mut().for_each(|x| *x = x.max(0.0)),
        }
        layer.apply(simd, now, width, neurons, next);
        std::mem::swap(now, next);
    }
    // The last layer's four outputs are padded to one vector.
    for (out, row) in out.iter_mut().zip(now.chunks(LANES)) {
        out.copy_from_slice(&row[..4]);
    }
}

impl Layer {
    /// All rows of a batch: `width` apart coming in, as wide as the bias going out.
    #[inline(always)]
    fn apply<S: Simd>(&self, simd: S, input: &[f32], width: usize, depth: usize, out: &mut [f32]) {
        let (weights, _) = S::as_simd_f32s(&self.weights);
        let (bias, _) = S::as_simd_f32s(&self.bias);
        let (out, _) = S::as_mut_simd_f32s(out);
        for row in out.chunks_mut(bias.len()) {
            row.copy_from_slice(bias);
        }
        let left = panel::Rows {
            values: input,
            stride: width,
            depth,
        };
        for (tile, out) in out.chunks_exact_mut(panel::ROWS * bias.len()).enumerate() {
            let mut rows = out.chunks_mut(bias.len());
            let rows = std::array::from_fn(|_| rows.next().unwrap_or_default());
            panel::add_tile(simd, left.tile(tile), weights, rows);
        }
    }
}

impl Planes {
    /// Adds the point's bilinear sample of each plane: (x, y), (x, z) and (y, z), the first along
    /// rows. Texels are the plane's squares, not its corners; outside there is nothing
    /// (torch's `grid_sample` with `align_corners=False` and zero padding).
    #[inline(always)]
    fn sample(&self, [x, y, z]: [f32; 3], features: &mut [f32]) {
        let side = self.side as f32;
        let [x, y, z] = [x, y, z].map(|along| ((along + 1.0) * side - 1.0) * 0.5);
        for (plane, [column, row]) in self.texels.iter().zip([[x, y], [x, z], [y, z]]) {
            let (left, top) = (column.floor(), row.floor());
            let (right_part, bottom_part) = (column - left, row - top);
            for (column, across) in [(left, 1.0 - right_part), (left + 1.0, right_part)] {
                for (row, down) in [(top, 1.0 - bottom_part), (top + 1.0, bottom_part)] {
                    let inside = 0.0..side;
                    if inside.contains(&column) && inside.contains(&row) {
                        let at = (row as usize * self.side + column as usize) * features.len();
                        let texel = &plane[at..at + features.len()];
                        let weight = across * down;
                        for (feature, value) in features.iter_mut().zip(texel) {
                            *feature += weight * value;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dot::tests::noise;

    /// Every vector width gives what the definition says, also for widths that need padding.
    #[test]
    fn fused_layers_are_the_plain_ones() {
        for (channels, neurons, side) in [(2, 16, 4), (5, 20, 3), (40, 64, 8), (3, 100, 5)] {
            let sizes = [(neurons, 3 * channels), (neurons, neurons), (4, neurons)];
            let layers: Vec<_> = sizes
                .iter()
                .zip(1..)
                .map(|(&(o, i), seed)| {
                    let scale = 1.0 / (i as f32).sqrt();
                    (
                        noise(o * i, seed).iter().map(|w| w * scale).collect(),
                        noise(o, seed + 9),
                    )
                })
                .collect();
            let decoder = Decoder::new(Activation::Silu, &layers);
            let planes = [20, 21, 22].map(|seed| noise(side * side * channels, seed));
            let projected = decoder.project(planes.each_ref().map(Vec::as_slice), side);
            // Some of them outside.
            let points: Vec<[f32; 3]> = noise(3 * 50, 5)
                .as_chunks()
                .0
                .iter()
                .map(|p: &[f32; 3]| p.map(|x| 1.1 * x))
                .collect();
            let mut out = vec![[0.0; 4]; points.len()];
            decoder.decode(&projected, &points, &mut out);
            for (point, got) in points.iter().zip(&out) {
                let wanted = plain(&layers, &planes, side, channels, *point);
                for (got, wanted) in got.iter().zip(&wanted) {
                    assert!(
                        (got - wanted).abs() < 1e-5,
                        "{channels} {neurons}: {got} {wanted}"
                    );
                }
            }
        }
    }

    fn plain(
        layers: &[(Vec<f32>, Vec<f32>)],
        planes: &[Vec<f32>; 3],
        side: usize,
        channels: usize,
        [x, y, z]: [f32; 3],
    ) -> Vec<f32> {
        let mut now = Vec::new();
        for (plane, (u, v)) in planes.iter().zip([(x, y), (x, z), (y, z)]) {
            let place = |along: f32| ((along + 1.0) * side as f32 - 1.0) / 2.0;
            for channel in 0..channels {
                let mut sum = 0.0;
                for row in 0..side {
                    for column in 0..side {
                        let across = (1.0 - (place(u) - column as f32).abs()).max(0.0);
                        let down = (1.0 - (place(v) - row as f32).abs()).max(0.0);
                        sum += across * down * plane[(row * side + column) * channels + channel];
                    }
                }
                now.push(sum);
            }
        }
        for (at, (weight, bias)) in layers.iter().enumerate() {
            let rows = weight.chunks(now.len()).zip(bias);
            let sums = rows.map(|(row, bias)| {
                row.iter()
                    .zip(&now)
                    .map(|(weight, value)| weight * value)
                    .sum::<f32>()
                    + bias
            });
            let last = at + 1 == layers.len();
            now = sums
                .map(|x| if last { x } else { x / (1.0 + (-x).exp()) })
                .collect();
        }
        now
    }
}
