//! Birds, fish, turtles, dinosaurs.

use std::f32::consts::FRAC_PI_2;

use glam::vec2;

use super::animals::{eyes, fur, v};
use super::body::Body;
use super::shape::{ball, egg, hose, limb, slab};
use crate::random::Random;

/// Makes one.
pub fn bird(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (skin, wing, beak) = (
        b.main_box(r),
        b.second(r),
        b.hsv(r.range(0.05, 0.14), 0.8, 0.9, 0.5),
    );
    let (fat, y) = (r.range(0.2, 0.3), r.range(0.35, 0.6));
    b.add(
        skin,
        egg(0.42, fat, fat)
            .turn(0.0, 0.0, r.range(0.1, 0.6))
            .at(0.0, y, 0.0),
    );
    let neck = r.range(0.05, 0.4);
    let size = r.range(0.11, 0.16);
    let head = v(0.32 + neck * 0.2, y + 0.22 + neck, 0.0);
    b.melt(
        skin,
        0.08,
        limb(v(0.22, y + 0.08, 0.0), head, fat * 0.5, size * 0.7),
    );
    b.melt(skin, 0.04, ball(size).at(head.x, head.y, 0.0));
    b.add(
        beak,
        limb(
            head + v(size * 0.7, -0.02, 0.0),
            head + v(size + r.range(0.06, 0.25), -0.05, 0.0),
            0.05,
            0.014,
        ),
    );
    eyes(r, b, head + v(size * 0.55, size * 0.35, size * 0.7), 0.022);
    if r.chance(0.3) {
        let tip = r.range(0.5, 0.9);
        let up = r.range(-0.1, 0.6);
        let blade = slab(
            &[
                vec2(0.2, 0.0),
                vec2(0.05, tip),
                vec2(-0.15, tip * 0.95),
                vec2(-0.25, 0.0),
            ],
            0.02,
            0.015,
        );
        b.melt(
            wing,
            0.04,
            blade
                .turn(FRAC_PI_2 - up, 0.0, 0.0)
                .at(0.0, y + 0.1, fat * 0.4)
                .mirror_z(),
        );
    } else {
        b.melt(
            wing,
            0.01,
            egg(0.32, 0.15, 0.05)
                .turn(0.0, 0.0, 0.25)
                .at(-0.1, y + 0.03, fat * 0.92)
                .mirror_z(),
        );
    }
    let fan = r.range(0.04, 0.12);
    b.melt(
        wing,
        0.05,
        limb(
            v(-0.25, y, 0.0),
            v(-0.65, y + r.range(-0.1, 0.25), 0.0),
            0.1,
            fan,
        )
        .and(super::shape::block(2.0, 2.0, 0.2, 0.0)),
    );
    b.add(
        beak,
        limb(
            v(0.02, y - fat * 0.5, 0.1),
            v(0.04, 0.02, 0.1),
            0.026,
            0.018,
        )
        .mirror_z(),
    );
    b.add(beak, egg(0.1, 0.02, 0.055).at(0.08, 0.02, 0.1).mirror_z());
}

/// Makes one.
pub fn fish(r: &mut Random, b: &mut Body) {
    let (skin, fin) = (b.main_front(r), b.some(r));
    let (tall, wide) = (r.range(0.15, 0.4), r.range(0.09, 0.2));
    b.add(skin, egg(0.6, tall, wide));
    let spread = r.range(0.15, 0.32);
    let tail = slab(
        &[
            vec2(-0.48, 0.04),
            vec2(-0.85, spread),
            vec2(-0.74, 0.0),
            vec2(-0.85, -spread),
            vec2(-0.48, -0.04),
        ],
        0.022,
        0.01,
    );
    b.melt(fin, 0.06, tail);
    let up = tall + r.range(0.08, 0.25);
    b.melt(
        fin,
        0.03,
        slab(
            &[
                vec2(0.2, tall * 0.8),
                vec2(0.0, up),
                vec2(-0.25, up * 0.8),
                vec2(-0.3, tall * 0.7),
            ],
            0.02,
            0.01,
        ),
    );
    b.melt(
        fin,
        0.03,
        slab(
            &[
                vec2(0.05, -tall * 0.85),
                vec2(-0.12, -tall - 0.12),
                vec2(-0.2, -tall * 0.8),
            ],
            0.02,
            0.01,
        ),
    );
    let flap = egg(0.14, 0.07, 0.02)
        .turn(0.0, 0.5, -0.5)
        .at(0.1, -tall * 0.25, wide * 1.05);
    b.melt(fin, 0.03, flap.mirror_z());
    let white = b.hsv(0.1, 0.02, 0.95, 0.2);
    b.add(
        white,
        ball(0.055).at(0.42, tall * 0.25, wide * 0.6).mirror_z(),
    );
    eyes(r, b, v(0.45, tall * 0.27, wide * 0.6 + 0.035), 0.03);
}

/// Makes one.
pub fn turtle(r: &mut Random, b: &mut Body) {
    let (skin, shell) = (fur(r, b), b.main_box(r));
    let (wide, tall) = (r.range(0.36, 0.48), r.range(0.22, 0.42));
    b.add(
        shell,
        egg(0.5, tall, wide)
            .above(0.0)
            .grow(0.02)
            .at(0.0, 0.15, 0.0),
    );
    b.add(skin, egg(0.5, 0.1, wide).at(0.0, 0.15, 0.0));
    for (sx, sz) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
        let end = v(sx * 0.42 + r.range(-0.06, 0.06), 0.05, sz * (wide + 0.1));
        b.melt(
            skin,
            0.05,
            limb(v(sx * 0.28, 0.15, sz * wide * 0.6), end, 0.1, 0.065),
        );
    }
    let head = v(0.72, r.range(0.2, 0.42), r.range(-0.08, 0.08));
    b.melt(skin, 0.05, limb(v(0.4, 0.17, 0.0), head, 0.1, 0.08));
    b.melt(
        skin,
        0.03,
        egg(0.14, 0.1, 0.1).at(head.x + 0.03, head.y, head.z),
    );
    let dark = b.dark(r);
    for s in [-1.0, 1.0] {
        b.add(
            dark,
            ball(0.022).at(head.x + 0.1, head.y + 0.04, head.z + s * 0.075),
        );
    }
    b.melt(
        skin,
        0.03,
        limb(v(-0.45, 0.13, 0.0), v(-0.65, 0.1, 0.0), 0.05, 0.018),
    );
}

/// Makes one.
pub fn dinosaur(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (skin, belly, spike) = (b.main_box(r), b.second(r), b.accent(r));
    let y = r.range(0.5, 0.65);
    let fat = r.range(0.16, 0.24);
    let two = r.chance(0.5);
    b.add(skin, egg(0.36, fat, fat * 0.9).at(0.0, y, 0.0));
    b.melt(
        belly,
        0.05,
        egg(0.28, fat * 0.7, fat * 0.6).at(0.04, y - fat * 0.4, 0.0),
    );
    let swing = r.range(-0.2, 0.2);
    b.melt(
        skin,
        0.1,
        hose(
            &[
                v(-0.2, y, 0.0),
                v(-0.55, y - 0.08, 0.0),
                v(-0.95, y - 0.2 + r.range(-0.1, 0.3), swing),
            ],
            fat * 0.75,
            0.025,
        ),
    );
    let long = if two {
        r.range(0.1, 0.25)
    } else {
        r.range(0.3, 0.8)
    };
    let head = v(0.45 + long * 0.3, y + 0.2 + long * 0.8, 0.0);
    b.melt(
        skin,
        0.1,
        hose(
            &[
                v(0.2, y + 0.03, 0.0),
                v(0.42, y + 0.12 + long * 0.3, 0.0),
                head,
            ],
            fat * 0.75,
            0.085,
        ),
    );
    let jaw = if two { 0.14 } else { 0.09 };
    b.melt(
        skin,
        0.04,
        egg(jaw * 1.6, jaw, jaw * 0.9).at(head.x + jaw * 0.8, head.y, 0.0),
    );
    eyes(r, b, head + v(jaw * 1.1, jaw * 0.55, jaw * 0.65), 0.025);
    let legs: &[f32] = if two { &[-0.03] } else { &[-0.2, 0.2] };
    for &x in legs {
        for s in [-1.0, 1.0] {
            let step = r.range(-0.1, 0.1);
            let knee = v(x + 0.06 + step * 0.5, y * 0.5, s * fat);
            b.melt(
                skin,
                0.06,
                limb(v(x, y - 0.03, s * fat * 0.7), knee, fat * 0.6, 0.075),
            );
            b.melt(
                skin,
                0.03,
                limb(knee, v(x + step, 0.05, s * fat), 0.075, 0.055),
            );
            b.melt(
                skin,
                0.02,
                egg(0.11, 0.045, 0.07).at(x + step + 0.05, 0.045, s * fat),
            );
        }
    }
    if two {
        b.melt(
            skin,
            0.03,
            limb(
                v(0.26, y + 0.02, fat * 0.6),
                v(0.4, y - 0.08, fat * 0.8),
                0.045,
                0.025,
            )
            .mirror_z(),
        );
    }
    if r.chance(0.6) {
        for i in 0..7 {
            let x = -0.42 + 0.13 * i as f32;
            let high = y + fat * (1.0 - (x / 0.5) * (x / 0.5)).max(0.2).sqrt() - 0.03;
            b.add(
                spike,
                limb(
                    v(x, high - 0.06, 0.0),
                    v(x - 0.03, high + r.range(0.06, 0.12), 0.0),
                    0.05,
                    0.016,
                ),
            );
        }
    }
}
