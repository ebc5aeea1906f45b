//! Chairs, stools, sofas.

use glam::Vec3;

use super::body::Body;
use super::furniture::{legs, pedestal};
use super::shape::{block, drum, hose, rod, torus};
use crate::random::Random;

/// Makes one.
pub fn chair(r: &mut Random, b: &mut Body) {
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

/// Makes one.
pub fn stool(r: &mut Random, b: &mut Body) {
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

/// Makes one.
pub fn sofa(r: &mut Random, b: &mut Body) {
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
