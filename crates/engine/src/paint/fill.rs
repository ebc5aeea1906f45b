//! Colours for what nobody saw, carried on along the surface from what was seen.
//!
//! Continuing the picture itself would draw its outermost pixels out into streaks wherever the
//! surface runs away from the camera. Here every vertex that was not seen takes the mean of the
//! neighbours nearer to the seen part, wave by wave, and then all of them settle (the membrane
//! of Pérez et al., "Poisson image editing", SIGGRAPH 2003, on a mesh).

use glam::Vec3;
use mesh::Surface;
use mesh::neighbours::Neighbours;

/// Rounds of settling after the waves have met.
const ROUNDS: usize = 24;
/// A vertex is seen well enough to give its colour to others from this weight on.
const SEEN: f32 = 0.6;

/// A colour for every vertex: its own as far as it was seen (weight 0–1), the rest from its
/// neighbourhood; `otherwise` where nothing was seen at all.
pub(super) fn fill(surface: &Surface, seen: &[(Vec3, f32)], otherwise: Vec3) -> Vec<Vec3> {
    let neighbours = Neighbours::of(surface);
    let mut colours: Vec<Option<Vec3>> = seen
        .iter()
        .map(|&(colour, weight)| (weight >= SEEN).then_some(colour))
        .collect();
    let mut front: Vec<u32> = (0..seen.len() as u32)
        .filter(|&v| colours[v as usize].is_some())
        .collect();
    let mut waiting = vec![true; seen.len()];
    let mut order: Vec<u32> = Vec::new();
    while !front.is_empty() {
        let mut next = Vec::new();
        for &vertex in &front {
            waiting[vertex as usize] = false;
        }
        for neighbour in front.iter().flat_map(|&v| neighbours.around(v as usize)) {
            let slot = &mut waiting[*neighbour as usize];
            if *slot && colours[*neighbour as usize].is_none() {
                *slot = false;
                next.push(*neighbour);
            }
        }
        // All of a wave look at the waves before it only, so their order makes no difference.
        let reached: Vec<Vec3> = next
            .iter()
            .map(|&vertex| {
                let known = neighbours.around(vertex as usize).iter();
                mean(known.filter_map(|&v| colours[v as usize])).unwrap_or(otherwise)
            })
            .collect();
        for (&vertex, colour) in next.iter().zip(reached) {
            colours[vertex as usize] = Some(colour);
        }
        order.extend(&next);
        front = next;
    }
    let mut colours: Vec<Vec3> = colours
        .into_iter()
        .map(|c| c.unwrap_or(otherwise))
        .collect();
    for _ in 0..ROUNDS {
        let settled: Vec<Vec3> = order
            .iter()
            .map(|&vertex| {
                let known = neighbours.around(vertex as usize).iter();
                let soft = mean(known.map(|&v| colours[v as usize])).unwrap_or(otherwise);
                let (own, weight) = seen[vertex as usize];
                soft.lerp(own, weight)
            })
            .collect();
        for (&vertex, colour) in order.iter().zip(settled) {
            colours[vertex as usize] = colour;
        }
    }
    colours
}

fn mean(colours: impl Iterator<Item = Vec3>) -> Option<Vec3> {
    let (sum, count) = colours.fold((Vec3::ZERO, 0), |(sum, n), colour| (sum + colour, n + 1));
    (count > 0).then(|| sum / count as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square tube along x, closed at its ends, one unit between its rings of four.
    fn tube(length: u32) -> Surface {
        let ring = [(0, 0), (1, 0), (1, 1), (0, 1)];
        let at = |i: u32, (y, z)| Vec3::new(i as f32, y as f32, z as f32);
        let sides = (0..length - 1).flat_map(|i| {
            (0..4).flat_map(move |k| {
                let [a, b] = [4 * i + k, 4 * i + (k + 1) % 4];
                [[a, b, b + 4], [a, b + 4, a + 4]]
            })
        });
        let last = 4 * (length - 1);
        let ends = [
            [0, 2, 1],
            [0, 3, 2],
            [last, last + 1, last + 2],
            [last, last + 2, last + 3],
        ];
        Surface {
            positions: (0..length).flat_map(|i| ring.map(|p| at(i, p))).collect(),
            triangles: sides.chain(ends).collect(),
        }
    }

    #[test]
    fn what_lies_between_two_colours_is_filled_from_both_sides() {
        let tube = tube(21);
        let seen: Vec<(Vec3, f32)> = (tube.positions.iter())
            .map(|p| match p.x {
                x if x < 0.5 => (Vec3::X, 1.0),
                x if x > 19.5 => (Vec3::Z, 1.0),
                _ => (Vec3::Y, 0.0),
            })
            .collect();
        let filled = fill(&tube, &seen, Vec3::ONE);
        assert_eq!((filled[0], filled[83]), (Vec3::X, Vec3::Z));
        assert!(filled.iter().all(|c| c.y < 1e-6), "nothing unseen shows");
        for pair in filled.chunks(4).collect::<Vec<_>>().windows(2) {
            assert!(pair[1][0].x <= pair[0][0].x + 0.02, "red falls off");
        }
    }

    #[test]
    fn where_nothing_was_seen_there_is_still_a_colour() {
        let seen = vec![(Vec3::X, 0.0); 12];
        assert_eq!(fill(&tube(3), &seen, Vec3::Y), vec![Vec3::Y; 12]);
    }
}
