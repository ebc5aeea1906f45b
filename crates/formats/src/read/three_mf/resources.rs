//! What the XML of a 3MF file's model parts says.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::str::FromStr;

use glam::{Mat4, Vec2, Vec3};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::ReadError;
use crate::colour::to_linear;

/// A resource: the part of the package it is in, and its number there.
pub(super) type Id = (Rc<str>, u32);

/// Properties that corners refer to.
pub(super) enum Group {
    /// Linear light: base materials and colours.
    Colours(Vec<Vec3>),
    /// Texture coordinates, (0, 0) the top left.
    Coordinates { texture: Id, uvs: Vec<Vec2> },
}

/// Where a texture lies.
pub(super) struct Texture {
    pub path: String,
}

/// One triangle with a property for each corner.
pub(super) struct Triangle {
    pub corners: [u32; 3],
    pub group: Option<Id>,
    pub properties: [usize; 3],
}

#[derive(Default)]
pub(super) struct Object {
    /// In the file's unit.
    pub vertices: Vec<Vec3>,
    pub triangles: Vec<Triangle>,
    pub components: Vec<(Id, Mat4)>,
    /// For triangles that say nothing.
    property: Option<(Id, usize)>,
}

/// All parts together.
pub(super) struct Resources {
    pub metres_per_unit: f64,
    pub objects: BTreeMap<Id, Object>,
    pub groups: BTreeMap<Id, Group>,
    pub textures: BTreeMap<Id, Texture>,
    pub items: Vec<(Id, Mat4)>,
}

impl Default for Resources {
    fn default() -> Self {
        Self {
            metres_per_unit: 1e-3,
            objects: BTreeMap::new(),
            groups: BTreeMap::new(),
            textures: BTreeMap::new(),
            items: Vec::new(),
        }
    }
}

const BAD: ReadError = ReadError::Malformed("its XML");

impl Resources {
    /// Adds what one model part says. `path` begins with `/`.
    pub(super) fn parse(&mut self, path: &str, xml: &[u8], most: usize) -> Result<(), ReadError> {
        let mut reader = Reader::from_reader(xml);
        // Where vertices, triangles and properties belong.
        let mut open = Open {
            path: path.into(),
            object: None,
            group: None,
        };
        let mut seen = 0_usize;
        loop {
            match reader.read_event().map_err(|_| BAD)? {
                Event::Start(tag) | Event::Empty(tag) => {
                    seen += 1;
                    // Vertices, triangles, coordinates and colours together.
                    if seen > most.saturating_mul(4) {
                        return Err(ReadError::TooLarge("faces"));
                    }
                    self.tag(&tag, &mut open)?;
                }
                Event::Eof => return Ok(()),
                // Entities are never defined, so nothing can expand.
                _ => {}
            }
        }
    }

    fn tag(&mut self, tag: &BytesStart, open: &mut Open) -> Result<(), ReadError> {
        let attributes = Attributes::of(tag)?;
        let id = |name: &str| Some((open.path.clone(), attributes.number::<u32>(name)?));
        match tag.local_name().as_ref() {
            "model" => {
                // Further parts of the package repeat the unit.
                self.metres_per_unit = match attributes.text("unit") {
                    Some("micron") => 1e-6,
                    Some("centimeter") => 1e-2,
                    Some("inch") => 0.0254,
                    Some("foot") => 0.3048,
                    Some("meter") => 1.0,
                    _ => 1e-3,
                };
            }
            "basematerials" | "colorgroup" => {
                let id = id("id").ok_or(BAD)?;
                self.groups.insert(id.clone(), Group::Colours(Vec::new()));
                open.group = Some(id);
            }
            "texture2dgroup" => {
                let (id, texture) = (id("id").ok_or(BAD)?, id("texid").ok_or(BAD)?);
                self.groups.insert(
                    id.clone(),
                    Group::Coordinates {
                        texture,
                        uvs: Vec::new(),
                    },
                );
                open.group = Some(id);
            }
            "base" => self.colour(attributes.text("displaycolor"), open),
            "color" => self.colour(attributes.text("color"), open),
            "tex2coord" => {
                let group = open.group.as_ref().and_then(|id| self.groups.get_mut(id));
                if let Some(Group::Coordinates { uvs, .. }) = group {
                    let number = |name| attributes.number::<f32>(name).ok_or(BAD);
                    uvs.push(Vec2::new(number("u")?, 1.0 - number("v")?));
                }
            }
            "texture2d" => {
                let path = attributes.text("path").unwrap_or_default().to_owned();
                self.textures.insert(id("id").ok_or(BAD)?, Texture { path });
            }
            "object" => {
                let property = id("pid").zip(attributes.number("pindex"));
                let object = Object {
                    property,
                    ..Object::default()
                };
                let id = id("id").ok_or(BAD)?;
                self.objects.insert(id.clone(), object);
                open.object = Some(id);
            }
            "vertex" => {
                let number = |name| attributes.number::<f32>(name).ok_or(BAD);
                let vertex = Vec3::new(number("x")?, number("y")?, number("z")?);
                self.object(open)?.vertices.push(vertex);
            }
            "triangle" => {
                let number = |name| attributes.number(name).ok_or(BAD);
                let corners = [number("v1")?, number("v2")?, number("v3")?];
                let (path, pid) = (open.path.clone(), attributes.number::<u32>("pid"));
                let object = self.object(open)?;
                let (default, index) = object.property.clone().unzip();
                let group = pid.map(|pid| (path, pid)).or(default);
                let first = attributes.number("p1").or(index).unwrap_or(0);
                let other = |name| attributes.number(name).unwrap_or(first);
                let properties = [first, other("p2"), other("p3")];
                object.triangles.push(Triangle {
                    corners,
                    group,
                    properties,
                });
            }
            "component" => {
                let reference = open.reference(&attributes)?;
                self.object(open)?.components.push(reference);
            }
            "item" => self.items.push(open.reference(&attributes)?),
            _ => {}
        }
        Ok(())
    }

    fn object(&mut self, open: &Open) -> Result<&mut Object, ReadError> {
        open.object
            .as_ref()
            .and_then(|id| self.objects.get_mut(id))
            .ok_or(BAD)
    }

    fn colour(&mut self, text: Option<&str>, open: &Open) {
        let group = open.group.as_ref().and_then(|id| self.groups.get_mut(id));
        if let Some(Group::Colours(colours)) = group {
            let colour = text.and_then(hex).unwrap_or([255; 3]);
            colours.push(to_linear(colour));
        }
    }
}

/// What the tags at hand belong to.
struct Open {
    path: Rc<str>,
    object: Option<Id>,
    group: Option<Id>,
}

impl Open {
    /// Which object a component or item places, and where.
    fn reference(&self, attributes: &Attributes) -> Result<(Id, Mat4), ReadError> {
        let path = attributes
            .text("path")
            .map_or_else(|| self.path.clone(), Rc::from);
        let id = attributes.number("objectid").ok_or(BAD)?;
        let transform = match attributes.text("transform") {
            Some(text) => transform(text).ok_or(BAD)?,
            None => Mat4::IDENTITY,
        };
        Ok(((path, id), transform))
    }
}

/// Twelve numbers, row by row, for vectors in front of the matrix (core, section 3.3).
fn transform(text: &str) -> Option<Mat4> {
    let numbers: Option<Vec<f32>> = text
        .split_ascii_whitespace()
        .map(|word| word.parse().ok())
        .collect();
    let [a, b, c, d, e, f, g, h, i, x, y, z] = numbers?.try_into().ok()?;
    Some(Mat4::from_cols_array(&[
        a, b, c, 0.0, d, e, f, 0.0, g, h, i, 0.0, x, y, z, 1.0,
    ]))
}

/// `#RRGGBB`, with or without alpha behind it.
fn hex(text: &str) -> Option<[u8; 3]> {
    let digits = text.trim().strip_prefix('#')?.get(..6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, r, g, b] = number.to_be_bytes();
    Some([r, g, b])
}

/// The attributes of a tag by their names without prefixes.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(tag: &BytesStart) -> Result<Self, ReadError> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| BAD)?;
            let name = attribute.key.local_name().as_ref().to_owned();
            let value = attribute.value.into_owned();
            attributes.push((name, value));
        }
        Ok(Self(attributes))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| &**value)
    }

    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.trim().parse().ok()
    }
}
