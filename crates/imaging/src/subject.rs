//! Which of the separate things in a mask are the picture's subject.
//!
//! What lies close together belongs together: a pair of shoes, a cup and its spoon, a lamp whose
//! thin arm the matte has lost. What lies far apart are different objects, and one model can show
//! only one of them: the largest, unless another one is nearly as large and closer to the middle.

use crate::components::{Regions, dilated, regions};

/// Pieces smaller than this share of the largest one are dropped: crumbs of the matte.
const CRUMB_SHARE: f64 = 0.05;
/// Pieces whose gap is at most this share of the largest piece's longer side belong together.
const GAP_SHARE: f64 = 0.25;
/// Other things smaller than this share of the subject are not worth a word.
const NOTABLE_SHARE: f64 = 0.08;
/// How much less a thing in the picture's corner counts than one in its middle.
const CORNER_LOSS: f64 = 0.5;

/// The subject.
pub(crate) struct Subject {
    /// Which pixels are it.
    pub(crate) mask: Vec<bool>,
    /// Separate pieces it consists of.
    pub(crate) pieces: u32,
    /// Separate objects of notable size in the picture, this one included.
    pub(crate) objects: u32,
}

/// Chooses the subject of a mask `width` pixels wide. `None` where the mask is empty.
pub(crate) fn choose(mask: &[bool], width: usize) -> Option<Subject> {
    let found = regions(mask, width);
    let largest = *found.shapes.iter().max_by_key(|shape| shape.size)?;
    let whole =
        |label: usize| f64::from(found.shapes[label].size) >= CRUMB_SHARE * f64::from(largest.size);
    let solid: Vec<bool> = found
        .labels
        .iter()
        .map(|label| label.is_some_and(whole))
        .collect();
    let reach = (GAP_SHARE / 2.0 * largest.longer_side() as f64).round() as usize;
    let groups = regions(&dilated(&solid, width, reach), width);

    let things = Thing::all(&found, &groups, whole);
    let height = mask.len() / width;
    let weight = |thing: &Thing| thing.weight(width as f64, height as f64);
    let subject = (0..things.len()).max_by(|&a, &b| {
        // Of two equal ones the first in reading order.
        let order = weight(&things[a]).total_cmp(&weight(&things[b]));
        order.then(b.cmp(&a))
    })?;
    let notable = NOTABLE_SHARE * things[subject].size;
    Some(Subject {
        mask: (solid.iter().zip(&groups.labels))
            .map(|(&solid, &group)| solid && group == Some(subject))
            .collect(),
        pieces: things[subject].pieces,
        objects: things.iter().filter(|thing| thing.size >= notable).count() as u32,
    })
}

/// Pieces that lie close together.
#[derive(Clone, Copy, Default)]
struct Thing {
    size: f64,
    sums: [f64; 2],
    pieces: u32,
}

impl Thing {
    /// One for each group, made of the whole regions in it.
    fn all(found: &Regions, groups: &Regions, whole: impl Fn(usize) -> bool) -> Vec<Self> {
        let mut group_of = vec![None; found.shapes.len()];
        for (label, group) in found.labels.iter().zip(&groups.labels) {
            if let Some(label) = label {
                group_of[*label] = *group;
            }
        }
        let mut things = vec![Self::default(); groups.shapes.len()];
        for (label, shape) in found.shapes.iter().enumerate() {
            if let Some(group) = group_of[label].filter(|_| whole(label)) {
                let thing: &mut Self = &mut things[group];
                thing.size += f64::from(shape.size);
                thing.sums[0] += shape.sums[0];
                thing.sums[1] += shape.sums[1];
                thing.pieces += 1;
            }
        }
        things
    }

    /// Its size, less towards the corners of the picture.
    fn weight(&self, width: f64, height: f64) -> f64 {
        let off = |sum: f64, side: f64| (sum / self.size + 0.5) - side / 2.0;
        let away = off(self.sums[0], width).hypot(off(self.sums[1], height));
        self.size * (1.0 - CORNER_LOSS * away / (0.5 * width.hypot(height)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squares of the given side at the given places of a 100 × 100 mask.
    fn squares(squares: &[(usize, usize, usize)]) -> Vec<bool> {
        let inside = |x: usize, y: usize| {
            squares.iter().any(|&(left, top, side)| {
                (left..left + side).contains(&x) && (top..top + side).contains(&y)
            })
        };
        (0..100 * 100).map(|i| inside(i % 100, i / 100)).collect()
    }

    fn columns(subject: &Subject) -> (usize, usize) {
        let columns = || (0..100).filter(|x| (0..100).any(|y| subject.mask[y * 100 + x]));
        (columns().min().unwrap(), columns().max().unwrap())
    }

    #[test]
    fn what_lies_close_together_is_one_subject() {
        let pair = choose(&squares(&[(20, 30, 30), (56, 30, 30)]), 100).unwrap();
        assert_eq!(
            (pair.objects, pair.pieces, columns(&pair)),
            (1, 2, (20, 85))
        );
    }

    #[test]
    fn of_far_things_the_largest_or_most_central_is_taken() {
        let largest = choose(&squares(&[(2, 40, 20), (60, 30, 36)]), 100).unwrap();
        assert_eq!((largest.objects, columns(&largest)), (2, (60, 95)));
        let central = choose(&squares(&[(0, 0, 22), (40, 40, 20), (78, 78, 22)]), 100).unwrap();
        assert_eq!((central.objects, columns(&central)), (3, (40, 59)));
    }

    #[test]
    fn small_things_are_not_worth_a_word() {
        let one = choose(&squares(&[(20, 20, 40), (90, 90, 10)]), 100).unwrap();
        assert_eq!((one.objects, columns(&one)), (1, (20, 59)));
        assert!(choose(&squares(&[]), 100).is_none());
    }
}
