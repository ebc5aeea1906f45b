//! 3MF: objects, components and the build, with base materials, colours or one texture.
//!
//! Layout: 3MF Consortium, Core Specification 1.3, Materials and Properties Extension 1.2 and the
//! paths of the Production Extension 1.1. The file states its unit; +Z is up.

mod resources;

use std::collections::BTreeMap;

use glam::{Mat4, Vec3};

use super::scene::{Look, Part, Scene};
use super::{Note, ReadError, Source, texture};
use crate::archive::Archive;
use crate::write::from_printer;
use resources::{Group, Id, Object, Resources, Texture};

/// Components within components.
const DEEPEST: usize = 32;
/// Objects placed, however often each.
const MOST_PLACED: usize = 100_000;

pub(super) fn read(mut archive: Archive, source: &mut Source) -> Result<Scene, ReadError> {
    let mut resources = Resources::default();
    for name in archive.names() {
        if name.to_ascii_lowercase().ends_with(".model") {
            let bytes = archive
                .file(&name)?
                .ok_or(ReadError::Malformed("the zip archive"))?;
            resources.parse(&format!("/{name}"), &bytes, source.limits.max_faces)?;
        }
    }
    let mut reader = Reader {
        looks: BTreeMap::new(),
        scene: Scene::default(),
        placed: 0,
        archive,
        resources: &resources,
        source,
    };
    let metres = resources.metres_per_unit / METRES_PER_MM;
    let scaled = Mat4::from_scale(Vec3::splat(metres as f32));
    for (id, transform) in &resources.items {
        reader.place(id, scaled * *transform, 0)?;
    }
    Ok(reader.scene)
}

const METRES_PER_MM: f64 = 1e-3;

struct Reader<'a, 'b, 'c> {
    /// The look of each texture, or of none.
    looks: BTreeMap<Option<Id>, usize>,
    scene: Scene,
    placed: usize,
    archive: Archive<'b>,
    resources: &'a Resources,
    source: &'a mut Source<'c>,
}

impl Reader<'_, '_, '_> {
    fn place(&mut self, id: &Id, mm_from_object: Mat4, depth: usize) -> Result<(), ReadError> {
        self.placed += 1;
        if depth > DEEPEST || self.placed > MOST_PLACED {
            return Err(ReadError::TooLarge("components"));
        }
        let resources = self.resources;
        let object = resources
            .objects
            .get(id)
            .ok_or(ReadError::Malformed("an object"))?;
        if !object.triangles.is_empty() {
            self.mesh(object, mm_from_object)?;
        }
        for (id, transform) in &object.components {
            self.place(id, mm_from_object * *transform, depth + 1)?;
        }
        Ok(())
    }

    fn mesh(&mut self, object: &Object, mm_from_object: Mat4) -> Result<(), ReadError> {
        // Triangles with a texture and without become parts of their own.
        let mut parts: BTreeMap<Option<Id>, Part> = BTreeMap::new();
        for triangle in &object.triangles {
            let group = triangle
                .group
                .as_ref()
                .and_then(|id| self.resources.groups.get(id));
            let texture = match group {
                Some(Group::Coordinates { texture, .. }) => Some(texture.clone()),
                _ => None,
            };
            let part = parts.entry(texture).or_default();
            let first = part.positions.len() as u32;
            for (corner, property) in triangle.corners.into_iter().zip(triangle.properties) {
                let position = object.vertices.get(corner as usize);
                part.positions
                    .push(*position.ok_or(ReadError::Malformed("a triangle"))?);
                match group {
                    Some(Group::Coordinates { uvs, .. }) => {
                        let uv = uvs.get(property).copied().unwrap_or_default();
                        part.uvs.push(uv);
                    }
                    Some(Group::Colours(colours)) => {
                        part.colours
                            .push(colours.get(property).copied().unwrap_or(Vec3::ONE));
                    }
                    None => part.colours.push(Vec3::ONE),
                }
            }
            part.triangles.push([first, first + 1, first + 2]);
        }
        for (texture, mut part) in parts {
            if part.colours.iter().all(|&colour| colour == Vec3::ONE) {
                part.colours.clear();
            }
            part.look = self.look(texture)?;
            part.weld();
            // Millimetres with +Z up become metres with +Y up where everything has its place.
            for position in &mut part.positions {
                *position = from_printer(mm_from_object.transform_point3(*position));
            }
            if mm_from_object.determinant() < 0.0 {
                part.triangles
                    .iter_mut()
                    .for_each(|[_, b, c]| std::mem::swap(b, c));
            }
            self.scene.add(part, Mat4::IDENTITY, &self.source.limits)?;
        }
        Ok(())
    }

    fn look(&mut self, texture: Option<Id>) -> Result<usize, ReadError> {
        if let Some(&look) = self.looks.get(&texture) {
            return Ok(look);
        }
        let described = texture
            .as_ref()
            .and_then(|id| self.resources.textures.get(id));
        let pixels = match described {
            Some(Texture { path }) => {
                let bytes = self.archive.file(path.trim_start_matches('/'))?;
                if bytes.is_none() {
                    self.source.note(Note::MissingTextures);
                }
                bytes.and_then(|bytes| texture::decode(&bytes, self.source))
            }
            None => None,
        };
        let base_colour = pixels.map(|pixels| self.scene.texture(pixels));
        let look = self.scene.look(Look {
            base_colour,
            ..Look::default()
        });
        self.looks.insert(texture, look);
        Ok(look)
    }
}
