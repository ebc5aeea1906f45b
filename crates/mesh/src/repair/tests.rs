use glam::Vec3;
use proptest::prelude::*;

use super::*;
use crate::check::{self, check};

fn cuboid(low: f32, high: f32) -> Surface {
    Surface::cuboid(Vec3::splat(low), Vec3::splat(high))
}

fn moved(mut surface: Surface, by: Vec3) -> Surface {
    surface.positions.iter_mut().for_each(|p| *p += by);
    surface
}

fn together(mut one: Surface, other: Surface) -> Surface {
    let first = one.positions.len() as u32;
    one.positions.extend(other.positions);
    one.triangles
        .extend(other.triangles.iter().map(|t| t.map(|v| v + first)));
    one
}

/// Bumpy and round, `n` × `2n` quads with shared vertices.
fn pebble(n: u32) -> Surface {
    let place = |row: u32, column: u32| {
        let down = row as f32 / n as f32 * std::f32::consts::PI;
        let around = (column % (2 * n)) as f32 / n as f32 * std::f32::consts::PI;
        let radius = 1.0 + 0.05 * (around * 5.0).sin() * down.sin() * (down * 4.0).cos();
        radius
            * Vec3::new(
                down.sin() * around.sin(),
                down.cos(),
                down.sin() * around.cos(),
            )
    };
    let columns = 2 * n;
    let mut surface = Surface {
        positions: vec![Vec3::Y, Vec3::NEG_Y],
        triangles: Vec::new(),
    };
    for row in 1..n {
        surface
            .positions
            .extend((0..columns).map(|column| place(row, column)));
    }
    let id = |row: u32, column: u32| match row {
        0 => 0,
        row if row == n => 1,
        row => 2 + (row - 1) * columns + column % columns,
    };
    for row in 0..n {
        for column in 0..columns {
            let (a, b) = (id(row, column), id(row, column + 1));
            let (c, d) = (id(row + 1, column), id(row + 1, column + 1));
            if row + 1 < n {
                surface.triangles.push([a, c, d]);
            }
            if row > 0 {
                surface.triangles.push([a, d, b]);
            }
        }
    }
    surface
}

/// Repairs with the default options and makes sure of what is promised about every result.
fn repaired(surface: &Surface) -> (Surface, Repaired) {
    let (body, done) = repair(surface, &Options::default());
    if body.triangles.is_empty() {
        assert!(!done.remaining.is_empty(), "says why: {done:?}");
        return (body, done);
    }
    assert!(is_sound(&body), "{done:?}");
    let report = check(&body, &check::Options::default());
    assert!(
        report.watertight && report.manifold && report.normals.outward,
        "{report}\n{done:?}"
    );
    assert!(body.positions.iter().all(|p| p.is_finite()));
    (body, done)
}

fn assert_volume(body: &Surface, expected: f64, tolerance: f64) {
    let volume = signed_volume(body);
    assert!(
        (volume / expected - 1.0).abs() < tolerance,
        "{volume}, not {expected}"
    );
}

#[test]
fn what_is_sound_stays_as_it_is() {
    let cube = cuboid(0.0, 0.02);
    let (body, done) = repaired(&cube);
    assert_eq!(done, Repaired::default());
    assert_eq!(done.to_string(), "There was nothing to repair.\n");
    assert_eq!(body.triangles.len(), 12);
    let same = |p: &Vec3| cube.positions.contains(p);
    assert!(body.positions.iter().all(same));
}

#[test]
fn holes_are_closed_flat_where_they_were_flat() {
    let mut open = cuboid(0.0, 1.0);
    open.triangles.truncate(10);
    let (body, done) = repaired(&open);
    assert_eq!((done.filled_holes, body.triangles.len()), (1, 12));
    assert_volume(&body, 1.0, 1e-6);
    assert!(done.to_string().contains("Closed 1 hole."));
}

#[test]
fn a_large_hole_in_something_round_is_closed_smoothly() {
    let whole = pebble(40);
    for height in [0.6, 0.0] {
        let mut open = whole.clone();
        let is_low = |t: &[u32; 3]| t.iter().all(|&v| whole.positions[v as usize].y < height);
        open.triangles.retain(is_low);
        let (body, done) = repaired(&open);
        assert_eq!((done.filled_holes, done.rewrapped), (1, false));
        // A flat lid on the part of a ball below `height`.
        let h = f64::from(height) + 1.0;
        assert_volume(&body, std::f64::consts::PI * h * h * (3.0 - h) / 3.0, 0.06);
        assert_eq!(crossing_pairs(&body), 0);
    }
}

#[test]
fn turned_doubled_and_exploded_faces_make_one_cube() {
    let mut broken = cuboid(0.0, 1.0);
    broken.triangles[3].swap(0, 1);
    broken.triangles[8].swap(0, 1);
    broken.triangles.push(broken.triangles[5]);
    broken.triangles.push([0, 0, 1]);
    let corners = broken.triangles.as_flattened();
    let exploded = Surface {
        positions: corners
            .iter()
            .map(|&v| broken.positions[v as usize])
            .collect(),
        triangles: (0..14).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect(),
    };
    let (body, done) = repaired(&exploded);
    assert_eq!((done.merged_vertices, done.turned_faces), (34, 2));
    assert_eq!(
        (done.duplicate, done.degenerate, done.rewrapped),
        (1, 1, false)
    );
    assert_volume(&body, 1.0, 1e-6);
    let inside_out = Surface {
        triangles: body.triangles.iter().map(|&[a, b, c]| [a, c, b]).collect(),
        ..body
    };
    assert_volume(&repaired(&inside_out).0, 1.0, 1e-6);
}

#[test]
fn cavities_crumbs_and_sheets_go() {
    let mut cavity = cuboid(0.3, 0.6);
    cavity.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    let crumb = moved(cuboid(0.0, 0.001), Vec3::splat(2.0));
    let sheet = Surface {
        positions: [Vec3::ZERO, Vec3::X, Vec3::Y]
            .map(|p| p + Vec3::splat(3.0))
            .to_vec(),
        triangles: vec![[0, 1, 2]],
    };
    let all = together(together(cuboid(0.0, 1.0), cavity), together(crumb, sheet));
    let (body, done) = repaired(&all);
    assert_eq!((done.dropped_inner, done.dropped_crumbs), (1, 2));
    assert_eq!(body.triangles.len(), 12);
    let keep = Options {
        keep_inner: true,
        ..Options::default()
    };
    let (body, _) = repair(&all, &keep);
    assert_volume(&body, 1.0 - 0.027, 1e-5);
}

#[test]
fn what_only_touches_is_separated() {
    for by in [Vec3::ONE, Vec3::new(1.0, 1.0, 0.0)] {
        let (body, done) = repaired(&together(cuboid(0.0, 1.0), moved(cuboid(0.0, 1.0), by)));
        assert!(done.split_vertices > 0 && !done.rewrapped, "{done:?}");
        assert_volume(&body, 2.0, 0.01);
    }
    // Two rooms with a common wall become one, and the wall goes.
    let two = together(cuboid(0.0, 1.0), moved(cuboid(0.0, 1.0), Vec3::X));
    let (body, done) = repaired(&two);
    assert_volume(&body, 2.0, 0.01);
    assert!(!done.rewrapped, "{done:?}");
    // A fin on a cube.
    let mut fin = cuboid(0.0, 1.0);
    fin.positions.push(Vec3::splat(2.0));
    fin.triangles.push([0, 1, 8]);
    let (body, _) = repaired(&fin);
    assert_volume(&body, 1.0, 0.01);
}

#[test]
fn t_junctions_are_joined_without_moving_anything() {
    let mut open = cuboid(0.0, 1.0);
    // The last face gets a vertex in the middle of an edge that its neighbour knows nothing of.
    let [a, b, c] = open.triangles[11];
    open.positions
        .push((open.positions[a as usize] + open.positions[b as usize]) / 2.0);
    open.triangles[11] = [a, 8, c];
    open.triangles.push([8, b, c]);
    let (body, done) = repaired(&open);
    assert_eq!(
        (done.joined_edges, done.filled_holes, body.triangles.len()),
        (1, 0, 14)
    );
    assert_volume(&body, 1.0, 1e-6);
}

#[test]
fn a_spike_through_the_body_is_cut_off() {
    let mut spiked = pebble(40);
    let at = spiked.positions.iter().position(|p| p.z > 0.95).unwrap();
    // A spike that leaves through the opposite side.
    spiked.positions[at] *= -1.3;
    assert!(crossing_pairs(&spiked) > 0);
    let (body, done) = repaired(&spiked);
    assert!(done.untangled > 0 && done.remaining.is_empty(), "{done:?}");
    assert_volume(&body, signed_volume(&pebble(40)), 0.01);
}

#[test]
fn overlapping_pieces_are_named_and_become_one_on_request() {
    let two = together(
        cuboid(0.0, 1.0),
        moved(cuboid(0.0, 1.0), Vec3::new(0.5, 0.4, 0.3)),
    );
    let (body, done) = repaired(&two);
    assert_eq!(body.triangles.len(), 24);
    assert!(done.remaining[0].contains("run through each other"));
    let options = Options {
        rewrap: Rewrap::IfCrossing,
        ..Options::default()
    };
    let (body, done) = repair(&two, &options);
    assert!(done.rewrapped && is_sound(&body), "{done:?}");
    assert_volume(&body, 2.0 - 0.5 * 0.6 * 0.7, 0.01);
    assert!(done.to_string().contains("surface anew"));
}

#[test]
fn loose_triangles_around_a_volume_are_wrapped() {
    // Every face of a ball a little shrunk and shifted: nothing hangs together.
    let ball = pebble(24);
    let mut loose = Surface::default();
    for (i, &t) in (0..).zip(&ball.triangles) {
        let [a, b, c] = t.map(|v| ball.positions[v as usize]);
        let middle = (a + b + c) / 3.0;
        let shift = middle * 0.004 * (i % 5) as f32;
        let shrunk = [a, b, c].map(|p| p.lerp(middle, 0.1) + shift);
        loose = together(
            loose,
            Surface {
                positions: shrunk.into(),
                triangles: vec![[0, 1, 2]],
            },
        );
    }
    let (body, done) = repaired(&loose);
    assert!(done.rewrapped, "{done:?}");
    assert_volume(&body, signed_volume(&ball), 0.05);
}

#[test]
fn without_volume_nothing_is_left_and_it_says_so() {
    let nan = Surface {
        positions: vec![Vec3::NAN; 3],
        triangles: vec![[0, 1, 2]],
    };
    let one = Surface {
        positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y],
        triangles: vec![[0, 1, 2]],
    };
    for surface in [Surface::default(), nan, one] {
        let (body, done) = repaired(&surface);
        assert!(body.triangles.is_empty() && done.remaining[0].contains("no volume"));
    }
}

#[test]
fn a_base_is_flat_closed_and_of_the_right_size() {
    let mut ball = pebble(60);
    let area = flatten_base(&mut ball, 0.1).unwrap();
    assert!(is_sound(&ball));
    // Of a ball of radius 1, 0.2 above its lowest point.
    assert!(
        (area / (std::f64::consts::PI * (1.0 - 0.8 * 0.8)) - 1.0).abs() < 0.02,
        "{area}"
    );
    let report = check(&ball, &check::Options::default());
    assert!((report.base_area / area - 1.0).abs() < 0.02);
    assert_eq!(report.crossings, 0);
    // A tube stands on a ring, four legs on four squares.
    let mut tube = pebble(10);
    tube.positions.iter_mut().for_each(|p| p.y += 1.0);
    let legs = [(0.0, 0.0), (2.0, 0.0), (0.0, 2.0), (2.0, 2.0)];
    let mut table = legs
        .map(|(x, z)| moved(cuboid(0.0, 1.0), Vec3::new(x, 0.0, z)))
        .into_iter()
        .reduce(together)
        .unwrap();
    assert!((flatten_base(&mut table, 0.25).unwrap() - 4.0).abs() < 1e-4);
    let mut cavity = cuboid(0.2, 0.8);
    cavity.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    let mut ring = together(cuboid(0.0, 1.0), cavity);
    assert!((flatten_base(&mut ring, 0.5).unwrap() - 0.64).abs() < 1e-4);
    assert!(flatten_base(&mut Surface::default(), 0.1).is_none());
}

#[test]
fn one_thread_repairs_like_two() {
    let mut open = pebble(50);
    open.triangles.retain(|t| t[0] % 37 != 0);
    let rewrap = Options {
        rewrap: Rewrap::Always,
        cells: 40,
        ..Options::default()
    };
    for options in [Options::default(), rewrap] {
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| repair(&open, &options).0)
        };
        let (one, two) = (on(1), on(2));
        assert_eq!(
            (one.positions, one.triangles),
            (two.positions, two.triangles)
        );
    }
}

/// Positions and faces; surfaces themselves don't print what they hold.
type Soup = (Vec<Vec3>, Vec<[u32; 3]>);

/// Faces between a few places, some of them no numbers, some far away.
fn soups() -> impl Strategy<Value = Soup> {
    let on_grid = (0..3_i8, 0..3_i8, 0..3_i8).prop_map(|(x, y, z)| [x, y, z].map(f32::from));
    let anywhere = [-1.0_f32..1.0, -1.0..1.0, -1.0..1.0];
    let wild = [any::<f32>(), any::<f32>(), any::<f32>()];
    let place = prop_oneof![8 => on_grid, 4 => anywhere, 1 => wild].prop_map(Vec3::from);
    (4..14_u32).prop_flat_map(move |n| {
        let faces = prop::collection::vec([0..n, 0..n, 0..n], 0..50);
        (prop::collection::vec(place.clone(), n as usize), faces)
    })
}

/// A cube or a pebble with some faces gone, turned, doubled and moved.
fn damaged() -> impl Strategy<Value = Soup> {
    let damage = prop::collection::vec((0..4_u8, any::<prop::sample::Index>()), 1..12);
    (4..8_u32, damage).prop_map(|(n, damage)| {
        let mut surface = pebble(n);
        for (kind, at) in damage {
            let face = at.index(surface.triangles.len());
            match kind {
                0 => drop(surface.triangles.swap_remove(face)),
                1 => surface.triangles[face].swap(0, 1),
                2 => surface.triangles.push(surface.triangles[face]),
                _ => {
                    let vertex = at.index(surface.positions.len());
                    surface.positions[vertex] *= 0.6;
                }
            }
        }
        (surface.positions, surface.triangles)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_soup_becomes_sound_or_nothing((positions, triangles) in soups()) {
        let surface = Surface { positions, triangles };
        check(&surface, &check::Options::default());
        let options = Options { cells: 24, ..Options::default() };
        let (body, done) = repair(&surface, &options);
        if body.triangles.is_empty() {
            prop_assert!(!done.remaining.is_empty());
        } else {
            prop_assert!(is_sound(&body), "{done:?}");
        }
    }

    #[test]
    fn what_was_nearly_sound_keeps_its_shape((positions, triangles) in damaged()) {
        let surface = Surface { positions, triangles };
        let (body, done) = repair(&surface, &Options { cells: 48, ..Options::default() });
        prop_assert!(is_sound(&body), "{done:?}");
    }
}
