use glam::Vec3;

use super::*;

/// Triangles of all sizes in a box of side 2, always the same ones.
fn soup(count: usize) -> Surface {
    let mut state = 5_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut surface = Surface::default();
    for face in 0..count as u32 {
        let middle = Vec3::new(random(), random(), random());
        let size = 0.3 * random().powi(4);
        for _ in 0..3 {
            let corner = Vec3::new(random(), random(), random());
            surface.positions.push(middle + corner * size);
        }
        surface
            .triangles
            .push([face * 3, face * 3 + 1, face * 3 + 2]);
    }
    surface
}

fn corners(surface: &Surface, face: usize) -> [Vec3; 3] {
    surface.triangles[face].map(|v| surface.positions[v as usize])
}

#[test]
fn answers_are_those_of_asking_every_triangle() {
    let surface = soup(700);
    let bvh = Bvh::of(&surface);
    let probes = soup(120);
    let (mut met, mut near) = (0, 0);
    for [a, b, c] in (0..120).map(|i| corners(&probes, i)) {
        let (origin, direction) = (a, (b - c).normalize_or(Vec3::X));
        let shear = Shear::along(origin, direction).unwrap();
        let all = (0..700).filter_map(|i| shear.meet(&corners(&surface, i)));
        let expected = all.map(|(t, _)| t).filter(|t| *t >= 0.0).reduce(f32::min);
        let hit = bvh.ray(origin, direction, 0.0..f32::MAX);
        assert_eq!(hit.map(|hit| hit.distance), expected);
        assert_eq!(
            bvh.any(origin, direction, 0.0..f32::MAX),
            expected.is_some()
        );
        met += usize::from(hit.is_some());

        let distance = |i| closest(a, &corners(&surface, i)).0.distance(a);
        let expected = (0..700).map(distance).reduce(f32::min).unwrap();
        let found = bvh.nearest(a, 0.05);
        assert_eq!(found.is_some(), expected <= 0.05);
        if let Some(found) = found {
            assert!((found.distance - expected).abs() < 1e-6);
            near += 1;
        }

        let mut touched = Vec::new();
        bvh.overlapping(a - 0.1, a + 0.1, |face| {
            touched.push(face);
            ControlFlow::Continue(())
        });
        touched.sort_unstable();
        let expected: Vec<u32> = (0..700_u32)
            .filter(|&i| {
                let [p, q, r] = corners(&surface, i as usize);
                p.min(q).min(r).cmple(a + 0.1).all() && p.max(q).max(r).cmpge(a - 0.1).all()
            })
            .collect();
        assert_eq!(touched, expected);
    }
    assert!(
        met > 20 && near > 20,
        "{met} rays met something, {near} points were near"
    );
}

#[test]
fn weights_lead_back_to_the_place() {
    let surface = soup(300);
    let bvh = Bvh::of(&surface);
    let place = |face: u32, weights: Vec3| {
        let [a, b, c] = corners(&surface, face as usize);
        a * weights.x + b * weights.y + c * weights.z
    };
    let origin = Vec3::new(-3.0, 0.1, 0.2);
    for i in 0..50 {
        let direction = Vec3::new(1.0, (i as f32 / 50.0 - 0.5) * 0.4, 0.05);
        if let Some(hit) = bvh.ray(origin, direction, 0.0..10.0) {
            let expected = origin + direction * hit.distance;
            assert!(place(hit.face, hit.weights).distance(expected) < 1e-5);
        }
        let near = bvh.nearest(origin + direction * 3.0, f32::MAX).unwrap();
        assert!(place(near.face, near.weights).distance(near.point) < 1e-5);
    }
}

#[test]
fn no_ray_slips_through_edges_and_corners() {
    let bvh = Bvh::of(&Surface::cuboid(Vec3::ZERO, Vec3::ONE));
    // Diagonals, corners and edges of the box, hit exactly.
    for i in 0..=8 {
        for j in 0..=8 {
            let through = Vec3::new(i as f32 / 8.0, j as f32 / 8.0, 0.0);
            assert!(bvh.any(through - Vec3::Z, Vec3::Z, 0.0..9.0), "{through}");
            assert!(bvh.any(Vec3::splat(0.5), through - Vec3::splat(0.5), 0.0..9.0));
        }
    }
}

#[test]
fn nothing_and_nonsense_are_no_trouble() {
    let empty = Bvh::of(&Surface::default());
    assert!(empty.ray(Vec3::ZERO, Vec3::X, 0.0..1.0).is_none());
    assert!(empty.nearest(Vec3::ZERO, f32::MAX).is_none());
    let mut surface = Surface::cuboid(Vec3::ZERO, Vec3::ONE);
    surface.positions[7] = Vec3::NAN;
    let bvh = Bvh::of(&surface);
    assert!(bvh.ray(Vec3::splat(0.4), Vec3::NEG_X, 0.0..9.0).is_some());
    assert!(bvh.ray(Vec3::NAN, Vec3::X, 0.0..9.0).is_none());
    assert!(bvh.ray(Vec3::ZERO, Vec3::ZERO, 0.0..9.0).is_none());
    // A thousand copies of one triangle, and a triangle that is a point.
    let copies = Surface {
        positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y],
        triangles: [vec![[0, 1, 2]; 1000], vec![[0, 0, 0]]].concat(),
    };
    let near = Bvh::of(&copies)
        .nearest(Vec3::new(0.2, 0.2, 1.0), 2.0)
        .unwrap();
    assert!((near.distance - 1.0).abs() < 1e-6);
}

#[test]
fn one_thread_builds_the_same_tree_as_two() {
    let surface = soup(20_000);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| Bvh::of(&surface).faces)
    };
    assert_eq!(on(1), on(2));
}
