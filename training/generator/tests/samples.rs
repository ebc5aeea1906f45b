//! What the network is told has to be true: depths lie on the solid, packed objects come back.

use generator::look::Decals;
use generator::pack;
use generator::procedural;
use generator::random::Random;
use generator::render::{BACK, BYTES, INPUT, JUDGING, NUMBERS, RANGE, Subject, sample};
use generator::solid::{Solid, carve, step};
use glam::{Mat3, Vec2, Vec3};
use mesh::{Material, Model, Surface, Texture};

/// One sample, taken apart.
struct Sample {
    numbers: Vec<f32>,
    alpha: Vec<u8>,
    front: Vec<u16>,
    back: Vec<u16>,
}

fn taken(subject: &Subject, seed: u64) -> Option<Sample> {
    let mut bytes = Vec::new();
    let (decals, mut random) = (Decals::new(), Random::new(seed));
    if !sample(subject, &decals, &JUDGING, &mut random, &mut bytes) {
        return None;
    }
    assert_eq!(bytes.len(), BYTES);
    let area = INPUT * INPUT;
    let (numbers, rest) = bytes.split_at(NUMBERS * 4);
    let (rgba, rest) = rest.split_at(4 * area);
    let (front, rest) = rest.split_at(2 * area);
    let back = &rest[3 * area..][..2 * BACK * BACK];
    let words = |bytes: &[u8]| {
        bytes
            .as_chunks()
            .0
            .iter()
            .map(|w| u16::from_le_bytes(*w))
            .collect()
    };
    Some(Sample {
        numbers: numbers
            .as_chunks()
            .0
            .iter()
            .map(|w| f32::from_le_bytes(*w))
            .collect(),
        alpha: rgba[3 * area..].to_vec(),
        front: words(front),
        back: words(back),
    })
}

impl Sample {
    /// The object's point behind a pixel of a `side`² picture at a stored depth.
    fn point(&self, pixel: usize, side: usize, stored: u16) -> Vec3 {
        let n = &self.numbers;
        let t = f32::from(stored) / 65000.0 * (RANGE[1] - RANGE[0]) + RANGE[0];
        let at = Vec2::new((pixel % side) as f32, (pixel / side) as f32) + 0.5;
        let window = (at / side as f32 * 2.0 - 1.0) * Vec2::new(1.0, -1.0);
        let seen = (window * (1.0 + t * n[0])).extend(-t);
        let row = |r: usize| Vec3::from_slice(&n[12 + r * 4..]);
        let turn = Mat3::from_cols(row(0), row(1), row(2)).transpose();
        turn * seen + Vec3::new(n[15], n[19], n[23])
    }
}

#[test]
fn both_depth_layers_lie_on_the_solid() {
    let mut looked = 0;
    for seed in 0..8 {
        let object = procedural::object(seed).object;
        let solid = Solid::of_bits(&carve(&object));
        let subject = Subject::new(0, object, solid);
        let Some(sample) = taken(&subject, seed) else {
            continue;
        };
        let check = |depths: &[u16], side: usize| {
            let distances: Vec<f32> = (0..depths.len())
                .filter(|&i| depths[i] != u16::MAX)
                .map(|i| {
                    subject
                        .solid
                        .distance(sample.point(i, side, depths[i]))
                        .abs()
                })
                .collect();
            let off = distances
                .iter()
                .filter(|&&distance| distance > 2.0 * step())
                .count();
            assert!(distances.len() > side * side / 100);
            assert!(
                off * 10 < distances.len(),
                "{seed}: {off} of {}",
                distances.len()
            );
        };
        check(&sample.front, INPUT);
        check(&sample.back, BACK);
        for (alpha, front) in sample.alpha.iter().zip(&sample.front) {
            assert_eq!(*alpha > 0, *front != u16::MAX);
        }
        looked += 1;
    }
    assert!(looked >= 5, "only {looked} cameras suited");
}

#[test]
fn the_same_seed_gives_the_same_sample() {
    let subject = || {
        let object = procedural::object(3).object;
        let solid = Solid::of_bits(&carve(&object));
        Subject::new(0, object, solid)
    };
    let [one, other] = [subject(), subject()].map(|subject| {
        let mut bytes = Vec::new();
        let mut random = Random::new(5);
        while !sample(&subject, &Decals::new(), &JUDGING, &mut random, &mut bytes) {}
        bytes
    });
    assert!(one == other);
}

/// A brick of 1 × 0.5 × 0.25 with its lower end at the origin.
fn brick() -> Vec<u8> {
    let body = Surface::cuboid(Vec3::ZERO, Vec3::new(1.0, 0.5, 0.25));
    let outwards = |p: &Vec3| (p - Vec3::splat(0.2)).normalize();
    let model = Model {
        normals: body.positions.iter().map(outwards).collect(),
        positions: body.positions,
        uvs: vec![Vec2::ZERO; 8],
        triangles: body.triangles,
        material: Material::textured(Texture {
            width: 1,
            height: 1,
            rgb: vec![200, 40, 40],
        }),
        ..Model::default()
    };
    let options = formats::WriteOptions {
        name: "brick".into(),
        generator: "test".into(),
        ..formats::WriteOptions::default()
    };
    formats::glb::write(&model, &options).unwrap()
}

#[test]
fn a_packed_object_comes_back_and_scans_for_judging_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let meshes = folder.path().join("meshes");
    std::fs::create_dir(&meshes).unwrap();
    for name in ["brick.glb", "003_cracker_box.glb", "ycb_mug.glb"] {
        std::fs::write(meshes.join(name), brick()).unwrap();
    }
    std::fs::write(meshes.join("broken.glb"), b"glTF but not really").unwrap();
    let packed = folder.path().join("pack.bin");
    pack::pack(&[meshes], &packed).unwrap();

    let objects = pack::read(&packed).unwrap();
    let names: Vec<&str> = objects.iter().map(|object| object.name.as_str()).collect();
    assert_eq!(names, ["meshes/brick"]);
    let (object, bits) = objects[0].unpacked().unwrap();
    assert_eq!(object.triangles.len(), 12);
    let high = object.positions.iter().copied().fold(Vec3::MIN, Vec3::max);
    assert!(high.distance(Vec3::new(0.5, 0.25, 0.125)) < 1e-3, "{high}");
    let volume = bits.iter().filter(|bit| **bit).count() as f32 * step().powi(3);
    assert!((volume / 0.125 - 1.0).abs() < 0.06, "{volume}");
}
