//! Chairs, stools, tables, benches, sofas, shelves, beds, desks.

use glam::Vec3;

use super::body::Body;
use super::shape::{block, drum, hose, rod, torus};
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
fn legs(r: &mut Random, b: &mut Body, look: u16, x: f32, z: f32, top: f32) {
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
fn pedestal(r: &mut Random, b: &mut Body, look: u16, top: f32, wide: f32) {
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

fn chair(r: &mut Random, b: &mut Body) {
    let (frame, seat) = (b.frame(r), b.cloth(r));
    let (x, z) = (r.range(0.2, 0.3), r.range(0.19, 0.28));
    let top = r.range(0.38, 0.52);
    let back = top + r.range(0.3, 0.75);
    let thick = r.range(0.014, 0.06);
    match r.below(6) {
        0 => pedestal(r, b, frame, top, x),
        1 => {
            let t = r.range(0.016, 0.026);
            let sled = hose(
                &[
                    Vec3::new(x - 0.02, top, z),
                    Vec3::new(x - 0.02, 0.02, z),
                    Vec3::new(x - 0.02, 0.02, -z),
                    Vec3::new(x - 0.02, top, -z),
                ],
                t,
                t,
            );
            b.add(frame, sled.mirror_x());
        }
        _ => legs(r, b, frame, x - 0.03, z - 0.03, top),
    }
    let look = if r.chance(0.6) { seat } else { frame };
    if r.chance(0.2) {
        b.add(look, drum(x, thick, thick).at(0.0, top, 0.0));
    } else {
        b.add(look, block(x, thick, z, thick * r.unit()).at(0.0, top, 0.0));
    }
    let lean = r.range(0.0, 0.12);
    let t = r.range(0.016, 0.03);
    let post = |sx: f32| {
        rod(
            Vec3::new(sx, top, -z + t),
            Vec3::new(sx, back, -z + t - lean),
            t,
        )
    };
    let kind = r.below(5);
    let place = |y: f32| -z + t - lean * (y - top) / (back - top);
    if kind == 0 {
        let panel = block(x, (back - top) / 2.0, thick.clamp(0.015, 0.05), 0.01);
        b.add(
            look,
            panel
                .turn(-lean, 0.0, 0.0)
                .at(0.0, (back + top) / 2.0, -z + t - lean / 2.0),
        );
    } else {
        b.add(frame, post(x - t));
        b.add(frame, post(-x + t));
        b.add(
            frame,
            rod(
                Vec3::new(-x + t, back, place(back)),
                Vec3::new(x - t, back, place(back)),
                t * 1.2,
            ),
        );
        if kind == 1 {
            let n = 2 + r.below(3);
            for i in 0..n {
                let y = top + (back - top) * (i as f32 + 0.7) / n as f32;
                b.add(
                    frame,
                    block(x - t, r.range(0.02, 0.05), 0.015, 0.0).at(0.0, y.min(back), place(y)),
                );
            }
        } else if kind == 2 {
            let n = 2 + r.below(4);
            for i in 0..n {
                let sx = (x - t) * (2.0 * (i as f32 + 1.0) / (n as f32 + 1.0) - 1.0);
                b.add(
                    frame,
                    rod(
                        Vec3::new(sx, top, -z + t),
                        Vec3::new(sx, back, place(back)),
                        0.014,
                    ),
                );
            }
        } else {
            let half = (back - top) * r.range(0.2, 0.42);
            let y = back - half;
            b.add(
                look,
                block(x - 0.01, half, 0.025, 0.02)
                    .turn(-lean, 0.0, 0.0)
                    .at(0.0, y, place(y)),
            );
        }
    }
    if r.chance(0.3) {
        let y = top + r.range(0.15, 0.25);
        for s in [-1.0, 1.0] {
            let points = [
                Vec3::new(s * x, top - 0.01, z * 0.6),
                Vec3::new(s * x, y, z * 0.7),
                Vec3::new(s * (x - t), y, place(y)),
            ];
            b.add(frame, super::shape::pipe(&points, 0.02, 0.02));
        }
    }
}

fn stool(r: &mut Random, b: &mut Body) {
    let (frame, seat) = (b.frame(r), b.cloth(r));
    let top = r.range(0.35, 0.9);
    let wide = r.range(0.18, 0.3);
    let thick = r.range(0.02, 0.07);
    if r.chance(0.3) {
        pedestal(r, b, frame, top, wide);
    } else if r.chance(0.5) {
        let (count, out) = (3 + r.below(2), r.range(0.7, 1.2));
        let leg = rod(
            Vec3::new(wide * 0.6, top - 0.03, 0.0),
            Vec3::new(wide * out, 0.0, 0.0),
            r.range(0.018, 0.04),
        );
        b.add(frame, leg.ring(count));
        let y = top * 0.35;
        let at = wide * (0.6 + (out - 0.6) * 0.65);
        b.add(frame, torus(at, 0.018).at(0.0, y, 0.0));
    } else {
        legs(r, b, frame, wide * 0.65, wide * 0.65, top);
    }
    if r.chance(0.6) {
        b.add(seat, drum(wide, thick, thick * r.unit()).at(0.0, top, 0.0));
    } else {
        b.add(
            seat,
            block(wide, thick, wide * 0.8, thick * r.unit()).at(0.0, top, 0.0),
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

fn sofa(r: &mut Random, b: &mut Body) {
    let (cloth, foot, pillow) = (b.cloth(r), b.frame(r), b.some(r));
    let x = r.range(0.25, 0.75);
    let (z, seat, back) = (
        r.range(0.25, 0.35),
        r.range(0.14, 0.22),
        r.range(0.35, 0.55),
    );
    let e = r.range(0.01, 0.07);
    let arm = r.range(0.05, 0.11);
    let leg = r.range(0.03, 0.12);
    b.add(
        cloth,
        block(x, seat / 2.0, z, e).at(0.0, leg + seat / 2.0, 0.0),
    );
    let behind = r.range(0.06, 0.1);
    b.add(
        cloth,
        block(x, back / 2.0, behind, e)
            .turn(-r.range(0.0, 0.15), 0.0, 0.0)
            .at(0.0, leg + back / 2.0 + 0.05, -z + behind),
    );
    if r.chance(0.85) {
        let high = seat + r.range(0.06, 0.2);
        b.add(
            cloth,
            block(arm, high / 2.0, z, e)
                .at(x, leg + high / 2.0, 0.0)
                .mirror_x(),
        );
    }
    let n = if x < 0.4 { 1 } else { 2 + r.below(2) };
    let w = (x - arm) / n as f32;
    let soft = r.range(0.03, 0.06);
    for i in 0..n {
        let at = -(x - arm) + w * (2.0 * i as f32 + 1.0);
        b.add(
            cloth,
            block(w - 0.008, soft, z - behind * 0.8, soft * 0.9).at(
                at,
                leg + seat + soft * 0.7,
                behind,
            ),
        );
        if r.chance(0.5) {
            b.add(
                cloth,
                block(w - 0.01, 0.13, 0.05, 0.045).turn(-0.15, 0.0, 0.0).at(
                    at,
                    leg + seat + 0.17,
                    -z + behind * 2.3,
                ),
            );
        }
    }
    if r.chance(0.5) {
        let side = if r.chance(0.5) { 1.0 } else { -1.0 };
        b.add(
            pillow,
            block(0.11, 0.11, 0.04, 0.038)
                .turn(-0.4, side * 0.3, 0.1)
                .at(
                    side * (x - arm - 0.13),
                    leg + seat + 0.14,
                    -z + behind * 2.6,
                ),
        );
    }
    for (sx, sz) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
        b.add(
            foot,
            drum(0.026, leg / 2.0 + 0.02, 0.0).at(sx * (x - 0.06), leg / 2.0, sz * (z - 0.06)),
        );
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
