//! Pictures cut, turned and straightened. Where pixels don't fall on pixels, they are interpolated by
//! cubic convolution (Keys 1981, the Catmull-Rom kernel), colours weighted by alpha.

use rayon::prelude::*;

use crate::Picture;

/// Degrees that a picture can be straightened by, to either side.
pub const STRAIGHTEN_DEGREES: std::ops::RangeInclusive<f32> = -45.0..=45.0;

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Columns to its left.
    pub left: u32,
    /// Rows above it.
    pub top: u32,
    /// Columns, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
}

/// What can't be cut out of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    /// The rectangle is empty or not inside.
    #[error(
        "the crop has to lie within the picture, which has {width}×{height} pixels here, and hold at least one"
    )]
    Crop {
        /// The picture's columns.
        width: u32,
        /// The picture's rows.
        height: u32,
    },
    /// The four corners are none of a sheet seen at an angle.
    #[error(
        "the corners have to be those of a sheet within the picture ({width}×{height} pixels here), clockwise from its top left"
    )]
    Corners {
        /// The picture's columns.
        width: u32,
        /// The picture's rows.
        height: u32,
    },
}

/// A part of the picture.
///
/// # Errors
/// [`GeometryError::Crop`] unless the area lies within it.
pub fn crop(picture: &Picture, area: Area) -> Result<Picture, GeometryError> {
    let fits = |from: u32, length: u32, all: u32| {
        length > 0 && from.checked_add(length).is_some_and(|end| end <= all)
    };
    let (width, height) = (picture.width, picture.height);
    if !(fits(area.left, area.width, width) && fits(area.top, area.height, height)) {
        return Err(GeometryError::Crop { width, height });
    }
    Ok(cut(
        picture,
        [area.left, area.top],
        [area.width, area.height],
    ))
}

/// A part that is known to lie within the picture.
pub(crate) fn cut(picture: &Picture, [left, top]: [u32; 2], [width, height]: [u32; 2]) -> Picture {
    let row_len = picture.width as usize * 4;
    let (from, length) = (left as usize * 4, width as usize * 4);
    let rows = picture.rgba.chunks_exact(row_len);
    let rows = rows.skip(top as usize).take(height as usize);
    let rgba = rows.flat_map(|row| &row[from..from + length]).copied();
    Picture::new(width, height, rgba.collect())
}

/// The picture turned clockwise by so many quarters.
pub fn rotate(picture: &Picture, quarters: u8) -> Picture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (columns, rows) = if quarters.is_multiple_of(2) {
        (width, height)
    } else {
        (height, width)
    };
    let from = |x: usize, y: usize| match quarters % 4 {
        0 => (x, y),
        1 => (y, height - 1 - x),
        2 => (width - 1 - x, height - 1 - y),
        _ => (width - 1 - y, x),
    };
    let mut rgba = Vec::with_capacity(picture.rgba.len());
    for y in 0..rows {
        for x in 0..columns {
            let (x, y) = from(x, y);
            rgba.extend_from_slice(&picture.rgba[(y * width + x) * 4..][..4]);
        }
    }
    Picture::new(columns as u32, rows as u32, rgba)
}

/// The picture turned clockwise by some degrees, and cut to the largest part of the same aspect
/// that has no empty corner.
pub fn straighten(picture: &Picture, degrees: f32) -> Picture {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (width, height) = (picture.width as f32, picture.height as f32);
    let (across, along) = (sine.abs(), cosine.abs());
    let scale =
        (width / (width * along + height * across)).min(height / (width * across + height * along));
    let kept = |side: f32| ((side * scale) as u32).max(1);
    let (columns, rows) = (kept(width), kept(height));
    let (middle_x, middle_y) = (0.5 * columns as f32, 0.5 * rows as f32);
    warp(picture, columns, rows, |x, y| {
        let (x, y) = (x - middle_x, y - middle_y);
        [
            cosine * x + sine * y + 0.5 * width,
            cosine * y - sine * x + 0.5 * height,
        ]
    })
}

/// What lies between four corners (columns and rows from the picture's top left, clockwise from the
/// top left one) as a rectangle, as if seen from straight before it. Its sides are as long as the
/// longer ones between the corners.
///
/// # Errors
/// [`GeometryError::Corners`] if they are not the corners of a convex quadrilateral in the picture.
pub fn perspective(picture: &Picture, corners: [[f32; 2]; 4]) -> Result<Picture, GeometryError> {
    let (width, height) = (picture.width, picture.height);
    let inside =
        |[x, y]: [f32; 2]| (0.0..=width as f32).contains(&x) && (0.0..=height as f32).contains(&y);
    // Twice the area of the triangle at each corner, in pixels.
    let turns = [0, 1, 2, 3].map(|i| {
        let [a, b, c] = [corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]];
        (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    });
    if !(corners.into_iter().all(inside) && turns.into_iter().all(|turn| turn > 1.0)) {
        return Err(GeometryError::Corners { width, height });
    }
    let length =
        |a: usize, b: usize| (corners[a][0] - corners[b][0]).hypot(corners[a][1] - corners[b][1]);
    let columns = length(0, 1).max(length(2, 3)).round().max(1.0);
    let rows = length(1, 2).max(length(3, 0)).round().max(1.0);
    let at = square_to(corners);
    Ok(warp(picture, columns as u32, rows as u32, |x, y| {
        at(x / columns, y / rows)
    }))
}

/// The projective map that takes the unit square to a quadrilateral: Heckbert, "Fundamentals of
/// Texture Mapping and Image Warping", 1989, section 2.2.3.
fn square_to([a, b, c, d]: [[f32; 2]; 4]) -> impl Fn(f32, f32) -> [f32; 2] {
    let [dx1, dy1] = [b[0] - c[0], b[1] - c[1]];
    let [dx2, dy2] = [d[0] - c[0], d[1] - c[1]];
    let [sx, sy] = [0, 1].map(|i| a[i] - b[i] + c[i] - d[i]);
    let determinant = dx1 * dy2 - dx2 * dy1;
    let g = (sx * dy2 - dx2 * sy) / determinant;
    let h = (dx1 * sy - sx * dy1) / determinant;
    move |u, v| {
        let w = g * u + h * v + 1.0;
        [0, 1].map(|i| {
            let along_u = b[i] - a[i] + g * b[i];
            let along_v = d[i] - a[i] + h * d[i];
            (along_u * u + along_v * v + a[i]) / w
        })
    }
}

/// A new picture whose pixel centres lie where `from` says in the old one.
fn warp(
    picture: &Picture,
    width: u32,
    height: u32,
    from: impl Fn(f32, f32) -> [f32; 2] + Sync,
) -> Picture {
    let mut rgba = vec![0; width as usize * height as usize * 4];
    let rows = rgba.par_chunks_exact_mut(width as usize * 4).enumerate();
    rows.for_each(|(y, row)| {
        for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
            let [u, v] = from(x as f32 + 0.5, y as f32 + 0.5);
            pixel.copy_from_slice(&sample(picture, u - 0.5, v - 0.5));
        }
    });
    Picture::new(width, height, rgba)
}

/// The pixel at a place between pixels; edges go on.
fn sample(picture: &Picture, x: f32, y: f32) -> [u8; 4] {
    let (columns, rows) = (taps(x, picture.width), taps(y, picture.height));
    let mut sum = [0.0; 4];
    for (row, row_weight) in rows {
        for (column, column_weight) in columns {
            let at = (row * picture.width as usize + column) * 4;
            let pixel = &picture.rgba[at..at + 4];
            let alpha = f32::from(pixel[3]) * row_weight * column_weight;
            (0..3).for_each(|c| sum[c] += f32::from(pixel[c]) * alpha);
            sum[3] += alpha;
        }
    }
    let alpha = sum[3];
    if alpha < 0.5 {
        return [0; 4];
    }
    let [r, g, b, _] = sum.map(|value| (value / alpha + 0.5) as u8);
    [r, g, b, (alpha + 0.5) as u8]
}

/// Four pixels along a line and their weights.
fn taps(at: f32, count: u32) -> [(usize, f32); 4] {
    let base = at.floor();
    let t = at - base;
    let weights = [
        ((2.0 - t) * t - 1.0) * t / 2.0,
        ((3.0 * t - 5.0) * t * t + 2.0) / 2.0,
        ((4.0 - 3.0 * t) * t + 1.0) * t / 2.0,
        (t - 1.0) * t * t / 2.0,
    ];
    let last = count as isize - 1;
    std::array::from_fn(|k| {
        let index = (base as isize + k as isize - 1).clamp(0, last);
        (index as usize, weights[k])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel its own column and row.
    fn numbered(width: u32, height: u32) -> Picture {
        let pixels =
            (0..width * height).flat_map(|i| [(i % width) as u8, (i / width) as u8, 0, 255]);
        Picture::new(width, height, pixels.collect())
    }

    fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 2] {
        let at = (y * picture.width + x) as usize * 4;
        [picture.rgba[at], picture.rgba[at + 1]]
    }

    #[test]
    fn a_crop_is_the_pixels_of_its_area_and_may_not_reach_out() {
        let picture = numbered(8, 6);
        let area = |left, top, width, height| Area {
            left,
            top,
            width,
            height,
        };
        let part = crop(&picture, area(2, 1, 3, 4)).unwrap();
        assert_eq!((part.width, part.height), (3, 4));
        assert_eq!((pixel(&part, 0, 0), pixel(&part, 2, 3)), ([2, 1], [4, 4]));
        for wrong in [area(6, 0, 3, 1), area(0, 0, 0, 1), area(u32::MAX, 0, 2, 1)] {
            assert!(crop(&picture, wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_quarter_turn_brings_the_bottom_left_to_the_top_left() {
        let picture = numbered(8, 6);
        let turned = rotate(&picture, 1);
        assert_eq!((turned.width, turned.height), (6, 8));
        assert_eq!(pixel(&turned, 0, 0), [0, 5]);
        assert_eq!(rotate(&turned, 3), picture);
        assert_eq!(rotate(&rotate(&picture, 2), 2), picture);
    }

    #[test]
    fn straightening_turns_clockwise_and_leaves_no_empty_corner() {
        let picture = numbered(100, 60);
        let straight = straighten(&picture, 10.0);
        assert!(straight.is_opaque());
        let aspect = straight.width as f32 / straight.height as f32;
        assert!((aspect - 100.0 / 60.0).abs() < 0.05, "{straight:?}");
        // Turned clockwise, the top right corner comes from further up.
        let (left, right) = (
            pixel(&straight, 2, 10),
            pixel(&straight, straight.width - 3, 10),
        );
        assert!(right[1] < left[1], "{left:?} {right:?}");
        assert_eq!(straighten(&picture, 0.0), picture);
    }

    #[test]
    fn the_corners_of_a_sheet_become_those_of_the_picture() {
        let picture = numbered(120, 100);
        let corners = [[20.0, 10.0], [100.0, 20.0], [110.0, 90.0], [10.0, 80.0]];
        let sheet = perspective(&picture, corners).unwrap();
        let (right, bottom) = (sheet.width - 1, sheet.height - 1);
        for ((x, y), corner) in [(0, 0), (right, 0), (right, bottom), (0, bottom)]
            .into_iter()
            .zip(corners)
        {
            let found = pixel(&sheet, x, y);
            assert!(
                (f32::from(found[0]) - corner[0]).abs() < 1.5,
                "{found:?} {corner:?}"
            );
            assert!(
                (f32::from(found[1]) - corner[1]).abs() < 1.5,
                "{found:?} {corner:?}"
            );
        }
        let [a, b, c, d] = corners;
        for wrong in [
            [b, a, d, c],
            [a, c, b, d],
            [a, a, c, d],
            [a, b, c, [500.0, 0.0]],
        ] {
            assert!(perspective(&picture, wrong).is_err(), "{wrong:?}");
        }
    }
}
