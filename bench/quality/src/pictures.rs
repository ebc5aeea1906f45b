//! How alike two pictures are, judged where either of them shows something.

use glam::Vec3;
use image::RgbaImage;

/// Behind both pictures, sRGB.
const GREY: f32 = 0.5;
/// Steadies the similarity of weak gradients: 170 on the 0–255 scale (Xue et al. 2014).
const STEADY: f32 = 170.0 / (255.0 * 255.0);

/// sRGB over grey, 0–1.
fn over_grey(picture: &RgbaImage) -> Vec<Vec3> {
    let pixels = picture.pixels().map(|pixel| {
        let [r, g, b, alpha] = pixel.0.map(|byte| f32::from(byte) / 255.0);
        Vec3::new(r, g, b) * alpha + GREY * (1.0 - alpha)
    });
    pixels.collect()
}

/// Where either picture is not empty.
fn either(a: &RgbaImage, b: &RgbaImage) -> Vec<bool> {
    a.pixels()
        .zip(b.pixels())
        .map(|(a, b)| a.0[3].max(b.0[3]) > 127)
        .collect()
}

/// Peak signal-to-noise ratio in decibels over the union of the silhouettes.
pub fn psnr(a: &RgbaImage, b: &RgbaImage) -> f64 {
    let union = either(a, b);
    let errors: Vec<f64> = over_grey(a)
        .iter()
        .zip(&over_grey(b))
        .zip(&union)
        .filter(|(_, inside)| **inside)
        .map(|((a, b), _)| f64::from(a.distance_squared(*b)) / 3.0)
        .collect();
    let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
    // A perfect match has no noise at all; 8-bit pictures can't say more than this.
    -10.0 * mean.max(1e-6).log10()
}

/// Every pixel in the mean colour of what the picture shows; transparent where it was.
pub fn plain(picture: &RgbaImage) -> RgbaImage {
    let shown = || picture.pixels().filter(|pixel| pixel.0[3] > 127);
    let count = shown().count().max(1) as u64;
    let mean = [0, 1, 2].map(|i| shown().map(|p| u64::from(p.0[i])).sum::<u64>() / count);
    let [r, g, b] = mean.map(|channel| channel as u8);
    let mut plain = picture.clone();
    for pixel in plain.pixels_mut() {
        pixel.0 = [r, g, b, pixel.0[3]];
    }
    plain
}

/// Gradient dissimilarity over the union of the silhouettes: 0 where edges and shading lie the
/// same way and are equally strong, up to 1. One minus the mean gradient magnitude similarity of
/// Xue et al., "Gradient magnitude similarity deviation", 2014, luma at half size, as there.
pub fn gradient_dissimilarity(a: &RgbaImage, b: &RgbaImage) -> f64 {
    let (width, height) = (a.width() as usize / 2, a.height() as usize / 2);
    let union = either(a, b);
    let (a, b) = (gradients(a), gradients(b));
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for (i, (a, b)) in a.iter().zip(&b).enumerate() {
        let (x, y) = (i % width, i / width);
        if y < height && union[2 * y * 2 * width + 2 * x] {
            sum += f64::from((2.0 * a * b + STEADY) / (a * a + b * b + STEADY));
            count += 1.0;
        }
    }
    1.0 - sum / count.max(1.0)
}

/// Prewitt gradient magnitudes of the luma at half size.
fn gradients(picture: &RgbaImage) -> Vec<f32> {
    let side = picture.width() as usize;
    let colours = over_grey(picture);
    let luma = |i: usize| colours[i].dot(Vec3::new(0.299, 0.587, 0.114));
    let (width, height) = (side / 2, picture.height() as usize / 2);
    let half: Vec<f32> = (0..width * height)
        .map(|i| 2 * (i / width) * side + 2 * (i % width))
        .map(|i| 0.25 * (luma(i) + luma(i + 1) + luma(i + side) + luma(i + side + 1)))
        .collect();
    let at = |x: usize, y: usize, dx: isize, dy: isize| {
        let x = x.saturating_add_signed(dx).min(width - 1);
        half[y.saturating_add_signed(dy).min(height - 1) * width + x]
    };
    (0..width * height)
        .map(|i| {
            let (x, y) = (i % width, i / width);
            let sum = |offset: fn(isize) -> (isize, isize)| {
                [-1, 0, 1]
                    .map(offset)
                    .map(|(dx, dy)| at(x, y, dx, dy))
                    .iter()
                    .sum::<f32>()
                    / 3.0
            };
            let across = sum(|k| (1, k)) - sum(|k| (-1, k));
            let down = sum(|k| (k, 1)) - sum(|k| (k, -1));
            across.hypot(down)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    fn stripes(width: u32, grey: [u8; 2]) -> RgbaImage {
        RgbaImage::from_fn(64, 64, |x, _| {
            let level = grey[(x / width % 2) as usize];
            Rgba([level, level, level, 255])
        })
    }

    #[test]
    fn a_tenth_of_the_range_off_is_twenty_decibels() {
        let (a, b) = (stripes(64, [100, 0]), stripes(64, [100 + 26, 0]));
        assert!((psnr(&a, &b) - 19.83).abs() < 0.01);
        assert!(psnr(&a, &a) > 59.0);
    }

    #[test]
    fn only_where_something_is_counts() {
        let mut a = RgbaImage::new(64, 64);
        let mut b = a.clone();
        a.put_pixel(3, 3, Rgba([255, 255, 255, 255]));
        b.put_pixel(3, 3, Rgba([0, 0, 0, 255]));
        assert!(psnr(&a, &b).abs() < 1e-9);
    }

    #[test]
    fn a_plain_picture_keeps_the_outline_and_the_mean() {
        let mut picture = stripes(32, [100, 200]);
        picture.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
        let plain = plain(&picture);
        assert_eq!(plain.get_pixel(0, 0).0[3], 0);
        assert_eq!(plain.get_pixel(5, 5).0, [150, 150, 150, 255]);
    }

    #[test]
    fn the_same_edges_are_alike_and_other_edges_are_not() {
        let a = stripes(8, [40, 200]);
        let fainter = gradient_dissimilarity(&a, &stripes(8, [60, 180]));
        let other = gradient_dissimilarity(&a, &stripes(5, [40, 200]));
        assert!(gradient_dissimilarity(&a, &a).abs() < 1e-6);
        assert!(fainter > 0.0 && fainter < 0.5 * other, "{fainter} {other}");
    }
}
