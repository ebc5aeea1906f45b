//! Taking the photograph's light out of it, and guessing how shiny things are.
//!
//! A photograph is albedo times light. Where the surface is known, the soft part of the light is a
//! smooth function of the normal: nine spherical harmonics hold all but a hundredth of what any
//! distant light does to a matt surface (Ramamoorthi and Hanrahan, "An efficient representation for
//! irradiance environment maps", SIGGRAPH 2001). Their logarithm is fitted together with one
//! albedo per colour the object has, and divided out. Highlights stay: they can't be told from
//! white print. But a small bright colour that is a larger one with white added makes that one shiny.

use glam::Vec3;
use imaging::{Frame, Plane};
use mesh::srgb::{LINEAR, encoded};

use super::clusters::{clusters, nearest, squared_distance};
use super::sight::Sight;
use super::smoothstep;

/// About so many pixels are fitted.
const LOOKS: usize = 6000;
/// Pixels with less coverage have the background in them.
const SURE: f32 = 0.98;
/// Colours that may have an albedo of their own.
const COLOURS: usize = 10;
/// Weight of brightness against tint when colours are told apart: light changes the one, seldom
/// the other, but black and white differ in nothing else.
const BRIGHTNESS: f32 = 0.22;
/// Tints that are no farther apart are one colour, or each shade of it would pass for a colour of
/// its own.
const DISTINCT: f32 = 0.3;
/// Spherical harmonics without the constant one.
const TERMS: usize = 8;
/// Pull of the light towards even, as a share of the pixels.
const CALM: f64 = 0.02;
/// Rounds of weighing down what fits badly (highlights, cast shadows, print).
const ROUNDS: usize = 3;
/// Residuals beyond this, in nats, count less.
const TOLERANCE: f64 = 0.25;
/// Light is taken out at most so far, in nats, and so much of it: the surface is a guess, too.
const MOST: f32 = 0.7;
const STRENGTH: f32 = 0.85;
/// Linear light below this is noise.
const DARKEST: f32 = 0.004;

/// Share of the object up to which a bright pale colour may be the highlight of another colour.
const HIGHLIGHT_SHARE: f32 = 0.08;
/// Linear brightness from which it may be.
const HIGHLIGHT_BRIGHTNESS: f32 = 0.3;
/// What a lamp adds is white: the least of red, green and blue it adds, relative to the most.
const LAMP_WHITENESS: f32 = 0.6;
/// Share of a colour's pixels that are highlights, from which it is a little, and very shiny.
const SHINY: [f32; 2] = [0.003, 0.05];
/// Roughness of what shows no highlight, and of what shows many.
const ROUGHNESS: [f32; 2] = [0.78, 0.3];
/// How far apart colours (sRGB, 0–1) may be and still have the same roughness.
const LIKENESS: f32 = 0.1;

/// A photograph without its light.
pub(super) struct Delit {
    /// Albedo.
    pub photo: Frame,
    /// What it is made of.
    pub finish: Finish,
}

/// How rough each of an object's colours is.
pub(super) struct Finish {
    /// sRGB colour, share of the object, roughness.
    colours: Vec<([f32; 3], f32, f32)>,
}

impl Finish {
    /// Roughness of a surface of this sRGB colour, 0–1.
    pub(super) fn roughness(&self, colour: [f32; 3]) -> f32 {
        let least = (self.colours.iter())
            .map(|(own, ..)| squared_distance(own, &colour))
            .fold(f32::MAX, f32::min);
        let (mut sum, mut total) = (0.0, 0.0);
        for (own, share, roughness) in &self.colours {
            let farther = squared_distance(own, &colour) - least;
            let weight = share * (-farther / (2.0 * LIKENESS * LIKENESS)).exp();
            sum += weight * roughness;
            total += weight;
        }
        if total > 0.0 {
            sum / total
        } else {
            ROUGHNESS[0]
        }
    }
}

/// Takes the light out of a photograph of the surface that `sight` sees.
pub(super) fn delit(photo: &Frame, sight: &Sight) -> Delit {
    let samples = Sample::of(photo, sight);
    let tints: Vec<[f32; 3]> = samples.iter().map(|s| s.tint).collect();
    let centres: Vec<[f32; 3]> = (clusters(&tints, COLOURS, DISTINCT).into_iter())
        .map(|(centre, _)| centre)
        .collect();
    let Some(fit) = Fit::of(&samples, &centres) else {
        return Delit {
            photo: photo.clone(),
            finish: Finish {
                colours: Vec::new(),
            },
        };
    };
    let finish = fit.finish(&samples);
    let side = photo.colour.width as f32;
    let colour = Plane::from_fn(photo.colour.width, photo.colour.height, |x, y| {
        let (u, v) = ((x as f32 + 0.5) / side, (y as f32 + 0.5) / side);
        let colour = photo.colour[(x, y)];
        let normal = sight.normal(u, v);
        if normal == Vec3::ZERO {
            colour
        } else {
            fit.albedo(colour, normal)
        }
    });
    Delit {
        photo: Frame {
            colour,
            alpha: photo.alpha.clone(),
        },
        finish,
    }
}

/// A pixel that is fitted.
struct Sample {
    colour: [f32; 3],
    /// Where the colour stands among the object's colours, light aside.
    tint: [f32; 3],
    /// Logarithm of the linear brightness.
    brightness: f32,
    harmonics: [f32; TERMS],
}

impl Sample {
    fn of(photo: &Frame, sight: &Sight) -> Vec<Self> {
        let pixels = photo.colour.data.len();
        let width = photo.colour.width;
        let stride = (pixels / LOOKS).max(1) | 1;
        (0..pixels)
            .step_by(stride)
            .filter(|&at| photo.alpha.data[at][0] >= SURE)
            .filter_map(|at| {
                let place = |c: usize| (c as f32 + 0.5) / width as f32;
                let normal = sight.normal(place(at % width), place(at / width));
                let colour = photo.colour.data[at];
                (normal != Vec3::ZERO).then(|| Self {
                    colour,
                    tint: tint(colour),
                    brightness: brightness(colour),
                    harmonics: harmonics(normal),
                })
            })
            .collect()
    }
}

/// The light that explains the samples.
struct Fit {
    centres: Vec<[f32; 3]>,
    light: [f32; TERMS],
    /// Mean of the fitted light's logarithm.
    mean: f32,
}

impl Fit {
    /// Least squares in the logarithm, repeated with less weight on what doesn't fit. `None` for
    /// too few samples.
    fn of(samples: &[Sample], centres: &[[f32; 3]]) -> Option<Self> {
        let unknowns = centres.len() + TERMS;
        if samples.len() < 4 * unknowns {
            return None;
        }
        let colours: Vec<usize> = samples.iter().map(|s| nearest(centres, &s.tint)).collect();
        let mut weights = vec![1.0_f64; samples.len()];
        let mut solution = vec![0.0_f64; unknowns];
        for _ in 0..ROUNDS {
            let mut matrix = vec![vec![0.0_f64; unknowns + 1]; unknowns];
            for ((sample, &colour), &weight) in samples.iter().zip(&colours).zip(&weights) {
                let row = row(sample, colour, centres.len());
                for (i, a) in &row {
                    for (j, b) in &row {
                        matrix[*i][*j] += weight * a * b;
                    }
                    matrix[*i][unknowns] += weight * a * f64::from(sample.brightness);
                }
            }
            for (i, row) in matrix.iter_mut().enumerate() {
                let calm = if i < centres.len() { 1e-6 } else { CALM };
                row[i] += calm * samples.len() as f64;
            }
            solution = solved(matrix)?;
            for ((sample, &colour), weight) in samples.iter().zip(&colours).zip(&mut weights) {
                let told = row(sample, colour, centres.len());
                let told: f64 = told.iter().map(|(i, a)| solution[*i] * a).sum();
                let residual = (f64::from(sample.brightness) - told).abs();
                *weight = TOLERANCE / residual.max(TOLERANCE);
            }
        }
        let light: [f32; TERMS] = std::array::from_fn(|k| solution[centres.len() + k] as f32);
        let mean = samples
            .iter()
            .map(|s| dot(&light, &s.harmonics))
            .sum::<f32>();
        let mean = mean / samples.len() as f32;
        Some(Self {
            centres: centres.to_vec(),
            light,
            mean,
        })
    }

    /// Logarithm of the light on a surface, 0 on average.
    fn light_on(&self, harmonics: &[f32; TERMS]) -> f32 {
        (STRENGTH * (dot(&self.light, harmonics) - self.mean)).clamp(-MOST, MOST)
    }

    fn albedo(&self, colour: [f32; 3], normal: Vec3) -> [f32; 3] {
        let gain = (-self.light_on(&harmonics(normal))).exp();
        colour.map(|c| encoded(linear(c) * gain))
    }

    fn finish(&self, samples: &[Sample]) -> Finish {
        let mut found = vec![([0.0_f32; 3], 0.0_f32); self.centres.len()];
        for sample in samples {
            let (sum, count) = &mut found[nearest(&self.centres, &sample.tint)];
            let gain = (-self.light_on(&sample.harmonics)).exp();
            (0..3).for_each(|i| sum[i] += linear(sample.colour[i]) * gain);
            *count += 1.0;
        }
        let colours: Vec<([f32; 3], f32)> = found
            .into_iter()
            .filter(|(_, count)| *count > 0.0)
            .map(|(sum, count)| (sum.map(|s| s / count), count / samples.len() as f32))
            .collect();
        let colours = colours
            .iter()
            .map(|own| {
                let lit = colours.iter().filter(|other| is_highlight(other, own));
                let highlights: f32 = lit.map(|(_, share)| share).sum();
                let shiny = smoothstep(SHINY[0], SHINY[1], highlights / own.1);
                let roughness = ROUGHNESS[0] + (ROUGHNESS[1] - ROUGHNESS[0]) * shiny;
                (own.0.map(encoded), own.1, roughness)
            })
            .collect();
        Finish { colours }
    }
}

/// Whether a colour (linear, with its share of the object) is another with a lamp's light added
/// (Shafer, "Using color to separate reflection components", 1985).
fn is_highlight((colour, share): &([f32; 3], f32), (of, its_share): &([f32; 3], f32)) -> bool {
    let added: [f32; 3] = std::array::from_fn(|i| colour[i] - of[i]);
    let least = added.into_iter().fold(f32::MAX, f32::min);
    let most = added.into_iter().fold(f32::MIN, f32::max);
    let brightness = colour.iter().sum::<f32>() / 3.0;
    *share < HIGHLIGHT_SHARE.min(0.5 * its_share)
        && brightness > HIGHLIGHT_BRIGHTNESS
        && least > LAMP_WHITENESS * most
        && least > 0.2 * brightness
}

/// One equation: the unknowns that take part in it, and by how much. Albedo first, then light.
fn row(sample: &Sample, colour: usize, colours: usize) -> [(usize, f64); TERMS + 1] {
    std::array::from_fn(|i| match i {
        0 => (colour, 1.0),
        _ => (colours + i - 1, f64::from(sample.harmonics[i - 1])),
    })
}

/// Solves a symmetric positive system given with its right side as the last column, by Gaussian
/// elimination; `None` where it has no single solution.
fn solved(mut matrix: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = matrix.len();
    for i in 0..n {
        let pivot = matrix[i][i];
        if pivot.is_nan() || pivot <= 1e-12 {
            return None;
        }
        let (above, below) = matrix.split_at_mut(i + 1);
        for row in below {
            let factor = row[i] / pivot;
            for (value, upper) in row[i..].iter_mut().zip(&above[i][i..]) {
                *value -= factor * upper;
            }
        }
    }
    let mut solution = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| matrix[i][j] * solution[j]).sum();
        solution[i] = (matrix[i][n] - known) / matrix[i][i];
    }
    Some(solution)
}

/// Real spherical harmonics of degree 1 and 2, unscaled.
fn harmonics(n: Vec3) -> [f32; TERMS] {
    [
        n.x,
        n.y,
        n.z,
        n.x * n.y,
        n.y * n.z,
        n.z * n.x,
        n.x * n.x - n.y * n.y,
        3.0 * n.z * n.z - 1.0,
    ]
}

fn dot(a: &[f32; TERMS], b: &[f32; TERMS]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Two coordinates of hue and saturation that light does not change, and a little of brightness.
fn tint(colour: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = colour.map(|c| linear(c).max(DARKEST));
    let sum = r + g + b;
    [
        (r - g) / sum,
        (0.5 * (r + g) - b) / sum,
        BRIGHTNESS * (sum / 3.0).ln(),
    ]
}

fn brightness(colour: [f32; 3]) -> f32 {
    let [r, g, b] = colour.map(linear);
    (0.2126 * r + 0.7152 * g + 0.0722 * b).max(DARKEST).ln()
}

/// Linear light of an sRGB value, both 0–1, between the table's bytes by interpolation.
fn linear(encoded: f32) -> f32 {
    let at = encoded.clamp(0.0, 1.0) * 255.0;
    let (low, high) = (at as usize, (at as usize + 1).min(255));
    LINEAR[low] + (LINEAR[high] - LINEAR[low]) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::View;
    use mesh::isosurface::{Field, isosurface};
    use mesh::measure;

    const SIDE: usize = 128;

    /// A ball in front of a camera, painted with two colours in stripes and lit from the upper left.
    fn lit_ball(albedo: impl Fn(f32) -> [f32; 3]) -> (Frame, Sight) {
        let n = 40;
        let centre = Vec3::splat(19.5);
        let values = (0..n * n * n)
            .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
            .map(|p| 15.0 - p.distance(centre))
            .collect();
        let mut ball = isosurface(&Field {
            size: [n, n, n],
            values,
        });
        for position in &mut ball.positions {
            *position = (*position - centre) / 19.0;
        }
        let view = View { half_fov_tan: 0.2 };
        let sight = Sight::of(&ball, &measure::vertex_normals(&ball), view);
        let lamp = Vec3::new(-0.6, 0.6, 0.5).normalize();
        let normal = |x: usize, y: usize| {
            let at = |c: usize| (c as f32 + 0.5) / SIDE as f32;
            sight.normal(at(x), at(y))
        };
        let frame = Frame {
            colour: Plane::from_fn(SIDE, SIDE, |x, y| {
                let light = 0.35 + 0.65 * normal(x, y).dot(lamp).max(0.0);
                albedo(x as f32 / SIDE as f32).map(|c| encoded(c * light))
            }),
            alpha: Plane::from_fn(SIDE, SIDE, |x, y| {
                [if normal(x, y) == Vec3::ZERO { 0.0 } else { 1.0 }]
            }),
        };
        (frame, sight)
    }

    /// Largest over smallest linear brightness among pixels well inside the ball.
    fn contrast(frame: &Frame) -> f32 {
        let inside = |x: usize, y: usize| {
            let from_middle = |c: usize| c as f32 - SIDE as f32 / 2.0;
            from_middle(x).hypot(from_middle(y)) < 0.28 * SIDE as f32
        };
        let mut light: Vec<f32> = (0..SIDE * SIDE)
            .map(|i| (i % SIDE, i / SIDE))
            .filter(|&(x, y)| inside(x, y))
            .map(|at| brightness(frame.colour[at]).exp())
            .collect();
        light.sort_by(f32::total_cmp);
        light[light.len() * 95 / 100] / light[light.len() / 20]
    }

    #[test]
    fn an_evenly_coloured_ball_loses_most_of_its_shading() {
        let (photo, sight) = lit_ball(|_| [0.6, 0.25, 0.1]);
        let (before, after) = (contrast(&photo), contrast(&delit(&photo, &sight).photo));
        assert!(before > 1.7, "{before}");
        assert!(after - 1.0 < 0.4 * (before - 1.0), "{after} of {before}");
    }

    #[test]
    fn two_colours_stay_two_colours() {
        let stripe = |x: f32| {
            if ((x * 16.0) as u32).is_multiple_of(2) {
                [0.7, 0.68, 0.66]
            } else {
                [0.06, 0.06, 0.07]
            }
        };
        let (photo, sight) = lit_ball(stripe);
        let delit = delit(&photo, &sight);
        let after = contrast(&delit.photo);
        assert!(after > 7.0, "black and white keep their distance: {after}");
        let rough = delit.finish.roughness([0.8; 3]);
        assert!(rough > 0.6, "nothing shines: {rough}");
    }

    #[test]
    fn a_colour_with_a_small_white_highlight_is_shiny() {
        let red = ([0.3, 0.03, 0.02], 0.6);
        assert!(is_highlight(&([0.8, 0.55, 0.54], 0.02), &red));
        assert!(!is_highlight(&([0.8, 0.55, 0.54], 0.3), &red), "too large");
        assert!(
            !is_highlight(&([0.7, 0.1, 0.1], 0.02), &red),
            "no white in it"
        );
    }
}
