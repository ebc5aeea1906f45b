//! Fine relief from fine shading: dark is deep.
//!
//! Wrinkles, feathers and stitches are finer than any surface the networks guess, but they shade
//! the photograph. Taking small dark spots for small hollows looks right to people, though it is
//! not measured depth (Glencross et al., "A perceptually validated model for surface depth
//! hallucination", SIGGRAPH 2008). Print must not be embossed: where contrasts are strong they are
//! taken for colour.

use glam::{Vec2, Vec3};
use imaging::{Frame, Plane};
use mesh::srgb::LINEAR;

/// Blur that keeps noise out, in pixels.
const NOISE: f32 = 1.0;
/// Blur that tells fine shading from the rest, as a share of the picture's side.
const FINE: f32 = 0.012;
/// Contrast, in nats, from which it is rather print than relief.
const PRINT: f32 = 0.14;
/// Over what distance a contrast tells about its neighbourhood, as a share of the picture's side.
const NEIGHBOURHOOD: f32 = 0.008;
/// Depth in half window widths for one nat of darkness.
const DEPTH: f32 = 0.02;
/// Steeper slopes are cut off.
const STEEPEST: f32 = 0.6;
/// Linear brightness below this is noise.
const DARKEST: f32 = 0.01;

/// The slopes of the relief, seen from the camera.
pub(super) struct Detail {
    /// Depth towards the viewer per half window width, to the right and down.
    slope: Plane<2>,
}

impl Detail {
    /// Reads the relief from a photograph without its light.
    pub(super) fn of(photo: &Frame) -> Self {
        let side = photo.colour.width;
        let inside = photo.alpha.map(|a| [if a[0] > 0.95 { 1.0 } else { 0.0 }]);
        let brightness = photo.colour.map(|colour| {
            let light: f32 = colour
                .iter()
                .zip([0.2126, 0.7152, 0.0722])
                .map(|(c, weight)| weight * LINEAR[(c.clamp(0.0, 1.0) * 255.0) as usize])
                .sum();
            [light.max(DARKEST).ln()]
        });
        // Beyond its outline the object goes on, so that the outline is no edge.
        let brightness = brightness.extended(&inside);
        let coarse = brightness.blurred(FINE * side as f32);
        let mut height = brightness.blurred(NOISE);
        for (fine, coarse) in height.data.iter_mut().zip(&coarse.data) {
            fine[0] -= coarse[0];
        }
        let contrast = height
            .map(|h| [h[0].abs()])
            .blurred(NEIGHBOURHOOD * side as f32);
        for (height, contrast) in height.data.iter_mut().zip(&contrast.data) {
            height[0] /= 1.0 + (contrast[0] / PRINT).powi(4);
        }
        let scale = DEPTH * 0.5 * side as f32;
        let slope = Plane::from_fn(side, photo.colour.height, |x, y| {
            let at = |x: usize, y: usize| height[(x, y)][0];
            let (right, below) = ((x + 1).min(side - 1), (y + 1).min(height.height - 1));
            let (left, above) = (x.saturating_sub(1), y.saturating_sub(1));
            let slope = Vec2::new(at(right, y) - at(left, y), at(x, below) - at(x, above));
            (0.5 * scale * slope).clamp_length_max(STEEPEST).to_array()
        });
        Self { slope }
    }

    /// What the relief adds to a unit normal in the camera's frame, at a place of the picture (x
    /// right, y down, 0–1).
    pub(super) fn tilt(&self, at: Vec2, normal: Vec3) -> Vec3 {
        let [across, down] = self.slope.sample(at.x, at.y);
        let tilt = Vec3::new(-across, down, 0.0);
        tilt - normal * normal.dot(tilt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(brightness: impl Fn(f32) -> f32) -> Frame {
        Frame {
            colour: Plane::from_fn(256, 256, |x, _| [brightness(x as f32); 3]),
            alpha: Plane::filled(256, 256, [1.0]),
        }
    }

    fn steepest(detail: &Detail) -> f32 {
        let slopes = detail.slope.data.iter();
        slopes.map(|&s| Vec2::from(s).length()).fold(0.0, f32::max)
    }

    #[test]
    fn a_soft_dark_groove_becomes_a_hollow() {
        let groove = photo(|x| 0.6 - 0.08 * (-((x - 128.0) / 3.0).powi(2)).exp());
        let detail = Detail::of(&groove);
        // Left of the groove the surface falls to the right, so its normal leans to the right.
        let lean = |x: f32| detail.tilt(Vec2::new(x / 256.0, 0.5), Vec3::Z).x;
        assert!(lean(125.5) > 0.03, "{}", lean(125.5));
        assert!(lean(131.5) < -0.03, "{}", lean(131.5));
    }

    #[test]
    fn print_is_not_embossed_and_plain_colour_is_plain() {
        let print = photo(|x| {
            if (x as u32 / 6).is_multiple_of(2) {
                0.05
            } else {
                0.95
            }
        });
        assert!(steepest(&Detail::of(&print)) < 0.05);
        assert!(steepest(&Detail::of(&photo(|_| 0.5))) < 1e-3);
    }
}
