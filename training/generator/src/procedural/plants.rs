//! Potted plants, cactus, mushrooms, trees.

use std::f32::consts::TAU;

use super::body::Body;
use super::food::{green, v};
use super::shape::{Shape, ball, drum, egg, hose, lathe, limb};
use crate::random::Random;

/// A flower pot up to y = 0.
pub fn pot(r: &mut Random, b: &mut Body) {
    let clay = if r.chance(0.5) {
        b.hsv(0.05, 0.6, r.range(0.4, 0.8), 0.9)
    } else {
        b.main_round(r)
    };
    let soil = b.hsv(0.07, 0.5, 0.15, 1.0);
    let (wide, high) = (r.range(0.18, 0.3), r.range(0.25, 0.45));
    let hull = lathe(&[
        (0.0, -high),
        (wide * r.range(0.6, 0.95), -high),
        (wide, 0.05),
        (0.0, 0.05),
    ]);
    b.add(clay, hull.clone());
    if r.chance(0.6) {
        b.add(clay, drum(wide + 0.025, 0.05, 0.01));
    }
    b.carve(soil, drum(wide - 0.03, 0.06, 0.0).at(0.0, 0.05, 0.0));
}

/// A leaf rising from the origin towards +x.
pub fn leaf(long: f32, wide: f32, rise: f32, droop: f32) -> Shape {
    let curve = hose(
        &[
            v(0.0, 0.0, 0.0),
            v(long * 0.35, rise * 0.7, 0.0),
            v(long * 0.8, rise, 0.0),
            v(long, rise - droop, 0.0),
        ],
        0.022,
        0.016,
    );
    let mid = egg(long * 0.35, 0.02, wide)
        .turn(0.0, 0.0, 0.2)
        .at(long * 0.65, rise * 0.95, 0.0);
    if wide > 0.0 {
        curve.melt(mid, 0.04)
    } else {
        curve
    }
}

/// Makes one.
pub fn plant(r: &mut Random, b: &mut Body) {
    pot(r, b);
    let leaves = green(r, b);
    let count = 6 + r.below(9);
    for i in 0..count {
        let angle = i as f32 * 2.4 + r.range(-0.3, 0.3);
        let long = r.range(0.15, 0.55);
        let wide = if r.chance(0.7) {
            r.range(0.05, 0.12)
        } else {
            0.0
        };
        let rise = r.range(0.2, 0.8);
        b.add(
            leaves,
            leaf(long, wide, rise, r.range(0.0, 0.15))
                .turn(0.0, angle, 0.0)
                .at(0.0, -0.03, 0.0),
        );
    }
    if r.chance(0.3) {
        let flower = b.accent(r);
        b.add(
            leaves,
            limb(v(0.0, -0.05, 0.0), v(0.05, 0.8, 0.0), 0.02, 0.018),
        );
        b.add(
            flower,
            egg(0.1, 0.025, 0.05)
                .at(0.1, 0.0, 0.0)
                .ring(6)
                .melt(ball(0.06), 0.02)
                .turn(0.5, 0.0, 0.0)
                .at(0.05, 0.82, 0.0),
        );
    }
}

/// Makes one.
pub fn cactus(r: &mut Random, b: &mut Body) {
    pot(r, b);
    let skin = green(r, b);
    let ribs = (8 + r.below(6)) as f32;
    let (fat, high) = (r.range(0.1, 0.2), r.range(0.3, 0.9));
    let ribbed = |s: Shape| {
        super::shape::shape(move |p| (s.value(p) + 0.012 * (p.z.atan2(p.x) * ribs).sin()) * 0.7)
    };
    b.add(
        skin,
        ribbed(limb(v(0.0, -0.05, 0.0), v(0.0, high, 0.0), fat, fat * 0.9)),
    );
    for i in 0..r.below(4) {
        let y = high * r.range(0.25, 0.7);
        let out = fat + r.range(0.08, 0.15);
        let arm = hose(
            &[
                v(0.0, y, 0.0),
                v(out, y + 0.02, 0.0),
                v(out, y + r.range(0.15, 0.4), 0.0),
            ],
            fat * 0.45,
            fat * 0.4,
        );
        b.melt(skin, 0.03, arm.turn(0.0, i as f32 * 2.3, 0.0));
    }
    if r.chance(0.4) {
        let flower = b.accent(r);
        b.add(flower, ball(0.06).at(0.0, high + fat * 0.9, 0.0));
    }
}

/// Makes one.
pub fn mushroom(r: &mut Random, b: &mut Body) {
    let (stem, cap, dot) = (
        b.hsv(0.1, 0.15, 0.9, 0.8),
        b.main_round(r),
        b.hsv(0.1, 0.05, 0.95, 0.8),
    );
    let (high, wide) = (r.range(0.4, 0.9), r.range(0.3, 0.5));
    b.add(
        stem,
        limb(
            v(0.0, 0.08, 0.0),
            v(0.0, high, 0.0),
            r.range(0.1, 0.16),
            r.range(0.08, 0.12),
        ),
    );
    let tall = r.range(0.2, 0.5);
    let hat = egg(wide, tall, wide).above(-0.03).at(0.0, high, 0.0);
    b.add(cap, hat.clone());
    b.cut(
        egg(wide * 0.85, 0.08, wide * 0.85)
            .minus(drum(0.14, 1.0, 0.0))
            .at(0.0, high - 0.04, 0.0),
    );
    for i in 0..r.below(9) {
        let (a, t) = (i as f32 * 2.4, r.range(0.1, 0.85));
        let at = v(
            a.cos() * t * wide,
            high + tall * (1.0 - t * t).sqrt(),
            a.sin() * t * wide,
        );
        b.paint(dot, ball(r.range(0.04, 0.09)).at(at.x, at.y, at.z));
    }
}

/// Makes one.
pub fn tree(r: &mut Random, b: &mut Body) {
    let (trunk, leaves) = (b.hsv(0.07, 0.5, r.range(0.2, 0.5), 0.95), green(r, b));
    let high = r.range(0.25, 0.6);
    b.add(
        trunk,
        limb(
            v(0.0, 0.0, 0.0),
            v(0.0, high + 0.2, 0.0),
            r.range(0.06, 0.1),
            0.05,
        )
        .above(0.0),
    );
    b.melt(trunk, 0.05, drum(0.12, 0.015, 0.01).at(0.0, 0.015, 0.0));
    if r.chance(0.45) {
        let n = 1 + r.below(4);
        for i in 0..n {
            let y = high + 0.6 * i as f32 / n as f32;
            let wide = 0.36 * (1.0 - 0.6 * i as f32 / n as f32);
            b.add(
                leaves,
                lathe(&[(0.0, 0.0), (wide, 0.0), (0.02, 0.5), (0.0, 0.5)]).at(0.0, y, 0.0),
            );
        }
    } else {
        b.add(
            leaves,
            ball(0.25).wavy(0.03, 9.0, 0.0).at(0.0, high + 0.3, 0.0),
        );
        for i in 0..4 + r.below(5) {
            let a = i as f32 / 5.0 * TAU + r.unit();
            let (size, out) = (r.range(0.12, 0.22), r.range(0.15, 0.3));
            let y = high + r.range(0.15, 0.5);
            b.melt(
                leaves,
                0.04,
                ball(size)
                    .wavy(0.03, 9.0, a)
                    .at(a.cos() * out, y, a.sin() * out),
            );
        }
    }
}
