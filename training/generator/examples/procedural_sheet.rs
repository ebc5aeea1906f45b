//! Draws procedural objects into a contact sheet:
//! `procedural_sheet OUT.png [FAMILY [FIRST_SEED [COLUMNS [ROWS]]]]`. Without a family, one row each.

use std::time::Instant;

use generator::Object;
use generator::procedural::{families, object_of};
use glam::{Mat3, Vec3};
use image::{Rgb, RgbImage};

const TILE: u32 = 150;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, other: u64| words.get(at).and_then(|w| w.parse().ok()).unwrap_or(other);
    let names: Vec<&str> = families().collect();
    let only = words
        .get(1)
        .and_then(|w| names.iter().position(|name| name == w));
    let (first, columns) = (number(2, 1), number(3, 12));
    let rows = if only.is_some() {
        number(4, 8)
    } else {
        names.len() as u64
    };
    let mut sheet = RgbImage::from_pixel(columns as u32 * TILE, rows as u32 * TILE, Rgb([226; 3]));
    for row in 0..rows {
        for column in 0..columns {
            let family = only.unwrap_or(row as usize);
            let seed = first + column + if only.is_some() { row * columns } else { 0 };
            let start = Instant::now();
            let made = object_of(family, seed);
            let seconds = start.elapsed().as_secs_f32();
            let count = made.object.triangles.len();
            if seconds > 0.25 || count > 5_000 {
                eprintln!("{} {seed}: {seconds:.2} s, {count} triangles", made.family);
            }
            draw(
                &made.object,
                &mut sheet,
                column as u32 * TILE,
                row as u32 * TILE,
            );
        }
    }
    sheet.save(&words[0])?;
    Ok(())
}

/// Draws from a little above and aside, in orthographic projection.
fn draw(object: &Object, sheet: &mut RgbImage, left: u32, top: u32) {
    let turn = Mat3::from_rotation_x(0.4) * Mat3::from_rotation_y(-0.6);
    let light = Vec3::new(0.4, 0.7, 0.6).normalize();
    let side = TILE as f32;
    let mut depth = vec![f32::MIN; (TILE * TILE) as usize];
    for (triangle, &look) in object.triangles.iter().zip(&object.material_of) {
        let at = triangle.map(|v| turn * object.positions[v as usize]);
        let on = at.map(|p| {
            (p * Vec3::new(0.68, -0.68, 1.0) + Vec3::new(0.5, 0.5, 0.0))
                * Vec3::new(side, side, 1.0)
        });
        let area = (on[1] - on[0])
            .truncate()
            .perp_dot((on[2] - on[0]).truncate());
        if area >= 0.0 {
            continue;
        }
        let (low, high) = (on[0].min(on[1]).min(on[2]), on[0].max(on[1]).max(on[2]));
        for y in low.y.max(0.0) as u32..=(high.y.clamp(0.0, side - 1.0) as u32) {
            for x in low.x.max(0.0) as u32..=(high.x.clamp(0.0, side - 1.0) as u32) {
                let p = glam::vec2(x as f32 + 0.5, y as f32 + 0.5);
                let share = |i: usize, j: usize| {
                    (on[j].truncate() - on[i].truncate()).perp_dot(p - on[i].truncate()) / area
                };
                let w = [share(1, 2), share(2, 0), share(0, 1)];
                let z = w[0] * on[0].z + w[1] * on[1].z + w[2] * on[2].z;
                let slot = (y * TILE + x) as usize;
                if w.iter().any(|&w| w < 0.0) || z <= depth[slot] {
                    continue;
                }
                depth[slot] = z;
                let mix = |f: &dyn Fn(usize) -> Vec3| {
                    f(triangle[0] as usize) * w[0]
                        + f(triangle[1] as usize) * w[1]
                        + f(triangle[2] as usize) * w[2]
                };
                let normal = turn * mix(&|v| object.normals[v]);
                let uv = mix(&|v| object.uvs[v].extend(0.0));
                let material = &object.materials[look as usize];
                let mut colour = material.base;
                if let Some(texture) = material.texture {
                    let texture = &object.textures[texture as usize];
                    let wrap = |v: f32, n: u32| ((v.rem_euclid(1.0) * n as f32) as u32).min(n - 1);
                    let (u, v) = (wrap(uv.x, texture.width), wrap(uv.y, texture.height));
                    let texel = texture.pixels[(v * texture.width + u) as usize];
                    let linear = |b: u8| (f32::from(b) / 255.0).powf(2.2);
                    colour *= Vec3::new(linear(texel[0]), linear(texel[1]), linear(texel[2]));
                }
                let lit = colour * (0.35 + 0.75 * normal.dot(light).max(0.0));
                let byte = lit
                    .to_array()
                    .map(|v| (v.clamp(0.0, 1.0).powf(1.0 / 2.2) * 255.0) as u8);
                sheet.put_pixel(left + x, top + y, Rgb(byte));
            }
        }
    }
}
