//! What we write is read back by someone else's reader.

use formats::{WriteError, WriteOptions, glb};
use glam::{Vec2, Vec3};
use mesh::{Material, Model, Texture};
use proptest::prelude::*;

fn options() -> WriteOptions {
    WriteOptions {
        name: "tëapot \"1\"".into(),
        generator: "ai3dgen 0.0.0".into(),
        ..WriteOptions::default()
    }
}

fn triangle() -> Model {
    Model {
        positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y],
        normals: vec![Vec3::Z; 3],
        uvs: vec![Vec2::ZERO, Vec2::X, Vec2::Y],
        triangles: vec![[0, 1, 2]],
        material: Material::textured(Texture {
            width: 2,
            height: 1,
            rgb: vec![255, 0, 0, 0, 0, 255],
        }),
        ..Model::default()
    }
}

/// What a random model is made of. (`Model` itself has no `Debug`: content stays out of logs.)
#[derive(Clone, Debug)]
struct Recipe {
    vertices: Vec<([i16; 3], [i8; 3], [u8; 2])>,
    triangles: Vec<[u32; 3]>,
    size: [u32; 2],
    rgb: Vec<u8>,
}

impl Recipe {
    fn model(self) -> Model {
        let position = |p: [i16; 3]| Vec3::from(p.map(|c| f32::from(c) / 1024.0));
        let normal = |n: [i8; 3]| Vec3::from(n.map(f32::from)).normalize_or(Vec3::Y);
        let uv = |uv: [u8; 2]| Vec2::from(uv.map(|c| f32::from(c) / 255.0));
        Model {
            positions: self.vertices.iter().map(|v| position(v.0)).collect(),
            normals: self.vertices.iter().map(|v| normal(v.1)).collect(),
            uvs: self.vertices.iter().map(|v| uv(v.2)).collect(),
            triangles: self.triangles,
            material: Material::textured(Texture {
                width: self.size[0],
                height: self.size[1],
                rgb: self.rgb,
            }),
            ..Model::default()
        }
    }
}

/// Valid to the format; what it looks like doesn't matter.
fn recipes() -> impl Strategy<Value = Recipe> {
    let vertices = prop::collection::vec(any::<([i16; 3], [i8; 3], [u8; 2])>(), 1..60);
    (vertices, [1_u32..9, 1_u32..9]).prop_flat_map(|(vertices, size)| {
        let corner = 0..vertices.len() as u32;
        let triangles = prop::collection::vec([corner.clone(), corner.clone(), corner], 1..40);
        let rgb = prop::collection::vec(any::<u8>(), (size[0] * size[1] * 3) as usize);
        (triangles, rgb).prop_map(move |(triangles, rgb)| Recipe {
            vertices: vertices.clone(),
            triangles,
            size,
            rgb,
        })
    })
}

fn assert_reads_back(model: &Model) {
    let bytes = glb::write(model, &options()).unwrap();
    let (document, buffers, images) = gltf::import_slice(&bytes).unwrap();
    let mesh = document.meshes().next().unwrap();
    let primitive = mesh.primitives().next().unwrap();
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));

    let positions: Vec<Vec3> = reader.read_positions().unwrap().map(Vec3::from).collect();
    let normals: Vec<Vec3> = reader.read_normals().unwrap().map(Vec3::from).collect();
    let uvs: Vec<Vec2> = reader
        .read_tex_coords(0)
        .unwrap()
        .into_f32()
        .map(Vec2::from)
        .collect();
    let indices: Vec<u32> = reader.read_indices().unwrap().into_u32().collect();
    assert_eq!(positions, model.positions);
    assert_eq!(normals, model.normals);
    assert_eq!(uvs, model.uvs);
    assert_eq!(indices, model.triangles.as_flattened());

    let bounds = primitive.bounding_box();
    let low = model.positions.iter().copied().reduce(Vec3::min).unwrap();
    let high = model.positions.iter().copied().reduce(Vec3::max).unwrap();
    assert_eq!(
        (Vec3::from(bounds.min), Vec3::from(bounds.max)),
        (low, high)
    );

    let texture = primitive
        .material()
        .pbr_metallic_roughness()
        .base_color_texture()
        .expect("a base colour texture");
    let base_colour = model.material.base_colour.as_ref().unwrap();
    let image = &images[texture.texture().source().index()];
    assert_eq!(
        (image.width, image.height),
        (base_colour.width, base_colour.height)
    );
    assert_eq!(image.pixels, base_colour.rgb);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_model_reads_back_as_it_was(recipe in recipes()) {
        assert_reads_back(&recipe.model());
    }
}

#[test]
fn the_step_from_short_to_long_indices_loses_nothing() {
    for vertices in [65_534, 65_535, 65_536, 65_537_u32] {
        let mut model = triangle();
        let grown = vertices as usize;
        model.positions.resize(grown, Vec3::ONE);
        model.normals.resize(grown, Vec3::Z);
        model.uvs.resize(grown, Vec2::ONE);
        model.triangles.push([0, 1, vertices - 1]);
        assert_reads_back(&model);
    }
}

#[test]
fn the_file_says_who_made_it_and_how() {
    let mut options = options();
    options.extras.insert("seed".into(), 7.into());
    let bytes = glb::write(&triangle(), &options).unwrap();
    let document = gltf::Gltf::from_slice(&bytes).unwrap();
    let asset = &document.as_json().asset;
    assert_eq!(asset.generator.as_deref(), Some("ai3dgen 0.0.0"));
    assert!(asset.extras.as_ref().unwrap().get().contains("\"seed\":7"));
    assert_eq!(
        document.nodes().next().unwrap().name(),
        Some("tëapot \"1\"")
    );
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let write = || glb::write(&triangle(), &options()).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn a_model_that_would_make_an_invalid_file_is_refused() {
    type Damage = fn(&mut Model);
    let cases: [(Damage, WriteError); 8] = [
        (|m| m.triangles.clear(), WriteError::Empty),
        (|m| m.positions.clear(), WriteError::Empty),
        (|m| m.uvs.truncate(2), WriteError::UnevenAttributes),
        (|m| m.positions[1].y = f32::NAN, WriteError::NotFinite),
        (|m| m.uvs[1].x = f32::INFINITY, WriteError::NotFinite),
        (|m| m.normals[0] = Vec3::ZERO, WriteError::NormalLength),
        (|m| m.triangles[0][2] = 3, WriteError::IndexOutOfRange),
        (
            |m| m.material.base_colour.as_mut().unwrap().rgb.truncate(5),
            WriteError::Texture(formats::png::PixelCount {
                width: 2,
                height: 1,
                bytes: 5,
            }),
        ),
    ];
    for (damage, error) in cases {
        let mut model = triangle();
        damage(&mut model);
        assert_eq!(glb::write(&model, &options()), Err(error));
    }
}
