//! Bottles, jars, cans, lamps, candlesticks, chess pieces, tops, bells, bulbs: turned and closed.

use glam::Vec3;

use super::body::Body;
use super::shape::{ball, block, drum, hose, lathe, rod, spline, wheel};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(10) {
        0..=2 => bottle(r, b),
        3 => can(r, b),
        4 => spray(r, b),
        5 | 6 => lamp(r, b),
        7 => chess(r, b),
        8 => top(r, b),
        _ => bell(r, b),
    }
}

fn bottle(r: &mut Random, b: &mut Body) {
    let (glass, cap, label) = (b.main_round(r), b.some(r), b.accent(r));
    let wide = r.range(0.2, 0.5);
    let neck = wide * r.range(0.25, 0.6);
    let shoulder = r.range(0.5, 1.1);
    let high = shoulder + r.range(0.15, 0.7);
    let mut points = vec![(0.0, 0.0), (wide * 0.93, 0.0), (wide, 0.03)];
    points.extend(spline(
        &[
            (wide, 0.05),
            (wide * r.range(0.85, 1.05), shoulder * 0.5),
            (wide, shoulder),
            (neck, shoulder + (high - shoulder) * r.range(0.3, 0.7)),
            (neck, high),
        ],
        6,
    ));
    points.push((0.0, high));
    let mut shape = lathe(&points);
    let mut bent = 0.0;
    match r.below(6) {
        0 => shape = shape.stretch(1.0, 1.0, r.range(0.45, 0.8)),
        1 => shape = shape.and_soft(block(wide * 0.82, 9.0, wide * 0.82, wide * 0.15), 0.03),
        2 if r.chance(0.4) => bent = r.range(-0.25, 0.25),
        _ => {}
    }
    b.add(glass, shape.bend(bent));
    if r.chance(0.85) {
        let grow = r.range(1.02, 1.4);
        b.add(
            cap,
            drum(neck * grow, r.range(0.04, 0.12), 0.01)
                .at(0.0, high, 0.0)
                .bend(bent),
        );
    }
    if r.chance(0.5) {
        if r.chance(0.6) {
            b.print_round(r, label);
        }
        let (y, half) = (shoulder * r.range(0.4, 0.6), shoulder * r.range(0.15, 0.35));
        b.paint(label, drum(2.0, half, 0.0).at(0.0, y, 0.0));
    }
}

fn can(r: &mut Random, b: &mut Body) {
    let (body, lid) = (b.main_round(r), b.metal(r));
    let (wide, high) = (r.range(0.25, 0.5), r.range(0.2, 0.7));
    b.add(body, drum(wide, high, r.range(0.005, 0.06)));
    let (rim, edge) = (wide * r.range(0.85, 1.06), r.range(0.03, 0.1));
    b.add(
        lid,
        drum(rim, edge, r.range(0.005, 0.03)).at(0.0, high, 0.0),
    );
    if r.chance(0.5) {
        b.add(lid, drum(rim, edge, 0.01).at(0.0, -high, 0.0));
    }
    if r.chance(0.3) {
        b.add(lid, ball(0.07).at(0.0, high + edge + 0.05, 0.0));
        b.add(lid, drum(0.03, 0.05, 0.0).at(0.0, high + edge, 0.0));
    }
}

fn spray(r: &mut Random, b: &mut Body) {
    let (body, head) = (b.main_round(r), b.some(r));
    let wide = r.range(0.22, 0.35);
    let high = r.range(0.4, 0.7);
    b.add(body, drum(wide, high, r.range(0.03, 0.12)));
    b.melt(
        body,
        0.1,
        drum(wide * 0.4, 0.15, 0.02).at(0.0, high + 0.02, 0.0),
    );
    b.add(head, drum(wide * 0.45, 0.07, 0.01).at(0.0, high + 0.2, 0.0));
    if r.chance(0.5) {
        b.add(
            head,
            block(0.2, 0.07, 0.08, 0.02).at(-0.08, high + 0.32, 0.0),
        );
        b.add(
            head,
            hose(
                &[
                    Vec3::new(-0.12, high + 0.3, 0.0),
                    Vec3::new(-0.2, high + 0.2, 0.0),
                    Vec3::new(-0.2, high + 0.05, 0.0),
                ],
                0.03,
                0.02,
            ),
        );
    } else {
        b.add(head, drum(0.09, 0.08, 0.02).at(0.0, high + 0.3, 0.0));
        b.add(
            head,
            rod(
                Vec3::new(0.0, high + 0.32, 0.0),
                Vec3::new(0.18, high + 0.32, 0.0),
                0.03,
            ),
        );
    }
}

fn lamp(r: &mut Random, b: &mut Body) {
    let (stand, shade) = (b.frame(r), b.main_round(r));
    let high = r.range(0.5, 1.4);
    let wide = r.range(0.25, 0.5);
    b.add(stand, drum(r.range(0.18, 0.35), 0.03, 0.015));
    if r.chance(0.5) {
        let radii: Vec<(f32, f32)> = (0..5)
            .map(|i| (r.range(0.04, 0.2), high * i as f32 / 4.0))
            .collect();
        let mut points = vec![(0.0, 0.0)];
        points.extend(spline(&radii, 5));
        points.push((0.0, high));
        b.add(stand, lathe(&points));
    }
    b.add(
        stand,
        drum(r.range(0.025, 0.05), high / 2.0 + 0.1, 0.0).at(0.0, high / 2.0, 0.0),
    );
    let tall = r.range(0.25, 0.55);
    let top = wide * r.range(0.4, 1.0);
    let hull = lathe(&[(0.0, 0.0), (wide, 0.0), (top, tall), (0.0, tall)]).at(0.0, high, 0.0);
    b.add(shade, hull.clone());
    let inner = lathe(&[
        (0.0, -0.1),
        (wide - 0.04, -0.1),
        (wide - 0.04, 0.0),
        (top - 0.04, tall - 0.05),
        (0.0, tall - 0.05),
    ]);
    b.carve(shade, inner.at(0.0, high, 0.0));
    b.add(
        stand,
        drum(0.03, tall / 2.0 + 0.12, 0.0).at(0.0, high + tall / 2.0 - 0.1, 0.0),
    );
}

fn chess(r: &mut Random, b: &mut Body) {
    let body = if r.chance(0.5) {
        b.wood(r)
    } else {
        b.main_round(r)
    };
    let high = r.range(0.7, 1.3);
    let neck = r.range(0.08, 0.15);
    let mut points = vec![(0.0, 0.0), (0.32, 0.0), (0.33, 0.06)];
    points.extend(spline(
        &[
            (0.3, 0.1),
            (r.range(0.2, 0.26), 0.16),
            (neck * 1.3, high * 0.5),
            (neck, high * 0.85),
            (neck * 1.8, high),
        ],
        6,
    ));
    points.extend([(0.0, high)]);
    b.add(body, lathe(&points));
    b.add(
        body,
        drum(r.range(0.15, 0.22), 0.03, 0.02).at(0.0, high * 0.95, 0.0),
    );
    match r.below(4) {
        0 => b.add(body, ball(r.range(0.16, 0.22)).at(0.0, high + 0.15, 0.0)),
        1 => {
            b.add(body, drum(0.2, 0.14, 0.01).at(0.0, high + 0.1, 0.0));
            b.cut(
                block(0.3, 0.08, 0.04, 0.0)
                    .ring(4)
                    .at(0.0, high + 0.24, 0.0),
            );
            b.cut(drum(0.13, 0.08, 0.0).at(0.0, high + 0.24, 0.0));
        }
        2 => {
            b.add(
                body,
                lathe(&[(0.0, 0.0), (0.12, 0.0), (0.2, 0.28), (0.0, 0.34)]).at(0.0, high, 0.0),
            );
            b.add(
                body,
                block(0.035, 0.15, 0.03, 0.005).at(0.0, high + 0.4, 0.0),
            );
            b.add(
                body,
                block(0.1, 0.035, 0.03, 0.005).at(0.0, high + 0.43, 0.0),
            );
        }
        _ => {
            b.add(
                body,
                ball(0.17).stretch(1.0, 1.4, 1.0).at(0.0, high + 0.18, 0.0),
            );
            b.cut(
                block(0.03, 0.2, 0.4, 0.0)
                    .turn(0.0, 0.0, -0.6)
                    .at(0.12, high + 0.28, 0.0),
            );
            b.add(body, ball(0.05).at(0.0, high + 0.43, 0.0));
        }
    }
}

fn top(r: &mut Random, b: &mut Body) {
    let (body, tip) = (b.main_round(r), b.wood(r));
    let pitch = r.range(0.12, 0.24);
    let mut radii: Vec<(f32, f32)> = (0..6)
        .map(|i| (r.range(0.1, 0.5), i as f32 * pitch))
        .collect();
    radii[0].0 *= r.range(0.2, 1.0);
    let mut points = vec![(0.0, 0.0)];
    points.extend(
        spline(&radii, 5)
            .into_iter()
            .map(|(wide, y)| (wide.max(0.04), y)),
    );
    points.push((0.0, radii[5].1 + 0.05));
    b.add(body, lathe(&points));
    let extra = b.accent(r);
    for _ in 0..r.below(4) {
        b.paint(
            extra,
            drum(2.0, r.range(0.02, 0.06), 0.0).at(0.0, r.range(0.1, 0.8), 0.0),
        );
    }
    if r.chance(0.5) {
        b.add(
            tip,
            drum(r.range(0.03, 0.06), r.range(0.1, 0.4), 0.01).at(0.0, radii[5].1 + 0.05, 0.0),
        );
    }
}

fn bell(r: &mut Random, b: &mut Body) {
    if r.chance(0.5) {
        let (metal, wood) = (b.metal(r), b.wood(r));
        let flare = r.range(0.35, 0.55);
        let points = spline(
            &[
                (flare, 0.0),
                (flare * 0.75, 0.1),
                (flare * 0.55, 0.4),
                (flare * 0.4, 0.6),
                (0.0, 0.68),
            ],
            6,
        );
        let mut all = vec![(0.0, 0.0)];
        all.extend(points);
        let hull = lathe(&all);
        b.add(metal, hull.clone());
        b.carve(metal, hull.grow(-0.04).at(0.0, -0.05, 0.0));
        b.cut(drum(flare - 0.05, 0.05, 0.0));
        b.add(metal, drum(0.03, 0.3, 0.0).at(0.0, 0.35, 0.0));
        b.add(metal, ball(0.08).at(0.0, 0.1, 0.0));
        b.add(
            wood,
            drum(r.range(0.05, 0.09), r.range(0.1, 0.35), 0.04).at(0.0, 0.85, 0.0),
        );
        b.add(wood, drum(0.05, 0.1, 0.0).at(0.0, 0.7, 0.0));
    } else {
        let (glass, metal) = (b.main_round(r), b.metal(r));
        b.add(glass, ball(r.range(0.35, 0.45)).at(0.0, 0.9, 0.0));
        b.melt(glass, 0.25, drum(0.16, 0.2, 0.0).at(0.0, 0.45, 0.0));
        b.add(metal, drum(0.18, 0.17, 0.03).at(0.0, 0.22, 0.0));
        for i in 0..4 {
            b.add(
                metal,
                drum(0.195, 0.02, 0.01).at(0.0, 0.1 + i as f32 * 0.08, 0.0),
            );
        }
        b.add(
            metal,
            wheel(0.02, 0.02, 0.0)
                .or(drum(0.09, 0.05, 0.02))
                .at(0.0, 0.03, 0.0),
        );
    }
}
