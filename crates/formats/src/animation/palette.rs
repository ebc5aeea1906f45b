//! 256 colours for a whole film. One palette for all frames: one per frame would flicker.

use glam::Vec3;

/// Colours are counted in cells of this many bits per channel.
const BITS: u32 = 5;
const CELLS: usize = 1 << (3 * BITS);
/// Rounds of moving every colour to the middle of what it stands for (Lloyd 1982); more change
/// nothing that can be seen.
const ROUNDS: usize = 6;
/// How much a difference in red, green and blue matters to the eye.
const WEIGHTS: Vec3 = Vec3::new(1.0, 1.3, 0.8);

/// A place for a colour in which distances are roughly what the eye sees.
pub(super) fn place([r, g, b]: [u8; 3]) -> Vec3 {
    Vec3::new(r.into(), g.into(), b.into()) * WEIGHTS
}

fn colour(place: Vec3) -> [u8; 3] {
    (place / WEIGHTS)
        .to_array()
        .map(|c| c.round().clamp(0.0, 255.0) as u8)
}

/// Which colours occur, and how often.
pub(super) struct Histogram {
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    count: u64,
    sum: [u64; 3],
}

/// Colours that are much alike, as one.
#[derive(Clone, Copy)]
struct Cluster {
    place: Vec3,
    weight: f32,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self {
            cells: vec![Cell::default(); CELLS],
        }
    }

    pub(super) fn add(&mut self, colours: impl Iterator<Item = [u8; 3]>) {
        for colour in colours {
            let cell = colour.iter().fold(0, |cell, &channel| {
                (cell << BITS) | usize::from(channel >> (8 - BITS))
            });
            let cell = &mut self.cells[cell];
            cell.count += 1;
            for (sum, channel) in cell.sum.iter_mut().zip(colour) {
                *sum += u64::from(channel);
            }
        }
    }

    /// At most `size` colours; the first is `exact`, which large areas have.
    pub(super) fn palette(&self, exact: [u8; 3], size: usize) -> Vec<[u8; 3]> {
        let clusters = self.clusters();
        let mut places = split(&clusters, size - 1);
        for _ in 0..ROUNDS {
            settle(&clusters, &mut places);
        }
        let mut palette = vec![exact];
        palette.extend(places.into_iter().map(colour).filter(|&c| c != exact));
        palette
    }

    fn clusters(&self) -> Vec<Cluster> {
        let met = self.cells.iter().filter(|cell| cell.count > 0);
        met.map(|cell| {
            let mean = cell.sum.map(|sum| sum as f32 / cell.count as f32);
            Cluster {
                place: Vec3::from(mean) * WEIGHTS,
                // Small things matter more than their area says.
                weight: (cell.count as f32).sqrt(),
            }
        })
        .collect()
    }
}

/// Cuts the colours into groups until there are `groups`: always the group whose colours differ
/// most, across the axis along which they do (after Heckbert 1982, with Wu's measure of 1991).
fn split(clusters: &[Cluster], groups: usize) -> Vec<Vec3> {
    let mut boxes = vec![Group::of(clusters.to_vec())];
    while boxes.len() < groups {
        let spread = |group: &Group| group.variance.max_element();
        let Some(widest) = (0..boxes.len()).max_by(|&a, &b| {
            let order = spread(&boxes[a]).total_cmp(&spread(&boxes[b]));
            order.then(b.cmp(&a))
        }) else {
            break;
        };
        if spread(&boxes[widest]) <= 0.0 {
            break;
        }
        let group = boxes.swap_remove(widest);
        let axis = group.variance.max_position();
        let middle = group.mean[axis];
        let (low, high) = group
            .members
            .into_iter()
            .partition(|member| member.place[axis] < middle);
        boxes.extend([Group::of(low), Group::of(high)]);
    }
    boxes.into_iter().map(|group| group.mean).collect()
}

struct Group {
    members: Vec<Cluster>,
    mean: Vec3,
    /// Weighted squared distances from the mean, summed, per axis.
    variance: Vec3,
}

impl Group {
    fn of(members: Vec<Cluster>) -> Self {
        let weight: f32 = members.iter().map(|m| m.weight).sum();
        let sum: Vec3 = members.iter().map(|m| m.place * m.weight).sum();
        let mean = sum / weight.max(f32::MIN_POSITIVE);
        let off = |m: &Cluster| (m.place - mean) * (m.place - mean) * m.weight;
        // One colour has no spread, whatever rounding says.
        let variance = match members.len() {
            0 | 1 => Vec3::ZERO,
            _ => members.iter().map(off).sum(),
        };
        Self {
            members,
            mean,
            variance,
        }
    }
}

/// Moves every place to the middle of the colours nearest to it.
fn settle(clusters: &[Cluster], places: &mut [Vec3]) {
    let mut sums = vec![(Vec3::ZERO, 0.0); places.len()];
    for cluster in clusters {
        let (sum, weight) = &mut sums[nearest(places, cluster.place)];
        *sum += cluster.place * cluster.weight;
        *weight += cluster.weight;
    }
    for (place, (sum, weight)) in places.iter_mut().zip(sums) {
        if weight > 0.0 {
            *place = sum / weight;
        }
    }
}

/// The first of the nearest; `places` is not empty.
pub(super) fn nearest(places: &[Vec3], to: Vec3) -> usize {
    let mut best = (f32::INFINITY, 0);
    for (index, place) in places.iter().enumerate() {
        let distance = place.distance_squared(to);
        if distance < best.0 {
            best = (distance, index);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_colours_are_kept_as_they_are() {
        let few = [[226, 227, 230], [200, 10, 10], [12, 90, 40], [3, 3, 3]];
        let mut histogram = Histogram::new();
        histogram.add(few.into_iter().cycle().take(1000));
        let mut palette = histogram.palette(few[0], 256);
        assert_eq!(palette[0], few[0]);
        palette.sort_unstable();
        let mut expected = few;
        expected.sort_unstable();
        assert_eq!(palette, expected);
    }

    #[test]
    fn a_rare_accent_has_a_colour_of_its_own() {
        let mut histogram = Histogram::new();
        let greys = (0..200_000_u32).map(|i| [(i % 256) as u8; 3]);
        histogram.add(greys.chain([[250, 20, 30]; 40]));
        let palette = histogram.palette([0; 3], 16);
        assert!(palette.len() <= 16);
        let places: Vec<Vec3> = palette.iter().map(|&c| place(c)).collect();
        let accent = place([250, 20, 30]);
        assert!(places[nearest(&places, accent)].distance(accent) < 10.0);
    }
}
