//! Torches, drills, gears, knots, pipes.

use std::f32::consts::FRAC_PI_2;

use glam::{Vec2, Vec3, vec2};

use super::body::Body;
use super::shape::{ball, block, curve, drum, egg, lathe, limb, pipe, rod, torus};
use super::tools::v;
use crate::random::Random;

/// Makes one.
pub fn torch(r: &mut Random, b: &mut Body) {
    let (body, dark, light) = (b.main_round(r), b.dark(r), b.hsv(0.14, 0.1, 0.95, 0.1));
    let (fat, long) = (r.range(0.08, 0.14), r.range(0.3, 0.55));
    let head = fat * r.range(1.2, 1.9);
    b.add(body, drum(fat, long, 0.01));
    b.add(
        body,
        lathe(&[
            (0.0, 0.0),
            (fat, 0.0),
            (head, 0.15),
            (head, 0.3),
            (0.0, 0.3),
        ])
        .at(0.0, long - 0.01, 0.0),
    );
    b.carve(
        light,
        drum(head - 0.03, 0.03, 0.0).at(0.0, long + 0.29, 0.0),
    );
    b.add(dark, drum(fat + 0.015, 0.05, 0.01).at(0.0, -long, 0.0));
    b.add(
        dark,
        block(0.03, 0.07, 0.03, 0.015).at(0.0, long * 0.5, fat),
    );
    if r.chance(0.5) {
        for i in 0..5 {
            b.cut(torus(fat + 0.005, 0.015).at(0.0, -long * 0.6 + i as f32 * 0.07, 0.0));
        }
    }
}

/// Makes one.
pub fn drill(r: &mut Random, b: &mut Body) {
    let (body, dark, metal) = (b.main_box(r), b.dark(r), b.metal(r));
    let fat = r.range(0.12, 0.17);
    b.add(
        body,
        limb(v(-0.35, 0.5, 0.0), v(0.25, 0.5, 0.0), fat, fat * 0.85),
    );
    b.melt(
        body,
        0.05,
        limb(v(-0.2, 0.45, 0.0), v(-0.32, 0.0, 0.0), fat * 0.7, fat * 0.6),
    );
    b.add(
        dark,
        block(0.17, 0.06, fat * 0.9, 0.02).at(-0.3, -0.08, 0.0),
    );
    b.add(dark, block(0.035, 0.06, 0.035, 0.01).at(-0.12, 0.3, 0.0));
    let muzzle = lathe(&[(0.0, 0.0), (fat * 0.75, 0.0), (fat * 0.35, 0.2), (0.0, 0.2)])
        .turn(0.0, 0.0, -FRAC_PI_2);
    b.add(dark, muzzle.at(0.32, 0.5, 0.0));
    let long = r.range(0.1, 0.4);
    b.add(metal, rod(v(0.4, 0.5, 0.0), v(0.5 + long, 0.5, 0.0), 0.022));
    if r.chance(0.5) {
        b.add(
            metal,
            block(0.12, 0.02, fat * 0.4, 0.0).at(-0.05, 0.5 + fat, 0.0),
        );
    }
}

/// Makes one.
pub fn gear(r: &mut Random, b: &mut Body) {
    let look = if r.chance(0.6) {
        b.metal(r)
    } else {
        b.main_box(r)
    };
    let (teeth, thick) = (7 + r.below(14), r.range(0.05, 0.2));
    let size = 0.4;
    let tooth = 0.6 * std::f32::consts::PI * size / teeth as f32;
    let wheel = drum(size, thick, 0.01).or(block(0.1, thick, tooth.max(0.02), 0.01)
        .at(size, 0.0, 0.0)
        .ring(teeth));
    let tilt = r.range(0.0, 1.5);
    let hole = r.range(0.05, 0.2);
    let mut solid = wheel.minus(drum(hole, 2.0, 0.0));
    if r.chance(0.5) {
        solid = solid.minus(
            drum(0.07, 2.0, 0.0)
                .at((hole + size) / 2.0, 0.0, 0.0)
                .ring(4 + r.below(3)),
        );
    }
    if r.chance(0.5) {
        solid = solid.or(drum(hole + 0.06, thick + 0.06, 0.01).minus(drum(hole, 2.0, 0.0)));
    }
    b.add(look, solid.turn(tilt, 0.0, 0.0));
}

/// Makes one.
pub fn knot(r: &mut Random, b: &mut Body) {
    let look = b.main_box(r);
    let (p, q) = [(2.0, 3.0), (3.0, 2.0), (1.0, 0.0), (2.0, 5.0), (1.0, 3.0)][r.below(5)];
    let n = 60;
    let points: Vec<Vec3> = (0..=n)
        .map(|i| {
            let t = std::f32::consts::TAU * i as f32 / n as f32;
            let radius = 0.38 + 0.16 * (q * t).cos();
            v(
                radius * (p * t).cos(),
                radius * (p * t).sin(),
                0.16 * (q * t).sin(),
            )
        })
        .collect();
    let t = r.range(0.035, 0.075);
    b.add(look, pipe(&points, t, t));
    if q == 0.0 && r.chance(0.7) {
        let gem = b.accent(r);
        b.add(gem, egg(0.13, 0.11, 0.13).at(0.0, 0.62, 0.0));
        b.add(look, drum(0.09, 0.05, 0.01).at(0.0, 0.56, 0.0));
    }
}

/// Makes one.
pub fn plumbing(r: &mut Random, b: &mut Body) {
    let (look, ring) = (b.metal(r), b.some(r));
    let mut points = vec![v(0.0, 0.0, 0.0)];
    let mut at = Vec3::ZERO;
    for i in 0..2 + r.below(4) {
        let way = [Vec3::X, Vec3::Y, Vec3::Z][(i + r.below(2)) % 3];
        at += way * r.range(0.3, 0.6);
        points.push(at);
    }
    let t = r.range(0.05, 0.1);
    b.add(look, pipe(&curve(&points, 1), t, t));
    for &p in &points {
        b.add(ring, ball(t * 1.3).at(p.x, p.y, p.z));
    }
    let flat: Vec2 = vec2(at.x, at.z);
    if flat.length() > 0.2 && r.chance(0.5) {
        b.add(ring, torus(0.15, 0.03).at(at.x, at.y + t * 1.5, at.z));
        b.add(
            ring,
            block(0.15, 0.02, 0.025, 0.0)
                .or(drum(0.03, 0.1, 0.0))
                .at(at.x, at.y + t * 1.5, at.z),
        );
    }
}
