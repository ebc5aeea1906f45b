//! Radios, toasters, cameras, phones, consoles.

use std::f32::consts::FRAC_PI_2;

use glam::Vec3;

use super::body::Body;
use super::boxes::edge;
use super::looks::boxed;
use super::shape::{ball, block, drum, hose, rod, wheel};
use crate::random::Random;

/// Makes one.
pub fn radio(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (shell, dark, knob) = (b.main(r, map), b.dark(r), b.some(r));
    let (x, y, z) = (r.range(0.4, 0.6), r.range(0.2, 0.4), r.range(0.1, 0.22));
    b.add(shell, block(x, y, z, edge(r)));
    let big = y * r.range(0.5, 0.75);
    b.add(
        dark,
        wheel(big, 0.02, 0.01)
            .turn(0.0, FRAC_PI_2, 0.0)
            .at(-x + big * 1.25, -y * 0.1, z),
    );
    b.carve(
        knob,
        wheel(big * 0.8, 0.02, 0.0).turn(0.0, FRAC_PI_2, 0.0).at(
            -x + big * 1.25,
            -y * 0.1,
            z + 0.02,
        ),
    );
    for i in 0..2 + r.below(3) {
        let at = x * 0.2 + i as f32 * 0.14;
        if at < x - 0.05 {
            b.add(
                knob,
                wheel(0.045, 0.04, 0.01)
                    .turn(0.0, FRAC_PI_2, 0.0)
                    .at(at, -y * 0.4, z),
            );
        }
    }
    b.carve(
        dark,
        block(x * 0.35, y * 0.2, 0.02, 0.0).at(x * 0.45, y * 0.45, z),
    );
    if r.chance(0.5) {
        b.add(
            knob,
            rod(
                Vec3::new(x * 0.8, y * 0.9, -z * 0.5),
                Vec3::new(x * 0.9, y + r.range(0.2, 0.7), -z * 0.5),
                0.016,
            ),
        );
    } else {
        b.add(
            dark,
            hose(
                &[
                    Vec3::new(-x * 0.8, y * 0.95, 0.0),
                    Vec3::new(-x * 0.75, y + 0.13, 0.0),
                    Vec3::new(x * 0.75, y + 0.13, 0.0),
                    Vec3::new(x * 0.8, y * 0.95, 0.0),
                ],
                0.025,
                0.025,
            ),
        );
    }
}

/// Makes one.
pub fn toaster(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (shell, dark) = (b.main(r, map), b.dark(r));
    let (x, y, z) = (r.range(0.35, 0.55), r.range(0.25, 0.4), r.range(0.18, 0.3));
    b.add(shell, block(x, y, z, r.range(0.05, 0.15)));
    for s in [-1.0, 1.0] {
        b.carve(
            dark,
            block(x * 0.75, y * 0.7, 0.045, 0.0).at(0.0, y * 0.6, s * z * 0.4),
        );
    }
    b.carve(dark, block(0.05, y * 0.5, 0.02, 0.0).at(x, 0.05, 0.0));
    b.add(
        dark,
        block(0.07, 0.025, 0.06, 0.01).at(x, r.range(-0.1, 0.2), 0.0),
    );
    b.add(dark, block(x * 0.9, 0.03, z * 0.9, 0.0).at(0.0, -y, 0.0));
    if r.chance(0.4) {
        let bread = b.hsv(0.09, 0.6, 0.7, 0.9);
        b.add(
            bread,
            block(x * 0.6, y * 0.9, 0.04, 0.03).at(0.0, y * 0.5, z * 0.4),
        );
    }
}

/// Makes one.
pub fn camera(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (shell, dark, metal) = (b.main(r, map), b.dark(r), b.metal(r));
    let (x, y, z) = (r.range(0.35, 0.5), r.range(0.22, 0.33), r.range(0.1, 0.18));
    b.add(shell, block(x, y, z, r.range(0.01, 0.08)));
    let lens = y * r.range(0.6, 0.95);
    let at = r.range(-0.1, 0.1);
    let long = r.range(0.05, 0.35);
    let tube = |radius: f32, half: f32| wheel(radius, half, 0.01).turn(0.0, FRAC_PI_2, 0.0);
    b.add(dark, tube(lens, long).at(at, -0.02, z));
    b.add(metal, tube(lens + 0.02, 0.03).at(at, -0.02, z + long * 0.5));
    b.carve(dark, tube(lens * 0.8, 0.05).at(at, -0.02, z + long + 0.02));
    b.add(
        shell,
        block(0.13, 0.08, z * 0.8, 0.02).at(at, y + 0.03, 0.0),
    );
    b.add(metal, drum(0.05, 0.04, 0.01).at(x * 0.75, y + 0.02, 0.0));
    b.add(metal, drum(0.06, 0.03, 0.01).at(-x * 0.7, y + 0.02, 0.0));
    b.add(dark, block(0.08, y * 0.85, 0.05, 0.03).at(-x * 0.8, 0.0, z));
}

/// Makes one.
pub fn phone(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (shell, dark, knob) = (b.main(r, map), b.dark(r), b.some(r));
    let (x, y, z) = (r.range(0.25, 0.6), r.range(0.5, 0.6), r.range(0.03, 0.08));
    let tilt = if r.chance(0.3) {
        0.0
    } else {
        r.range(-0.3, 0.0)
    };
    let e = r.range(0.008, 0.03);
    b.add(shell, block(x, y, z, e).turn(tilt, 0.0, 0.0));
    if r.chance(0.5) {
        b.print(
            r,
            dark,
            super::looks::Mapping::Front(1.0, glam::Vec2::splat(0.5)),
        );
    }
    b.carve(
        dark,
        block(x * 0.9, y * 0.8, 0.014, 0.0)
            .at(0.0, y * 0.08, z)
            .turn(tilt, 0.0, 0.0),
    );
    if r.chance(0.5) {
        for i in 0..9 {
            let key = block(x * 0.2, y * 0.07, 0.025, 0.01);
            let at = Vec3::new(
                (i % 3 - 1) as f32 * x * 0.55,
                -y * 0.3 - (i / 3) as f32 * y * 0.2,
                z,
            );
            b.add(knob, key.at(at.x, at.y, at.z).turn(tilt, 0.0, 0.0));
        }
    }
    if r.chance(0.4) {
        b.add(shell, block(x * 0.5, 0.02, 0.2, 0.01).at(0.0, -y, -0.02));
    }
}

/// Makes one.
pub fn console(r: &mut Random, b: &mut Body) {
    let map = boxed(r);
    let (shell, dark, knob) = (b.main(r, map), b.dark(r), b.accent(r));
    let (x, y, z) = (r.range(0.35, 0.6), r.range(0.06, 0.14), r.range(0.15, 0.4));
    b.add(shell, block(x, y, z, edge(r)));
    b.carve(dark, block(x * 0.45, 0.02, z * 0.7, 0.0).at(0.0, y, 0.0));
    for (i, s) in [(0, -1.0), (1, 1.0), (2, -1.0), (3, 1.0)] {
        let look = if i < 2 { knob } else { dark };
        b.add(
            look,
            drum(z * 0.16, 0.04, 0.01).at(s * x * 0.75, y, (i / 2) as f32 * z * 0.7 - z * 0.3),
        );
    }
    if r.chance(0.4) {
        b.add(
            knob,
            rod(
                Vec3::new(-x * 0.75, y, -z * 0.3),
                Vec3::new(-x * 0.75, y + 0.25, -z * 0.3),
                0.03,
            ),
        );
        b.add(knob, ball(0.06).at(-x * 0.75, y + 0.27, -z * 0.3));
    }
}
