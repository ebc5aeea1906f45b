//! Separate regions of a mask, and growing one.

/// The 4-connected regions of a mask.
pub(crate) struct Regions {
    /// The region of each pixel, if it is in one.
    pub(crate) labels: Vec<Option<usize>>,
    /// Each region's shape, by label.
    pub(crate) shapes: Vec<Shape>,
}

/// What is known of a region.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Pixels.
    pub(crate) size: u32,
    /// Sum of the columns and of the rows of all pixels.
    pub(crate) sums: [f64; 2],
    /// Left, top, right, bottom; ends inclusive.
    pub(crate) bounds: [usize; 4],
}

impl Shape {
    const EMPTY: Self = Self {
        size: 0,
        sums: [0.0; 2],
        bounds: [usize::MAX, usize::MAX, 0, 0],
    };

    fn add(&mut self, x: usize, y: usize) {
        self.size += 1;
        self.sums[0] += x as f64;
        self.sums[1] += y as f64;
        let [left, top, right, bottom] = self.bounds;
        self.bounds = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
    }

    /// The longer side of its bounding box.
    pub(crate) fn longer_side(&self) -> usize {
        let [left, top, right, bottom] = self.bounds;
        1 + (right - left).max(bottom - top)
    }
}

/// Labels the regions of `mask`, `width` pixels wide, in reading order.
pub(crate) fn regions(mask: &[bool], width: usize) -> Regions {
    let height = mask.len() / width;
    let mut labels = vec![None; mask.len()];
    let mut shapes = Vec::new();
    let mut stack = Vec::new();
    for start in 0..mask.len() {
        if !mask[start] || labels[start].is_some() {
            continue;
        }
        let label = shapes.len();
        let mut shape = Shape::EMPTY;
        labels[start] = Some(label);
        stack.push(start);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            shape.add(x, y);
            let mut visit = |next: usize| {
                if mask[next] && labels[next].is_none() {
                    labels[next] = Some(label);
                    stack.push(next);
                }
            };
            if x > 0 {
                visit(at - 1);
            }
            if x + 1 < width {
                visit(at + 1);
            }
            if y > 0 {
                visit(at - width);
            }
            if y + 1 < height {
                visit(at + width);
            }
        }
        shapes.push(shape);
    }
    Regions { labels, shapes }
}

/// Grows a mask by `radius` pixels in both directions (a square).
pub(crate) fn dilated(mask: &[bool], width: usize, radius: usize) -> Vec<bool> {
    let height = mask.len() / width;
    let mut across = vec![false; mask.len()];
    for y in 0..height {
        spread(mask, &mut across, |x| y * width + x, width, radius);
    }
    let mut both = vec![false; mask.len()];
    for x in 0..width {
        spread(&across, &mut both, |y| y * width + x, height, radius);
    }
    both
}

/// Grows one line of `length` pixels, found by `at`, both ways.
fn spread(
    mask: &[bool],
    grown: &mut [bool],
    at: impl Fn(usize) -> usize,
    length: usize,
    radius: usize,
) {
    let mut end = 0;
    for i in 0..length {
        if mask[at(i)] {
            end = i + radius + 1;
        }
        grown[at(i)] |= i < end;
    }
    let mut start = length;
    for i in (0..length).rev() {
        if mask[at(i)] {
            start = i.saturating_sub(radius);
        }
        grown[at(i)] |= i >= start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_adds_a_square_and_stops_at_the_border() {
        let mut mask = vec![false; 7 * 5];
        mask[7 + 1] = true;
        let grown = dilated(&mask, 7, 2);
        let expected = (0..7 * 5).map(|i| i % 7 <= 3 && i / 7 <= 3);
        assert!(grown.into_iter().eq(expected));
    }

    #[test]
    fn regions_know_their_size_and_place() {
        let mask: Vec<bool> = "##..#.#..#..".chars().map(|c| c == '#').collect();
        let regions = regions(&mask, 4);
        let sizes: Vec<u32> = regions.shapes.iter().map(|shape| shape.size).collect();
        assert_eq!(sizes, [3, 1, 1]);
        assert_eq!(regions.shapes[0].bounds, [0, 0, 1, 1]);
        assert_eq!(regions.labels[9], Some(2));
    }
}
