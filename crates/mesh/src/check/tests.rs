use glam::Vec3;

use super::*;

fn cube() -> Surface {
    Surface::cuboid(Vec3::ZERO, Vec3::splat(0.02))
}

/// The faces of both.
fn together(mut one: Surface, other: Surface) -> Surface {
    let first = one.positions.len() as u32;
    one.positions.extend(other.positions);
    one.triangles
        .extend(other.triangles.iter().map(|t| t.map(|v| v + first)));
    one
}

fn inside_out(mut surface: Surface) -> Surface {
    surface.triangles.iter_mut().for_each(|t| t.swap(1, 2));
    surface
}

/// As STL stores it: three vertices per face.
fn exploded(surface: &Surface) -> Surface {
    let positions: Vec<Vec3> = surface
        .triangles
        .as_flattened()
        .iter()
        .map(|&v| surface.positions[v as usize])
        .collect();
    let triangles = (0..surface.triangles.len() as u32).map(|i| [i * 3, i * 3 + 1, i * 3 + 2]);
    Surface {
        triangles: triangles.collect(),
        positions,
    }
}

fn report(surface: &Surface) -> Report {
    check(surface, &Options::default())
}

#[test]
fn a_cube_is_printable_and_measured() {
    for cube in [cube(), exploded(&cube())] {
        let report = report(&cube);
        assert!(report.printable, "{report}");
        assert_eq!((report.faces, report.vertices, report.shells), (12, 8, 1));
        assert!((report.volume.unwrap() - 8e-6).abs() < 1e-11);
        assert!((report.area - 24e-4).abs() < 1e-9);
        assert!((report.base_area - 4e-4).abs() < 1e-9);
        assert_eq!(report.overhang_area, 0.0);
        assert!((report.walls.thinnest.unwrap().thickness - 0.02).abs() < 1e-6);
        assert!(report.advice.is_empty(), "{report}");
    }
}

#[test]
fn a_missing_face_is_a_hole_of_its_length() {
    let mut open = cube();
    open.triangles.truncate(10);
    let report = report(&open);
    assert!(!report.watertight && report.manifold && !report.printable);
    assert_eq!((report.holes.len(), report.open_edges), (1, 4));
    assert!((report.holes[0] - 0.08).abs() < 1e-6);
    assert_eq!(report.volume, None);
    let marked = report.marks.iter().filter(|m| m.has(Marks::HOLE)).count();
    assert_eq!(marked, 4);
    assert!(report.problems == [Finding::Holes(1)], "{report}");
}

#[test]
fn flipped_faces_and_flipped_pieces_are_told_apart() {
    let mut one = cube();
    one.triangles[3].swap(0, 1);
    let found = report(&one);
    assert_eq!(found.normals.flipped_faces, 1);
    assert!(found.marks[3].has(Marks::FLIPPED) && !found.normals.consistent);
    let found = report(&inside_out(cube()));
    assert!(found.normals.consistent && !found.normals.outward && !found.printable);
    assert_eq!(
        (found.normals.flipped_faces, found.normals.flipped_shells),
        (0, 1)
    );
}

#[test]
fn a_cavity_is_an_inner_shell_and_its_walls_are_thin() {
    let inner = Surface::cuboid(Vec3::splat(0.0005), Vec3::splat(0.0195));
    let hollow = together(cube(), inside_out(inner));
    let report = report(&hollow);
    assert_eq!((report.shells, report.inner_shells), (1, 1));
    assert!(report.normals.outward && report.printable, "{report}");
    assert!((report.walls.thinnest.unwrap().thickness - 0.0005).abs() < 1e-6);
    assert!(report.walls.thin_share > 0.9);
    assert!((report.volume.unwrap() - (8e-6 - 0.019_f64.powi(3))).abs() < 1e-10);
}

#[test]
fn pieces_that_run_through_each_other_cross() {
    for offset in [
        Vec3::splat(0.01),
        Vec3::new(0.01, 0.003, 0.007),
        Vec3::X * 0.01,
    ] {
        let mut other = cube();
        other.positions.iter_mut().for_each(|p| *p += offset);
        let found = report(&together(cube(), other));
        assert!(found.crossings > 0 && !found.printable, "{offset}: {found}");
        assert!(found.watertight && found.shells == 2);
    }
    // Apart, and inside: nothing crosses.
    let mut apart = cube();
    apart
        .positions
        .iter_mut()
        .for_each(|p| *p += Vec3::X * 0.03);
    assert_eq!(report(&together(cube(), apart)).crossings, 0);
    let inner = Surface::cuboid(Vec3::splat(0.005), Vec3::splat(0.01));
    assert_eq!(report(&together(cube(), inner)).crossings, 0);
}

#[test]
fn a_piece_in_the_air_is_told() {
    let moved = |by: Vec3| {
        let mut cube = cube();
        cube.positions.iter_mut().for_each(|p| *p += by);
        cube
    };
    for (by, hanging) in [
        (Vec3::new(0.03, 0.0, 0.0), 0),
        (Vec3::new(0.03, 0.01, 0.0), 1),
        (Vec3::new(0.01, 0.01, 0.003), 0),
    ] {
        let found = report(&together(cube(), moved(by)));
        assert_eq!(found.hanging_shells, hanging, "{by}: {found}");
        let told = found
            .advice
            .iter()
            .any(|one| matches!(one, Finding::Hanging(_)));
        assert_eq!(told, hanging > 0, "{found}");
    }
}

#[test]
fn doubled_faces_bow_ties_and_fins_are_not_manifold() {
    let mut doubled = cube();
    doubled.triangles.push(doubled.triangles[0]);
    let found = report(&doubled);
    assert_eq!((found.duplicate, found.crowded_edges), (1, 3));
    assert!(!found.manifold);

    // Two cubes that share one corner.
    let mut other = cube();
    other
        .positions
        .iter_mut()
        .for_each(|p| *p += Vec3::splat(0.02));
    let found = report(&together(cube(), other));
    assert_eq!((found.pinched_vertices, found.crowded_edges), (1, 0));
    assert!(found.watertight && !found.manifold);
    assert_eq!(found.crossings, 0, "touching in a point is no crossing");

    // Two cubes that share one edge.
    let mut other = cube();
    other
        .positions
        .iter_mut()
        .for_each(|p| *p += Vec3::new(0.02, 0.02, 0.0));
    let found = report(&together(cube(), other));
    assert_eq!(
        (found.crowded_edges, found.pinched_vertices, found.shells),
        (1, 0, 2)
    );
    assert!(found.watertight && !found.manifold);
}

#[test]
fn a_moebius_strip_has_no_outside() {
    let n = 24_u32;
    let positions = (0..n)
        .flat_map(|i| {
            let turn = i as f32 / n as f32 * std::f32::consts::TAU;
            let middle = Vec3::new(turn.cos(), 0.0, turn.sin());
            let across = middle * (turn / 2.0).cos() + Vec3::Y * (turn / 2.0).sin();
            [middle + across * 0.3, middle - across * 0.3]
        })
        .collect();
    let triangles = (0..n)
        .flat_map(|i| {
            let (a, b) = (2 * i, 2 * i + 1);
            let (c, d) = if i + 1 < n { (a + 2, b + 2) } else { (1, 0) };
            [[a, b, c], [b, d, c]]
        })
        .collect();
    let found = report(&Surface {
        positions,
        triangles,
    });
    assert_eq!(found.normals.one_sided_shells, 1);
    assert_eq!((found.holes.len(), found.watertight), (1, false));
}

#[test]
fn overhangs_are_what_looks_down_and_does_not_stand() {
    // A table: a leg and a wide top.
    let leg = Surface::cuboid(Vec3::new(0.008, 0.0, 0.008), Vec3::new(0.012, 0.02, 0.012));
    let top = Surface::cuboid(Vec3::new(0.0, 0.02, 0.0), Vec3::new(0.02, 0.025, 0.02));
    let found = report(&together(leg, top));
    assert!((found.base_area - 16e-6).abs() < 1e-9);
    assert!((found.overhang_area - 4e-4).abs() < 1e-9);
    assert!(
        found
            .advice
            .iter()
            .any(|one| matches!(one, Finding::Overhang(_))),
        "{found}"
    );
}

#[test]
fn sizes_are_those_of_the_print() {
    let options = Options {
        longest_side: Some(0.1),
        ..Options::default()
    };
    let found = check(
        &Surface::cuboid(Vec3::ZERO, Vec3::new(1.0, 2.0, 0.01)),
        &options,
    );
    assert!((found.size[1] - 0.1).abs() < 1e-7);
    assert!((found.volume.unwrap() - 0.05 * 0.1 * 0.0005).abs() < 1e-9);
    assert!(found.walls.thin_share > 0.9, "{found}");
}

#[test]
fn nonsense_is_reported_not_feared() {
    assert!(!report(&Surface::default()).printable);
    let one = Surface {
        positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y],
        triangles: vec![[0, 1, 2]],
    };
    assert_eq!(report(&one).holes.len(), 1);
    let mut broken = cube();
    broken.positions[0] = Vec3::NAN;
    broken.triangles.push([1, 1, 2]);
    let found = report(&broken);
    assert_eq!((found.degenerate, found.holes.len()), (1, 1));
    assert!(found.not_finite > 0 && !found.printable);
    let all_nan = Surface {
        positions: vec![Vec3::NAN; 3],
        triangles: vec![[0, 1, 2]],
    };
    assert_eq!(report(&all_nan).not_finite, 1);
    picture(&broken, &found);
    picture(&Surface::default(), &report(&Surface::default()));
}

#[test]
fn heaps_of_copies_end_in_time() {
    let mut heap = Surface::default();
    for i in 0..3_000 {
        let mut next = cube();
        next.positions
            .iter_mut()
            .for_each(|p| *p += Vec3::splat(1e-6 * i as f32));
        heap = together(heap, next);
    }
    let found = report(&heap);
    assert!(found.crossings_capped && found.crossings == MOST_CROSSINGS);
}

#[test]
fn the_picture_shows_the_colour_of_the_problem() {
    let mut open = cube();
    open.triangles.truncate(10);
    let found = report(&open);
    let is_vermilion = |p: &[u8]| p[0] > 100 && u16::from(p[0]) > 3 * u16::from(p[2]);
    let has = |image: &crate::raster::Image| image.rgba.chunks_exact(4).any(is_vermilion);
    assert!(has(&picture(&open, &found)));
    assert!(!has(&picture(&cube(), &report(&cube()))));
}
