//! Quads on shapes whose every property is known.

use glam::{Vec2, Vec3};
use mesh::Surface;
use mesh::isosurface::{Field, isosurface};
use mesh::measure::{Topology, signed_volume, vertex_normals};
use mesh::quads::{QuadError, QuadMesh, quads};
use mesh::smooth::taubin;

/// The surface of a solid given by its signed distance (positive inside) on a grid of `n`³ samples,
/// in the grid's unit around the origin.
fn solid(n: usize, inside: impl Fn(Vec3) -> f32) -> Surface {
    let middle = Vec3::splat(0.5 * (n - 1) as f32);
    let values = (0..n * n * n)
        .map(|i| Vec3::new((i % n) as f32, (i / n % n) as f32, (i / n / n) as f32))
        .map(|p| inside(p - middle))
        .collect();
    let mut surface = isosurface(&Field {
        size: [n, n, n],
        values,
    });
    for position in &mut surface.positions {
        *position -= middle;
    }
    taubin(&mut surface, 4);
    surface
}

fn ring(p: Vec3, large: f32, small: f32) -> f32 {
    small - Vec2::new(p.truncate().length() - large, p.z).length()
}

fn cuboid(p: Vec3, half: Vec3) -> f32 {
    (half - p.abs()).min_element()
}

/// Vertices minus edges plus faces; 2 for every shell, 2 less for every handle.
fn euler(surface: &Surface) -> i64 {
    surface.positions.len() as i64 - surface.triangles.len() as i64 / 2
}

/// Everything that is promised about any result.
fn check(surface: &Surface, mesh: &QuadMesh) {
    let flat = mesh.surface();
    assert_eq!(flat.triangles.len(), 2 * mesh.quads.len());
    assert_eq!(Topology::of(&flat), Topology::default());
    assert_eq!(
        euler(&flat),
        euler(surface),
        "another number of shells or handles"
    );
    assert_eq!(fans(&flat), flat.positions.len(), "a vertex joins two fans");
    let ratio = signed_volume(&flat) / signed_volume(surface);
    assert!((ratio - 1.0).abs() < 0.02, "volume {ratio}");

    let normals = vertex_normals(surface);
    let nearest_normal = |p: Vec3| {
        let distance = |i: &usize| surface.positions[*i].distance_squared(p);
        let nearest = (0..normals.len()).min_by(|i, j| distance(i).total_cmp(&distance(j)));
        normals[nearest.expect("the surface has vertices")]
    };
    for quad in mesh.quads.iter().step_by(3) {
        let corners = quad.map(|v| mesh.positions[v as usize]);
        let middle = corners.iter().sum::<Vec3>() / 4.0;
        let normal = (corners[2] - corners[0]).cross(corners[3] - corners[1]);
        assert!(
            normal.dot(nearest_normal(middle)) > 0.0,
            "flipped at {middle}"
        );
    }
}

/// How many vertices there would be if every fan of triangles had its own.
fn fans(surface: &Surface) -> usize {
    let mut links = vec![Vec::new(); surface.positions.len()];
    for &[a, b, c] in &surface.triangles {
        links[a as usize].push((b, c));
        links[b as usize].push((c, a));
        links[c as usize].push((a, b));
    }
    let mut count = 0;
    for mut link in links {
        while let Some((first, mut at)) = link.pop() {
            count += 1;
            while at != first {
                let next = link
                    .iter()
                    .position(|&(from, _)| from == at)
                    .expect("a closed fan");
                at = link.swap_remove(next).1;
            }
        }
    }
    count
}

/// Share of vertices with four faces.
fn regularity(mesh: &QuadMesh) -> f32 {
    let mut valence = vec![0; mesh.positions.len()];
    for &v in mesh.quads.as_flattened() {
        valence[v as usize] += 1;
    }
    valence.iter().filter(|&&n| n == 4).count() as f32 / valence.len() as f32
}

fn corner_cosines(mesh: &QuadMesh) -> impl Iterator<Item = f32> {
    mesh.quads.iter().flat_map(|quad| {
        let at = |k: usize| mesh.positions[quad[k % 4] as usize];
        let corner = move |k: usize| (at(k + 1) - at(k)).angle_between(at(k + 3) - at(k)).cos();
        [0, 1, 2, 3].map(corner)
    })
}

#[test]
fn a_sphere_becomes_mostly_regular_quads_of_the_wanted_number() {
    let surface = solid(60, |p| 26.0 - p.length());
    for target in [500, 2000, 8000] {
        let mesh = quads(&surface, target).expect("a sphere");
        check(&surface, &mesh);
        let count = mesh.quads.len() as f32 / target as f32;
        assert!((count - 1.0).abs() < 0.1, "{count} of {target}");
        if target == 8000 {
            assert!(regularity(&mesh) > 0.94, "{}", regularity(&mesh));
            let square = corner_cosines(&mesh).filter(|c| c.abs() < 0.35).count();
            assert!(
                square as f32 > 0.9 * 4.0 * mesh.quads.len() as f32,
                "{square}"
            );
        }
    }
}

#[test]
fn rings_rods_and_holes_keep_their_topology() {
    let torus = solid(64, |p| ring(p, 20.0, 7.0));
    let rod = solid(96, |p| (2.0 - p.truncate().length()).min(40.0 - p.z.abs()));
    let two = solid(64, |p| {
        let apart = Vec3::new(14.0, 0.0, 0.0);
        (10.0 - (p - apart).length()).max(cuboid(p + apart, Vec3::splat(9.0)))
    });
    let pretzel = solid(96, |p| {
        let third = |k: f32| Vec2::from_angle(k * std::f32::consts::TAU / 3.0).extend(0.0) * 17.0;
        let at = |k| ring(p - third(k), 13.0, 4.5);
        at(0.0).max(at(1.0)).max(at(2.0))
    });
    for (name, surface, target) in [
        ("torus", torus, 4000),
        ("rod", rod, 3000),
        ("two", two, 3000),
        ("pretzel", pretzel, 6000),
    ] {
        let mesh = quads(&surface, target).unwrap_or_else(|error| panic!("{name}: {error}"));
        check(&surface, &mesh);
    }
}

#[test]
fn a_box_keeps_its_edges_and_gets_quads_along_them() {
    let half = Vec3::new(24.0, 16.0, 10.0);
    let surface = solid(60, |p| cuboid(p, half));
    let mesh = quads(&surface, 4000).expect("a box");
    check(&surface, &mesh);
    let along = mesh
        .quads
        .iter()
        .flat_map(|q| [[q[0], q[1]], [q[1], q[2]]])
        .filter(|edge| {
            let [a, b] = edge.map(|v| mesh.positions[v as usize]);
            (b - a).normalize_or_zero().abs().max_element() > 0.97
        });
    let share = along.count() as f32 / (2.0 * mesh.quads.len() as f32);
    assert!(share > 0.85, "{share}");
}

#[test]
fn bumps_and_spikes_do_not_fold() {
    let surface = solid(80, |p| {
        let bumps = (p.x * 0.6).sin() * (p.y * 0.5).cos() + (p.z * 0.7).cos();
        let spike = 2.0 - p.truncate().length() - 0.05 * p.z.abs();
        (22.0 - p.length() + bumps).max(spike)
    });
    check(&surface, &quads(&surface, 6000).expect("a blob"));
}

#[test]
fn large_triangles_are_no_obstacle() {
    let surface = Surface::cuboid(Vec3::ZERO, Vec3::new(3.0, 2.0, 1.0));
    let mesh = quads(&surface, 4000).expect("a cuboid of twelve triangles");
    check(&surface, &mesh);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let surface = solid(64, |p| ring(p, 20.0, 7.0));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let mesh = pool
            .expect("threads")
            .install(|| quads(&surface, 4000))
            .expect("a torus");
        (mesh.quads, mesh.positions)
    };
    let (one, two) = (with(1), with(2));
    assert!(one == two);
}

#[test]
fn what_is_open_or_has_no_size_is_refused() {
    let mut surface = solid(24, |p| 8.0 - p.length());
    let closed = surface.clone();
    surface.triangles.pop();
    assert_eq!(quads(&surface, 1000).err(), Some(QuadError::NotClosed));
    assert_eq!(
        quads(&Surface::default(), 1000).err(),
        Some(QuadError::NoSize)
    );
    for bad in [f32::NAN, f32::INFINITY] {
        let mut surface = closed.clone();
        surface.positions[3].x = bad;
        assert_eq!(quads(&surface, 1000).err(), Some(QuadError::NoSize));
    }
}
