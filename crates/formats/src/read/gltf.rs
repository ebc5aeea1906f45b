//! glTF 2.0, as GLB or JSON: triangles of the default scene with materials, without animation.
//!
//! Khronos glTF 2.0 specification; `KHR_mesh_quantization` and `KHR_texture_transform` on top.

mod accessor;
mod document;
mod uri;

use std::collections::BTreeMap;

use glam::{Mat4, Quat, Vec2, Vec3, Vec4};

use super::scene::{Look, Part, Scene};
use super::{ReadError, Source, texture};
use crate::write::glb;
use accessor::Accessors;
use document::{Document, Node, Primitive, TextureInfo};

/// What hides geometry from a reader that doesn't know it.
const COMPRESSED: [&str; 2] = ["KHR_draco_mesh_compression", "EXT_meshopt_compression"];

/// Numbers of the primitive modes that are triangles (section 5.24.4).
const TRIANGLES: u32 = 4;
const TRIANGLE_STRIP: u32 = 5;
const TRIANGLE_FAN: u32 = 6;

/// Reads a GLB file.
pub(super) fn binary(bytes: &[u8], source: &mut Source) -> Result<Scene, ReadError> {
    let bad = ReadError::Malformed("a GLB chunk");
    let word = |at: usize| -> Option<usize> {
        let bytes = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    };
    if word(4) != Some(glb::VERSION as usize) {
        return Err(ReadError::Unsupported(
            "only version 2 of glTF can be read; open the file in Blender and export it as GLB",
        ));
    }
    let (mut json, mut blob) = (None, None);
    let mut at = 12;
    while let (Some(length), Some(kind)) = (word(at), bytes.get(at + 4..at + 8)) {
        let end = (at + 8).checked_add(length).ok_or(bad)?;
        let chunk = bytes.get(at + 8..end).ok_or(bad)?;
        if kind == glb::JSON_CHUNK {
            json.get_or_insert(chunk);
        } else if kind == glb::BINARY_CHUNK {
            blob.get_or_insert(chunk);
        }
        at = end;
    }
    read(json.ok_or(bad)?, blob, source)
}

/// Reads a `.gltf` file.
pub(super) fn text(bytes: &[u8], source: &mut Source) -> Result<Scene, ReadError> {
    read(
        bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes),
        None,
        source,
    )
}

fn read(json: &[u8], blob: Option<&[u8]>, source: &mut Source) -> Result<Scene, ReadError> {
    let document: Document =
        serde_json::from_slice(json).map_err(|_| ReadError::Malformed("its JSON"))?;
    if (document.extensions_required.iter()).any(|name| COMPRESSED.contains(&name.as_str())) {
        return Err(ReadError::Unsupported(
            "the model is compressed (Draco or meshopt); export it without compression",
        ));
    }
    let accessors = Accessors::load(&document, blob, source)?;
    let mut scene = Scene::default();
    let mut images = Images {
        document: &document,
        accessors: &accessors,
        read: BTreeMap::new(),
    };
    // Which of the scene's textures an image is.
    let mut kept = BTreeMap::new();
    for material in &document.materials {
        let look = look(material, &mut images, &mut kept, &mut scene, source)?;
        scene.look(look);
    }
    for (mesh, world_from_mesh) in placed(&document)? {
        let Some(mesh) = document.meshes.get(mesh) else {
            return Err(ReadError::Malformed("a mesh"));
        };
        for primitive in &mesh.primitives {
            let Some(mut part) = part(primitive, &document, &accessors, source)? else {
                continue;
            };
            if let [_] = &mesh.primitives[..] {
                part.quads = mesh.quads().filter(|&n| are_quads(&part, n)).unwrap_or(0);
            }
            scene.add(part, world_from_mesh, &source.limits)?;
        }
    }
    Ok(scene)
}

/// Every mesh of the scene with where it is. Files without a scene show all their meshes.
fn placed(document: &Document) -> Result<Vec<(usize, Mat4)>, ReadError> {
    let roots = document.scenes.get(document.scene.unwrap_or(0));
    let Some(roots) = roots else {
        return Ok((0..document.meshes.len())
            .map(|mesh| (mesh, Mat4::IDENTITY))
            .collect());
    };
    let mut placed = Vec::new();
    let mut seen = vec![false; document.nodes.len()];
    let mut open: Vec<(usize, Mat4)> = roots
        .nodes
        .iter()
        .rev()
        .map(|&node| (node, Mat4::IDENTITY))
        .collect();
    while let Some((index, world_from_parent)) = open.pop() {
        let node = document
            .nodes
            .get(index)
            .ok_or(ReadError::Malformed("a node"))?;
        // Nodes form trees (section 3.5.2); a node met twice would make a loop or a bomb.
        if std::mem::replace(&mut seen[index], true) {
            return Err(ReadError::Malformed("the tree of nodes"));
        }
        let world_from_node = world_from_parent * parent_from_node(node);
        placed.extend(node.mesh.map(|mesh| (mesh, world_from_node)));
        open.extend(
            node.children
                .iter()
                .rev()
                .map(|&child| (child, world_from_node)),
        );
    }
    Ok(placed)
}

fn parent_from_node(node: &Node) -> Mat4 {
    if let Some(matrix) = node.matrix {
        return Mat4::from_cols_array(&matrix);
    }
    let scale = node.scale.map_or(Vec3::ONE, Vec3::from);
    let rotation = node.rotation.map_or(Quat::IDENTITY, |q| {
        let q = Vec4::from(q).normalize_or(Vec4::W);
        Quat::from_vec4(q)
    });
    let translation = node.translation.map_or(Vec3::ZERO, Vec3::from);
    Mat4::from_scale_rotation_translation(scale, rotation, translation)
}

fn part(
    primitive: &Primitive,
    document: &Document,
    accessors: &Accessors,
    source: &Source,
) -> Result<Option<Part>, ReadError> {
    let mode = primitive.mode.unwrap_or(TRIANGLES);
    let Some(&position) = primitive.attributes.get("POSITION") else {
        return Ok(None);
    };
    if !matches!(mode, TRIANGLES | TRIANGLE_STRIP | TRIANGLE_FAN) {
        return Ok(None);
    }
    let positions = vectors(accessors.floats::<3>(position)?);
    let indices = match primitive.indices {
        Some(indices) => accessors.indices(indices)?,
        None => (0..positions.len() as u32).collect(),
    };
    if indices.len() / 3 > source.limits.max_faces {
        return Err(ReadError::TooLarge("faces"));
    }
    let has = |name: &str| primitive.attributes.get(name).copied();
    let info = primitive.material.and_then(|i| document.materials.get(i));
    let base_colour = info.and_then(|m| m.pbr.base_color_texture.as_ref());
    let set = base_colour.map_or(0, TextureInfo::set);
    let mut uvs = match has(&format!("TEXCOORD_{set}")) {
        Some(uvs) => accessors
            .floats::<2>(uvs)?
            .into_iter()
            .map(Vec2::from)
            .collect(),
        None => Vec::new(),
    };
    if let Some(turned) = base_colour.and_then(TextureInfo::transform) {
        uvs.iter_mut()
            .for_each(|uv| *uv = turned.transform_point2(*uv));
    }
    Ok(Some(Part {
        normals: match has("NORMAL") {
            Some(normals) => vectors(accessors.floats::<3>(normals)?),
            None => Vec::new(),
        },
        tangents: match has("TANGENT") {
            Some(tangents) => accessors
                .floats::<4>(tangents)?
                .into_iter()
                .map(Vec4::from)
                .collect(),
            None => Vec::new(),
        },
        colours: match has("COLOR_0") {
            // Three components or four: what is there of alpha is left out.
            Some(colours) => vectors(accessors.floats::<3>(colours)?),
            None => Vec::new(),
        },
        positions,
        uvs,
        triangles: triangles(mode, &indices),
        quads: 0,
        look: primitive.material.unwrap_or(usize::MAX),
    }))
}

fn vectors(arrays: Vec<[f32; 3]>) -> Vec<Vec3> {
    arrays.into_iter().map(Vec3::from).collect()
}

fn triangles(mode: u32, indices: &[u32]) -> Vec<[u32; 3]> {
    match mode {
        TRIANGLES => indices.as_chunks::<3>().0.to_vec(),
        TRIANGLE_STRIP => {
            let turned = |(i, t): (usize, &[u32])| match i % 2 {
                0 => [t[0], t[1], t[2]],
                _ => [t[1], t[0], t[2]],
            };
            indices.windows(3).enumerate().map(turned).collect()
        }
        _ => {
            let Some((&centre, rim)) = indices.split_first() else {
                return Vec::new();
            };
            rim.windows(2)
                .map(|edge| [edge[0], edge[1], centre])
                .collect()
        }
    }
}

/// Whether the first triangles are the halves of so many quads, as our files say of themselves.
fn are_quads(part: &Part, quads: usize) -> bool {
    let halves = quads
        .checked_mul(2)
        .and_then(|end| part.triangles.get(..end));
    let fits = |pair: &[[u32; 3]; 2]| pair[0][0] == pair[1][0] && pair[0][2] == pair[1][1];
    halves.is_some_and(|halves| halves.as_chunks::<2>().0.iter().all(fits))
}

/// Images, each decoded once.
struct Images<'a> {
    document: &'a Document,
    accessors: &'a Accessors<'a>,
    /// By number; `None` where reading failed.
    read: BTreeMap<usize, Option<mesh::Texture>>,
}

impl Images<'_> {
    /// The image of a texture: its number and pixels.
    fn get(
        &mut self,
        info: &TextureInfo,
        source: &mut Source,
    ) -> Result<Option<(usize, &mesh::Texture)>, ReadError> {
        let texture = self.document.textures.get(info.index);
        let Some(image) = texture.and_then(|texture| texture.source) else {
            return Ok(None);
        };
        if !self.read.contains_key(&image) {
            let described = self
                .document
                .images
                .get(image)
                .ok_or(ReadError::Malformed("an image"))?;
            let bytes = self.accessors.image(described, source)?;
            let pixels = bytes.and_then(|bytes| texture::decode(&bytes, source));
            self.read.insert(image, pixels);
        }
        Ok(self.read[&image].as_ref().map(|pixels| (image, pixels)))
    }
}

fn look(
    material: &document::Material,
    images: &mut Images,
    kept: &mut BTreeMap<usize, usize>,
    scene: &mut Scene,
    source: &mut Source,
) -> Result<Look, ReadError> {
    let pbr = &material.pbr;
    let [r, g, b, _] = pbr.base_color_factor.unwrap_or([1.0; 4]);
    let mut look = Look {
        factor: Vec3::new(r, g, b).clamp(Vec3::ZERO, Vec3::ONE),
        ..Look::default()
    };
    if !look.factor.is_finite() {
        look.factor = Vec3::ONE;
    }
    if let Some(info) = &pbr.base_color_texture
        && let Some((image, pixels)) = images.get(info, source)?
    {
        // Materials may share it: it is kept once.
        let number = match kept.get(&image) {
            Some(&number) => Some(number),
            None => texture::copy(pixels, source).map(|pixels| scene.texture(pixels)),
        };
        kept.extend(number.map(|number| (image, number)));
        look.base_colour = number;
    }
    if let Some(info) = &material.normal_texture {
        let found = images.get(info, source)?;
        look.normal = found.and_then(|(_, pixels)| texture::copy(pixels, source));
    }
    let (rough, metal) = (
        pbr.roughness_factor.unwrap_or(1.0),
        pbr.metallic_factor.unwrap_or(1.0),
    );
    look.roughness = rough.clamp(0.0, 1.0);
    let mut orm = None;
    if let Some(info) = &pbr.metallic_roughness_texture {
        let found = images.get(info, source)?;
        orm = found.and_then(|(image, pixels)| Some((image, texture::copy(pixels, source)?)));
    }
    if let Some((image, mut orm)) = orm {
        let occluded = match &material.occlusion_texture {
            Some(info) => {
                let found = images.get(info, source)?;
                found.is_some_and(|(other, _)| other == image)
            }
            None => false,
        };
        let scaled = |byte: u8, factor: f32| (f32::from(byte) * factor).round() as u8;
        for [occlusion, roughness, metalness] in orm.rgb.as_chunks_mut::<3>().0 {
            // Without occlusion red means nothing; a separate picture of it is left out.
            *occlusion = if occluded { *occlusion } else { 255 };
            *roughness = scaled(*roughness, rough);
            *metalness = scaled(*metalness, metal);
        }
        look.orm = Some(orm);
    } else if metal > 0.0 {
        // Metal all over, which a model can say only with a texture.
        let bytes = [1.0, rough, metal].map(|c: f32| (c.clamp(0.0, 1.0) * 255.0).round() as u8);
        look.orm = Some(mesh::Texture {
            width: 1,
            height: 1,
            rgb: bytes.to_vec(),
        });
    }
    Ok(look)
}
