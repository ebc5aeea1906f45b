//! Shoes, boots, hats, headphones, glasses, watches, bags.

use std::f32::consts::FRAC_PI_2;

use glam::{Vec3, vec2};

use super::body::Body;
use super::shape::{block, drum, egg, hose, lathe, slab, spline, torus, wheel};
use super::worn::{bag, glasses, watch};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(9) {
        0..=2 => shoe(r, b),
        3 | 4 => hat(r, b),
        5 => headphones(r, b),
        6 => glasses(r, b),
        7 => watch(r, b),
        _ => bag(r, b),
    }
}

/// Short for a place.
pub fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

fn shoe(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (upper, sole, inner, lace) = (b.main_box(r), b.second(r), b.dark(r), b.some(r));
    let wide = r.range(0.13, 0.18);
    let boot = r.chance(0.35);
    let ankle = if boot {
        r.range(0.4, 0.9)
    } else {
        r.range(0.2, 0.34)
    };
    let outline: Vec<_> = spline(
        &[
            (0.5, 0.0),
            (0.42, wide * 0.85),
            (0.2, wide),
            (-0.1, wide * 0.72),
            (-0.4, wide * 0.72),
            (-0.48, 0.0),
            (-0.4, -wide * 0.72),
            (-0.1, -wide * 0.66),
            (0.2, -wide),
            (0.42, -wide * 0.8),
            (0.5, 0.0),
        ],
        4,
    )
    .iter()
    .map(|&(x, z)| vec2(x * 1.07, z * 1.12 + z.signum() * 0.012))
    .collect();
    let thick = r.range(0.03, 0.08);
    let side = slab(&outline[..outline.len() - 1], thick, 0.015).turn(FRAC_PI_2, 0.0, 0.0);
    let toe = egg(0.34, r.range(0.16, 0.24), wide * 1.02).at(0.18, thick, 0.0);
    let heel = egg(0.24, 0.26, wide * 0.8).at(-0.26, thick, 0.0);
    let shaft = hose(
        &[
            v(-0.25, 0.1, 0.0),
            v(-0.24, ankle * 0.6, 0.0),
            v(-0.25, ankle + 0.1, 0.0),
        ],
        wide * 0.9,
        wide * 0.95,
    )
    .stretch(1.25, 1.0, 0.85)
    .at(0.06, 0.0, 0.0);
    let all = toe.melt(heel, 0.15).melt(shaft, 0.14).above(0.0);
    b.add(upper, all.clone().below(ankle));
    b.carve(
        inner,
        all.grow(-0.028)
            .above(thick + 0.04)
            .and(block(0.45, 2.0, 1.0, 0.0).at(-0.4, 0.0, 0.0)),
    );
    b.add(sole, side.at(0.0, thick * 0.4, 0.0));
    if r.chance(0.3) {
        b.add(
            sole,
            block(0.1, 0.07, wide * 0.65, 0.03).at(-0.36, -thick * 0.5 - 0.02, 0.0),
        );
    }
    if r.chance(0.7) {
        for i in 0..3 {
            let x = 0.02 + 0.07 * i as f32;
            let y = 0.29 - 0.035 * i as f32;
            b.add(
                lace,
                hose(
                    &[
                        v(x, y - 0.04, wide * 0.55),
                        v(x, y, 0.0),
                        v(x, y - 0.04, -wide * 0.55),
                    ],
                    0.016,
                    0.016,
                ),
            );
        }
    }
}

fn hat(r: &mut Random, b: &mut Body) {
    let (felt, band, inner) = (b.cloth(r), b.accent(r), b.dark(r));
    let (wide, high) = (0.33, r.range(0.2, 0.6));
    if r.chance(0.35) {
        b.soft = 1;
        b.add(felt, egg(wide, high.min(0.35), wide * 1.1).above(0.0));
        b.add(
            felt,
            egg(wide * 0.85, 0.025, 0.38)
                .at(0.0, 0.02, wide * 0.9)
                .above(-0.01),
        );
        b.carve(
            inner,
            egg(wide - 0.03, high.min(0.35) - 0.03, wide * 1.1 - 0.03).at(0.0, -0.02, 0.0),
        );
        b.add(band, drum(0.035, 0.02, 0.015).at(0.0, high.min(0.35), 0.0));
        return;
    }
    let top = wide * r.range(0.7, 1.15);
    let crown = lathe(&[
        (0.0, -0.1),
        (wide, -0.1),
        (wide, 0.0),
        ((wide + top) / 2.0 + 0.01, high / 2.0),
        (top, high - 0.05),
        (top - 0.06, high),
        (0.0, high),
    ])
    .stretch(1.0, 1.0, r.range(1.0, 1.15));
    let brim = r.range(0.42, 0.75);
    let curl = r.range(0.0, 0.15);
    let disc = lathe(&spline(
        &[
            (0.0, -0.02),
            (wide, -0.02),
            (brim, curl - 0.02),
            (brim, curl + 0.015),
            (wide, 0.02),
            (0.0, 0.02),
        ],
        3,
    ));
    b.add(felt, crown.clone().above(-0.02));
    b.add(felt, disc);
    b.carve(inner, crown.clone().grow(-0.03));
    if r.chance(0.7) {
        b.add(
            band,
            crown
                .grow(0.014)
                .minus(drum(0.2, 1.0, 0.0))
                .and(drum(2.0, r.range(0.02, 0.07), 0.0).at(0.0, 0.08, 0.0)),
        );
    }
}

fn headphones(r: &mut Random, b: &mut Body) {
    let (shell, pad, metal) = (b.main_box(r), b.dark(r), b.metal(r));
    let (wide, high) = (r.range(0.35, 0.42), r.range(0.45, 0.6));
    let t = r.range(0.02, 0.035);
    let points: Vec<Vec3> = (0..=8)
        .map(|i| i as f32 / 8.0 * std::f32::consts::PI)
        .map(|a| v(-a.cos() * wide, 0.1 + a.sin() * high, 0.0))
        .collect();
    b.add(
        shell,
        hose(&points, t, t).stretch(1.0, 1.0, r.range(1.0, 2.5)),
    );
    let size = r.range(0.15, 0.24);
    b.add(
        shell,
        egg(0.07, size, size * 0.9)
            .at(wide + 0.02, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(
        pad,
        torus(size * 0.7, size * 0.28)
            .turn(0.0, 0.0, FRAC_PI_2)
            .at(wide - 0.06, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(
        metal,
        wheel(size * 0.5, 0.02, 0.01)
            .at(wide + 0.085, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(
        metal,
        block(0.02, 0.1, 0.025, 0.01)
            .at(wide + 0.01, 0.15, 0.0)
            .mirror_x(),
    );
}
