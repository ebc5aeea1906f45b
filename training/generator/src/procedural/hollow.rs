//! Mugs, bowls, pots, vases, buckets, baskets, glasses, teapots, jugs: open at the top.

use glam::Vec3;

use super::body::Body;
use super::looks::rounded;
use super::pouring::{basket, glass, jug, teapot};
use super::shape::{Shape, ball, block, drum, hose, lathe, spline};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(11) {
        0..=2 => mug(r, b),
        3 => bowl(r, b),
        4 => pot(r, b),
        5 => vase(r, b),
        6 => bucket(r, b),
        7 => glass(r, b),
        8 => teapot(r, b),
        9 => basket(r, b),
        _ => jug(r, b),
    }
}

/// A profile of radii at even heights from 0 to `high`, on a flat foot, going on upwards.
pub fn profile(radii: &[f32], high: f32) -> Vec<(f32, f32)> {
    let n = radii.len() - 1;
    let points: Vec<(f32, f32)> = radii
        .iter()
        .enumerate()
        .map(|(i, &r)| (r, high * i as f32 / n as f32))
        .collect();
    let mut all = vec![(0.0, 0.0)];
    all.extend(spline(&points, 6));
    all.push((radii[n] * 1.05, high + 0.5));
    all
}

/// Round, oval or square.
pub fn vessel(r: &mut Random, radii: &[f32], high: f32) -> Shape {
    let round = lathe(&profile(radii, high));
    match r.below(8) {
        0 => round.stretch(1.0, 1.0, r.range(0.55, 0.85)),
        1 => {
            let most = radii.iter().copied().fold(0.0, f32::max);
            round.and_soft(block(most * 0.85, 9.0, most * 0.85, most * 0.2), 0.05)
        }
        _ => round,
    }
}

/// A handle at +x between two heights, on a body whose radius there is given.
pub fn handle(r: &mut Random, low: (f32, f32), high: (f32, f32), out: f32, thick: f32) -> Shape {
    let (a, b) = (Vec3::new(low.0, low.1, 0.0), Vec3::new(high.0, high.1, 0.0));
    let wide = a.x.max(b.x) + out;
    let points = match r.below(3) {
        0 => vec![a, Vec3::new(wide, a.y, 0.0), Vec3::new(wide, b.y, 0.0), b],
        1 => vec![a, Vec3::new(wide, (a.y * 0.4 + b.y * 0.6).max(a.y), 0.0), b],
        _ => {
            let corner = out * 0.3;
            vec![
                a,
                Vec3::new(wide - corner, a.y - corner * 0.2, 0.0),
                Vec3::new(wide, (a.y + b.y) / 2.0, 0.0),
                Vec3::new(wide - corner, b.y + corner * 0.2, 0.0),
                b,
            ]
        }
    };
    let flat = r.range(1.0, 1.9);
    hose(&points, thick, thick).stretch(1.0, 1.0, flat)
}

fn mug(r: &mut Random, b: &mut Body) {
    let map = rounded(r);
    let (outer, inner, extra) = (b.main(r, map), b.second(r), b.accent(r));
    let high = r.range(0.6, 1.3);
    let wide = r.range(0.35, 0.5);
    let (foot, belly) = (wide * r.range(0.55, 1.05), wide * r.range(0.85, 1.15));
    let wall = r.range(0.022, 0.05);
    let cup = vessel(r, &[foot, (foot + belly) / 2.0, belly, wide], high);
    if r.chance(0.9) {
        let thick = r.range(0.028, 0.06);
        let low = high * r.range(0.15, 0.3);
        let top = high * r.range(0.7, 0.9);
        let out = r.range(0.15, 0.35);
        let grip = handle(
            r,
            (foot.min(belly) * 0.9, low),
            (wide.min(belly) * 0.9, top),
            out,
            thick,
        );
        let colour = if r.chance(0.2) { extra } else { outer };
        b.melt(colour, 0.03, grip);
    }
    b.melt(outer, 0.03, cup.clone().below(high).grow(-0.004));
    b.carve(inner, cup.clone().grow(-wall).above(wall));
    if r.chance(0.2) {
        let from = high * r.range(0.2, 0.7);
        b.paint(
            extra,
            drum(2.0, r.range(0.03, 0.15), 0.0).at(0.0, from, 0.0),
        );
    }
    if r.chance(0.3) {
        let saucer = lathe(&[
            (0.0, -0.06),
            (wide * 0.8, -0.06),
            (wide * 1.7, 0.06),
            (wide * 1.7, 0.1),
            (wide * 0.8, 0.0),
            (0.0, 0.0),
        ]);
        b.add(outer, saucer.at(0.0, 0.004, 0.0));
    }
}

fn bowl(r: &mut Random, b: &mut Body) {
    let map = rounded(r);
    let (outer, inner) = (b.main(r, map), b.some(r));
    let high = r.range(0.2, 0.75);
    let foot = r.range(0.2, 0.4);
    let belly = r.range(0.6, 0.9);
    let radii = [foot, belly * 0.95, 0.95, r.range(0.85, 1.05)];
    let cup = vessel(r, &radii, high);
    b.add(outer, cup.clone().below(high));
    b.carve(inner, cup.grow(-r.range(0.03, 0.07)));
    if r.chance(0.5) {
        b.add(outer, drum(foot * 0.95, 0.05, 0.01).at(0.0, -0.03, 0.0));
    }
    if r.chance(0.25) {
        let extra = b.some(r);
        for _ in 0..4 + r.below(4) {
            let size = r.range(0.12, 0.25);
            let (x, z) = (r.range(-0.4, 0.4), r.range(-0.4, 0.4));
            b.add(extra, ball(size).at(x, high * 0.5, z));
        }
        b.add(
            extra,
            drum(0.62, high * 0.2, 0.02).at(0.0, high * 0.35, 0.0),
        );
    }
}

fn pot(r: &mut Random, b: &mut Body) {
    let (outer, inner, grip) = (b.main_round(r), b.metal(r), b.dark(r));
    let high = r.range(0.15, 0.9);
    let wide = 0.6;
    let radii = [wide * r.range(0.75, 1.0), wide, wide];
    let cup = vessel(r, &radii, high);
    if high < 0.4 || r.chance(0.4) {
        let thick = r.range(0.03, 0.06);
        let rise = r.range(0.0, 0.3);
        let tip = Vec3::new(wide + r.range(0.6, 1.1), high * 0.8 + rise, 0.0);
        b.melt(
            grip,
            0.02,
            hose(
                &[
                    Vec3::new(wide * 0.95, high * 0.75, 0.0),
                    tip * 0.7 + Vec3::new(0.0, 0.1, 0.0),
                    tip,
                ],
                thick,
                thick * 1.3,
            ),
        );
    } else {
        let thick = r.range(0.025, 0.05);
        let y = high * r.range(0.6, 0.9);
        let deep = r.range(0.1, 0.2);
        let ear = hose(
            &[
                Vec3::new(wide * 0.9, y, -deep),
                Vec3::new(wide + 0.18, y, -deep),
                Vec3::new(wide + 0.18, y, deep),
                Vec3::new(wide * 0.9, y, deep),
            ],
            thick,
            thick,
        );
        b.add(grip, ear.mirror_x());
    }
    b.add(outer, cup.clone().below(high));
    b.carve(inner, cup.clone().grow(-r.range(0.025, 0.05)));
    if r.chance(0.35) && high > 0.3 {
        b.add(
            outer,
            drum(wide + 0.02, 0.025, 0.01)
                .and(cup.grow(0.03))
                .at(0.0, high, 0.0),
        );
        b.add(grip, drum(0.04, 0.08, 0.01).at(0.0, high + 0.06, 0.0));
        b.add(grip, drum(0.1, 0.03, 0.02).at(0.0, high + 0.13, 0.0));
    }
}

fn vase(r: &mut Random, b: &mut Body) {
    let (outer, inner) = (b.main_round(r), b.dark(r));
    let radii: Vec<f32> = (0..4 + r.below(3)).map(|_| r.range(0.15, 0.5)).collect();
    let cup = vessel(r, &radii, 1.3);
    let cup = if r.chance(0.15) {
        cup.twist(r.range(0.3, 1.5))
    } else {
        cup
    };
    b.add(outer, cup.clone().below(1.3));
    b.carve(inner, cup.grow(-r.range(0.03, 0.06)));
}

fn bucket(r: &mut Random, b: &mut Body) {
    let (outer, inner, grip) = (b.main_round(r), b.second(r), b.metal(r));
    let high = r.range(0.5, 1.1);
    let wide = 0.5;
    let radii = [wide * r.range(0.6, 1.0), wide * 0.95, wide];
    let cup = vessel(r, &radii, high);
    b.add(outer, cup.clone().below(high));
    let lip = r.range(0.02, 0.04);
    b.add(
        outer,
        cup.clone()
            .grow(lip)
            .and(drum(2.0, 0.05, 0.0).at(0.0, high - 0.05, 0.0)),
    );
    b.carve(inner, cup.clone().grow(-0.04));
    if r.chance(0.7) {
        let up = r.range(0.3, 0.9) * high;
        let hoop = hose(
            &[
                Vec3::new(-wide * 0.98, high - 0.06, 0.0),
                Vec3::new(-wide * 0.8, high + up * 0.8, 0.2),
                Vec3::new(0.0, high + up, 0.3),
                Vec3::new(wide * 0.8, high + up * 0.8, 0.2),
                Vec3::new(wide * 0.98, high - 0.06, 0.0),
            ],
            0.022,
            0.022,
        );
        b.add(grip, hoop);
    }
}
