//! Cartons, books, cases, radios, toasters, cameras, phones, consoles, cabinets, dice, bricks.

use glam::Vec3;

use super::body::Body;
use super::devices::{camera, console, phone, radio, toaster};
use super::looks::boxed;
use super::shape::{ball, block, drum, hose, wheel};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(12) {
        0 | 1 => carton(r, b),
        2 => books(r, b),
        3 => suitcase(r, b),
        4 => radio(r, b),
        5 => toaster(r, b),
        6 => camera(r, b),
        7 => phone(r, b),
        8 => console(r, b),
        9 | 10 => cabinet(r, b),
        _ => die(r, b),
    }
}

/// Sharp, or a little or well rounded.
pub fn edge(r: &mut Random) -> f32 {
    match r.below(3) {
        0 => 0.0,
        1 => r.range(0.005, 0.02),
        _ => r.range(0.02, 0.1),
    }
}

fn carton(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (side, tape) = (b.main(r, map), b.accent(r));
    let (x, y, z) = (r.range(0.1, 0.6), r.range(0.06, 0.7), r.range(0.08, 0.6));
    b.add(side, block(x, y, z, edge(r)));
    if r.chance(0.4) {
        b.add(
            tape,
            block(x + 0.008, y * r.range(0.2, 0.4), z + 0.008, 0.0).at(0.0, y * 0.65, 0.0),
        );
    } else if r.chance(0.5) {
        b.paint(tape, block(x * 0.15, 9.0, 9.0, 0.0));
    }
    if r.chance(0.25) {
        b.carve(tape, block(x - 0.03, y, z - 0.03, 0.0).at(0.0, 0.04, 0.0));
    }
}

fn books(r: &mut Random, b: &mut Body) {
    let count = 1 + r.below(4);
    let mut y = 0.0;
    let page = b.hsv(0.12, 0.1, 0.9, 0.9);
    for i in 0..count {
        let map = boxed(r);
        let cover = if i == 0 { b.main(r, map) } else { b.some(r) };
        let (x, z, h) = (r.range(0.3, 0.42), r.range(0.4, 0.55), r.range(0.04, 0.12));
        let turn = if i == 0 { 0.0 } else { r.range(-0.4, 0.4) };
        let lid = 0.018;
        let cover_shape =
            block(x, h, z, 0.004).minus(block(x, h - lid, z + 0.1, 0.0).at(lid * 1.5, 0.0, 0.0));
        b.add(cover, cover_shape.turn(0.0, turn, 0.0).at(0.0, y + h, 0.0));
        let pages = block(x - 0.02, h - lid + 0.002, z - 0.02, 0.0).at(-0.005, 0.0, 0.0);
        b.add(page, pages.turn(0.0, turn, 0.0).at(0.0, y + h, 0.0));
        y += h * 2.0 - 0.004;
    }
}

fn suitcase(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (shell, dark, metal) = (b.main(r, map), b.dark(r), b.metal(r));
    let (x, y, z) = (r.range(0.3, 0.6), r.range(0.3, 0.6), r.range(0.1, 0.2));
    b.add(shell, block(x, y, z, r.range(0.02, 0.09)));
    let t = r.range(0.02, 0.035);
    let high = r.range(0.06, 0.12);
    b.add(
        dark,
        hose(
            &[
                Vec3::new(-0.15, y - 0.02, 0.0),
                Vec3::new(-0.14, y + high, 0.0),
                Vec3::new(0.14, y + high, 0.0),
                Vec3::new(0.15, y - 0.02, 0.0),
            ],
            t,
            t,
        ),
    );
    b.add(metal, block(x + 0.008, y + 0.008, 0.014, 0.0));
    if r.chance(0.5) {
        for s in [-1.0, 1.0] {
            b.add(
                dark,
                wheel(0.05, 0.03, 0.01).at(s * (x - 0.08), -y - 0.02, -z + 0.05),
            );
            b.add(
                dark,
                wheel(0.05, 0.03, 0.01).at(s * (x - 0.08), -y - 0.02, z - 0.05),
            );
        }
    }
    if r.chance(0.4) {
        for i in -3..=3 {
            b.add(
                shell,
                block(0.02, y * 0.85, z + 0.015, 0.012).at(i as f32 * x / 4.0, 0.0, 0.0),
            );
        }
    }
}

fn cabinet(r: &mut Random, b: &mut Body) {
    let (case, front, grip) = (b.frame(r), b.frame(r), b.metal(r));
    let (x, y, z) = (r.range(0.2, 0.6), r.range(0.2, 0.75), r.range(0.15, 0.35));
    b.add(case, block(x, y, z, edge(r) * 0.3));
    let (rows, columns) = (1 + r.below(4), 1 + r.below(3));
    let (w, h) = (2.0 * x / columns as f32, 2.0 * y / rows as f32);
    let out = r.range(0.01, 0.03);
    for i in 0..rows * columns {
        let at = (
            -x + w * ((i % columns) as f32 + 0.5),
            -y + h * ((i / columns) as f32 + 0.5),
        );
        let pulled = if r.chance(0.1) { z * 0.5 } else { 0.0 };
        b.add(
            front,
            block(w / 2.0 - 0.02, h / 2.0 - 0.02, out + pulled, 0.005).at(at.0, at.1, z + pulled),
        );
        b.add(
            grip,
            ball(0.028).at(at.0, at.1, z + out + pulled * 2.0 + 0.015),
        );
    }
    if r.chance(0.6) {
        let leg = r.range(0.05, 0.25);
        for (sx, sz) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            b.add(
                case,
                block(0.03, leg, 0.03, 0.0).at(sx * (x - 0.03), -y - leg + 0.02, sz * (z - 0.03)),
            );
        }
    }
    if r.chance(0.4) {
        b.add(case, block(x + 0.03, 0.02, z + 0.03, 0.005).at(0.0, y, 0.0));
    }
}

fn die(r: &mut Random, b: &mut Body) {
    let (body, dark) = (
        b.main(r, super::looks::Mapping::Box(1.0, glam::Vec2::splat(0.5))),
        b.some(r),
    );
    if r.chance(0.5) {
        b.add(body, block(0.5, 0.5, 0.5, r.range(0.02, 0.15)));
        let dot = r.range(0.08, 0.12);
        let spots: [&[(f32, f32)]; 3] = [
            &[(0.0, 0.0)],
            &[(0.25, 0.25), (-0.25, -0.25)],
            &[(0.25, 0.25), (0.0, 0.0), (-0.25, -0.25)],
        ];
        for (side, list) in spots.iter().enumerate() {
            for &(u, v) in *list {
                for far in [0.5, -0.5] {
                    let (u, v) = if far < 0.0 { (u, -v) } else { (u, v) };
                    let at = [
                        Vec3::new(far, u, v),
                        Vec3::new(u, far, v),
                        Vec3::new(u, v, far),
                    ][side];
                    b.carve(
                        dark,
                        ball(dot).at(
                            at.x * 1.06,
                            at.y * if side == 1 { 1.06 } else { 1.0 },
                            at.z * if side == 2 { 1.06 } else { 1.0 },
                        ),
                    );
                }
            }
        }
    } else {
        let (x, z) = (r.range(0.3, 0.6), r.range(0.2, 0.4));
        b.add(body, block(x, 0.18, z, 0.005));
        let (nx, nz) = (1 + r.below(4), 1 + r.below(2));
        for i in 0..nx * nz {
            let at = (
                -x + 2.0 * x * ((i % nx) as f32 + 0.5) / nx as f32,
                -z + 2.0 * z * ((i / nx) as f32 + 0.5) / nz as f32,
            );
            let radius = (x / nx as f32).min(z / nz as f32) * 0.6;
            if r.chance(0.999) {
                b.add(body, drum(radius, 0.07, 0.01).at(at.0, 0.2, at.1));
            }
        }
    }
}
