//! One size of the picture around the hole.

use super::{PATCH, REACH};
use crate::{Mask, Picture, Plane, geometry};

/// Pixels below this alpha are no source: there is nothing to see.
const VISIBLE: u8 = 1;

/// Pixels around a hole.
pub(super) struct Level {
    pub width: usize,
    pub height: usize,
    /// RGBA; colours of clear pixels are black.
    pub pixels: Vec<[u8; 4]>,
    /// Which of them are to be filled.
    pub hole: Vec<bool>,
    /// Steps from each pixel of the hole to its border, at least 1; 0 outside.
    pub steps: Vec<u16>,
    /// Centres of patches that lie inside the picture and outside the hole.
    pub is_source: Vec<bool>,
    /// Centres of patches that touch the hole.
    pub targets: Vec<u32>,
    /// Where in `targets` a pixel is; [`Level::NO_TARGET`] where it isn't.
    pub slots: Vec<u32>,
}

impl Level {
    pub(super) const NO_TARGET: u32 = u32::MAX;

    /// A part of a picture.
    pub(super) fn of(picture: &Picture, mask: &Mask, corner: [u32; 2], size: [u32; 2]) -> Self {
        let part = geometry::cut(picture, corner, size);
        let visible = |pixel: &[u8; 4]| if pixel[3] < VISIBLE { [0; 4] } else { *pixel };
        let pixels = part.rgba.as_chunks().0.iter().map(visible).collect();
        let [left, top] = corner.map(|at| at as usize);
        let rows = mask.marked.chunks_exact(mask.width as usize);
        let rows = rows.skip(top).take(size[1] as usize);
        let hole = rows.flat_map(|row| &row[left..left + size[0] as usize]);
        Self::new(
            size[0] as usize,
            size[1] as usize,
            pixels,
            hole.copied().collect(),
        )
    }

    fn new(width: usize, height: usize, pixels: Vec<[u8; 4]>, hole: Vec<bool>) -> Self {
        let touched = grown(&hole, width, height);
        let inside = |at: usize| {
            let (x, y) = (at % width, at / width);
            (REACH..(width.max(REACH) - REACH)).contains(&x)
                && (REACH..(height.max(REACH) - REACH)).contains(&y)
        };
        let is_source = (0..hole.len())
            .map(|at| inside(at) && !touched[at])
            .collect();
        let targets: Vec<u32> = (0..hole.len() as u32)
            .filter(|&at| inside(at as usize) && touched[at as usize])
            .collect();
        let mut slots = vec![Self::NO_TARGET; hole.len()];
        for (slot, &at) in targets.iter().enumerate() {
            slots[at as usize] = slot as u32;
        }
        Self {
            steps: steps(&hole, width, height),
            width,
            height,
            pixels,
            hole,
            is_source,
            targets,
            slots,
        }
    }

    /// Half the size. A pixel of which any part is in the hole is in the hole.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let four = |at: usize| {
            let corner = at / width * 2 * self.width + at % width * 2;
            [
                corner,
                corner + 1,
                corner + self.width,
                corner + self.width + 1,
            ]
        };
        let mean = |at: usize| {
            let four = four(at).map(|at| self.pixels[at]);
            [0, 1, 2, 3].map(|c| {
                let sum: u16 = four.iter().map(|pixel| u16::from(pixel[c])).sum();
                ((sum + 2) / 4) as u8
            })
        };
        let hole = |at: usize| four(at).into_iter().any(|at| self.hole[at]);
        let cells = width * height;
        Self::new(
            width,
            height,
            (0..cells).map(mean).collect(),
            (0..cells).map(hole).collect(),
        )
    }

    /// Pixels to fill.
    pub(super) fn hole_size(&self) -> usize {
        self.hole.iter().filter(|&&hole| hole).count()
    }

    /// Steps from the innermost pixel of the hole to its border.
    pub(super) fn depth(&self) -> usize {
        usize::from(self.steps.iter().copied().max().unwrap_or(0))
    }

    /// Centres of all patches that can be copied from.
    pub(super) fn sources(&self) -> Vec<u32> {
        let all = 0..self.is_source.len() as u32;
        all.filter(|&at| self.is_source[at as usize]).collect()
    }

    /// Fills the hole smoothly, for a start.
    pub(super) fn guess(&mut self) {
        let at = |x: usize, y: usize| y * self.width + x;
        let colours = Plane::from_fn(self.width, self.height, |x, y| {
            self.pixels[at(x, y)].map(f32::from)
        });
        let known = Plane::from_fn(self.width, self.height, |x, y| {
            [f32::from(u8::from(!self.hole[at(x, y)]))]
        });
        let smooth = colours.extended(&known);
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            if self.hole[at] {
                *pixel = smooth.data[at].map(|c| (c + 0.5) as u8);
            }
        }
    }

    /// Sum of squared differences between two patches, given up once it is `least` or more.
    pub(super) fn difference(&self, a: usize, b: usize, least: u32) -> u32 {
        let mut sum = 0;
        let corner = |centre: usize| centre - REACH * self.width - REACH;
        let (mut a, mut b) = (corner(a), corner(b));
        for _ in 0..PATCH {
            let rows = [a, b].map(|from| self.pixels[from..from + PATCH].as_flattened());
            let squares = rows[0].iter().zip(rows[1]).map(|(&a, &b)| {
                let difference = i32::from(a) - i32::from(b);
                (difference * difference) as u32
            });
            sum += squares.sum::<u32>();
            if sum >= least {
                return sum;
            }
            a += self.width;
            b += self.width;
        }
        sum
    }
}

/// What lies within a patch's reach of something marked.
fn grown(marked: &[bool], width: usize, height: usize) -> Vec<bool> {
    let mut across = vec![false; marked.len()];
    let mut both = vec![false; marked.len()];
    for at in (0..marked.len()).filter(|&at| marked[at]) {
        let x = at % width;
        let from = at - x.min(REACH);
        across[from..=at + REACH.min(width - 1 - x)].fill(true);
    }
    for at in (0..marked.len()).filter(|&at| across[at]) {
        let y = at / width;
        for y in y.saturating_sub(REACH)..=(y + REACH).min(height - 1) {
            both[y * width + at % width] = true;
        }
    }
    both
}

/// Steps (also diagonal) to the nearest pixel that isn't marked.
fn steps(marked: &[bool], width: usize, height: usize) -> Vec<u16> {
    let mut steps: Vec<u16> = marked
        .iter()
        .map(|&m| if m { u16::MAX } else { 0 })
        .collect();
    let mut shorten = |at: usize, dx: isize, dy: isize| {
        let (x, y) = ((at % width) as isize + dx, (at / width) as isize + dy);
        if x >= 0 && y >= 0 && x < width as isize && y < height as isize {
            let there = steps[y as usize * width + x as usize];
            steps[at] = steps[at].min(there.saturating_add(1));
        }
    };
    let before = [(-1, 0), (-1, -1), (0, -1), (1, -1)];
    for at in 0..marked.len() {
        before.into_iter().for_each(|(dx, dy)| shorten(at, dx, dy));
    }
    for at in (0..marked.len()).rev() {
        before
            .into_iter()
            .for_each(|(dx, dy)| shorten(at, -dx, -dy));
    }
    steps
}
