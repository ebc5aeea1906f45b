//! Quadrupeds, birds, fish, turtles, dinosaurs. They look to +x.

use glam::{Vec3, vec2};

use super::body::Body;
use super::creatures::{bird, dinosaur, fish, turtle};
use super::looks::Mapping;
use super::shape::{ball, egg, hose, limb};
use crate::random::Random;

/// Makes one.
pub fn make(r: &mut Random, b: &mut Body) {
    match r.below(8) {
        0..=3 => quadruped(r, b),
        4 => bird(r, b),
        5 => fish(r, b),
        6 => turtle(r, b),
        _ => dinosaur(r, b),
    }
}

/// Short for a place.
/// Short for a place.
/// Short for a place.
pub fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

pub fn fur(r: &mut Random, b: &mut Body) -> u16 {
    if r.chance(0.7) {
        let (s, value) = (r.range(0.0, 0.7), r.range(0.1, 0.9));
        let look = b.hsv(r.range(0.03, 0.12), s, value, r.range(0.6, 1.0));
        if r.chance(0.2) {
            b.print(r, look, Mapping::Box(2.0, vec2(0.0, 0.0)));
        }
        look
    } else {
        b.main_box(r)
    }
}

pub fn eyes(r: &mut Random, b: &mut Body, at: Vec3, size: f32) {
    let dark = b.dark(r);
    b.add(dark, ball(size).at(at.x, at.y, at.z).mirror_z());
}

fn quadruped(r: &mut Random, b: &mut Body) {
    b.soft = 1;
    let (skin, extra) = (fur(r, b), fur(r, b));
    // 0 dog, 1 horse, 2 elephant, 3 giraffe, 4 pig, 5 cat.
    let kind = r.below(6);
    let leg = [0.4, 0.62, 0.45, 0.85, 0.2, 0.33][kind] * r.range(0.8, 1.2);
    let fat = [0.14, 0.17, 0.3, 0.17, 0.24, 0.13][kind] * r.range(0.85, 1.2);
    let long = [0.36, 0.4, 0.38, 0.32, 0.38, 0.32][kind] * r.range(0.85, 1.15);
    let y = leg + fat * 0.7;
    let chest = fat * r.range(0.95, 1.2);
    b.add(
        skin,
        limb(v(-long, y, 0.0), v(long, y + fat * 0.15, 0.0), fat, chest),
    );
    let foot = [0.045, 0.04, 0.1, 0.04, 0.06, 0.04][kind];
    let stride = r.range(0.0, 0.16);
    for (i, (sx, sz)) in [(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)]
        .into_iter()
        .enumerate()
    {
        let step = if i % 2 == 0 { stride } else { -stride } * r.range(0.5, 1.0);
        let (hip, out) = (v(sx * long, y - fat * 0.2, sz * fat * 0.6), fat * 0.62);
        let knee = v(sx * long + step * 0.6 + 0.03, leg * 0.52, sz * out);
        let end = v(sx * long + step, foot * 0.8, sz * out);
        b.melt(skin, 0.06, limb(hip, knee, fat * 0.55, foot * 1.25));
        b.melt(skin, 0.03, limb(knee, end, foot * 1.25, foot));
        let look = if r.chance(0.5) { extra } else { skin };
        b.melt(
            look,
            0.02,
            egg(foot * 1.4, foot * 0.8, foot * 1.1).at(end.x + foot * 0.4, foot * 0.75, end.z),
        );
    }
    let neck = [0.22, 0.42, 0.16, 0.8, 0.12, 0.17][kind] * r.range(0.8, 1.2);
    let up = [0.9, 1.0, 0.3, 1.3, 0.2, 0.8][kind] + r.range(-0.3, 0.15);
    let start = v(long * 0.95, y + fat * 0.3, 0.0);
    let head = start + v(up.cos(), up.sin(), 0.0) * (neck + fat * 0.6);
    let size = [0.12, 0.11, 0.22, 0.09, 0.17, 0.12][kind] * r.range(0.9, 1.15);
    b.melt(skin, 0.08, limb(start, head, fat * 0.75, size * 0.8));
    b.melt(skin, 0.04, ball(size).at(head.x, head.y, head.z));
    let snout = [0.18, 0.28, 0.0, 0.2, 0.14, 0.08][kind] * r.range(0.8, 1.2);
    let tip = head + v(snout + size * 0.5, -snout * 0.55 - size * 0.2, 0.0);
    if kind == 2 {
        let trunk = [
            head,
            head + v(size * 1.0, -0.05, 0.0),
            head + v(size * 1.5, -0.25, 0.0),
            head + v(
                size * 1.4 + r.range(-0.1, 0.3),
                -0.5 + r.range(-0.05, 0.3),
                0.0,
            ),
        ];
        b.melt(skin, 0.05, hose(&trunk, size * 0.55, 0.05));
        b.melt(
            skin,
            0.04,
            egg(0.16, 0.22, 0.03)
                .turn(0.0, -0.5, 0.0)
                .at(head.x - size * 0.4, head.y, size + 0.1)
                .mirror_z(),
        );
        if r.chance(0.6) {
            let tusk = b.hsv(0.13, 0.1, 0.95, 0.4);
            b.add(
                tusk,
                hose(
                    &[
                        head + v(size * 0.6, -0.1, 0.09),
                        head + v(size * 1.2, -0.25, 0.12),
                        head + v(size * 1.7, -0.2, 0.12),
                    ],
                    0.035,
                    0.016,
                )
                .mirror_z(),
            );
        }
    } else {
        let end = [0.6, 0.6, 0.0, 0.6, 0.75, 0.55][kind];
        b.melt(skin, 0.05, limb(head, tip, size * 0.75, size * end));
        b.melt(
            extra,
            0.01,
            ball(size * 0.28).at(tip.x + size * 0.45, tip.y + size * 0.1, 0.0),
        );
        let ear = [0.16, 0.12, 0.0, 0.1, 0.12, 0.11][kind];
        let base = head + v(-size * 0.3, size * 0.6, size * 0.55);
        let way = if kind == 0 && r.chance(0.5) {
            v(-0.02, -ear, ear * 0.6)
        } else {
            v(-0.02, ear, ear * 0.2)
        };
        b.melt(extra, 0.02, limb(base, base + way, 0.045, 0.022).mirror_z());
    }
    eyes(r, b, head + v(size * 0.6, size * 0.4, size * 0.7), 0.024);
    let rump = v(-long - fat * 0.8, y + fat * 0.4, 0.0);
    let tail = [0.35, 0.45, 0.25, 0.35, 0.1, 0.45][kind] * r.range(0.7, 1.2);
    let lift = if kind == 0 || kind == 5 {
        r.range(-0.5, 1.0)
    } else {
        -0.9
    };
    let side = r.range(-0.1, 0.1);
    let points = [
        rump + v(0.08, 0.0, 0.0),
        rump + v(-tail * 0.4, tail * lift * 0.3, 0.0),
        rump + v(-tail * 0.6, tail * lift, side),
    ];
    b.melt(
        extra,
        0.04,
        hose(&points, if kind == 1 { 0.06 } else { 0.035 }, 0.022),
    );
    if kind == 1 || (kind == 3 && r.chance(0.5)) {
        b.melt(
            extra,
            0.03,
            limb(
                start + v(-fat * 0.5, fat * 0.4, 0.0),
                head + v(-size * 0.5, size * 0.6, 0.0),
                0.05,
                0.04,
            ),
        );
    }
}
