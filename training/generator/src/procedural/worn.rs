//! Glasses, watches, bags.

use std::f32::consts::FRAC_PI_2;

use glam::vec2;

use super::body::Body;
use super::shape::{block, drum, hose, plate, wheel};
use super::wear::v;
use crate::random::Random;

/// Makes one.
pub fn glasses(r: &mut Random, b: &mut Body) {
    let (frame, lens) = (b.main_box(r), b.dark(r));
    let (w, h) = (r.range(0.19, 0.23), r.range(0.13, 0.2));
    let e = r.range(0.03, h);
    let t = r.range(0.014, 0.03);
    let at = w + 0.05;
    b.add(
        frame,
        plate(w + t, h + t, 0.02, e)
            .minus(plate(w - 0.01, h - 0.01, 0.3, e * 0.9))
            .at(at, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(lens, plate(w, h, 0.0125, e).at(at, 0.0, 0.0).mirror_x());
    b.add(
        frame,
        hose(
            &[v(-0.07, 0.03, 0.0), v(0.0, 0.06, 0.0), v(0.07, 0.03, 0.0)],
            0.02,
            0.02,
        ),
    );
    let x = at + w + t;
    b.add(
        frame,
        hose(
            &[
                v(x - 0.02, h * 0.5, 0.0),
                v(x + 0.01, h * 0.5, -0.3),
                v(x, h * 0.45, -0.65),
                v(x - 0.03, h * 0.5 - 0.15, -0.82),
            ],
            0.018,
            0.018,
        )
        .mirror_x(),
    );
}

/// Makes one.
pub fn watch(r: &mut Random, b: &mut Body) {
    let (strap, case, face, hand) = (b.cloth(r), b.metal(r), b.some(r), b.accent(r));
    let (size, deep) = (r.range(0.17, 0.24), r.range(0.035, 0.06));
    let wide = size * r.range(0.45, 0.8);
    if r.chance(0.5) {
        b.add(strap, block(wide, 0.85, 0.016, 0.01));
    } else {
        let ring = super::shape::shape(move |p| {
            let d = (vec2(p.y, p.z + 0.33).length() - 0.32).abs() - 0.018;
            d.max(p.x.abs() - wide)
        });
        b.add(strap, ring);
    }
    let flat = |radius: f32, half: f32| drum(radius, half, 0.01).turn(FRAC_PI_2, 0.0, 0.0);
    if r.chance(0.6) {
        b.add(case, flat(size, deep).at(0.0, 0.0, 0.01));
        b.carve(face, flat(size * 0.85, 0.02).at(0.0, 0.0, deep + 0.01));
    } else {
        b.add(
            case,
            block(size * 0.85, size, deep, 0.04).at(0.0, 0.0, 0.01),
        );
        b.carve(
            face,
            block(size * 0.7, size * 0.85, 0.02, 0.02).at(0.0, 0.0, deep + 0.01),
        );
    }
    b.add(
        hand,
        block(0.014, size * 0.3, 0.02, 0.0).at(0.0, size * 0.28, deep - 0.01),
    );
    b.add(
        hand,
        block(size * 0.25, 0.014, 0.02, 0.0).at(size * 0.22, 0.0, deep - 0.01),
    );
    b.add(case, wheel(0.03, 0.03, 0.01).at(size + 0.02, 0.0, 0.01));
}

/// Makes one.
pub fn bag(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (cloth, trim, inner) = (b.cloth(r), b.some(r), b.dark(r));
    let (x, y, z) = (r.range(0.3, 0.5), r.range(0.25, 0.45), r.range(0.1, 0.2));
    let body = block(x, y, z, r.range(0.02, 0.1)).taper(r.range(-0.2, 0.5));
    b.add(cloth, body.clone());
    let t = r.range(0.018, 0.03);
    let high = y + r.range(0.15, 0.4);
    let w = x * r.range(0.3, 0.6);
    let handle = hose(
        &[
            v(-w, y * 0.6, z * 0.75),
            v(-w, y + 0.05, z * 0.75),
            v(-w * 0.5, high, z * 0.6),
            v(w * 0.5, high, z * 0.6),
            v(w, y + 0.05, z * 0.75),
            v(w, y * 0.6, z * 0.75),
        ],
        t,
        t,
    );
    b.add(trim, handle.mirror_z());
    if r.chance(0.6) {
        b.carve(inner, body.clone().grow(-0.035).at(0.0, 0.08, 0.0));
        b.add(
            trim,
            block(w + 0.05, 0.03, z * 0.95, 0.01)
                .and(body)
                .at(0.0, y - 0.06, 0.0),
        );
    } else {
        b.add(
            trim,
            block(x * 0.8, y * 0.4, 0.02, 0.02).at(0.0, -y * 0.35, z * 1.0),
        );
    }
}
