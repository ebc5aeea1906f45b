//! Cars, vans, trucks, buses, tractors, trains, boats, planes, rockets. They point to +x.

use std::f32::consts::FRAC_PI_2;

use glam::{Vec2, Vec3, vec2};

use super::body::Body;
use super::craft::{boat, plane, rocket, train};
use super::looks::{Mapping, boxed};
use super::shape::{Shape, ball, block, drum, hose, slab, spline};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(14) {
        0..=3 => car(r, b),
        4 | 5 => truck(r, b),
        6 => bus(r, b),
        7 => tractor(r, b),
        8 => train(r, b),
        9 | 10 => boat(r, b),
        11 | 12 => plane(r, b),
        _ => rocket(r, b),
    }
}

/// A wheel that turns about z.
fn tyre(radius: f32, half: f32) -> Shape {
    drum(radius, half, half * 0.5).turn(FRAC_PI_2, 0.0, 0.0)
}

/// Wheels at ±z with hubs, below a body, at these x; arches are cut first.
pub fn wheels(r: &mut Random, b: &mut Body, at: &[f32], radius: f32, z: f32, arch: bool) {
    let (rubber, hub) = (b.dark(r), b.metal(r));
    let half = radius * r.range(0.25, 0.5);
    for &x in at {
        if arch {
            b.carve(
                rubber,
                tyre(radius * 1.18, half * 1.3)
                    .at(x, radius, z - half)
                    .mirror_z(),
            );
        }
    }
    for &x in at {
        b.add(
            rubber,
            tyre(radius, half).at(x, radius, z - half).mirror_z(),
        );
        b.add(
            hub,
            tyre(radius * 0.55, half)
                .at(x, radius, z - half + 0.01)
                .mirror_z(),
        );
        b.add(
            rubber,
            drum(radius * 0.25, z - half, 0.0)
                .turn(FRAC_PI_2, 0.0, 0.0)
                .at(x, radius, 0.0),
        );
    }
}

/// A smooth outline through side-view points.
fn side(points: &[(f32, f32)], half: f32, e: f32) -> Shape {
    let mut closed = points.to_vec();
    closed.push(points[0]);
    let line: Vec<Vec2> = spline(&closed, 4)
        .iter()
        .map(|&(x, y)| vec2(x, y))
        .collect();
    slab(&line[..line.len() - 1], half, e)
}

fn car(r: &mut Random, b: &mut Body) {
    let (paint, glass, extra) = (
        b.main(r, Mapping::Box(1.0, Vec2::splat(0.5))),
        b.dark(r),
        b.some(r),
    );
    let long = r.range(0.75, 1.05);
    let z = r.range(0.28, 0.4);
    let waist = r.range(0.27, 0.42);
    let roof = waist + r.range(0.14, 0.3);
    let floor = r.range(0.09, 0.16);
    let (nose, tail) = (waist * r.range(0.7, 1.0), waist * r.range(0.8, 1.05));
    let hull = side(
        &[
            (-long, floor + 0.03),
            (-long, tail * 0.9),
            (-long * 0.8, tail),
            (0.0, waist),
            (long * 0.7, nose),
            (long * 0.98, nose * 0.8),
            (long, floor + 0.03),
            (0.0, floor),
        ],
        z,
        r.range(0.04, 0.1),
    );
    b.add(paint, hull);
    let (front, rear) = (r.range(0.15, 0.45) * long, -r.range(0.35, 0.9) * long);
    let (ftop, rtop) = (front - r.range(0.1, 0.3), rear + r.range(0.03, 0.3));
    let low = waist - 0.06;
    let cabin = slab(
        &[
            vec2(rear, low),
            vec2(rtop, roof),
            vec2(ftop, roof),
            vec2(front, low),
        ],
        z * 0.86,
        0.04,
    )
    .grow(0.015);
    b.melt(paint, 0.05, cabin.clone());
    let window = cabin
        .clone()
        .and(block(3.0, (roof - waist) * 0.36, 3.0, 0.0).at(0.0, (waist + roof) / 2.0 + 0.01, 0.0));
    let bars = block(0.025, 1.0, 3.0, 0.0).at((rtop + ftop) / 2.0, 0.0, 0.0);
    if r.chance(0.8) {
        b.paint(glass, window.grow(0.012).minus(bars));
    }
    let radius = r.range(0.14, 0.2).min(nose * 0.43);
    let at = [-long * r.range(0.55, 0.68), long * r.range(0.55, 0.68)];
    wheels(r, b, &at, radius, z, true);
    let light = b.hsv(0.14, 0.1, 0.95, 0.2);
    let red = b.hsv(0.0, 0.9, 0.7, 0.3);
    b.add(
        light,
        ball(0.05)
            .stretch(0.6, 0.8, 1.4)
            .at(long * 0.96, nose * 0.8, z * 0.65)
            .mirror_z(),
    );
    b.add(
        red,
        block(0.03, 0.03, 0.06, 0.01)
            .at(-long * 0.99, tail * 0.8, z * 0.7)
            .mirror_z(),
    );
    b.add(
        extra,
        block(0.035, 0.03, z * 0.95, 0.02).at(long * 0.99, floor + 0.06, 0.0),
    );
    b.add(
        extra,
        block(0.035, 0.03, z * 0.95, 0.02).at(-long * 0.99, floor + 0.06, 0.0),
    );
    if r.chance(0.15) {
        b.add(
            extra,
            block(0.2, 0.03, z * 0.7, 0.01).at((rtop + ftop) / 2.0, roof + 0.03, 0.0),
        );
    }
}

fn truck(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (cab, load, glass, dark) = (b.some(r), b.main(r, map), b.dark(r), b.dark(r));
    let long = r.range(0.6, 1.1);
    let z = r.range(0.25, 0.35);
    let radius = r.range(0.12, 0.18);
    let base = radius * 1.5;
    b.add(dark, block(long, 0.05, z * 0.7, 0.0).at(0.0, base, 0.0));
    let (deep, tall) = (r.range(0.16, 0.26), r.range(0.25, 0.42));
    let cabin = block(deep, tall, z, r.range(0.02, 0.1)).at(long - deep, base + tall, 0.0);
    b.add(cab, cabin.clone());
    b.carve(
        glass,
        block(0.03, tall * 0.35, z * 0.85, 0.0).at(long + 0.015, base + tall * 1.35, 0.0),
    );
    b.carve(
        glass,
        block(deep * 0.6, tall * 0.32, 0.03, 0.0)
            .at(long - deep, base + tall * 1.35, z + 0.015)
            .mirror_z(),
    );
    if r.chance(0.4) {
        b.add(
            cab,
            block(0.15, tall * 0.5, z * 0.9, 0.04).at(long + 0.08, base + tall * 0.45, 0.0),
        );
    }
    let half = long - deep - 0.03;
    match r.below(4) {
        0 | 1 => {
            let high = r.range(0.25, 0.5);
            b.add(
                load,
                block(half, high, z, 0.01).at(-long + half, base + high, 0.0),
            );
        }
        2 => {
            let tub = block(half, 0.18, z, 0.0).at(-long + half, base + 0.2, 0.0);
            b.add(load, tub);
            b.carve(
                load,
                block(half - 0.03, 0.18, z - 0.03, 0.0).at(-long + half, base + 0.25, 0.0),
            );
        }
        _ => {
            b.add(
                load,
                drum(z * 0.9, half, 0.08).turn(0.0, 0.0, FRAC_PI_2).at(
                    -long + half,
                    base + z * 0.9,
                    0.0,
                ),
            );
        }
    }
    let mut at = vec![long - deep, -long + radius * 1.4];
    if long > 0.8 {
        at.push(-long + radius * 3.6);
    }
    wheels(r, b, &at, radius, z, true);
    let light = b.hsv(0.14, 0.1, 0.95, 0.2);
    b.add(light, ball(0.035).at(long, base + 0.1, z * 0.7).mirror_z());
}

fn bus(r: &mut Random, b: &mut Body) {
    let (paint, glass, stripe) = (b.main_box(r), b.dark(r), b.accent(r));
    let (long, z, high) = (r.range(0.6, 1.2), r.range(0.24, 0.32), r.range(0.22, 0.42));
    let base = 0.1;
    b.add(
        paint,
        block(long, high, z, r.range(0.02, 0.12)).at(0.0, base + high, 0.0),
    );
    let n = 2 + r.below(5);
    let y = base + high * 1.35;
    for i in 0..n {
        let w = long * 0.9 / n as f32;
        let x = -long * 0.9 + w * (2.0 * i as f32 + 1.0);
        b.carve(
            glass,
            block(w * 0.85, high * 0.32, 0.025, 0.0)
                .at(x, y, z + 0.01)
                .mirror_z(),
        );
    }
    b.carve(
        glass,
        block(0.03, high * 0.38, z * 0.85, 0.0).at(long + 0.01, y, 0.0),
    );
    if r.chance(0.6) {
        b.paint(
            stripe,
            block(9.0, high * r.range(0.08, 0.3), 9.0, 0.0).at(0.0, base + high * 0.6, 0.0),
        );
    }
    let radius = r.range(0.11, 0.15);
    wheels(r, b, &[-long * 0.62, long * 0.65], radius, z + 0.01, true);
}

fn tractor(r: &mut Random, b: &mut Body) {
    let (paint, glass, dark) = (b.main_box(r), b.some(r), b.dark(r));
    let z = r.range(0.12, 0.18);
    b.add(
        paint,
        block(0.38, 0.14, z, r.range(0.02, 0.08)).at(0.2, 0.42, 0.0),
    );
    b.add(dark, block(0.55, 0.06, z * 0.6, 0.0).at(0.05, 0.27, 0.0));
    let top = r.range(0.75, 1.0);
    if r.chance(0.7) {
        for (x, s) in [(-0.1, -1.0), (-0.1, 1.0), (-0.45, -1.0), (-0.45, 1.0)] {
            b.add(
                dark,
                block(0.02, (top - 0.3) / 2.0, 0.02, 0.0).at(x, (top + 0.3) / 2.0, s * z * 1.2),
            );
        }
        b.add(paint, block(0.25, 0.025, z * 1.5, 0.02).at(-0.28, top, 0.0));
        b.add(glass, block(0.18, 0.15, z * 1.25, 0.0).at(-0.28, 0.45, 0.0));
    } else {
        b.add(dark, block(0.1, 0.04, z * 0.9, 0.03).at(-0.3, 0.45, 0.0));
        b.add(dark, block(0.03, 0.13, z * 0.9, 0.02).at(-0.39, 0.52, 0.0));
        b.add(paint, block(0.2, 0.12, z, 0.0).at(-0.25, 0.33, 0.0));
        b.add(
            dark,
            hose(
                &[Vec3::new(-0.1, 0.45, 0.0), Vec3::new(-0.18, 0.62, 0.0)],
                0.02,
                0.02,
            ),
        );
        b.add(
            dark,
            drum(0.09, 0.015, 0.01)
                .turn(0.0, 0.0, 0.4)
                .at(-0.18, 0.62, 0.0),
        );
    }
    b.add(dark, drum(0.025, 0.16, 0.0).at(0.4, 0.65, z * 0.5));
    let big = r.range(0.24, 0.34);
    wheels(r, b, &[-0.3], big, z + 0.2, false);
    let small = big * r.range(0.5, 0.75);
    wheels(r, b, &[0.45], small, z + 0.15, false);
}
