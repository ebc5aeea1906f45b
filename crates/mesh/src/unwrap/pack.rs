//! Placing the islands in a square: bottom-left along a skyline, largest scale that fits.

use glam::Vec2;

/// Where everything went.
pub(super) struct Packed {
    /// Texels per unit of the sheet.
    pub scale: f32,
    /// Top left texel of each island.
    pub corners: Vec<Vec2>,
}

/// Rounds of halving the interval that holds the best scale.
const ROUNDS: usize = 14;

/// Packs rectangles given by their extents into a square of `size` texels with `gutter` texels
/// around each.
pub(super) fn pack(extents: &[Vec2], size: u32, gutter: u32) -> Packed {
    let mut order: Vec<usize> = (0..extents.len()).collect();
    order.sort_by(|&p, &q| {
        extents[q]
            .y
            .total_cmp(&extents[p].y)
            .then(extents[q].x.total_cmp(&extents[p].x))
    });
    let area: f32 = extents.iter().map(|e| e.x * e.y).sum();
    let (mut low, mut high) = (0.0, size as f32 / area.sqrt().max(f32::MIN_POSITIVE));
    // At scale 0 every island is a point with its gutter; more than size² of those can't come.
    let mut best = place(extents, &order, size, gutter, 0.0).unwrap_or_default();
    for _ in 0..ROUNDS {
        let scale = 0.5 * (low + high);
        match place(extents, &order, size, gutter, scale) {
            Some(corners) => (best, low) = (corners, scale),
            None => high = scale,
        }
    }
    best.resize(extents.len(), Vec2::splat(gutter as f32));
    Packed {
        scale: low,
        corners: best,
    }
}

/// The corners at this scale, or `None` if something does not fit.
fn place(
    extents: &[Vec2],
    order: &[usize],
    size: u32,
    gutter: u32,
    scale: f32,
) -> Option<Vec<Vec2>> {
    // The skyline: free height begins at `y` from column `x` to the next entry's column.
    let mut skyline = vec![(0_u32, 0_u32)];
    let mut corners = vec![Vec2::ZERO; extents.len()];
    // Between two islands one gutter is enough, so each brings half on every side.
    let limit = size - gutter.min(size / 2);
    for &island in order {
        let width = (extents[island].x * scale).ceil() as u32 + 1 + gutter;
        let height = (extents[island].y * scale).ceil() as u32 + 1 + gutter;
        let (start, x, y) = lowest(&skyline, width, height, limit)?;
        corners[island] = Vec2::new((x + gutter) as f32, (y + gutter) as f32);
        raise(&mut skyline, start, x, width, y + height, limit);
    }
    Some(corners)
}

/// The lowest, then leftmost, place for a rectangle: skyline entry, column and row.
fn lowest(
    skyline: &[(u32, u32)],
    width: u32,
    height: u32,
    limit: u32,
) -> Option<(usize, u32, u32)> {
    let mut best: Option<(usize, u32, u32)> = None;
    for (start, &(x, _)) in skyline.iter().enumerate() {
        if x + width > limit {
            break;
        }
        let under = skyline[start..]
            .iter()
            .take_while(|&&(left, _)| left < x + width);
        let y = under.map(|&(_, y)| y).max().unwrap_or(0);
        if y + height <= limit && best.is_none_or(|(_, _, lowest)| y < lowest) {
            best = Some((start, x, y));
        }
    }
    best
}

/// Lifts the skyline to `top` from column `x` over `width`.
fn raise(skyline: &mut Vec<(u32, u32)>, start: usize, x: u32, width: u32, top: u32, limit: u32) {
    let end = x + width;
    let after = skyline[start..].iter().position(|&(left, _)| left >= end);
    let after = after.map_or(skyline.len(), |count| start + count);
    let rest = skyline[after - 1].1;
    let mut replacement = vec![(x, top)];
    let next_starts_at_end = skyline.get(after).is_some_and(|&(left, _)| left == end);
    if !next_starts_at_end && end < limit {
        replacement.push((end, rest));
    }
    skyline.splice(start..after, replacement);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_fill_most_of_the_square_and_never_touch() {
        let extents: Vec<Vec2> = (0..60)
            .map(|i| Vec2::new(1.0 + (i * 7 % 11) as f32, 1.0 + (i * 5 % 13) as f32))
            .collect();
        let (size, gutter) = (512, 4);
        let packed = pack(&extents, size, gutter);
        let area: f32 = extents.iter().map(|e| e.x * e.y).sum::<f32>() * packed.scale.powi(2);
        assert!(area > 0.6 * (size * size) as f32, "{area}");
        for (i, (a, ae)) in packed.corners.iter().zip(&extents).enumerate() {
            let a_end = *a + *ae * packed.scale;
            assert!(
                a.min_element() >= gutter as f32 && a_end.max_element() <= (size - gutter) as f32
            );
            for (b, be) in packed.corners.iter().zip(&extents).skip(i + 1) {
                let b_end = *b + *be * packed.scale;
                let gap = (*b - a_end).max(*a - b_end).max_element();
                assert!(gap >= gutter as f32, "{gap}");
            }
        }
    }
}
