//! Chairs, stools, tables, benches, sofas, shelves, beds, desks.

use glam::Vec3;

use super::body::Body;
use super::seats::{chair, sofa, stool};
use super::shape::{block, drum, rod};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(12) {
        0..=3 => chair(r, b),
        4 => stool(r, b),
        5 | 6 => table(r, b),
        7 | 8 => sofa(r, b),
        9 => shelf(r, b),
        10 => bed(r, b),
        _ => desk(r, b),
    }
}

/// Four legs below `top` at ±x, ±z, perhaps splayed, perhaps with stretchers.
pub fn legs(r: &mut Random, b: &mut Body, look: u16, x: f32, z: f32, top: f32) {
    let t = r.range(0.016, 0.045);
    let splay = if r.chance(0.5) {
        r.range(0.0, 0.12)
    } else {
        0.0
    };
    let square = r.chance(0.5) && splay < 0.02;
    let thin = if r.chance(0.5) {
        r.range(0.6, 1.0)
    } else {
        1.0
    };
    for (sx, sz) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
        if square {
            b.add(
                look,
                block(t, top / 2.0, t, 0.004).at(sx * x, top / 2.0, sz * z),
            );
        } else {
            let foot = Vec3::new(sx * (x + splay), 0.0, sz * (z + splay));
            b.add(
                look,
                super::shape::limb(
                    foot,
                    Vec3::new(sx * x, top - t, sz * z),
                    (t * thin).max(0.014),
                    t,
                ),
            );
        }
    }
    if r.chance(0.4) {
        let y = top * r.range(0.2, 0.5);
        let s = splay * (1.0 - y / top);
        for side in [-1.0, 1.0] {
            let (fx, fz) = (side * (x + s), z + s);
            b.add(
                look,
                rod(Vec3::new(fx, y, -fz), Vec3::new(fx, y, fz), t * 0.8 + 0.004),
            );
        }
        if r.chance(0.5) {
            b.add(
                look,
                rod(
                    Vec3::new(-x - s, y, 0.0),
                    Vec3::new(x + s, y, 0.0),
                    t * 0.8 + 0.004,
                ),
            );
        }
    }
}

/// A foot, a column and maybe arms like an office chair's.
pub fn pedestal(r: &mut Random, b: &mut Body, look: u16, top: f32, wide: f32) {
    b.add(
        look,
        drum(r.range(0.025, 0.06), top / 2.0, 0.0).at(0.0, top / 2.0, 0.0),
    );
    if r.chance(0.5) {
        b.add(
            look,
            drum(wide * r.range(0.6, 0.95), 0.02, 0.01).at(0.0, 0.02, 0.0),
        );
    } else {
        let count = 3 + r.below(3);
        let arm = rod(
            Vec3::new(0.0, 0.08, 0.0),
            Vec3::new(wide * 0.9, 0.04, 0.0),
            0.026,
        );
        b.add(look, arm.ring(count));
        let dark = b.dark(r);
        b.add(
            dark,
            super::shape::ball(0.045)
                .at(wide * 0.9, 0.035, 0.0)
                .ring(count),
        );
    }
}

fn table(r: &mut Random, b: &mut Body) {
    let (frame, plate) = (b.frame(r), b.frame(r));
    let (x, z) = (r.range(0.35, 0.6), r.range(0.25, 0.5));
    let top = r.range(0.25, 0.8);
    let thick = r.range(0.012, 0.04);
    let round = r.chance(0.35);
    if round {
        b.add(plate, drum(x, thick, thick * r.unit()).at(0.0, top, 0.0));
        if r.chance(0.6) {
            pedestal(r, b, frame, top, x * 0.7);
        } else {
            legs(r, b, frame, x * 0.6, x * 0.6, top);
        }
    } else {
        b.add(
            plate,
            block(x, thick, z, thick * r.unit()).at(0.0, top, 0.0),
        );
        legs(r, b, frame, x - 0.05, z - 0.05, top);
        if r.chance(0.5) {
            let half = r.range(0.02, 0.05);
            b.add(
                frame,
                block(x - 0.04, half, z - 0.04, 0.0).at(0.0, top - half, 0.0),
            );
        }
        if r.chance(0.2) {
            b.add(
                plate,
                block(x - 0.06, 0.013, z - 0.06, 0.0).at(0.0, top * 0.3, 0.0),
            );
        }
    }
}

fn shelf(r: &mut Random, b: &mut Body) {
    let (wood, thing) = (b.frame(r), b.some(r));
    let (x, y, z) = (r.range(0.25, 0.6), r.range(0.35, 0.8), r.range(0.1, 0.2));
    let t = r.range(0.013, 0.025);
    let rows = 2 + r.below(4);
    b.add(wood, block(t, y, z, 0.0).at(x, 0.0, 0.0).mirror_x());
    for i in 0..=rows {
        let at = -y + t + (2.0 * (y - t)) * i as f32 / rows as f32;
        b.add(wood, block(x, t, z, 0.0).at(0.0, at, 0.0));
        if i < rows && r.chance(0.7) {
            let high = y / rows as f32;
            let mut left = -x + t;
            for _ in 0..r.below(7) {
                let w = r.range(0.015, 0.045);
                let tall = high * r.range(0.5, 0.85);
                let look = if r.chance(0.5) { thing } else { b.some(r) };
                b.add(
                    look,
                    block(w, tall, z * 0.7, 0.0).at(left + w, at + tall, -0.01),
                );
                left += w * 2.0 + 0.002;
                if left > x - 0.1 {
                    break;
                }
            }
        }
    }
    if r.chance(0.5) {
        b.add(wood, block(x, y, 0.013, 0.0).at(0.0, 0.0, -z + 0.013));
    }
}

fn bed(r: &mut Random, b: &mut Body) {
    let (wood, cloth, pillow) = (b.frame(r), b.cloth(r), b.hsv(0.1, 0.05, 0.9, 0.9));
    let (x, z) = (r.range(0.25, 0.5), 0.6);
    let base = r.range(0.12, 0.25);
    b.add(wood, block(x, 0.05, z, 0.01).at(0.0, base, 0.0));
    b.add(
        pillow,
        block(x - 0.02, 0.08, z - 0.02, 0.05).at(0.0, base + 0.1, 0.0),
    );
    b.add(
        cloth,
        block(x + 0.005, 0.075, z * 0.68, 0.04).at(0.0, base + 0.125, z * 0.33),
    );
    let head = r.range(0.15, 0.4);
    b.add(
        wood,
        block(x + 0.02, head / 2.0 + base / 2.0, 0.025, 0.01).at(0.0, (head + base) / 2.0, -z),
    );
    if r.chance(0.5) {
        b.add(
            wood,
            block(x + 0.02, base * 0.75, 0.025, 0.01).at(0.0, base * 0.75, z),
        );
    }
    let count = if x > 0.36 { 2 } else { 1 };
    for i in 0..count {
        let at = if count == 1 {
            0.0
        } else {
            x * (i as f32 - 0.5)
        };
        b.add(
            pillow,
            block(x * 0.8 / count as f32, 0.05, 0.12, 0.048)
                .turn(0.2, 0.0, 0.0)
                .at(at, base + 0.2, -z + 0.17),
        );
    }
    for (sx, sz) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
        b.add(
            wood,
            block(0.03, base / 2.0, 0.03, 0.0).at(sx * (x - 0.03), base / 2.0, sz * (z - 0.03)),
        );
    }
}

fn desk(r: &mut Random, b: &mut Body) {
    let (wood, front, grip) = (b.frame(r), b.some(r), b.metal(r));
    let (x, z, top) = (r.range(0.45, 0.65), r.range(0.22, 0.32), r.range(0.4, 0.6));
    b.add(wood, block(x, 0.018, z, 0.005).at(0.0, top, 0.0));
    let side = if r.chance(0.5) { 1.0 } else { -1.0 };
    let w = r.range(0.1, 0.17);
    b.add(
        wood,
        block(w, top / 2.0, z - 0.02, 0.0).at(side * (x - w - 0.02), top / 2.0, 0.0),
    );
    let n = 2 + r.below(3);
    for i in 0..n {
        let y = top * (i as f32 + 0.5) / n as f32;
        b.add(
            front,
            block(w - 0.012, top / n as f32 / 2.0 - 0.012, 0.02, 0.0).at(
                side * (x - w - 0.02),
                y,
                z - 0.02,
            ),
        );
        b.add(
            grip,
            block(w * 0.4, 0.013, 0.02, 0.005).at(side * (x - w - 0.02), y, z + 0.01),
        );
    }
    if r.chance(0.5) {
        b.add(
            wood,
            block(0.02, top / 2.0, z - 0.03, 0.0).at(-side * (x - 0.04), top / 2.0, 0.0),
        );
    } else {
        for sz in [-1.0, 1.0] {
            b.add(
                grip,
                rod(
                    Vec3::new(-side * (x - 0.05), 0.0, sz * (z - 0.05)),
                    Vec3::new(-side * (x - 0.05), top, sz * (z - 0.05)),
                    0.02,
                ),
            );
        }
    }
    if r.chance(0.4) {
        let dark = b.dark(r);
        b.add(dark, block(0.2, 0.12, 0.014, 0.0).at(0.0, top + 0.2, -0.05));
        b.add(
            dark,
            rod(
                Vec3::new(0.0, top, -0.06),
                Vec3::new(0.0, top + 0.15, -0.06),
                0.02,
            ),
        );
        b.add(
            dark,
            block(0.09, 0.014, 0.07, 0.0).at(0.0, top + 0.025, -0.05),
        );
    }
}
