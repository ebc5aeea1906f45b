//! Glasses, teapots, jugs, baskets.

use std::f32::consts::FRAC_PI_2;

use glam::Vec3;

use super::body::Body;
use super::hollow::{handle, profile, vessel};
use super::shape::{Shape, ball, block, drum, hose, lathe, torus};
use crate::random::Random;

/// Makes one.
pub fn glass(r: &mut Random, b: &mut Body) {
    let outer = b.main_round(r);
    let wide = r.range(0.25, 0.5);
    let stem = r.range(0.3, 0.8);
    let high = r.range(0.4, 0.9);
    let radii = [
        0.06,
        wide * r.range(0.8, 1.2),
        wide,
        wide * r.range(0.7, 1.1),
    ];
    let cup = vessel(r, &radii, high);
    b.melt(outer, 0.05, cup.clone().below(high).at(0.0, stem, 0.0));
    b.melt(
        outer,
        0.08,
        drum(0.035, stem / 2.0 + 0.03, 0.0).at(0.0, stem / 2.0, 0.0),
    );
    b.melt(outer, 0.06, drum(wide * r.range(0.7, 1.0), 0.02, 0.01));
    b.carve(outer, cup.grow(-0.035).at(0.0, stem, 0.0));
}

/// Makes one.
pub fn teapot(r: &mut Random, b: &mut Body) {
    let (outer, knob) = (b.main_round(r), b.some(r));
    let high = r.range(0.5, 1.0);
    let belly = r.range(0.45, 0.6);
    let top = r.range(0.2, 0.35);
    let pot = lathe(&profile(
        &[belly * r.range(0.5, 0.9), belly, belly * 0.95, top],
        high,
    ));
    let out = belly + r.range(0.3, 0.5);
    let spout = hose(
        &[
            Vec3::new(-belly * 0.7, high * 0.25, 0.0),
            Vec3::new(-belly * 1.1, high * 0.4, 0.0),
            Vec3::new(-out * 0.9, high * 0.75, 0.0),
            Vec3::new(-out, high * r.range(0.9, 1.1), 0.0),
        ],
        0.11,
        0.055,
    );
    b.melt(outer, 0.05, spout);
    let thick = r.range(0.03, 0.05);
    if r.chance(0.7) {
        let out = r.range(0.2, 0.4);
        let grip = handle(
            r,
            (belly * 0.85, high * 0.25),
            (belly * 0.8, high * 0.7),
            out,
            thick,
        );
        b.melt(knob, 0.03, grip);
    } else {
        b.add(
            knob,
            torus(belly * 0.85, thick)
                .turn(FRAC_PI_2, 0.0, 0.0)
                .at(0.0, high * 0.9, 0.0)
                .above(high * 0.6),
        );
    }
    b.melt(outer, 0.05, pot.below(high));
    b.add(
        outer,
        egg_lid(top, r.range(0.05, 0.15)).at(0.0, high - 0.01, 0.0),
    );
    b.add(knob, ball(0.06).at(0.0, high + 0.15, 0.0));
    b.add(knob, drum(0.03, 0.08, 0.0).at(0.0, high + 0.07, 0.0));
}

/// Makes one.
pub fn egg_lid(wide: f32, high: f32) -> Shape {
    super::shape::egg(wide * 0.95, high, wide * 0.95)
}

/// Makes one.
pub fn jug(r: &mut Random, b: &mut Body) {
    let (outer, inner) = (b.main_round(r), b.second(r));
    let high = r.range(0.9, 1.5);
    let belly = r.range(0.35, 0.5);
    let neck = belly * r.range(0.5, 0.9);
    let top = neck * r.range(1.0, 1.4);
    let cup = lathe(&profile(
        &[belly * 0.7, belly, belly * 0.9, neck, top],
        high,
    ));
    let lip = ball(0.12).at(-top * 0.9, high, 0.0).stretch(1.0, 1.0, 1.0);
    let cup = cup.melt(lip, 0.15);
    let thick = r.range(0.03, 0.06);
    let out = r.range(0.2, 0.4);
    let grip = handle(
        r,
        (belly * 0.8, high * 0.35),
        (neck * 0.9, high * 0.85),
        out,
        thick,
    );
    b.melt(outer, 0.03, grip);
    b.melt(outer, 0.03, cup.clone().below(high));
    b.carve(inner, cup.grow(-r.range(0.03, 0.05)));
}

/// Makes one.
pub fn basket(r: &mut Random, b: &mut Body) {
    let (outer, grip) = (b.hsv(0.09, 0.5, r.range(0.4, 0.85), 0.95), b.second(r));
    let base = b.materials[outer as usize].base;
    let picture = super::patterns::weave(r, base);
    b.texture(
        outer,
        picture,
        super::looks::Mapping::Box(r.range(1.0, 4.0), glam::Vec2::ZERO),
    );
    let high = r.range(0.25, 0.7);
    let (x, z) = (r.range(0.4, 0.6), r.range(0.3, 0.45));
    let corner = r.range(0.05, 0.28);
    let hull = super::shape::plate(x, z, high * 2.0, corner).turn(FRAC_PI_2, 0.0, 0.0);
    let hull = hull.above(0.0).taper(-r.range(0.0, 0.4));
    b.add(outer, hull.clone().below(high - 0.02));
    let lip = hull
        .clone()
        .grow(0.02)
        .and(drum(2.0, 0.035, 0.0).at(0.0, high - 0.05, 0.0));
    b.add(outer, lip);
    b.carve(outer, hull.clone().grow(-0.045).above(0.05));
    let edge = x * r.range(0.95, 1.0);
    match r.below(3) {
        0 => {
            let up = high + r.range(0.25, 0.5);
            let points = [
                Vec3::new(-edge, high - 0.06, 0.0),
                Vec3::new(-x * 0.85, up * 0.9, 0.0),
                Vec3::new(0.0, up, 0.0),
                Vec3::new(x * 0.85, up * 0.9, 0.0),
                Vec3::new(edge, high - 0.06, 0.0),
            ];
            b.add(grip, hose(&points, 0.028, 0.028).stretch(1.0, 1.0, 1.7));
        }
        1 => b.cut(block(9.0, 0.05, 0.12, 0.03).at(0.0, high - 0.17, 0.0)),
        _ => {}
    }
}
