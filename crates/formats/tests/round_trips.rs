//! What is written comes back: geometry, coordinates, colours, quads, units and axes, as far as the
//! format can hold them.

mod common;

use common::{assert_kept, brick, coloured, corners, open, options, pbr, reopen, write};
use formats::Format;
use glam::Vec3;
use mesh::Model;
use proptest::prelude::*;

#[test]
fn every_format_gives_back_what_it_can_hold() {
    for format in Format::ALL {
        for model in [brick(), coloured(), pbr()] {
            let opened = reopen(&write(&model, format)).unwrap();
            assert_eq!(opened.format, format);
            assert_eq!(opened.notes, []);
            assert_kept(&model, &opened.model, format);
        }
    }
}

#[test]
fn a_zip_file_is_read_as_what_is_in_it() {
    for format in [Format::Obj, Format::Gltf] {
        let zipped = write(&pbr(), format).zipped().unwrap();
        let opened = open(&zipped).unwrap();
        assert_eq!((opened.format, opened.notes), (format, vec![]));
        assert_kept(&pbr(), &opened.model, format);
    }
}

#[test]
fn maps_and_roughness_survive_where_they_can() {
    for format in [Format::Glb, Format::Gltf, Format::Usdz] {
        let read = reopen(&write(&pbr(), format)).unwrap().model;
        let orm = read.material.orm.unwrap();
        assert_eq!(
            orm.rgb,
            pbr().material.orm.unwrap().rgb,
            "{}",
            format.name()
        );
    }
    let read = reopen(&write(&pbr(), Format::Glb)).unwrap().model;
    assert_eq!(read.tangents, pbr().tangents);
    for format in [Format::Glb, Format::Obj, Format::Usdz] {
        let mut model = brick();
        model.material.roughness = 0.25;
        let read = reopen(&write(&model, format)).unwrap().model;
        assert_eq!(read.material.roughness, 0.25, "{}", format.name());
    }
}

#[test]
fn printers_get_millimetres_and_z_up() {
    let mut model = brick();
    model.positions.iter_mut().for_each(|p| p.z += 1.0);
    let stl = write(&model, Format::Stl).bytes;
    let floats: Vec<f32> = (stl[84..].chunks_exact(50))
        .flat_map(|triangle| triangle[12..48].chunks_exact(4))
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    let range = |axis: usize| {
        let values = floats.iter().skip(axis).step_by(3);
        values.fold((f32::MAX, f32::MIN), |(low, high), &v| {
            (low.min(v), high.max(v))
        })
    };
    assert_eq!(range(0), (-375.0, 375.0));
    // The front, +Z in the model, looks towards -Y.
    assert_eq!(range(1), (-1125.0, -875.0));
    assert_eq!(range(2), (0.0, 500.0));
}

#[test]
fn a_texture_becomes_colours_where_only_those_can_be_held() {
    let read = reopen(&write(&brick(), Format::Ply)).unwrap().model;
    let texture = brick().material.base_colour.unwrap();
    // The first corner lies on the corner of the texture: its colour is the first texel's.
    assert_eq!(read.colours[0], texture.rgb[..3]);
    assert_eq!(read.colours.len(), read.positions.len());
}

#[test]
fn a_box_without_normals_gets_sharp_edges() {
    let read = reopen(&write(&brick(), Format::Stl)).unwrap().model;
    assert_eq!(read.positions.len(), 24);
    for (was, is) in corners(&brick()).iter().zip(corners(&read)) {
        assert!(was.normal.abs_diff_eq(is.normal, 1e-5));
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    for format in Format::ALL {
        assert!(
            write(&pbr(), format) == write(&pbr(), format),
            "{}",
            format.name()
        );
        let zipped = || write(&pbr(), format).zipped().unwrap();
        assert!(zipped() == zipped(), "{}", format.name());
    }
}

#[test]
fn a_thumbnail_goes_into_3mf() {
    let mut options = options();
    options.thumbnail_png = Some(formats::png::encode_rgb(1, 1, &[1, 2, 3]).unwrap());
    let bytes = formats::write(&brick(), Format::ThreeMf, &options)
        .unwrap()
        .bytes;
    let name = b"Metadata/thumbnail.png";
    assert!(bytes.windows(name.len()).any(|window| window == name));
}

#[test]
fn a_model_through_every_format_in_turn_is_still_itself() {
    let mut model = brick();
    for format in [
        Format::Obj,
        Format::Usdz,
        Format::Gltf,
        Format::ThreeMf,
        Format::Glb,
    ] {
        model = reopen(&write(&model, format)).unwrap().model;
    }
    // 3MF cut the quads.
    assert_eq!(model.quads, 0);
    assert_kept(&brick(), &model, Format::ThreeMf);
}

/// Valid to every format; what it looks like doesn't matter.
fn models() -> impl Strategy<Value = Shown> {
    let vertices = prop::collection::vec(any::<([i16; 3], [i8; 3], [u8; 2], [u8; 3])>(), 3..60);
    (vertices, any::<bool>()).prop_flat_map(|(vertices, textured)| {
        let corner = 0..vertices.len() as u32;
        let triangle = [corner.clone(), corner.clone(), corner];
        prop::collection::vec(triangle, 1..40).prop_filter_map("without area", move |triangles| {
            let mut model = Model::default();
            for &(p, n, uv, colour) in &vertices {
                model
                    .positions
                    .push(Vec3::from(p.map(|c| f32::from(c) / 8192.0)));
                model
                    .normals
                    .push(Vec3::from(n.map(f32::from)).normalize_or(Vec3::Y));
                if textured {
                    model.uvs.push(uv.map(|c| f32::from(c) / 255.0).into());
                } else {
                    model.colours.push(colour);
                }
            }
            if textured {
                model.material.base_colour = Some(common::texture(3, 1));
            }
            let at = |v: u32| model.positions[v as usize];
            let distinct = |t: &[u32; 3]| {
                let [a, b, c] = t.map(at);
                a != b && b != c && c != a
            };
            model.triangles = triangles.into_iter().filter(distinct).collect();
            (!model.triangles.is_empty()).then_some(Shown(model))
        })
    })
}

/// `Model` itself has no `Debug`: content stays out of logs.
#[derive(Clone)]
struct Shown(Model);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_list().entries(corners(&self.0)).finish()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_model_comes_back(shown in models()) {
        for format in Format::ALL {
            // Positions that coincide have one colour in OBJ: the first.
            if format == Format::Obj && !shown.0.colours.is_empty() {
                continue;
            }
            let opened = reopen(&write(&shown.0, format)).unwrap();
            assert_kept(&shown.0, &opened.model, format);
        }
    }
}
