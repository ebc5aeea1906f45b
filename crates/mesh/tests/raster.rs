//! Known bodies, seen from known sides.

mod bodies;

use bodies::{cube, sphere};
use mesh::raster::{Background, Image, Shading, View, render};
use mesh::sheet::{self, contact_sheet};

const SIZE: u32 = 128;

fn view(azimuth_deg: f32) -> View {
    View {
        azimuth_deg,
        elevation_deg: 0.0,
        shading: Shading::Textured,
        background: Background::Transparent,
        contact_shadow: false,
    }
}

fn pixel(image: &Image, x: u32, y: u32) -> [u8; 4] {
    let at = ((y * image.width + x) * 4) as usize;
    image.rgba[at..at + 4].try_into().unwrap()
}

fn middle(image: &Image) -> [u8; 4] {
    pixel(image, image.width / 2, image.height / 2)
}

/// Which of red, green, blue is strongest.
fn hue(pixel: [u8; 4]) -> usize {
    (0..3).max_by_key(|&channel| pixel[channel]).unwrap()
}

fn covered(image: &Image) -> usize {
    image.rgba.chunks_exact(4).filter(|p| p[3] > 127).count()
}

#[test]
fn each_side_shows_from_its_own_azimuth() {
    // The cube's front (+Z) is red, its +X side green, its back blue, its top white.
    let cube = cube();
    for (azimuth, channel) in [(0.0, 0), (90.0, 1), (180.0, 2), (360.0, 0)] {
        let seen = middle(&render(&cube, &view(azimuth), SIZE));
        assert_eq!((hue(seen), seen[3]), (channel, 255), "azimuth {azimuth}");
    }
    let above = View {
        elevation_deg: 89.0,
        ..view(0.0)
    };
    let [r, g, b, _] = middle(&render(&cube, &above, SIZE));
    assert!(r.min(g).min(b) > 150, "the top is white: {r} {g} {b}");
}

#[test]
fn a_turntable_goes_once_around_and_ends_where_it_begins() {
    let cube = cube();
    for (index, channel) in [(0, 0), (12, 1), (24, 2), (48, 0)] {
        let seen = middle(&render(&cube, &View::on_turntable(index, 48), SIZE));
        assert_eq!(hue(seen), channel, "frame {index}");
    }
    let seam = View::on_turntable(48, 48).azimuth_deg - View::on_turntable(47, 48).azimuth_deg;
    assert_eq!(seam, View::on_turntable(1, 48).azimuth_deg);
}

#[test]
fn left_and_right_are_not_swapped() {
    // Seen from 45°, the front (red) is on the left and the +X side (green) on the right.
    let image = render(&cube(), &view(45.0), SIZE);
    assert_eq!(hue(pixel(&image, SIZE / 2 - 14, SIZE / 2)), 0);
    assert_eq!(hue(pixel(&image, SIZE / 2 + 14, SIZE / 2)), 1);
}

#[test]
fn a_sphere_is_a_round_silhouette_that_fills_the_frame() {
    let image = render(&sphere(), &view(30.0), SIZE);
    let radius = (covered(&image) as f32 / std::f32::consts::PI).sqrt();
    let frame = SIZE as f32 / 2.0;
    assert!((0.92..1.0).contains(&(radius / frame)), "radius {radius}");
    for y in 0..SIZE {
        for x in 0..SIZE {
            let [dx, dy] = [x, y].map(|c| c as f32 + 0.5 - frame);
            let distance = dx.hypot(dy);
            let solid = pixel(&image, x, y)[3] > 127;
            assert!(solid || distance > radius - 1.5, "hole at {x}, {y}");
            assert!(!solid || distance < radius + 1.5, "spill at {x}, {y}");
        }
    }
}

#[test]
fn normals_show_their_direction() {
    let image = render(&sphere(), &view(0.0).with_shading(Shading::Normals), SIZE);
    let [r, g, b, _] = middle(&image);
    assert!(
        r.abs_diff(128) < 4 && g.abs_diff(128) < 4 && b > 250,
        "{r} {g} {b}"
    );
    assert!(
        pixel(&image, SIZE - 10, SIZE / 2)[0] > 220,
        "+X is on the right"
    );
    assert!(pixel(&image, SIZE / 2, 10)[1] > 220, "+Y is up");
}

#[test]
fn clay_is_lit_from_the_upper_left_and_ignores_the_texture() {
    let image = render(&sphere(), &view(0.0).with_shading(Shading::Clay), SIZE);
    let [r, g, b, _] = middle(&image);
    assert!(
        r.abs_diff(g) < 12 && g.abs_diff(b) < 12,
        "grey: {r} {g} {b}"
    );
    let quarter = SIZE / 4;
    let lit = pixel(&image, quarter + 8, quarter)[0];
    let shaded = pixel(&image, SIZE - quarter, SIZE - quarter + 8)[0];
    assert!(lit > shaded + 30, "lit {lit}, shaded {shaded}");
}

#[test]
fn a_colour_that_faces_the_camera_keeps_its_brightness() {
    let image = render(&cube(), &view(0.0), SIZE);
    let [r, ..] = middle(&image);
    assert!(r.abs_diff(bodies::BRIGHT) < 12, "{r} of {}", bodies::BRIGHT);
}

#[test]
fn the_background_and_the_shadow_are_as_asked() {
    let bare = render(&cube(), &view(20.0), SIZE);
    assert_eq!(pixel(&bare, 0, 0), [0; 4]);
    let on_blue = View {
        background: Background::Color([10, 20, 200]),
        ..view(20.0)
    };
    assert_eq!(
        pixel(&render(&cube(), &on_blue, SIZE), 0, 0),
        [10, 20, 200, 255]
    );

    let from_above = View {
        elevation_deg: 25.0,
        ..view(20.0)
    };
    let shaded = View {
        contact_shadow: true,
        ..from_above
    };
    let darkened = render(&cube(), &shaded, SIZE)
        .rgba
        .chunks_exact(4)
        .zip(render(&cube(), &from_above, SIZE).rgba.chunks_exact(4))
        .filter(|(with, without)| without[3] == 0 && with[3] > 20)
        .count();
    assert!(darkened > 100, "{darkened} pixels of shadow");
}

#[test]
fn the_number_of_threads_does_not_change_a_byte() {
    let draw = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap()
            .install(|| render(&sphere(), &View::from_azimuth(33.0), 200).rgba)
    };
    assert!(draw(1) == draw(2));
}

#[test]
fn degenerate_models_and_sizes_draw_a_background() {
    let mut empty = cube();
    empty.triangles.clear();
    empty.positions.clear();
    assert_eq!(covered(&render(&empty, &view(0.0), 16)), 0);
    assert!(render(&cube(), &view(0.0), 0).rgba.is_empty());
    assert_eq!(render(&cube(), &view(0.0), 1).rgba.len(), 4);
}

#[test]
fn a_sheet_has_the_picture_and_every_view() {
    let picture = Image::filled(60, 30, [200, 30, 30, 255]);
    let (cube, sphere) = (cube(), sphere());
    let rows = [&cube, &sphere].map(|model| sheet::Row {
        label: "cube 1",
        picture: &picture,
        model,
    });
    let sheet = contact_sheet(&rows, SIZE);
    assert_eq!(
        [sheet.width, sheet.height],
        [SIZE * sheet::COLUMNS, SIZE * 2]
    );
    assert_eq!(sheet.rgba.len(), (sheet.width * sheet.height * 4) as usize);
    let center =
        |column: u32, row: u32| pixel(&sheet, column * SIZE + SIZE / 2, row * SIZE + SIZE / 2);
    assert_eq!(center(0, 1), [200, 30, 30, 255]);
    assert_eq!(
        [center(1, 0), center(3, 0), center(4, 0)].map(hue),
        [0, 1, 2]
    );
    assert!(contact_sheet(&[], SIZE).rgba.is_empty());
}
