//! What we write, read by other people's crates. Python's readers and Blender follow in
//! `cargo xtask readers`.

mod common;

use std::io::Cursor;

use common::{brick, coloured, pbr, write};
use formats::Format;
use glam::Vec3;

#[test]
fn tobj_reads_our_obj_as_it_was() {
    for model in [brick(), coloured(), pbr()] {
        let written = write(&model, Format::Obj);
        let mtl = written
            .companions
            .iter()
            .find(|c| c.name.ends_with(".mtl"))
            .unwrap();
        let (shapes, materials) = tobj::load_obj_buf(
            &mut Cursor::new(&written.bytes),
            &tobj::LoadOptions::default(),
            |_| tobj::load_mtl_buf(&mut Cursor::new(&mtl.bytes)),
        )
        .unwrap();
        let mesh = &shapes[0].mesh;
        // One vertex per corner of the box: seams are closed.
        assert_eq!(mesh.positions.len(), 8 * 3);
        let corners: Vec<Vec3> = (mesh.indices.iter())
            .map(|&i| Vec3::from_slice(&mesh.positions[i as usize * 3..]))
            .collect();
        let mut expected: Vec<Vec3> = Vec::new();
        for pair in model.triangles[..2 * model.quads].chunks(2) {
            let quad = [pair[0][0], pair[0][1], pair[0][2], pair[1][2]];
            expected.extend(quad.map(|v| model.positions[v as usize]));
        }
        let lone = model.triangles[2 * model.quads..].as_flattened();
        expected.extend(lone.iter().map(|&v| model.positions[v as usize]));
        assert_eq!(corners, expected);
        let materials = materials.unwrap();
        let textured = model.material.base_colour.is_some();
        assert_eq!(materials[0].diffuse_texture.is_some(), textured);
        let picture = |name: &String| written.companions.iter().any(|c| c.name == *name);
        assert!(materials[0].diffuse_texture.iter().all(picture));
    }
}

#[test]
fn stl_io_reads_a_closed_box() {
    let written = write(&brick(), Format::Stl);
    let stl = stl_io::read_stl(&mut Cursor::new(&written.bytes)).unwrap();
    assert_eq!((stl.vertices.len(), stl.faces.len()), (8, 12));
    stl.validate().unwrap();
}

#[test]
fn the_gltf_crate_finds_every_map_and_the_binary_file_beside() {
    let written = write(&pbr(), Format::Gltf);
    let document = gltf::Gltf::from_slice(&written.bytes).unwrap();
    let material = document.materials().next().unwrap();
    assert!(material.normal_texture().is_some());
    assert!(material.occlusion_texture().is_some());
    let named: Vec<&str> = (document.images())
        .map(|image| match image.source() {
            gltf::image::Source::Uri { uri, .. } => uri,
            gltf::image::Source::View { .. } => panic!("an embedded image"),
        })
        .collect();
    let names: Vec<&str> = written.companions.iter().map(|c| &*c.name).collect();
    assert_eq!(names[1..], named);
    let (_, buffers, images) = gltf::import_slice(write(&pbr(), Format::Glb).bytes).unwrap();
    assert_eq!((buffers.len(), images.len()), (1, 3));
    assert!(
        buffers[0]
            .0
            .starts_with(&written.companions[0].bytes[..200])
    );
}

#[test]
fn vertex_colours_are_linear_light_in_gltf() {
    let mut model = coloured();
    model.colours = vec![[188, 0, 255]; model.positions.len()];
    let (document, buffers, _) = gltf::import_slice(write(&model, Format::Glb).bytes).unwrap();
    let primitive = document
        .meshes()
        .next()
        .unwrap()
        .primitives()
        .next()
        .unwrap();
    let reader = primitive.reader(|buffer| Some(&buffers[buffer.index()]));
    let colours = reader.read_colors(0).unwrap().into_rgba_f32();
    for [r, g, b, a] in colours {
        // 188 is half the light of 255.
        assert!((r - 0.5).abs() < 0.005, "{r}");
        assert_eq!((g, b, a), (0.0, 1.0, 1.0));
    }
}
