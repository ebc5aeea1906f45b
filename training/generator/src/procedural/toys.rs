//! Robots, snowmen.

use super::body::Body;
use super::figures::v;
use super::shape::{ball, block, drum, limb};
use crate::random::Random;

/// Makes one.
pub fn robot(r: &mut Random, b: &mut Body) {
    let (shell, second, dark, light) = (b.main_box(r), b.metal(r), b.dark(r), b.accent(r));
    let (x, y, z) = (r.range(0.16, 0.26), r.range(0.16, 0.26), r.range(0.1, 0.18));
    let leg = r.range(0.15, 0.45);
    let e = r.range(0.0, 0.08);
    let base = leg + y;
    b.add(shell, block(x, y, z, e).at(0.0, base, 0.0));
    b.carve(dark, block(x * 0.6, y * 0.4, 0.02, 0.0).at(0.0, base, z));
    for i in -1..=1 {
        b.add(light, ball(0.03).at(i as f32 * x * 0.35, base + y * 0.6, z));
    }
    for s in [-1.0, 1.0] {
        b.add(
            second,
            block(x * 0.25, leg / 2.0 + 0.02, x * 0.25, 0.01).at(s * x * 0.55, leg / 2.0, 0.0),
        );
        b.add(
            shell,
            block(x * 0.4, 0.05, x * 0.6, 0.02).at(s * x * 0.55, 0.05, 0.04),
        );
        let shoulder = v(s * (x + 0.04), base + y * 0.6, 0.0);
        let a = r.range(-1.5, 1.0);
        let elbow = shoulder + v(s * a.cos() * 0.14, a.sin() * 0.14, 0.02);
        let hand = elbow + v(s * 0.03, r.range(-0.18, 0.1), r.range(0.05, 0.2));
        b.add(second, ball(0.06).at(s * x, shoulder.y, 0.0));
        b.add(second, limb(shoulder, elbow, 0.04, 0.035));
        b.add(shell, limb(elbow, hand, 0.045, 0.06));
    }
    let h = r.range(0.1, 0.17);
    let top = base + y + h;
    b.add(second, drum(0.06, 0.06, 0.0).at(0.0, base + y, 0.0));
    b.add(
        shell,
        block(x * r.range(0.6, 1.0), h, z * 0.9, e).at(0.0, top + 0.02, 0.0),
    );
    b.add(
        light,
        ball(0.04).at(x * 0.3, top + 0.04, z * 0.88).mirror_x(),
    );
    b.carve(
        dark,
        block(x * 0.3, 0.015, 0.02, 0.0).at(0.0, top - h * 0.5, z * 0.9),
    );
    if r.chance(0.6) {
        b.add(
            second,
            limb(v(0.0, top, 0.0), v(0.0, top + h + 0.15, 0.0), 0.018, 0.018),
        );
        b.add(light, ball(0.035).at(0.0, top + h + 0.16, 0.0));
    }
}

/// Makes one.
pub fn snowman(r: &mut Random, b: &mut Body) {
    let (body, extra, dark, nose) = (
        b.main_box(r),
        b.accent(r),
        b.dark(r),
        b.hsv(0.07, 0.9, 0.9, 0.6),
    );
    let (mut y, mut size) = (0.0, r.range(0.28, 0.36));
    let count = 2 + r.below(2);
    for i in 0..count {
        y += size * 0.85;
        b.melt(body, 0.02, ball(size).at(0.0, y, 0.0));
        if i + 1 < count {
            b.add(dark, ball(0.03).at(0.0, y + 0.05, size));
            y += size * 0.65;
            size *= r.range(0.65, 0.8);
        }
    }
    b.add(
        dark,
        ball(0.03)
            .at(size * 0.35, y + size * 0.25, size * 0.88)
            .mirror_x(),
    );
    b.add(
        nose,
        limb(
            v(0.0, y, size * 0.9),
            v(0.0, y, size + r.range(0.08, 0.2)),
            0.045,
            0.016,
        ),
    );
    b.add(
        extra,
        super::shape::torus(size * 0.8, 0.05).at(0.0, y - size * 0.7, 0.0),
    );
    if r.chance(0.6) {
        b.add(
            dark,
            drum(size * 1.1, 0.02, 0.01).at(0.0, y + size * 0.75, 0.0),
        );
        b.add(
            dark,
            drum(size * 0.7, r.range(0.1, 0.2), 0.02).at(0.0, y + size * 0.95, 0.0),
        );
    }
}
