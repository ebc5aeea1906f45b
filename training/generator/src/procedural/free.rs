//! Free combinations: primitives with holes, extruded outlines, twisted and tapered things, blobs.

use std::f32::consts::FRAC_PI_2;

use glam::Vec3;

use super::body::Body;
use super::shape::{Shape, ball, blob, block, drum, egg, lathe, rod, shape, slab, torus};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(5) {
        0 => heap(r, b),
        1 => extrusion(r, b),
        2 => twisted(r, b),
        3 => quadric(r, b),
        _ => lump(r, b),
    }
}

/// Any primitive of about this size.
fn primitive(r: &mut Random, size: f32) -> Shape {
    let (x, y, z) = (
        size * r.range(0.4, 1.0),
        size * r.range(0.4, 1.0),
        size * r.range(0.4, 1.0),
    );
    let solid = match r.below(6) {
        0 => ball(x),
        1 => egg(x, y, z),
        2 | 3 => block(x, y, z, if r.chance(0.5) { 0.0 } else { size * 0.1 }),
        4 => drum(x, y, if r.chance(0.5) { 0.0 } else { size * 0.1 }),
        _ => torus(size * 0.7, size * r.range(0.15, 0.28)),
    };
    if r.chance(0.4) {
        solid.turn(r.range(-1.0, 1.0), r.range(-1.0, 1.0), 0.0)
    } else {
        solid
    }
}

fn heap(r: &mut Random, b: &mut Body) {
    let first = b.main_box(r);
    let soft = if r.chance(0.4) {
        r.range(0.02, 0.15)
    } else {
        0.0
    };
    b.add(first, block(0.25, 0.2, 0.25, 0.03));
    for _ in 0..2 + r.below(6) {
        let look = b.some(r);
        let way = r.direction() * r.range(0.15, 0.45);
        let size = r.range(0.15, 0.35);
        let solid = primitive(r, size).at(way.x, way.y, way.z);
        b.melt(look, soft, solid);
        b.melt(first, soft, rod(Vec3::ZERO, way, 0.08));
    }
    for _ in 0..r.below(3) {
        let look = b.some(r);
        let way = r.direction() * r.range(0.4, 0.6);
        let size = r.range(0.1, 0.25);
        b.carve(look, primitive(r, size).at(way.x, way.y, way.z));
    }
}

fn extrusion(r: &mut Random, b: &mut Body) {
    let look = b.main_box(r);
    let n = 4 + r.below(8);
    let radii: Vec<f32> = (0..n).map(|_| r.range(0.25, 0.6)).collect();
    let half = r.range(0.03, 0.4);
    let line = blob(&radii, 5);
    let e = half * r.unit() * 0.8;
    let mut solid = slab(&line, half, e.min(0.08));
    if r.chance(0.4) {
        let hole: Vec<f32> = radii.iter().map(|r| r * 0.6).collect();
        solid = solid.minus(slab(&blob(&hole, 5), 2.0, 0.0));
    }
    if r.chance(0.5) {
        solid = solid.turn(FRAC_PI_2, 0.0, 0.0);
    }
    b.add(look, solid);
}

fn twisted(r: &mut Random, b: &mut Body) {
    let (look, foot) = (b.main_box(r), b.some(r));
    let n = 3 + r.below(5);
    let radii: Vec<f32> = (0..n * 2)
        .map(|i| if i % 2 == 0 { 0.35 } else { 0.22 })
        .collect();
    let solid = slab(&blob(&radii, 3), 0.6, 0.03).turn(FRAC_PI_2, 0.0, 0.0);
    let solid = match r.below(3) {
        0 => solid.taper(r.range(0.2, 0.7)),
        1 => solid.bend(r.range(-0.3, 0.3)),
        _ => solid,
    };
    b.add(look, solid.twist(r.range(-2.0, 2.0)));
    if r.chance(0.4) {
        b.add(foot, drum(0.45, 0.05, 0.01).at(0.0, -0.62, 0.0));
    }
}

fn quadric(r: &mut Random, b: &mut Body) {
    let (look, extra) = (b.main_box(r), b.accent(r));
    let half = Vec3::new(r.range(0.25, 0.6), r.range(0.25, 0.6), r.range(0.25, 0.6));
    let power = [1.2, 1.6, 3.0, 5.0][r.below(4)];
    let least = half.min_element();
    b.add(
        look,
        shape(move |p| {
            let q = (p / half).abs();
            let n = (q.x.powf(power) + q.y.powf(power) + q.z.powf(power)).powf(1.0 / power);
            (n - 1.0) * least * if power < 2.0 { 0.55 } else { 0.95 }
        }),
    );
    if r.chance(0.5) {
        b.carve(
            extra,
            drum(least * r.range(0.3, 0.7), 2.0, 0.0).turn(r.range(0.0, 1.6), 0.0, 0.0),
        );
    }
}

fn lump(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (look, extra) = (b.main_box(r), b.some(r));
    if r.chance(0.4) {
        let solid = egg(r.range(0.3, 0.6), r.range(0.3, 0.6), r.range(0.3, 0.6));
        b.add(
            look,
            solid.wavy(r.range(0.03, 0.12), r.range(3.0, 8.0), r.unit() * 6.0),
        );
        return;
    }
    let mut at = Vec3::ZERO;
    for _ in 0..3 + r.below(6) {
        b.melt(
            if r.chance(0.3) { extra } else { look },
            0.15,
            ball(r.range(0.12, 0.3)).at(at.x, at.y, at.z),
        );
        at += r.direction() * r.range(0.15, 0.25);
    }
    if r.chance(0.3) {
        let foot = lathe(&[(0.0, 0.0), (0.3, 0.0), (0.2, 0.2), (0.0, 0.2)]).at(0.0, -0.4, 0.0);
        b.melt(extra, 0.05, foot);
    }
}
