//! A picture at every sharpness: blurred colours of the object alone, without its background.

use crate::{Frame, Plane};

/// Coverage from which a pixel is surely free of background colour.
const SOLID: f32 = 0.95;

/// Ever coarser versions of an object's colours; each continues beyond the object's outline.
pub struct Pyramid {
    levels: Vec<Plane<3>>,
}

impl Pyramid {
    /// Builds all levels. Pixels at the outline carry background colour and are replaced by a
    /// continuation of what is inside.
    pub fn of(frame: &Frame) -> Self {
        let mut weight = solid(&frame.alpha);
        let mut colour = frame.colour.clone();
        let mut levels = Vec::new();
        while colour.width > 4 {
            levels.push(colour.extended(&weight));
            (colour, weight) = colour.halved_by(&weight);
        }
        levels.push(colour.extended(&weight));
        Self { levels }
    }

    /// The colour at `(u, v)` in 0–1 from the top left, blurred over about `radius` of the
    /// picture's side.
    pub fn sample(&self, u: f32, v: f32, radius: f32) -> [f32; 3] {
        let level = (radius * self.levels[0].width as f32).max(1.0).log2();
        let level = level.min((self.levels.len() - 1) as f32);
        let fine = &self.levels[level as usize];
        let Some(coarse) = self.levels.get(level as usize + 1) else {
            return fine.sample(u, v);
        };
        let (fine, coarse) = (fine.sample(u, v), coarse.sample(u, v));
        std::array::from_fn(|i| fine[i] + (coarse[i] - fine[i]) * level.fract())
    }

    /// The mean colour over a square of `width` (a share of the picture's side) around `(u, v)`:
    /// what one texel of a coarser picture shows without aliasing.
    pub fn mean(&self, u: f32, v: f32, width: f32) -> [f32; 3] {
        /// Beyond this many pixels per texel a coarser level would do.
        const MOST: f32 = 4.0;
        let finest = &self.levels[0];
        let taps = (width * finest.width as f32).ceil().clamp(1.0, MOST);
        let step = width / taps;
        let first = 0.5 * (step - width);
        let taps = taps as usize;
        let mut sum = [0.0; 3];
        for tap in 0..taps * taps {
            let (x, y) = ((tap % taps) as f32, (tap / taps) as f32);
            let colour = finest.sample(u + first + x * step, v + first + y * step);
            (0..3).for_each(|i| sum[i] += colour[i]);
        }
        sum.map(|c| c / (taps * taps) as f32)
    }
}

impl Frame {
    /// The object's colours alone: its outline, which carries background colour, and everything
    /// beyond it are a smooth continuation of what is inside.
    pub fn object_colour(&self) -> Plane<3> {
        self.colour.extended(&solid(&self.alpha))
    }
}

/// 1 where the object surely is, its outermost pixels left out.
fn solid(alpha: &Plane<1>) -> Plane<1> {
    let solid_at = |x: usize, y: usize| alpha[(x, y)][0] >= SOLID;
    let (width, height) = (alpha.width, alpha.height);
    let inner = Plane::from_fn(width, height, |x, y| {
        let rows = y.saturating_sub(1)..(y + 2).min(height);
        let whole = rows
            .into_iter()
            .all(|y| (x.saturating_sub(1)..(x + 2).min(width)).all(|x| solid_at(x, y)));
        [if whole { 1.0 } else { 0.0 }]
    });
    // Very thin or very soft objects have no inner pixels; then the coverage itself has to do.
    if inner.data.iter().any(|w| w[0] > 0.0) {
        inner
    } else {
        alpha.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_texel_shows_the_mean_of_fine_stripes() {
        let stripes = Plane::from_fn(64, 64, |x, _| [(x % 2) as f32; 3]);
        let alpha = Plane::filled(64, 64, [1.0]);
        let pyramid = Pyramid::of(&Frame {
            colour: stripes,
            alpha,
        });
        for at in [0.40, 0.503, 0.51, 0.6] {
            let grey = pyramid.mean(at, 0.5, 2.0 / 64.0)[0];
            assert!((grey - 0.5).abs() < 0.02, "{grey} at {at}");
            let [sharp, _, _] = pyramid.mean(at, 0.5, 0.2 / 64.0);
            assert_eq!(sharp, pyramid.sample(at, 0.5, 0.0)[0]);
        }
    }

    #[test]
    fn no_background_colour_is_left_at_any_sharpness() {
        // A red square whose soft border is mixed with a green background.
        let alpha = Plane::from_fn(64, 64, |x, y| {
            let distance = (x as f32 - 31.5).abs().max((y as f32 - 31.5).abs());
            [(22.0 - distance).clamp(0.0, 4.0) / 4.0]
        });
        let colour = alpha.map(|a| [a[0], 1.0 - a[0], 0.0]);
        let pyramid = Pyramid::of(&Frame { colour, alpha });
        for radius in [0.0, 0.02, 0.1, 0.5] {
            for at in [0.05, 0.2, 0.5, 0.9] {
                let [red, green, _] = pyramid.sample(at, 0.5, radius);
                assert!(
                    red > 0.95 && green < 0.05,
                    "{red} {green} at {at}, radius {radius}"
                );
            }
        }
    }
}
