//! How long a hierarchy over many triangles takes: `cargo run --release -p mesh --example bvh_speed`.
#![allow(clippy::print_stdout, reason = "prints its figures")]

use std::time::Instant;

use glam::Vec3;
use mesh::bvh::Bvh;
use mesh::isosurface::{Field, isosurface};

fn main() {
    let n = 214;
    let values = (0..n * n * n)
        .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32) * 0.097)
        .map(|p| {
            8.5 - p.distance(Vec3::splat(10.4)) + 0.6 * (p * 3.0).map(f32::sin).element_product()
        })
        .collect();
    let surface = isosurface(&Field {
        size: [n; 3],
        values,
    });
    let start = Instant::now();
    let bvh = Bvh::of(&surface);
    let built = start.elapsed().as_secs_f64();
    println!(
        "{} triangles: built in {built:.3} s",
        surface.triangles.len()
    );

    let count = 200_000;
    let direction = |i: usize| {
        let (z, turn) = (
            1.0 - 2.0 * (i as f32 + 0.5) / count as f32,
            i as f32 * 2.399_963,
        );
        Vec3::new(turn.cos(), turn.sin(), 0.0) * (1.0 - z * z).sqrt() + Vec3::Z * z
    };
    let middle = Vec3::splat(n as f32 / 2.0);
    let start = Instant::now();
    let met = (0..count)
        .filter(|&i| bvh.ray(middle, direction(i), 0.0..f32::MAX).is_some())
        .count();
    let rays = start.elapsed().as_secs_f64();
    println!("{count} rays, {met} met: {rays:.3} s on one thread");
    let start = Instant::now();
    let near = (0..count)
        .filter(|&i| {
            bvh.nearest(middle + direction(i) * 100.0, f32::MAX)
                .is_some()
        })
        .count();
    let points = start.elapsed().as_secs_f64();
    println!("{count} nearest points, {near} found: {points:.3} s on one thread");
}
