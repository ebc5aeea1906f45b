//! Trains, boats, planes, rockets.

use std::f32::consts::FRAC_PI_2;

use glam::{Vec3, vec2};

use super::body::Body;
use super::shape::{ball, block, drum, egg, lathe, limb, slab, spline};
use super::vehicles::wheels;
use crate::random::Random;

/// Makes one.
pub fn train(r: &mut Random, b: &mut Body) {
    let (paint, cab, dark, metal) = (b.main_box(r), b.some(r), b.dark(r), b.metal(r));
    let (long, z) = (r.range(0.6, 0.9), r.range(0.17, 0.24));
    b.add(dark, block(long, 0.05, z, 0.01).at(0.0, 0.2, 0.0));
    let boiler = long * r.range(0.55, 0.7);
    b.add(
        paint,
        drum(z * 0.9, boiler, 0.03).turn(0.0, 0.0, FRAC_PI_2).at(
            long - boiler - 0.05,
            0.22 + z * 0.9,
            0.0,
        ),
    );
    let tall = r.range(0.25, 0.35);
    b.add(
        cab,
        block(long * 0.28, tall, z * 1.05, 0.01).at(-long * 0.7, 0.2 + tall, 0.0),
    );
    b.carve(
        dark,
        block(long * 0.15, tall * 0.35, 0.4, 0.0).at(-long * 0.7, 0.2 + tall * 1.35, 0.0),
    );
    b.add(
        dark,
        block(long * 0.33, 0.025, z * 1.2, 0.015).at(-long * 0.7, 0.21 + tall * 2.0, 0.0),
    );
    let top = 0.2 + z * 1.7;
    b.add(
        dark,
        lathe(&[
            (0.0, 0.0),
            (0.05, 0.0),
            (0.05, 0.12),
            (0.1, 0.25),
            (0.0, 0.25),
        ])
        .at(long * 0.72, top, 0.0),
    );
    b.add(metal, ball(0.08).at(long * 0.2, top + 0.04, 0.0));
    let n = 2 + r.below(3);
    let at: Vec<f32> = (0..n)
        .map(|i| -long * 0.75 + 1.5 * long * i as f32 / (n - 1) as f32)
        .collect();
    let radius = r.range(0.12, 0.16);
    wheels(r, b, &at, radius, z + 0.02, false);
    b.add(metal, ball(0.05).at(long - 0.04, 0.22 + z * 1.2, 0.0));
}

/// Makes one.
pub fn boat(r: &mut Random, b: &mut Body) {
    let (paint, deck, cabin) = (b.main_box(r), b.wood(r), b.some(r));
    let (wide, deep) = (r.range(0.18, 0.32), r.range(0.15, 0.3));
    let hull = egg(1.0, deep * 1.6, wide).and_soft(
        block(0.92, deep, 2.0, 0.0)
            .at(-0.05, -deep, 0.0)
            .turn(0.0, 0.0, r.range(0.0, 0.06)),
        0.01,
    );
    b.add(paint, hull.clone());
    let low = -r.range(0.02, 0.1);
    b.carve(
        deck,
        egg(0.94, deep * 1.5, wide - 0.05).and(block(2.0, 1.0, 2.0, 0.0).at(0.0, 1.0 + low, 0.0)),
    );
    if r.chance(0.55) {
        let (x, h) = (r.range(-0.4, 0.0), r.range(0.08, 0.16));
        b.add(
            cabin,
            block(0.25, h, wide * 0.6, 0.02).at(x, h + low - 0.01, 0.0),
        );
        let glass = b.dark(r);
        b.carve(
            glass,
            block(0.18, h * 0.35, 0.02, 0.0)
                .at(x, h * 1.3, wide * 0.6 + 0.01)
                .mirror_z(),
        );
        if r.chance(0.5) {
            b.add(
                paint,
                drum(0.06, 0.12, 0.01).at(x - 0.1, h * 2.0 + 0.05, 0.0),
            );
        }
    } else if r.chance(0.6) {
        let tall = r.range(0.7, 1.3);
        b.add(
            deck,
            limb(
                Vec3::new(0.1, low - 0.05, 0.0),
                Vec3::new(0.1, tall, 0.0),
                0.025,
                0.018,
            ),
        );
        b.add(
            deck,
            limb(
                Vec3::new(0.1, 0.12, 0.0),
                Vec3::new(-0.65, 0.12, 0.0),
                0.02,
                0.02,
            ),
        );
        let sail = slab(
            &[vec2(0.09, 0.12), vec2(-0.62, 0.12), vec2(0.09, tall * 0.97)],
            0.014,
            0.0,
        );
        b.add(cabin, sail);
    } else {
        for x in [-0.4, 0.0, 0.35] {
            b.add(
                deck,
                block(0.06, 0.015, wide * 0.9, 0.0)
                    .and(egg(0.98, deep * 1.55, wide))
                    .at(x, -0.03, 0.0),
            );
        }
    }
}

/// Makes one.
pub fn plane(r: &mut Random, b: &mut Body) {
    let (paint, wing, glass) = (b.main_box(r), b.some(r), b.dark(r));
    let (fat, long) = (r.range(0.07, 0.14), 0.8);
    let points = spline(
        &[
            (0.02, -long),
            (fat * 0.55, -long * 0.6),
            (fat, 0.0),
            (fat, long * 0.6),
            (fat * 0.6, long * 0.92),
            (0.0, long),
        ],
        6,
    );
    let mut all = vec![(0.0, -long)];
    all.extend(points);
    b.add(paint, lathe(&all).turn(0.0, 0.0, -FRAC_PI_2));
    let span = r.range(0.55, 1.0);
    let (root, tip) = (r.range(0.15, 0.3), r.range(0.07, 0.14));
    let sweep = r.range(-0.02, 0.5);
    let low = r.range(-0.6, 0.6) * fat;
    let blade = |root: f32, tip: f32, span: f32, sweep: f32, t: f32| {
        slab(
            &[
                vec2(root, 0.0),
                vec2(tip - sweep, span),
                vec2(-tip - sweep, span),
                vec2(-root, 0.0),
            ],
            t,
            t * 0.8,
        )
        .turn(FRAC_PI_2, 0.0, 0.0)
    };
    let t = r.range(0.016, 0.025);
    b.add(
        wing,
        blade(root, tip, span, sweep, t)
            .at(0.05, low, 0.0)
            .mirror_z(),
    );
    if r.chance(0.15) {
        b.add(
            wing,
            blade(root, tip, span, sweep, t)
                .at(0.1, fat + 0.2, 0.0)
                .mirror_z(),
        );
        b.add(
            wing,
            limb(
                Vec3::new(0.0, low, span * 0.4),
                Vec3::new(0.05, fat + 0.2, span * 0.4),
                0.016,
                0.016,
            )
            .mirror_z(),
        );
    }
    b.add(
        wing,
        blade(0.1, 0.06, 0.3, 0.1, t)
            .at(-long * 0.85, 0.03, 0.0)
            .mirror_z(),
    );
    b.add(
        wing,
        slab(
            &[
                vec2(-long + 0.25, 0.0),
                vec2(-long + 0.04, 0.32),
                vec2(-long - 0.08, 0.32),
                vec2(-long, 0.0),
            ],
            t,
            0.01,
        ),
    );
    b.add(
        glass,
        egg(0.15, fat * 0.7, fat * 0.7).at(long * 0.5, fat * 0.6, 0.0),
    );
    if r.chance(0.5) {
        let at = r.range(0.25, 0.5) * span;
        let drop = low - r.range(0.03, 0.06);
        b.add(
            glass,
            drum(0.055, 0.13, 0.02)
                .turn(0.0, 0.0, FRAC_PI_2)
                .at(0.12 - sweep * at / span, drop, at)
                .mirror_z(),
        );
    } else {
        b.add(glass, block(0.014, 0.25, 0.03, 0.01).at(long, 0.0, 0.0));
        b.add(wing, ball(0.045).at(long, 0.0, 0.0));
    }
}

/// Makes one.
pub fn rocket(r: &mut Random, b: &mut Body) {
    let (paint, fin, glass) = (b.main_round(r), b.accent(r), b.dark(r));
    let fat = r.range(0.1, 0.25);
    let mut all = vec![(0.0, 0.0)];
    all.extend(spline(
        &[
            (fat * 0.7, 0.0),
            (fat, 0.4),
            (fat * 0.95, 0.8),
            (fat * 0.5, 1.15),
            (0.0, 1.35),
        ],
        6,
    ));
    b.add(paint, lathe(&all));
    b.paint(
        fin,
        block(1.0, 0.3, 1.0, 0.0).at(0.0, r.range(1.2, 1.4), 0.0),
    );
    let out = fat + r.range(0.1, 0.3);
    let flap = slab(
        &[
            vec2(0.0, 0.4),
            vec2(out, 0.05),
            vec2(out, -0.2),
            vec2(fat * 0.6, 0.03),
            vec2(0.0, 0.05),
        ],
        0.02,
        0.01,
    );
    b.add(fin, flap.ring(3 + r.below(2)));
    b.carve(glass, ball(fat * 0.4).at(0.0, 0.85, fat * 1.15));
    b.add(
        glass,
        lathe(&[
            (0.0, 0.1),
            (fat * 0.4, 0.1),
            (fat * 0.6, -0.12),
            (0.0, -0.12),
        ]),
    );
}
