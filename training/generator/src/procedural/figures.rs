//! Dolls, robots, teddy bears, snowmen. They look to +z.

use glam::Vec3;

use super::body::Body;
use super::shape::{ball, block, drum, egg, limb};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(6) {
        0 | 1 => person(r, b),
        2 | 3 => bear(r, b),
        4 => robot(r, b),
        _ => snowman(r, b),
    }
}

fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

fn person(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let skin = b.hsv(0.06, r.range(0.25, 0.6), r.range(0.3, 0.95), 0.7);
    let (shirt, trousers, shoe, hair) = (
        b.main_box(r),
        b.second(r),
        b.dark(r),
        b.hsv(0.08, 0.5, r.range(0.05, 0.7), 0.8),
    );
    let (leg, trunk, wide) = (r.range(0.35, 0.6), r.range(0.3, 0.42), r.range(0.1, 0.16));
    let thick = r.range(0.05, 0.08);
    let top = leg + trunk;
    let skirt = r.chance(0.3);
    for s in [-1.0, 1.0] {
        let (fore, out) = (r.range(-0.15, 0.15), r.range(0.0, 0.1));
        let knee = v(s * (wide * 0.6 + out * 0.5), leg * 0.52, fore * 0.5 + 0.03);
        let foot = v(s * (wide * 0.6 + out), 0.05, fore);
        let look = if skirt { skin } else { trousers };
        b.melt(
            look,
            0.03,
            limb(
                v(s * wide * 0.55, leg, 0.0),
                knee,
                thick * 1.1,
                thick * 0.85,
            ),
        );
        b.melt(look, 0.02, limb(knee, foot, thick * 0.85, thick * 0.7));
        b.add(
            shoe,
            egg(thick * 0.9, 0.05, thick * 1.7).at(foot.x, 0.045, foot.z + thick * 0.5),
        );
    }
    b.melt(
        trousers,
        0.04,
        egg(wide * 1.05, 0.1, wide * 0.75).at(0.0, leg + 0.02, 0.0),
    );
    b.melt(
        shirt,
        0.04,
        limb(
            v(0.0, leg + 0.08, 0.0),
            v(0.0, top - wide * 0.6, 0.0),
            wide * 0.85,
            wide,
        )
        .stretch(1.0, 1.0, 0.75),
    );
    if skirt {
        b.add(
            shirt,
            super::shape::lathe(&[
                (0.0, 0.0),
                (wide * 1.9, 0.0),
                (wide * 0.8, leg * 0.6),
                (0.0, leg * 0.6),
            ])
            .at(0.0, leg * 0.55, 0.0),
        );
    }
    for s in [-1.0, 1.0] {
        let shoulder = v(s * wide * 0.95, top - wide * 0.5, 0.0);
        let a = r.range(-1.4, 0.9);
        let elbow = shoulder
            + v(
                s * a.cos() * 0.19,
                a.sin() * 0.19 - 0.02,
                r.range(-0.05, 0.08),
            );
        let c = a + r.range(-0.2, 0.9);
        let hand = elbow + v(s * c.cos() * 0.17, c.sin() * 0.17, r.range(0.0, 0.1));
        b.melt(
            shirt,
            0.03,
            limb(shoulder, elbow, thick * 0.85, thick * 0.7),
        );
        b.melt(skin, 0.01, limb(elbow, hand, thick * 0.65, thick * 0.5));
        b.melt(skin, 0.02, ball(thick * 0.75).at(hand.x, hand.y, hand.z));
    }
    let size = r.range(0.1, 0.22);
    let head = top + size * 0.85 + 0.02;
    b.melt(
        skin,
        0.02,
        drum(size * 0.4, 0.08, 0.0).at(0.0, top - 0.01, 0.0),
    );
    b.melt(
        skin,
        0.02,
        egg(size * 0.9, size * 1.08, size * 0.95).at(0.0, head, 0.0),
    );
    b.add(
        hair,
        egg(size * 0.98, size, size * 0.98)
            .minus(block(size * 2.0, size * 2.0, size, 0.0).at(0.0, -size * 1.7, size * 1.1))
            .at(0.0, head + size * 0.2, -size * 0.1),
    );
    b.melt(
        skin,
        0.01,
        ball(size * 0.17).at(0.0, head - size * 0.1, size * 0.93),
    );
    let dark = b.dark(r);
    b.add(
        dark,
        ball(0.02)
            .at(size * 0.35, head + size * 0.1, size * 0.83)
            .mirror_x(),
    );
    if r.chance(0.25) {
        b.add(
            shirt,
            drum(size * 1.5, 0.02, 0.01).at(0.0, head + size * 0.6, 0.0),
        );
        b.add(
            shirt,
            drum(size * 0.85, size * 0.5, 0.03).at(0.0, head + size * 0.9, 0.0),
        );
    }
}

fn bear(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let hue = r.range(0.03, 0.12);
    let fur = b.hsv(hue, r.range(0.1, 0.7), r.range(0.2, 0.9), 1.0);
    let (light, dark, cloth) = (b.hsv(hue, 0.25, 0.9, 1.0), b.dark(r), b.accent(r));
    let fat = r.range(0.2, 0.27);
    let sitting = r.chance(0.6);
    let base = if sitting { fat * 1.05 } else { 0.42 };
    b.add(fur, egg(fat, fat * 1.2, fat * 0.9).at(0.0, base, 0.0));
    b.paint(
        light,
        egg(fat * 0.65, fat * 0.85, 0.2).at(0.0, base, fat * 0.9),
    );
    for s in [-1.0, 1.0] {
        let end = if sitting {
            v(s * r.range(0.2, 0.3), 0.11, 0.42)
        } else {
            v(s * 0.16, 0.09, 0.03)
        };
        b.melt(
            fur,
            0.03,
            limb(v(s * fat * 0.6, base - fat * 0.6, 0.0), end, 0.11, 0.1),
        );
        b.melt(
            light,
            0.01,
            egg(0.1, 0.1, 0.06).at(end.x, end.y + 0.01, end.z + 0.06),
        );
        let hand = v(
            s * (fat + r.range(0.1, 0.2)),
            base + r.range(-0.2, 0.35),
            r.range(0.0, 0.2),
        );
        b.melt(
            fur,
            0.03,
            limb(v(s * fat * 0.75, base + fat * 0.75, 0.0), hand, 0.09, 0.085),
        );
    }
    let size = r.range(0.19, 0.26);
    let head = base + fat * 1.1 + size * 0.75;
    b.melt(fur, 0.03, egg(size * 1.08, size, size).at(0.0, head, 0.02));
    let ear = size * r.range(0.3, 0.45);
    let long = if r.chance(0.25) { 3.0 } else { 1.0 };
    b.melt(
        fur,
        0.02,
        egg(ear, ear * long, ear * 0.5)
            .at(
                size * 0.75,
                head + size * 0.7 + ear * (long - 1.0) * 0.6,
                0.0,
            )
            .mirror_x(),
    );
    b.melt(
        light,
        0.02,
        egg(size * 0.48, size * 0.36, size * 0.4).at(0.0, head - size * 0.25, size * 0.85),
    );
    b.add(
        dark,
        egg(size * 0.18, size * 0.13, size * 0.12).at(0.0, head - size * 0.08, size * 1.22),
    );
    b.add(
        dark,
        ball(0.028)
            .at(size * 0.4, head + size * 0.2, size * 0.88)
            .mirror_x(),
    );
    if r.chance(0.4) {
        b.add(
            cloth,
            super::shape::torus(size * 0.75, 0.045).at(0.0, head - size * 0.8, 0.0),
        );
    }
}

fn robot(r: &mut Random, b: &mut Body) {
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

fn snowman(r: &mut Random, b: &mut Body) {
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
