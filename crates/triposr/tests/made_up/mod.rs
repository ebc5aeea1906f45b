//! Folders of weights that are made up: noise, except for what makes the scene a known shape,
//! whatever the picture. Tests of other crates and the examples use them, too.

// Nobody needs all of it.
#![allow(dead_code, missing_docs)]

use std::fs::{self, File};
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use triposr::{Config, shapes};

/// The configuration that the goldens have: a second on any machine.
pub const TINY: &str = include_str!("../data/config.yaml");
pub const TINY_VIT: &str = include_str!("../data/dino_vit_config.json");
pub const PUBLISHED: &str = include_str!("../data/published-size-config.yaml");

/// Another member of the family: other sizes everywhere, and a decoder without curves, whose
/// shapes are exact.
pub fn odd() -> String {
    let changes = [
        ("cond_image_size: 64", "cond_image_size: 80"),
        ("plane_size: 8", "plane_size: 16"),
        ("num_channels: 64", "num_channels: 96"),
        ("in_channels: 64", "in_channels: 96"),
        ("num_attention_heads: 4", "num_attention_heads: 5"),
        ("attention_head_dim: 16", "attention_head_dim: 24"),
        ("num_layers: 2", "num_layers: 3"),
        ("out_channels: 8", "out_channels: 6"),
        ("in_channels: 24", "in_channels: 18"),
        ("n_neurons: 16", "n_neurons: 20"),
        ("n_hidden_layers: 3", "n_hidden_layers: 2"),
        ("activation: silu", "activation: relu"),
    ];
    changes.iter().fold(TINY.to_owned(), |yaml, (from, to)| {
        assert!(yaml.contains(from), "{from}");
        yaml.replace(from, to)
    })
}

/// Writes what `Model::open` takes; `values` gives each tensor by name and shape.
pub fn write(
    folder: &Path,
    yaml: &str,
    vit_json: Option<&str>,
    mut values: impl FnMut(&str, &[usize]) -> Vec<f32>,
) -> Result<()> {
    let config = config(yaml, vit_json);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("config.yaml"), yaml)?;
    if let Some(json) = vit_json {
        fs::write(folder.join("dino_vit_config.json"), json)?;
    }
    let tensors = shapes::expected(&config);
    let mut entries = Vec::new();
    let mut end = 0;
    for (name, shape) in &tensors {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        entries.push(format!(
            r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{start},{end}]}}"#
        ));
    }
    let mut header = format!("{{{}}}", entries.join(","));
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut file = BufWriter::new(File::create(folder.join("model.safetensors"))?);
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for (name, shape) in &tensors {
        for value in values(name, shape) {
            file.write_all(&value.to_le_bytes())?;
        }
    }
    file.flush()
}

pub fn config(yaml: &str, vit_json: Option<&str>) -> Config {
    Config::from_text(yaml, vit_json).expect("the configuration is one of ours")
}

/// Noise whose size keeps activations near one.
pub fn noise(seed: u64) -> impl FnMut(&str, &[usize]) -> Vec<f32> {
    let mut state = seed;
    move |name, shape| {
        let count: usize = shape.iter().product();
        let inputs: usize = shape.iter().skip(1).product();
        let scale = if shape.len() == 1 {
            0.02
        } else {
            1.7 / (inputs as f32).sqrt()
        };
        let is_norm = name.contains("norm") && name.ends_with("weight");
        (0..count)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let value = scale * ((state >> 40) as f32 / (1u32 << 23) as f32 - 1.0);
                if is_norm { 1.0 + value } else { value }
            })
            .collect()
    }
}

/// Logarithm of the density at the surface.
const ISO_LOGIT: f32 = 3.218_876;
/// What carries a value through layers of SiLU or ReLU: neither changes what lies far above zero.
const LIFT: f32 = 100.0;

/// A bumpy ball of 0.6 radii in noise.
pub fn ball(config: &Config, seed: u64) -> impl FnMut(&str, &[usize]) -> Vec<f32> + use<> {
    let bumpy =
        |[u, v]: [f32; 2]| -(u * u + v * v) / 2.0 + 0.02 * (9.0 * u).sin() * (7.0 * v).cos();
    let thing = Thing {
        planes: vec![Box::new(move |_, at| 10.0 * bumpy(at))],
        first: vec![(vec![1.0], LIFT + 3.6)],
        last: [vec![2.0], Vec::new(), Vec::new(), Vec::new()],
        last_bias: [1.0 - 2.0 * LIFT, 0.0, 0.0, 0.0],
    };
    thing.within(config, noise(seed))
}

/// A ball: its middle in the scene's axes and its radius, in radii of the scene.
#[derive(Clone, Copy)]
pub struct Ball {
    pub middle: [f32; 3],
    pub radius: f32,
}

impl Ball {
    /// Its share of one plane of a field that is positive inside.
    fn share(self, plane: usize, [u, v]: [f32; 2]) -> f32 {
        let [a, b] = [[0, 1], [0, 2], [1, 2]][plane];
        let off = (u - self.middle[a]).powi(2) + (v - self.middle[b]).powi(2);
        10.0 * (self.radius.powi(2) / 3.0 - off / 2.0)
    }
}

/// Two balls, the union of which is exact where the decoder's activation is ReLU; red where z is
/// positive, blue elsewhere.
pub fn two_balls(
    config: &Config,
    [large, small]: [Ball; 2],
    seed: u64,
) -> impl FnMut(&str, &[usize]) -> Vec<f32> + use<> {
    let height = |plane: usize, [_, v]: [f32; 2]| if plane == 1 { 10.0 * v } else { 0.0 };
    let thing = Thing {
        planes: vec![
            Box::new(move |plane, at| large.share(plane, at)),
            Box::new(move |plane, at| small.share(plane, at)),
            Box::new(height),
        ],
        // The large one; how much the small one exceeds it; the height.
        first: vec![
            (vec![1.0], LIFT),
            (vec![-1.0, 1.0], 0.0),
            (vec![0.0, 0.0, 1.0], LIFT),
        ],
        last: [
            vec![1.0, 1.0],
            vec![0.0, 0.0, 1.0],
            vec![],
            vec![0.0, 0.0, -1.0],
        ],
        last_bias: [1.0 - LIFT, -LIFT, -9.0, LIFT],
    };
    thing.within(config, noise(seed))
}

/// A token becomes four texels; so many of its channels say what one channel of these holds: their
/// mean, and half of what they differ by across and down.
const PARTS: usize = 3;
/// How each of those counts for the texels at the top left, top right, bottom left, bottom right.
const SIGNS: [[f32; 4]; PARTS] = [
    [1.0, 1.0, 1.0, 1.0],
    [-1.0, 1.0, -1.0, 1.0],
    [-1.0, -1.0, 1.0, 1.0],
];

fn part(part: usize, texel: impl Fn(usize, usize) -> f32) -> f32 {
    let texels = [texel(0, 0), texel(0, 1), texel(1, 0), texel(1, 1)];
    let signed = texels
        .iter()
        .zip(SIGNS[part])
        .map(|(texel, sign)| texel * sign);
    signed.sum::<f32>() / 4.0
}

/// What a channel of the planes holds, by plane and place.
type Share = Box<dyn Fn(usize, [f32; 2]) -> f32>;

/// What planes and decoder hold to make a shape: one channel of the planes for each function of
/// plane and place; neurons that mix these, with their bias; the four outputs that mix the neurons.
struct Thing {
    planes: Vec<Share>,
    first: Vec<(Vec<f32>, f32)>,
    last: [Vec<f32>; 4],
    last_bias: [f32; 4],
}

impl Thing {
    fn within<N: FnMut(&str, &[usize]) -> Vec<f32>>(
        self,
        config: &Config,
        mut noise: N,
    ) -> impl FnMut(&str, &[usize]) -> Vec<f32> + use<N> {
        let (channels, layers) = (config.plane_channels, config.decoder.hidden_layers);
        move |name, shape| {
            let mut values = noise(name, shape);
            let (count, inputs) = (values.len(), shape.iter().skip(1).product::<usize>());
            let layer = name.strip_prefix("decoder.layers.");
            let layer = layer.and_then(|rest| rest.split_once('.'));
            let layer = layer.map(|(at, kind)| (at.parse::<usize>().unwrap_or(0) / 2, kind));
            match (name, layer) {
                // The planes are the learnt tokens themselves.
                ("backbone.proj_out.weight" | "backbone.proj_out.bias", _) => values.fill(0.0),
                ("tokenizer.embeddings", _) => {
                    let side = shape[2];
                    for (plane, values) in values.chunks_mut(count / 3).enumerate() {
                        let channels = values.chunks_mut(side * side).enumerate();
                        for (channel, values) in channels.take(PARTS * self.planes.len()) {
                            for (at, value) in values.iter_mut().enumerate() {
                                let share = &self.planes[channel / PARTS];
                                let texel = |down, right| {
                                    let texel = [2 * (at % side) + right, 2 * (at / side) + down];
                                    let place = |at| (2 * at + 1) as f32 / (2 * side) as f32 - 1.0;
                                    share(plane, texel.map(place))
                                };
                                *value = part(channel % PARTS, texel);
                            }
                        }
                    }
                }
                ("post_processor.upsample.weight", _) => {
                    for (channel, row) in values.chunks_mut(inputs).enumerate() {
                        row.fill(0.0);
                        if channel < PARTS * self.planes.len() {
                            row[4 * (channel / PARTS)..][..4]
                                .copy_from_slice(&SIGNS[channel % PARTS]);
                        }
                    }
                }
                ("post_processor.upsample.bias", _) => values.fill(0.0),
                (_, Some((0, "weight"))) => {
                    for (row, (mix, _)) in values.chunks_mut(inputs).zip(&self.first) {
                        row.fill(0.0);
                        for plane in row.chunks_mut(channels) {
                            plane[..mix.len()].copy_from_slice(mix);
                        }
                    }
                }
                (_, Some((0, _))) => {
                    for (bias, (_, lift)) in values.iter_mut().zip(&self.first) {
                        *bias = *lift;
                    }
                }
                (_, Some((at, "weight"))) if at == layers => {
                    for (row, mix) in values.chunks_mut(inputs).zip(&self.last) {
                        row.fill(0.0);
                        row[..mix.len()].copy_from_slice(mix);
                    }
                }
                (_, Some((at, _))) if at == layers => {
                    values.copy_from_slice(&self.last_bias);
                    values[0] += ISO_LOGIT;
                }
                (_, Some((_, "weight"))) => {
                    for (neuron, row) in values.chunks_mut(inputs).enumerate() {
                        if neuron < self.first.len() {
                            row.fill(0.0);
                            row[neuron] = 1.0;
                        }
                    }
                }
                (_, Some(_)) => values[..self.first.len()].fill(0.0),
                _ => {}
            }
            values
        }
    }
}
