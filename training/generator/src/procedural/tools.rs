//! Hammers, screwdrivers, spanners, scissors, brushes, spoons, keys, torches, drills, gears, rings.

use std::f32::consts::FRAC_PI_2;

use glam::{Vec3, vec2};

use super::body::Body;
use super::parts::{drill, gear, knot, plumbing, torch};
use super::shape::{block, drum, egg, hose, lathe, limb, rod, slab, spline, torus, wheel};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(12) {
        0 => hammer(r, b),
        1 => screwdriver(r, b),
        2 => spanner(r, b),
        3 => scissors(r, b),
        4 => brush(r, b),
        5 => spoon(r, b),
        6 => key(r, b),
        7 => torch(r, b),
        8 => drill(r, b),
        9 => gear(r, b),
        10 => knot(r, b),
        _ => plumbing(r, b),
    }
}

/// Short for a place.
pub fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

fn hammer(r: &mut Random, b: &mut Body) {
    let (grip, metal, extra) = (b.frame(r), b.metal(r), b.accent(r));
    let top = r.range(0.7, 1.2);
    let t = r.range(0.03, 0.05);
    b.add(
        grip,
        limb(v(0.0, 0.0, 0.0), v(0.0, top, 0.0), t * 1.2, t * 0.8),
    );
    if r.chance(0.5) {
        b.add(
            extra,
            limb(v(0.0, 0.0, 0.0), v(0.0, top * 0.4, 0.0), t * 1.4, t * 1.2),
        );
    }
    let (size, long) = (r.range(0.06, 0.14), r.range(0.15, 0.28));
    b.add(
        metal,
        block(long * 0.6, size * 0.7, size * 0.7, 0.01).at(0.0, top, 0.0),
    );
    b.add(
        metal,
        wheel(size, long * 0.3, 0.01).at(long * 0.8, top, 0.0),
    );
    if r.chance(0.5) {
        let claw = hose(
            &[
                v(-long * 0.5, top, 0.03),
                v(-long, top - 0.02, 0.05),
                v(-long * 1.4, top - 0.13, 0.06),
            ],
            0.045,
            0.02,
        );
        b.add(metal, claw.mirror_z());
    } else {
        b.add(
            metal,
            wheel(size, long * 0.3, 0.01).at(-long * 0.8, top, 0.0),
        );
    }
}

fn screwdriver(r: &mut Random, b: &mut Body) {
    let (grip, metal, extra) = (b.main_round(r), b.metal(r), b.second(r));
    let fat = r.range(0.07, 0.12);
    let long = r.range(0.35, 0.8);
    b.add(
        grip,
        lathe(&spline(
            &[
                (0.0, 0.0),
                (fat * 0.9, 0.02),
                (fat, 0.15),
                (fat * 0.9, 0.35),
                (fat * 0.5, 0.45),
                (0.0, 0.47),
            ],
            5,
        )),
    );
    b.cut(drum(0.022, 1.0, 0.0).at(fat * 1.03, 0.2, 0.0).ring(6));
    b.add(extra, drum(fat * 0.6, 0.025, 0.01).at(0.0, 0.45, 0.0));
    b.add(
        metal,
        drum(0.024, long / 2.0, 0.0).at(0.0, 0.44 + long / 2.0, 0.0),
    );
    b.add(
        metal,
        block(0.04, 0.05, 0.014, 0.0).at(0.0, 0.44 + long, 0.0),
    );
}

fn spanner(r: &mut Random, b: &mut Body) {
    let metal = b.metal(r);
    let (long, t) = (r.range(0.5, 0.8), r.range(0.025, 0.05));
    let w = r.range(0.04, 0.07);
    b.add(metal, block(w, long, t * 0.8, 0.01));
    let size = r.range(0.12, 0.17);
    let disc = |radius: f32| drum(radius, t, 0.01).turn(FRAC_PI_2, 0.0, 0.0);
    b.melt(metal, 0.04, disc(size).at(0.0, long, 0.0));
    b.cut(block(size * 0.5, size, 1.0, 0.01).turn(0.0, 0.0, -0.3).at(
        size * 0.28,
        long + size * 0.75,
        0.0,
    ));
    b.melt(metal, 0.04, disc(size * 0.85).at(0.0, -long, 0.0));
    b.cut(
        drum(size * 0.5, 1.0, 0.0)
            .turn(FRAC_PI_2, 0.0, 0.0)
            .at(0.0, -long, 0.0),
    );
}

fn scissors(r: &mut Random, b: &mut Body) {
    let (grip, metal) = (b.main_box(r), b.metal(r));
    let open = r.range(0.1, 0.35);
    let long = r.range(0.4, 0.7);
    let blade = slab(
        &[
            vec2(-0.03, -0.1),
            vec2(0.05, -0.1),
            vec2(0.04, long * 0.5),
            vec2(0.0, long),
            vec2(-0.03, long * 0.5),
        ],
        0.016,
        0.0,
    );
    for s in [-1.0, 1.0] {
        let z = s * 0.014;
        b.add(
            metal,
            blade.clone().turn(0.0, 0.0, s * open).at(0.0, 0.0, z),
        );
        let ring = torus(0.11, 0.03)
            .turn(FRAC_PI_2, 0.0, 0.0)
            .stretch(1.0, 1.3, 1.0)
            .at(0.05 * s, -0.42, 0.0);
        b.add(
            grip,
            ring.or(rod(v(0.0, -0.05, 0.0), v(0.0, -0.28, 0.0), 0.032))
                .turn(0.0, 0.0, s * open)
                .at(0.0, 0.0, z),
        );
    }
    b.add(metal, drum(0.035, 0.045, 0.01).turn(FRAC_PI_2, 0.0, 0.0));
}

fn brush(r: &mut Random, b: &mut Body) {
    let (grip, hair, metal) = (b.frame(r), b.some(r), b.metal(r));
    if r.chance(0.5) {
        let w = r.range(0.06, 0.2);
        b.add(
            grip,
            lathe(&spline(
                &[
                    (0.0, 0.0),
                    (0.035, 0.03),
                    (0.045, 0.2),
                    (0.025, 0.5),
                    (0.035, 0.62),
                    (0.0, 0.64),
                ],
                4,
            )),
        );
        b.add(metal, block(w, 0.09, 0.05, 0.02).at(0.0, 0.68, 0.0));
        b.add(hair, block(w * 0.95, 0.13, 0.045, 0.02).at(0.0, 0.87, 0.0));
    } else {
        let long = r.range(0.4, 0.7);
        b.add(
            grip,
            limb(
                v(-long, 0.0, 0.0),
                v(long, r.range(0.0, 0.12), 0.0),
                0.045,
                0.035,
            ),
        );
        b.add(grip, block(0.25, 0.03, 0.08, 0.025).at(long, 0.05, 0.0));
        for i in 0..4 {
            b.add(
                hair,
                block(0.035, 0.08, 0.05, 0.005).at(long - 0.15 + 0.1 * i as f32, -0.04, 0.0),
            );
        }
    }
}

fn spoon(r: &mut Random, b: &mut Body) {
    let look = b.frame(r);
    let long = r.range(0.5, 0.8);
    let (w, l) = (r.range(0.1, 0.2), r.range(0.15, 0.22));
    b.add(
        look,
        hose(
            &[
                v(-long, 0.1, 0.0),
                v(-long * 0.4, 0.12, 0.0),
                v(0.1, 0.01, 0.0),
            ],
            0.035,
            0.022,
        )
        .stretch(1.0, 0.75, 1.2),
    );
    let bowl = egg(l, 0.09, w).at(0.08 + l * 0.8, 0.02, 0.0);
    if r.chance(0.7) {
        b.melt(look, 0.03, bowl.clone().below(0.03));
        b.cut(bowl.grow(-0.02).above(-0.05).at(0.0, 0.022, 0.0));
    } else {
        b.melt(
            look,
            0.03,
            block(0.1, 0.014, w * 0.8, 0.01).at(0.15, 0.01, 0.0),
        );
        for i in 0..4 {
            let z = w * 0.66 * (i as f32 / 1.5 - 1.0);
            b.add(look, rod(v(0.2, 0.01, z), v(0.45, 0.03, z), 0.0145));
        }
    }
}

fn key(r: &mut Random, b: &mut Body) {
    let metal = b.metal(r);
    let long = r.range(0.4, 0.7);
    let size = r.range(0.14, 0.22);
    b.add(
        metal,
        torus(size, 0.045)
            .turn(FRAC_PI_2, 0.0, 0.0)
            .stretch(1.0, r.range(0.8, 1.3), 1.0)
            .at(0.0, long + size, 0.0),
    );
    b.melt(
        metal,
        0.03,
        drum(0.04, long / 2.0 + 0.03, 0.01).at(0.0, long / 2.0, 0.0),
    );
    for i in 0..2 + r.below(3) {
        b.add(
            metal,
            block(r.range(0.05, 0.1), 0.025, 0.02, 0.0).at(0.08, 0.04 + 0.075 * i as f32, 0.0),
        );
    }
    b.add(metal, drum(0.06, 0.02, 0.01).at(0.0, long * 0.85, 0.0));
}
