//! Colours for what nobody saw, carried on along the surface from what was seen.
//!
//! Continuing the picture itself would draw its outermost pixels out into streaks wherever the
//! surface runs away from the camera. Here every vertex that was not seen takes the mean of the
//! neighbours nearer to the seen part, wave by wave, and then all of them settle (the membrane
//! of Pérez et al., "Poisson image editing", SIGGRAPH 2003, on a mesh).

use glam::Vec3;
use mesh::Surface;

/// Rounds of settling after the waves have met.
const ROUNDS: usize = 24;
/// A vertex is seen well enough to give its colour to others from this weight on.
const SEEN: f32 = 0.6;

/// A colour for every vertex: its own as far as it was seen (weight 0–1), the rest from its
/// neighbourhood; `otherwise` where nothing was seen at all.
pub(super) fn fill(surface: &Surface, seen: &[(Vec3, f32)], otherwise: Vec3) -> Vec<Vec3> {
    let around = Around::of(surface);
    let mut colours: Vec<Option<Vec3>> = seen
        .iter()
        .map(|&(colour, weight)| (weight >= SEEN).then_some(colour))
        .collect();
    let mut front: Vec<u32> = (0..seen.len() as u32)
        .filter(|&v| colours[v as usize].is_some())
        .collect();
    let mut waiting = vec![true; seen.len()];
    let mut order = Vec::new();
    while !front.is_empty() {
        let mut next = Vec::new();
        for &vertex in &front {
            waiting[vertex as usize] = false;
        }
        for neighbour in front.iter().flat_map(|&vertex| around.of_vertex(vertex)) {
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
                let known = around.of_vertex(vertex).iter();
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
                let known = around
                    .of_vertex(vertex)
                    .iter()
                    .map(|&v| colours[v as usize]);
                let soft = mean(known).unwrap_or(otherwise);
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

/// The vertices around each vertex.
struct Around {
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Around {
    fn of(surface: &Surface) -> Self {
        let mut starts = vec![0_u32; surface.positions.len() + 1];
        for &vertex in surface.triangles.as_flattened() {
            starts[vertex as usize + 1] += 2;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut end = starts.clone();
        let mut list = vec![0; surface.triangles.len() * 6];
        for &[a, b, c] in &surface.triangles {
            for (from, to) in [(a, b), (a, c), (b, c), (b, a), (c, a), (c, b)] {
                list[end[from as usize] as usize] = to;
                end[from as usize] += 1;
            }
        }
        Self { starts, list }
    }

    /// Each neighbour twice, once for each triangle between the two.
    fn of_vertex(&self, vertex: u32) -> &[u32] {
        let vertex = vertex as usize;
        &self.list[self.starts[vertex] as usize..self.starts[vertex + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip of squares along x, one unit apart.
    fn strip(length: u32) -> Surface {
        Surface {
            positions: (0..2 * length)
                .map(|i| Vec3::new((i / 2) as f32, (i % 2) as f32, 0.0))
                .collect(),
            triangles: (0..length - 1)
                .flat_map(|i| {
                    let a = 2 * i;
                    [[a, a + 2, a + 1], [a + 1, a + 2, a + 3]]
                })
                .collect(),
        }
    }

    #[test]
    fn what_lies_between_two_colours_is_filled_from_both_sides() {
        let strip = strip(21);
        let seen: Vec<(Vec3, f32)> = (strip.positions.iter())
            .map(|p| match p.x {
                x if x < 0.5 => (Vec3::X, 1.0),
                x if x > 19.5 => (Vec3::Z, 1.0),
                _ => (Vec3::Y, 0.0),
            })
            .collect();
        let filled = fill(&strip, &seen, Vec3::ONE);
        assert_eq!((filled[0], filled[41]), (Vec3::X, Vec3::Z));
        assert!(filled.iter().all(|c| c.y < 1e-6), "nothing unseen shows");
        for pair in filled.chunks(2).collect::<Vec<_>>().windows(2) {
            assert!(pair[1][0].x <= pair[0][0].x + 0.02, "red falls off");
        }
    }

    #[test]
    fn where_nothing_was_seen_there_is_still_a_colour() {
        let strip = strip(3);
        let seen = vec![(Vec3::X, 0.0); 6];
        assert_eq!(fill(&strip, &seen, Vec3::Y), vec![Vec3::Y; 6]);
    }
}
