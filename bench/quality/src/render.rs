//! Drawing a model as any camera sees it: colours, or normals.

use glam::{Vec2, Vec3, Vec4};
use image::{Rgba, RgbaImage};
use mesh::raster::{Clip, rasterize};
use mesh::srgb::{self, LINEAR};
use mesh::{Model, Texture};

use crate::camera::{Camera, Light};

/// Samples per pixel along each axis.
const SUPERSAMPLING: u32 = 3;

/// What the surface is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shading {
    /// The model's own texture.
    Textured,
    /// Grey: nothing but shape.
    Clay,
}

/// The nearest surface behind one sample.
#[derive(Clone, Copy)]
struct Hit {
    inverse_depth: f32,
    triangle: [u32; 3],
    /// Of the triangle's corners, in space.
    weights: Vec3,
}

/// What each of `side × side` samples sees; both sides of every triangle count.
fn hits(model: &Model, camera: &Camera, side: u32) -> Vec<Option<Hit>> {
    let clip = Clip {
        x: 0..side,
        y: 0..side,
    };
    let seen: Vec<(Vec2, f32)> = model
        .positions
        .iter()
        .map(|&p| camera.see(p, side))
        .collect();
    let mut hits: Vec<Option<Hit>> = vec![None; (side * side) as usize];
    for &triangle in &model.triangles {
        let corners = triangle.map(|v| seen[v as usize]);
        let inverse_depths = Vec3::from(corners.map(|(_, inverse_depth)| inverse_depth));
        rasterize(corners.map(|(at, _)| at), &clip, |x, y, weights| {
            let inverse_depth = weights.dot(inverse_depths);
            let hit = &mut hits[(y * side + x) as usize];
            if hit.is_none_or(|nearest| nearest.inverse_depth < inverse_depth) {
                // On the screen, attribute / depth is linear.
                let weights = weights * inverse_depths / inverse_depth;
                *hit = Some(Hit {
                    inverse_depth,
                    triangle,
                    weights,
                });
            }
        });
    }
    hits
}

/// Unit normal in camera space, turned towards the camera.
fn normal(model: &Model, camera: &Camera, hit: &Hit) -> Vec3 {
    let [a, b, c] = hit.triangle.map(|v| model.normals[v as usize]);
    let world = a * hit.weights.x + b * hit.weights.y + c * hit.weights.z;
    let normal = (camera.view_from_world * world).normalize_or(Vec3::Z);
    if normal.z < 0.0 { -normal } else { normal }
}

/// Camera-space unit normals, one per pixel; `None` beside the model.
pub fn normals(model: &Model, camera: &Camera, size: u32) -> Vec<Option<Vec3>> {
    let hits = hits(model, camera, size);
    hits.iter()
        .map(|hit| hit.as_ref().map(|hit| normal(model, camera, hit)))
        .collect()
}

/// A square picture of `size` pixels a side, transparent beside the model.
pub fn picture(
    model: &Model,
    camera: &Camera,
    light: &Light,
    shading: Shading,
    size: u32,
) -> RgbaImage {
    const CLAY: Vec3 = Vec3::splat(0.5);
    let side = size * SUPERSAMPLING;
    let hits = hits(model, camera, side);
    let colour = |hit: &Hit| {
        let base = match shading {
            Shading::Clay => CLAY,
            Shading::Textured => {
                let [a, b, c] = hit.triangle.map(|v| model.uvs[v as usize]);
                let uv = a * hit.weights.x + b * hit.weights.y + c * hit.weights.z;
                match &model.material.base_colour {
                    Some(texture) => texel(texture, uv),
                    None => CLAY,
                }
            }
        };
        base * light.on(normal(model, camera, hit))
    };
    RgbaImage::from_fn(size, size, |x, y| {
        let mut sum = Vec4::ZERO;
        for row in 0..SUPERSAMPLING {
            let start = (y * SUPERSAMPLING + row) * side + x * SUPERSAMPLING;
            for hit in hits[start as usize..][..SUPERSAMPLING as usize]
                .iter()
                .flatten()
            {
                sum += colour(hit).extend(1.0);
            }
        }
        let [r, g, b] = (sum.truncate() / sum.w.max(1.0)).to_array().map(srgb::byte);
        let share = sum.w / (SUPERSAMPLING * SUPERSAMPLING) as f32;
        Rgba([r, g, b, (share * 255.0).round() as u8])
    })
}

/// Linear light of the texture, bilinear, repeated beyond its border as glTF has it.
fn texel(texture: &Texture, uv: Vec2) -> Vec3 {
    let size = Vec2::new(texture.width as f32, texture.height as f32);
    let at = uv * size - 0.5;
    let (corner, between) = (at.floor(), at - at.floor());
    let texel = |dx: i64, dy: i64| {
        let x = (corner.x as i64 + dx).rem_euclid(texture.width.into()) as usize;
        let y = (corner.y as i64 + dy).rem_euclid(texture.height.into()) as usize;
        let at = (y * texture.width as usize + x) * 3;
        Vec3::from([0, 1, 2].map(|channel| LINEAR[usize::from(texture.rgb[at + channel])]))
    };
    let top = texel(0, 0).lerp(texel(1, 0), between.x);
    top.lerp(texel(0, 1).lerp(texel(1, 1), between.x), between.y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipsoid::ellipsoid;

    #[test]
    fn a_sphere_fills_the_circle_it_should_and_faces_the_camera_in_its_middle() {
        let sphere = ellipsoid(Vec3::splat(0.5));
        let camera = Camera::around(0.5, 30.0, 20.0, 0.0, 30.0);
        let drawn = picture(&sphere, &camera, &Light::EVEN, Shading::Textured, 64);
        let covered: u32 = drawn.pixels().map(|p| u32::from(p.0[3])).sum::<u32>() / 255;
        let circle = std::f32::consts::PI * 32.0 * 32.0;
        assert!((covered as f32 - circle).abs() < 0.02 * circle, "{covered}");
        let normals = normals(&sphere, &camera, 64);
        assert!(normals[32 * 64 + 32].is_some_and(|n| n.z > 0.995));
        assert!(normals[0].is_none());
    }
}
