//! How long checking and repairing 300,000 broken faces take:
//! `cargo run --release -p mesh --example repair_speed`.
#![allow(clippy::print_stdout, reason = "prints its figures")]

use std::time::Instant;

use glam::Vec3;
use mesh::isosurface::{Field, isosurface};
use mesh::{Surface, check, repair};

fn main() {
    let broken = broken();
    println!("{} faces", broken.triangles.len());
    let start = Instant::now();
    let report = check::check(&broken, &check::Options::default());
    println!(
        "checked in {:.2} s\n{report}",
        start.elapsed().as_secs_f64()
    );
    let crossing = repair::Rewrap::IfCrossing;
    for rewrap in [repair::Rewrap::IfOpen, crossing, repair::Rewrap::Always] {
        let options = repair::Options {
            rewrap,
            ..repair::Options::default()
        };
        let start = Instant::now();
        let (body, done) = repair::repair(&broken, &options);
        let seconds = start.elapsed().as_secs_f64();
        let report = check::check(&body, &check::Options::default());
        println!(
            "{rewrap:?}: repaired in {seconds:.2} s, {} faces",
            body.triangles.len()
        );
        println!(
            "{done}printable now: {} {:?}\n",
            report.printable, report.problems
        );
    }
}

/// A bumpy body as an STL file would hold it, with holes, turned and doubled faces, faces without
/// area, cavities and crumbs.
fn broken() -> Surface {
    let n = 180;
    let values = (0..n * n * n)
        .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32) / n as f32)
        .map(|p| {
            let bumps = 0.05 * (p * 30.0).map(f32::sin).element_product();
            let body = 0.43 - p.distance(Vec3::splat(0.5)) + bumps;
            let cavity = p.distance(Vec3::new(0.5, 0.6, 0.5)) - 0.1;
            body.min(cavity)
        })
        .collect();
    let whole = isosurface(&Field {
        size: [n; 3],
        values,
    });
    let mut broken = Surface::default();
    for (face, triangle) in whole.triangles.iter().enumerate() {
        let mut corners = triangle.map(|v| whole.positions[v as usize] * 0.001);
        let middle = corners[0] * 1000.0 / n as f32;
        // Some hundred single faces and two large pieces are missing.
        let is_gap = middle.distance(Vec3::new(0.5, 0.5, 0.95)) < 0.08
            || middle.distance(Vec3::new(0.1, 0.4, 0.5)) < 0.05;
        if is_gap || face % 1009 == 0 {
            continue;
        }
        if face % 503 == 0 {
            corners.swap(0, 1);
        }
        for _ in 0..if face % 701 == 0 { 2 } else { 1 } {
            let first = broken.positions.len() as u32;
            broken.positions.extend(corners);
            broken.triangles.push([first, first + 1, first + 2]);
        }
        if face % 997 == 0 {
            let first = broken.positions.len() as u32 - 3;
            broken.triangles.push([first, first + 1, first + 1]);
        }
    }
    broken
}
