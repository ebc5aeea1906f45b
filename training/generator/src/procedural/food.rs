//! Fruit, cakes, burgers, ice cream, bread, potted plants, cactus, mushrooms, trees.

use glam::Vec3;

use super::body::Body;
use super::plants::{cactus, mushroom, plant, tree};
use super::shape::{ball, block, drum, egg, hose, lathe, limb, spline, torus};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(12) {
        0 | 1 => fruit(r, b),
        2 => banana(r, b),
        3 | 4 => layers(r, b),
        5 => ice(r, b),
        6 => bread(r, b),
        7 | 8 => plant(r, b),
        9 => cactus(r, b),
        10 => mushroom(r, b),
        _ => tree(r, b),
    }
}

/// Short for a place.
/// Short for a place.
pub fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

pub fn green(r: &mut Random, b: &mut Body) -> u16 {
    let (h, s, value) = (r.range(0.22, 0.4), r.range(0.4, 0.8), r.range(0.25, 0.7));
    b.hsv(h, s, value, r.range(0.4, 0.9))
}

fn fruit(r: &mut Random, b: &mut Body) {
    let (h, s, value) = (
        [0.0, 0.02, 0.08, 0.14, 0.25, 0.8][r.below(6)],
        r.range(0.6, 0.95),
        r.range(0.4, 0.95),
    );
    let skin = b.hsv(h, s, value, r.range(0.2, 0.7));
    let (stem, leaf) = (b.hsv(0.08, 0.6, 0.3, 0.9), green(r, b));
    let tall = r.range(0.75, 1.5);
    let narrow = r.range(0.3, 1.0);
    let body = lathe(&spline(
        &[
            (0.0, -0.38 * tall),
            (0.15, -0.42 * tall),
            (0.42, -0.2 * tall),
            (0.46, 0.05),
            (0.42 * narrow, 0.3 * tall),
            (0.16 * narrow, 0.42 * tall),
            (0.0, 0.36 * tall),
        ],
        6,
    ));
    b.add(skin, body.wavy(r.range(0.0, 0.02), 5.0, r.unit() * 6.0));
    let y = 0.36 * tall;
    b.melt(
        stem,
        0.01,
        hose(
            &[
                v(0.0, y - 0.05, 0.0),
                v(0.01, y + 0.08, 0.0),
                v(0.06, y + 0.2, 0.0),
            ],
            0.02,
            0.026,
        ),
    );
    if r.chance(0.5) {
        b.add(
            leaf,
            egg(0.15, 0.02, 0.07)
                .turn(0.0, r.range(0.0, 6.0), 0.4)
                .at(0.1, y + 0.1, 0.02)
                .melt(ball(0.03).at(0.01, y + 0.08, 0.0), 0.05),
        );
    }
}

fn banana(r: &mut Random, b: &mut Body) {
    let skin = b.hsv(
        r.range(0.05, 0.2),
        r.range(0.5, 0.9),
        r.range(0.6, 0.95),
        0.6,
    );
    let dark = b.hsv(0.1, 0.5, 0.3, 0.8);
    let fat = r.range(0.1, 0.15);
    for i in 0..1 + r.below(3) {
        let z = i as f32 * fat * 1.5;
        let turn = i as f32 * 0.08;
        let half = hose(
            &[
                v(-0.65, 0.38, 0.0),
                v(-0.5, 0.12, 0.0),
                v(-0.25, -0.04, 0.0),
                v(0.0, -0.08, 0.0),
            ],
            fat * 0.45,
            fat,
        );
        let other = hose(
            &[
                v(0.0, -0.08, 0.0),
                v(0.25, -0.03, 0.0),
                v(0.48, 0.13, 0.0),
                v(0.6, 0.32, 0.0),
            ],
            fat,
            fat * 0.35,
        );
        b.add(skin, half.or(other).turn(0.0, turn, 0.0).at(0.0, 0.0, z));
        b.add(
            dark,
            limb(v(-0.66, 0.36, 0.0), v(-0.7, 0.48, 0.0), 0.035, 0.045)
                .turn(0.0, turn, 0.0)
                .at(0.0, 0.0, z),
        );
    }
    b.add(
        dark,
        limb(v(-0.69, 0.46, 0.0), v(-0.69, 0.46, fat * 3.2), 0.04, 0.04).and(block(
            2.0,
            2.0,
            1.6 * fat,
            0.0,
        )),
    );
}

fn layers(r: &mut Random, b: &mut Body) {
    let mut y = 0.0;
    let burger = r.chance(0.4);
    if burger {
        let (bun, meat, salad, cheese) = (
            b.hsv(0.08, 0.65, 0.75, 0.6),
            b.hsv(0.05, 0.6, 0.25, 0.8),
            green(r, b),
            b.hsv(0.12, 0.85, 0.95, 0.5),
        );
        b.add(bun, drum(0.42, 0.07, 0.06).at(0.0, 0.07, 0.0));
        y += 0.13;
        for _ in 0..1 + r.below(3) {
            let (look, high, wide) = match r.below(4) {
                0 => (meat, 0.07, 0.44),
                1 => (salad, 0.025, 0.48),
                2 => (b.hsv(0.0, 0.8, 0.7, 0.4), 0.03, 0.4),
                _ => (cheese, 0.02, 0.42),
            };
            let layer = if look == cheese {
                block(0.38, high, 0.38, 0.005)
            } else {
                drum(wide, high, high * 0.9).wavy(0.01, 9.0, y)
            };
            b.add(look, layer.at(0.0, y + high, 0.0));
            y += high * 2.0 - 0.01;
        }
        b.add(
            bun,
            egg(0.44, r.range(0.2, 0.3), 0.44)
                .above(-0.03)
                .at(0.0, y + 0.02, 0.0),
        );
        return;
    }
    let cake = b.main_round(r);
    let (cream, top) = (b.hsv(0.1, 0.1, 0.95, 0.6), b.accent(r));
    let mut wide = 0.5;
    for _ in 0..1 + r.below(3) {
        let high = r.range(0.08, 0.16);
        b.add(cake, drum(wide, high, 0.02).at(0.0, y + high, 0.0));
        b.add(
            cream,
            drum(wide + 0.01, 0.025, 0.02).at(0.0, y + high * 2.0, 0.0),
        );
        y += high * 2.0;
        if r.chance(0.6) {
            b.add(
                top,
                ball(0.05)
                    .at(wide - 0.08, y + 0.05, 0.0)
                    .ring(5 + r.below(6)),
            );
        }
        wide *= r.range(0.6, 0.95);
    }
    if r.chance(0.3) {
        b.cut(
            block(1.0, 2.0, 1.0, 0.0)
                .at(1.0, 0.0, 1.0)
                .turn(0.0, r.range(0.0, 6.0), 0.0),
        );
    }
    if r.chance(0.4) {
        b.add(
            top,
            limb(
                v(-0.1, y - 0.02, -0.1),
                v(-0.1, y + 0.2, -0.1),
                0.025,
                0.025,
            ),
        );
    }
}

fn ice(r: &mut Random, b: &mut Body) {
    let cone = b.hsv(0.09, 0.5, 0.8, 0.8);
    let high = r.range(0.6, 1.0);
    let wide = r.range(0.22, 0.32);
    let mut top = wide;
    b.add(
        cone,
        lathe(&[(0.0, 0.0), (0.03, 0.0), (wide, high), (0.0, high)]),
    );
    let mut y = high;
    for _ in 0..1 + r.below(3) {
        let look = b.some(r);
        b.melt(
            look,
            0.02,
            ball(top * 1.08)
                .wavy(0.02, 12.0, y)
                .at(0.0, y + top * 0.3, 0.0),
        );
        y += top * 1.25;
        top *= 0.88;
    }
    if r.chance(0.4) {
        let extra = b.accent(r);
        b.add(extra, ball(0.07).at(0.0, y + 0.02, 0.0));
    }
}

fn bread(r: &mut Random, b: &mut Body) {
    let crust = b.hsv(0.08, r.range(0.4, 0.7), r.range(0.5, 0.85), 0.85);
    let crumb = b.hsv(0.11, 0.25, 0.92, 0.95);
    match r.below(3) {
        0 => {
            let long = r.range(0.4, 0.8);
            b.add(
                crust,
                egg(long, 0.18, 0.22).and_soft(block(2.0, 0.15, 2.0, 0.0), 0.1),
            );
            for i in -2..=2 {
                b.carve(
                    crumb,
                    egg(0.03, 0.05, 0.16)
                        .turn(0.0, 0.5, 0.0)
                        .at(i as f32 * long * 0.32, 0.16, 0.0),
                );
            }
        }
        1 => {
            b.add(crust, torus(0.35, r.range(0.13, 0.18)));
            let icing = b.accent(r);
            b.add(icing, torus(0.35, 0.175).wavy(0.02, 8.0, 1.0).above(0.03));
        }
        _ => {
            let loaf = block(0.3, 0.22, r.range(0.08, 0.6), 0.05)
                .melt(egg(0.36, 0.15, 0.06).at(0.0, 0.18, 0.0), 0.1);
            b.add(crust, loaf.clone());
            b.paint(crumb, loaf.grow(-0.03).stretch(1.0, 1.0, 4.0));
        }
    }
}
