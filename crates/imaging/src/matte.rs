//! Background removal: which pixels belong to the object.

use crate::Picture;

/// A pixel shows something from this part of the strongest coverage on.
const VISIBLE_PART: u8 = 5;
/// Coverage from which a pixel hides what is behind it, of 255.
const OPAQUE: u8 = 204;
/// A matte that nowhere exceeds this shows nothing, of 255.
const FAINTEST: u8 = 13;
/// What is see-through becomes solid between these shares of the strongest coverage.
const GLASS: [f32; 2] = [0.1, 0.3];

/// How much each pixel belongs to the object: `width × height` bytes, 0 (background) to 255.
#[derive(Clone, PartialEq, Eq)]
pub struct Matte {
    /// Columns, the picture's.
    pub width: u32,
    /// Rows, the picture's.
    pub height: u32,
    /// Coverage, rows top to bottom.
    pub alpha: Vec<u8>,
}

impl Matte {
    /// The picture's own alpha channel as a matte.
    pub fn from_alpha(picture: &Picture) -> Self {
        let alpha = picture.rgba.iter().skip(3).step_by(4).copied().collect();
        Self {
            width: picture.width,
            height: picture.height,
            alpha,
        }
    }

    /// Share of what is visible that is neither clear nor opaque, 0–1. Soft edges don't count.
    pub fn partial_share(&self) -> f32 {
        let (width, height) = (self.width as usize, self.height as usize);
        let least = (self.peak() / VISIBLE_PART).max(1);
        let visible = |x: usize, y: usize| self.alpha[y * width + x] >= least;
        let (mut partial, mut all) = (0_u32, 0_u32);
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let inside = visible(x, y)
                    && visible(x - 1, y)
                    && visible(x + 1, y)
                    && visible(x, y - 1)
                    && visible(x, y + 1);
                all += u32::from(inside);
                partial += u32::from(inside && self.alpha[y * width + x] < OPAQUE);
            }
        }
        partial as f32 / all.max(1) as f32
    }

    /// Whether it shows nothing anywhere.
    pub fn is_empty(&self) -> bool {
        self.peak() < FAINTEST
    }

    fn peak(&self) -> u8 {
        self.alpha.iter().copied().max().unwrap_or(0)
    }

    /// A matte in which glass (`see_through`) is as solid as its rim, and a faint object as solid
    /// as any. Unchanged where something is opaque and nothing is glass, or nothing is visible.
    pub fn firmed(mut self, see_through: bool) -> Self {
        let peak = self.peak();
        if self.is_empty() || (peak == 255 && !see_through) {
            return self;
        }
        let [from, to] = if see_through { GLASS } else { [0.0, 1.0] };
        for alpha in &mut self.alpha {
            let share = f32::from(*alpha) / f32::from(peak);
            *alpha = ((share - from) / (to - from) * 255.0).clamp(0.0, 255.0) as u8;
        }
        self
    }
}

/// A matte comes from a picture: only its size may ever be printed.
impl std::fmt::Debug for Matte {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Matte({}×{})", self.width, self.height)
    }
}

/// The network could not be loaded or run. Carries no content.
#[derive(Debug, thiserror::Error)]
pub enum MatteError {
    /// No weights are installed.
    #[error("background removal needs its weights: run `ai3dgen models pull {0}` once")]
    Missing(&'static str),
    /// The file is no network of the expected form.
    #[error("the background-removal weights can't be loaded: {0}")]
    Load(String),
    /// The network failed while running.
    #[error("background removal failed: {0}")]
    Run(String),
}

/// Anything that can tell the object from the background.
pub trait MatteModel: Send + Sync {
    /// Finds the object. The result has the picture's size.
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square of the given coverage inside, with a rim of another one.
    fn square(inside: u8, rim: u8) -> Matte {
        let alpha = (0..40 * 40).map(|i| {
            let from_border = (i % 40).min(39 - i % 40).min(i / 40).min(39 - i / 40);
            match from_border {
                0..8 => 0,
                8 => rim,
                _ => inside,
            }
        });
        Matte {
            width: 40,
            height: 40,
            alpha: alpha.collect(),
        }
    }

    #[test]
    fn glass_is_partial_and_a_soft_edge_is_not() {
        assert!(square(90, 255).partial_share() > 0.9);
        assert!(square(255, 120).partial_share() < 0.1);
        assert!(square(0, 0).partial_share() < 0.1);
    }

    #[test]
    fn glass_and_faint_things_become_solid_and_solid_things_stay() {
        assert_eq!(square(90, 255).firmed(true), square(255, 255));
        assert_eq!(square(60, 30).firmed(false), square(255, 127));
        assert_eq!(square(255, 120).firmed(false), square(255, 120));
        assert_eq!(square(5, 9).firmed(false), square(5, 9));
    }
}
