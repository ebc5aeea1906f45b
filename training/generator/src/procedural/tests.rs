//! What holds for every procedural object.

use std::collections::{HashMap, HashSet};

use glam::Vec3;
use mesh::Surface;
use mesh::measure::{Topology, bounds, signed_volume};
use rayon::prelude::*;

use super::{Procedural, families, object, object_of};
use crate::Object;

/// The mesh with equal positions merged.
fn welded(object: &Object) -> Surface {
    let mut known = HashMap::new();
    let mut surface = Surface::default();
    let place = |p: &Vec3| p.to_array().map(f32::to_bits);
    for p in &object.positions {
        known.entry(place(p)).or_insert_with(|| {
            surface.positions.push(*p);
            surface.positions.len() as u32 - 1
        });
    }
    let id = |v: u32| known[&place(&object.positions[v as usize])];
    surface.triangles = object.triangles.iter().map(|t| t.map(id)).collect();
    surface
}

fn check(seed: u64, made: &Procedural) {
    let (object, name) = (&made.object, made.family);
    let surface = welded(object);
    assert!(!surface.triangles.is_empty(), "{name} {seed} is empty");
    assert!(
        surface.triangles.len() <= 6_000,
        "{name} {seed}: {}",
        surface.triangles.len()
    );
    assert!(
        Topology::of(&surface).is_closed_manifold(),
        "{name} {seed} is open"
    );
    assert!(
        signed_volume(&surface) > 1e-5,
        "{name} {seed} has no volume"
    );
    let (low, high) = bounds(&object.positions);
    assert!(
        low.min_element() >= -0.5 && high.max_element() <= 0.5,
        "{name} {seed}: {low} {high}"
    );
    assert!((high - low).max_element() > 0.999, "{name} {seed} is small");
    let count = object.positions.len();
    assert_eq!(
        [object.normals.len(), object.uvs.len(), object.colours.len()],
        [count; 3]
    );
    assert_eq!(object.material_of.len(), object.triangles.len());
    for look in &object.material_of {
        let texture = object.materials[*look as usize].texture;
        assert!(
            texture.is_none_or(|t| (t as usize) < object.textures.len()),
            "{name} {seed}"
        );
    }
    assert!(
        object
            .normals
            .iter()
            .all(|n| (n.length() - 1.0).abs() < 0.01),
        "{name} {seed}"
    );
    // The surface is where the function is zero; a little inwards it is negative.
    let far = object
        .positions
        .iter()
        .filter(|p| (made.inside)(**p).abs() > 0.015)
        .count();
    assert!(
        far * 20 <= count,
        "{name} {seed}: {far} of {count} vertices off the surface"
    );
    assert!(
        (made.inside)(Vec3::splat(0.9)) > 0.0,
        "{name} {seed} reaches too far"
    );
    let within = object.triangles.iter().filter(|t| {
        let corners = t.map(|v| object.positions[v as usize]);
        let normal = (corners[1] - corners[0])
            .cross(corners[2] - corners[0])
            .normalize_or_zero();
        (made.inside)((corners[0] + corners[1] + corners[2]) / 3.0 - normal * 0.006) < 0.0
    });
    let share = within.count() as f32 / object.triangles.len() as f32;
    assert!(
        share > 0.85,
        "{name} {seed}: inside only behind {share} of its faces"
    );
}

#[test]
fn objects_are_closed_solids_in_the_unit_box() {
    const EACH: u64 = 5;
    let count = families().count();
    (0..count * EACH as usize).into_par_iter().for_each(|i| {
        let seed = (i as u64) % EACH;
        check(seed, &object_of(i % count, seed));
    });
}

#[test]
fn every_family_turns_up() {
    let drawn = |seed: u64| object(seed).family;
    let names: HashSet<&str> = (0..45_u64).into_par_iter().map(drawn).collect();
    assert!(names.len() >= families().count() - 1, "{names:?}");
}

#[test]
fn the_same_seed_gives_the_same_object() {
    for index in 0..families().count() {
        let (one, other) = (object_of(index, 77).object, object_of(index, 77).object);
        assert_eq!(one.positions, other.positions);
        assert_eq!(one.triangles, other.triangles);
        assert_eq!(one.uvs, other.uvs);
        assert_eq!(one.material_of, other.material_of);
        let pixels = |o: &Object| {
            o.textures
                .iter()
                .map(|t| t.pixels.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(pixels(&one), pixels(&other));
    }
}
