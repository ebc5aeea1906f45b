//! Files as other programs write them: several meshes, other units and axes, text instead of
//! binary, and what is missing or wrong.

mod common;

use common::{brick, open, write};
use formats::{Format, Limits, Note, ReadError, read};
use glam::Vec3;
use mesh::measure::bounds;

fn triangle_gltf(more: &str) -> String {
    // One triangle, its positions as base64 floats: (0,0,0), (1,0,0), (0,1,0).
    let positions = "AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA";
    format!(
        r#"{{ "asset": {{ "version": "2.0" }},
        "buffers": [{{ "uri": "data:;base64,{positions}", "byteLength": 36 }}],
        "bufferViews": [{{ "buffer": 0, "byteLength": 36 }}],
        "accessors": [{{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3" }}],
        "meshes": [{{ "primitives": [{{ "attributes": {{ "POSITION": 0 }}, "material": 0 }}] }}],
        "materials": [{{ "pbrMetallicRoughness":
            {{ "baseColorFactor": [0.5, 0, 1, 1], "metallicFactor": 0 }} }}],
        {more} }}"#
    )
}

#[test]
fn nodes_place_meshes_and_factors_become_colours() {
    let text = triangle_gltf(
        r#""scenes": [{ "nodes": [0, 2] }], "nodes": [
            { "translation": [10, 0, 0], "children": [1] },
            { "mesh": 0, "scale": [2, 2, 2] },
            { "mesh": 0, "scale": [-1, 1, 1] }]"#,
    );
    let opened = open(text.as_bytes()).unwrap();
    let model = opened.model;
    assert_eq!(model.triangles.len(), 2);
    assert_eq!(
        bounds(&model.positions),
        (Vec3::new(-1.0, 0.0, 0.0), Vec3::new(12.0, 2.0, 0.0))
    );
    // Both face +Z, the mirrored one too.
    assert!(model.normals.iter().all(|n| n.abs_diff_eq(Vec3::Z, 1e-6)));
    let [a, b, c] = model.triangles[1].map(|v| model.positions[v as usize]);
    assert!((b - a).cross(c - a).z > 0.0);
    assert!(model.colours.iter().all(|&colour| colour == [188, 0, 255]));
}

#[test]
fn a_node_within_itself_is_refused() {
    let text = triangle_gltf(r#""scenes": [{ "nodes": [0] }], "nodes": [{ "children": [0] }]"#);
    assert_eq!(
        open(text.as_bytes()).err(),
        Some(ReadError::Malformed("the tree of nodes"))
    );
}

#[test]
fn a_compressed_gltf_says_what_to_do() {
    let text = triangle_gltf(r#""extensionsRequired": ["KHR_draco_mesh_compression"]"#);
    let Err(ReadError::Unsupported(advice)) = open(text.as_bytes()) else {
        panic!("it was read");
    };
    assert!(advice.contains("without compression"));
}

#[test]
fn text_stl_is_millimetres_with_z_up() {
    let stl = "solid x\nfacet normal 0 0 1\nouter loop\nvertex 0 0 1000\nvertex 1e3 0 1000\n\
               vertex 0 1000 1000\nendloop\nendfacet\nendsolid x\n";
    let model = open(stl.as_bytes()).unwrap().model;
    assert_eq!(
        model.positions,
        [Vec3::Y, Vec3::new(1.0, 1.0, 0.0), Vec3::new(0.0, 1.0, -1.0)]
    );
    assert_eq!(model.normals[0], Vec3::Y);
}

#[test]
fn ply_as_text_and_with_the_high_byte_first() {
    let text = "ply\nformat ascii 1.0\nelement vertex 4\nproperty double x\nproperty double y\n\
                property double z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\n\
                element face 1\nproperty list uchar int vertex_index\nend_header\n\
                0 0 0 1 2 3\n1 0 0 1 2 3\n1 1 0 1 2 3\n0 1 0 1 2 3\n4 0 1 2 3\n";
    let model = open(text.as_bytes()).unwrap().model;
    assert_eq!((model.quads, model.triangles.len()), (1, 2));
    assert_eq!(model.colours, [[1, 2, 3]; 4]);

    let header = "ply\nformat binary_big_endian 1.0\nelement vertex 3\nproperty short x\n\
                  property short y\nproperty short z\nelement face 1\n\
                  property list uchar uint vertex_indices\nend_header\n";
    let mut file = header.as_bytes().to_vec();
    for number in [0_i16, 0, 0, 256, 0, 0, 0, -2, 0] {
        file.extend(number.to_be_bytes());
    }
    file.push(3);
    [0_u32, 1, 2]
        .iter()
        .for_each(|i| file.extend(i.to_be_bytes()));
    let model = open(&file).unwrap().model;
    assert_eq!(
        bounds(&model.positions),
        (Vec3::new(0.0, -2.0, 0.0), Vec3::new(256.0, 0.0, 0.0))
    );
}

#[test]
fn obj_counts_back_from_the_end_and_cuts_fans() {
    let obj = "v 0 0 0\nv 1 0 0\nv 2 1 0\nv 1 2 0\nv 0 1 0\nf -5 -4 -3 -2 -1\r\nf 1 2 3 4\n";
    let model = open(obj.as_bytes()).unwrap().model;
    assert_eq!((model.quads, model.triangles.len()), (1, 5));
    assert_eq!(
        open(b"v 0 0 0\nf 1 2 3\n").err(),
        Some(ReadError::Malformed("a face"))
    );
}

#[test]
fn an_obj_without_its_materials_is_read_with_a_note() {
    let written = write(&brick(), Format::Obj);
    let opened = open(&written.bytes).unwrap();
    assert_eq!(opened.notes, [Note::MissingTextures]);
    assert_eq!(opened.model.triangles.len(), 12);
    assert!(opened.model.material.base_colour.is_none());
}

#[test]
fn only_names_inside_the_folder_are_asked_for() {
    let asked = std::cell::RefCell::new(Vec::new());
    let obj = b"mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nusemtl m\nf 1 2 3\n";
    let library = "newmtl m\nmap_Kd ../../secret.png\nnorm C:\\x.png\nmap_Pr http://x/y.png\n\
                   map_Pm maps\\metal.png\n";
    let companion = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        (name == "a.mtl").then(|| library.as_bytes().to_vec())
    };
    let opened = read(obj, &companion, &Limits::default()).unwrap();
    assert_eq!(opened.notes, [Note::MissingTextures]);
    assert_eq!(*asked.borrow(), ["a.mtl", "maps/metal.png"]);
}

#[test]
fn one_texture_among_plain_materials_stays_and_plain_parts_stay_plain() {
    let png = formats::png::encode_rgb(2, 2, &[10, 20, 30].repeat(4)).unwrap();
    let obj = b"mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvt 0 0\nvt 1 0\nvt 0 1\n\
                usemtl skin\nf 1/1 2/2 3/3\nusemtl plain\nf 1 2 4\n";
    let companion = |name: &str| match name {
        "a.mtl" => Some(b"newmtl skin\nmap_Kd s.png\nnewmtl plain\nKd 1 0 0\n".to_vec()),
        "s.png" => Some(png.clone()),
        _ => None,
    };
    let model = read(obj, &companion, &Limits::default()).unwrap().model;
    let texture = model.material.base_colour.unwrap();
    let texel = |uv: glam::Vec2| {
        let (x, y) = (uv.x * texture.width as f32, uv.y * texture.height as f32);
        let at =
            (y as u32).min(texture.height - 1) * texture.width + (x as u32).min(texture.width - 1);
        texture.rgb[at as usize * 3..][..3].to_vec()
    };
    assert_eq!(texel(model.uvs[0] - glam::Vec2::Y * 0.01), [10, 20, 30]);
    assert_eq!(texel(model.uvs[3]), [255, 255, 255]);
    assert_eq!(model.colours[3], [255, 0, 0]);
    assert_eq!(model.colours[0], [255, 255, 255]);
}

#[test]
fn usd_with_another_unit_axis_and_values_on_corners() {
    let usd = r#"#usda 1.0
( "a comment" metersPerUnit = 0.01
  upAxis = "Z" )
def Xform "A" {
    double3 xformOp:translate = (100, 0, 0)
    uniform token[] xformOpOrder = ["xformOp:translate"]
    def Mesh "B" (customData = { string x = "}" }) {
        int[] faceVertexCounts = [3, 3]
        int[] faceVertexIndices = [0, 1, 2, 0, 2, 3]
        point3f[] points = [(0, 0, 100), (100, 0, 100), (100, 100, 100), (0, 100, 100)]
        texCoord2f[] primvars:UVMap = [(0, 0), (1, 1)] ( interpolation = "faceVarying" )
        int[] primvars:UVMap:indices = [0, 0, 1, 0, 1, 1]
        float3[] extent.timeSamples = { 0: [(0, 0, 0)], }
    }
}"#;
    let model = open(usd.as_bytes()).unwrap().model;
    let (low, high) = bounds(&model.positions);
    assert!(low.abs_diff_eq(Vec3::new(1.0, 1.0, -1.0), 1e-6), "{low}");
    assert!(high.abs_diff_eq(Vec3::new(2.0, 1.0, 0.0), 1e-6), "{high}");
    assert!(model.normals.iter().all(|n| n.abs_diff_eq(Vec3::Y, 1e-5)));
    let corners = common::corners(&model);
    assert_eq!(corners[2].uv, Some(glam::Vec2::X));
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    for (bytes, expected) in [
        (&b""[..], ReadError::Unknown),
        (b"\x89PNG\r\n\x1a\n", ReadError::Unknown),
        (b"#usda 1.0\n", ReadError::Empty),
        (b"v 0 0 0\nv 1 0 0\nv 1 1 0\n", ReadError::Empty),
        (
            b"v nan 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n",
            ReadError::NotFinite,
        ),
        (
            b"v 1e30 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n",
            ReadError::NotFinite,
        ),
    ] {
        assert_eq!(open(bytes).err(), Some(expected));
    }
    assert!(matches!(
        open(b"PXR-USDC\0\0"),
        Err(ReadError::Unsupported(_))
    ));
}

#[test]
fn limits_are_kept() {
    let small = |max_bytes, max_faces, max_texels| Limits {
        max_bytes,
        max_faces,
        max_texels,
    };
    let refused = |limits: Limits, format: Format| {
        let written = write(&brick(), format);
        let companion = |name: &str| {
            let found = written.companions.iter().find(|c| c.name == name);
            found.map(|c| c.bytes.clone())
        };
        read(&written.bytes, &companion, &limits).err()
    };
    for format in Format::ALL {
        let name = format.name();
        let error = refused(small(1 << 30, 11, 1 << 20), format);
        assert!(
            matches!(error, Some(ReadError::TooLarge(_))),
            "{name}: {error:?}"
        );
        let error = refused(small(600, 100, 1 << 20), format);
        assert_eq!(error, Some(ReadError::TooLarge("bytes")), "{name}");
    }
    let written = write(&brick(), Format::Glb);
    let opened = read(&written.bytes, &|_| None, &small(1 << 30, 100, 143)).unwrap();
    assert_eq!(opened.notes, [Note::UnreadTextures]);
}
