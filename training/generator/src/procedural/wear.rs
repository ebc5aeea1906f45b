//! Shoes, boots, hats, headphones, glasses, watches, bags.

use glam::{Vec3, vec2};

use super::body::Body;
use super::shape::{block, drum, egg, hose, lathe, plate, slab, spline, torus, wheel};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(9) {
        0..=2 => shoe(r, b),
        3 | 4 => hat(r, b),
        5 => headphones(r, b),
        6 => glasses(r, b),
        7 => watch(r, b),
        _ => bag(r, b),
    }
}

fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

fn shoe(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (upper, sole, inner, lace) = (b.main_box(r), b.second(r), b.dark(r), b.some(r));
    let wide = r.range(0.13, 0.18);
    let boot = r.chance(0.35);
    let ankle = if boot {
        r.range(0.4, 0.9)
    } else {
        r.range(0.2, 0.34)
    };
    let outline: Vec<_> = spline(
        &[
            (0.5, 0.0),
            (0.42, wide * 0.85),
            (0.2, wide),
            (-0.1, wide * 0.72),
            (-0.4, wide * 0.72),
            (-0.48, 0.0),
            (-0.4, -wide * 0.72),
            (-0.1, -wide * 0.66),
            (0.2, -wide),
            (0.42, -wide * 0.8),
            (0.5, 0.0),
        ],
        4,
    )
    .iter()
    .map(|&(x, z)| vec2(x * 1.07, z * 1.12 + z.signum() * 0.012))
    .collect();
    let thick = r.range(0.03, 0.08);
    let side = slab(&outline[..outline.len() - 1], thick, 0.015).turn(1.5708, 0.0, 0.0);
    let toe = egg(0.34, r.range(0.16, 0.24), wide * 1.02).at(0.18, thick, 0.0);
    let heel = egg(0.24, 0.26, wide * 0.8).at(-0.26, thick, 0.0);
    let shaft = hose(
        &[
            v(-0.25, 0.1, 0.0),
            v(-0.24, ankle * 0.6, 0.0),
            v(-0.25, ankle + 0.1, 0.0),
        ],
        wide * 0.9,
        wide * 0.95,
    )
    .stretch(1.25, 1.0, 0.85)
    .at(0.06, 0.0, 0.0);
    let all = toe.melt(heel, 0.15).melt(shaft, 0.14).above(0.0);
    b.add(upper, all.clone().below(ankle));
    b.carve(
        inner,
        all.grow(-0.028)
            .above(thick + 0.04)
            .and(block(0.45, 2.0, 1.0, 0.0).at(-0.4, 0.0, 0.0)),
    );
    b.add(sole, side.at(0.0, thick * 0.4, 0.0));
    if r.chance(0.3) {
        b.add(
            sole,
            block(0.1, 0.07, wide * 0.65, 0.03).at(-0.36, -thick * 0.5 - 0.02, 0.0),
        );
    }
    if r.chance(0.7) {
        for i in 0..3 {
            let x = 0.02 + 0.07 * i as f32;
            let y = 0.29 - 0.035 * i as f32;
            b.add(
                lace,
                hose(
                    &[
                        v(x, y - 0.04, wide * 0.55),
                        v(x, y, 0.0),
                        v(x, y - 0.04, -wide * 0.55),
                    ],
                    0.016,
                    0.016,
                ),
            );
        }
    }
}

fn hat(r: &mut Random, b: &mut Body) {
    let (felt, band, inner) = (b.cloth(r), b.accent(r), b.dark(r));
    let (wide, high) = (0.33, r.range(0.2, 0.6));
    if r.chance(0.35) {
        b.soft = 1;
        b.add(felt, egg(wide, high.min(0.35), wide * 1.1).above(0.0));
        b.add(
            felt,
            egg(wide * 0.85, 0.025, 0.38)
                .at(0.0, 0.02, wide * 0.9)
                .above(-0.01),
        );
        b.carve(
            inner,
            egg(wide - 0.03, high.min(0.35) - 0.03, wide * 1.1 - 0.03).at(0.0, -0.02, 0.0),
        );
        b.add(band, drum(0.035, 0.02, 0.015).at(0.0, high.min(0.35), 0.0));
        return;
    }
    let top = wide * r.range(0.7, 1.15);
    let crown = lathe(&[
        (0.0, -0.1),
        (wide, -0.1),
        (wide, 0.0),
        ((wide + top) / 2.0 + 0.01, high / 2.0),
        (top, high - 0.05),
        (top - 0.06, high),
        (0.0, high),
    ])
    .stretch(1.0, 1.0, r.range(1.0, 1.15));
    let brim = r.range(0.42, 0.75);
    let curl = r.range(0.0, 0.15);
    let disc = lathe(&spline(
        &[
            (0.0, -0.02),
            (wide, -0.02),
            (brim, curl - 0.02),
            (brim, curl + 0.015),
            (wide, 0.02),
            (0.0, 0.02),
        ],
        3,
    ));
    b.add(felt, crown.clone().above(-0.02));
    b.add(felt, disc);
    b.carve(inner, crown.clone().grow(-0.03));
    if r.chance(0.7) {
        b.add(
            band,
            crown
                .grow(0.014)
                .minus(drum(0.2, 1.0, 0.0))
                .and(drum(2.0, r.range(0.02, 0.07), 0.0).at(0.0, 0.08, 0.0)),
        );
    }
}

fn headphones(r: &mut Random, b: &mut Body) {
    let (shell, pad, metal) = (b.main_box(r), b.dark(r), b.metal(r));
    let (wide, high) = (r.range(0.35, 0.42), r.range(0.45, 0.6));
    let t = r.range(0.02, 0.035);
    let points: Vec<Vec3> = (0..=8)
        .map(|i| i as f32 / 8.0 * std::f32::consts::PI)
        .map(|a| v(-a.cos() * wide, 0.1 + a.sin() * high, 0.0))
        .collect();
    b.add(
        shell,
        hose(&points, t, t).stretch(1.0, 1.0, r.range(1.0, 2.5)),
    );
    let size = r.range(0.15, 0.24);
    b.add(
        shell,
        egg(0.07, size, size * 0.9)
            .at(wide + 0.02, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(
        pad,
        torus(size * 0.7, size * 0.28)
            .turn(0.0, 0.0, 1.5708)
            .at(wide - 0.06, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(
        metal,
        wheel(size * 0.5, 0.02, 0.01)
            .at(wide + 0.085, 0.0, 0.0)
            .mirror_x(),
    );
    b.add(
        metal,
        block(0.02, 0.1, 0.025, 0.01)
            .at(wide + 0.01, 0.15, 0.0)
            .mirror_x(),
    );
}

fn glasses(r: &mut Random, b: &mut Body) {
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

fn watch(r: &mut Random, b: &mut Body) {
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
    let flat = |radius: f32, half: f32| drum(radius, half, 0.01).turn(1.5708, 0.0, 0.0);
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

fn bag(r: &mut Random, b: &mut Body) {
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
