//! Which pixels a triangle covers. Built for speed and for triangles of a few pixels: pixels along
//! a shared edge may be visited twice, which a depth test doesn't mind.

use glam::Vec3;

/// Calls `visit(pixel, weights)` for each pixel of a `side × side` picture whose middle the triangle
/// covers. Corners are in pixels (x right, y down); weights are those of the corners and sum to 1.
#[inline(always)]
pub fn scan(corners: [Vec3; 3], side: usize, mut visit: impl FnMut(usize, Vec3)) {
    const EDGE: f32 = -1e-5;
    let [a, b, c] = corners;
    let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if area == 0.0 || !area.is_finite() {
        return;
    }
    let (low, high) = (a.min(b).min(c), a.max(b).max(c));
    let last = side as f32 - 1.0;
    if high.x < 0.0 || high.y < 0.0 || low.x > last || low.y > last {
        return;
    }
    let start = |value: f32| (value - 0.5).ceil().max(0.0) as usize;
    let end = |value: f32| (value - 0.5).floor().clamp(-1.0, last) as isize;
    let inverse = 1.0 / area;
    let to_a = [-(c.y - b.y) * inverse, (c.x - b.x) * inverse];
    let to_b = [-(a.y - c.y) * inverse, (a.x - c.x) * inverse];
    let (left, right) = (start(low.x), end(high.x));
    for y in start(low.y) as isize..=end(high.y) {
        let py = y as f32 + 0.5;
        let row = y as usize * side;
        for x in left as isize..=right {
            let px = x as f32 + 0.5;
            let wa = (px - b.x) * to_a[0] + (py - b.y) * to_a[1];
            let wb = (px - c.x) * to_b[0] + (py - c.y) * to_b[1];
            let wc = 1.0 - wa - wb;
            if wa >= EDGE && wb >= EDGE && wc >= EDGE {
                visit(row + x as usize, Vec3::new(wa, wb, wc));
            }
        }
    }
}
