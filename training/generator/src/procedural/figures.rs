//! Dolls, robots, teddy bears, snowmen. They look to +z.

use glam::Vec3;

use super::body::Body;
use super::shape::{ball, block, drum, egg, limb};
use super::toys::{robot, snowman};
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

/// Short for a place.
pub fn v(x: f32, y: f32, z: f32) -> Vec3 {
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
