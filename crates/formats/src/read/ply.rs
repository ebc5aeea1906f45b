//! PLY, as text or binary of either byte order. It states neither unit nor axis: metres and +Y up
//! are assumed.
//!
//! Layout: Greg Turk, "The PLY Polygon File Format" (1994).

use glam::{Mat4, Vec2, Vec3};

use super::scene::{Part, Scene};
use super::{ReadError, Source};
use crate::colour::to_linear;

const HEADER: ReadError = ReadError::Malformed("its header");
const SHORT: ReadError = ReadError::Malformed("its end");

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Text,
    LittleEndian,
    BigEndian,
}

/// The type of a number.
#[derive(Clone, Copy)]
enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "char" | "int8" => Self::I8,
            "uchar" | "uint8" => Self::U8,
            "short" | "int16" => Self::I16,
            "ushort" | "uint16" => Self::U16,
            "int" | "int32" => Self::I32,
            "uint" | "uint32" => Self::U32,
            "float" | "float32" => Self::F32,
            "double" | "float64" => Self::F64,
            _ => return None,
        })
    }

    fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }
}

struct Property {
    name: String,
    kind: Kind,
    /// The type of the count in front of a list.
    list: Option<Kind>,
}

struct Element {
    name: String,
    count: usize,
    properties: Vec<Property>,
}

/// The numbers behind the header.
struct Body<'a> {
    encoding: Encoding,
    rest: &'a [u8],
}

impl Body<'_> {
    fn number(&mut self, kind: Kind) -> Result<f64, ReadError> {
        if self.encoding == Encoding::Text {
            let start = self.rest.trim_ascii_start();
            let end = start
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(start.len());
            self.rest = &start[end..];
            let word = std::str::from_utf8(&start[..end]).map_err(|_| SHORT)?;
            return word.parse().map_err(|_| SHORT);
        }
        Ok(match kind {
            Kind::I8 => i8::from_le_bytes(self.bytes()?).into(),
            Kind::U8 => u8::from_le_bytes(self.bytes()?).into(),
            Kind::I16 => i16::from_le_bytes(self.bytes()?).into(),
            Kind::U16 => u16::from_le_bytes(self.bytes()?).into(),
            Kind::I32 => i32::from_le_bytes(self.bytes()?).into(),
            Kind::U32 => u32::from_le_bytes(self.bytes()?).into(),
            Kind::F32 => f32::from_le_bytes(self.bytes()?).into(),
            Kind::F64 => f64::from_le_bytes(self.bytes()?),
        })
    }

    /// The next bytes, the lowest first.
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(SHORT)?;
        self.rest = rest;
        let mut bytes = *bytes;
        if self.encoding == Encoding::BigEndian {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// A count or an index: not negative, no fraction.
    fn whole(&mut self, kind: Kind) -> Result<u32, ReadError> {
        let number = self.number(kind)?;
        let whole = number as u32;
        if f64::from(whole) == number {
            Ok(whole)
        } else {
            Err(ReadError::Malformed("a face"))
        }
    }

    /// The numbers of a list; each takes at least a byte, so there can't be more than bytes.
    fn list(&mut self, count: Kind) -> Result<usize, ReadError> {
        let count = self.whole(count)? as usize;
        if count > self.rest.len() {
            Err(SHORT)
        } else {
            Ok(count)
        }
    }
}

pub(super) fn read(bytes: &[u8], source: &mut Source) -> Result<Scene, ReadError> {
    let (elements, mut body) = header(bytes)?;
    let mut part = Part::default();
    for element in &elements {
        // An element without properties takes no bytes: its count is all there is of it.
        if element.properties.is_empty() {
            continue;
        }
        if element.count > body.rest.len() {
            return Err(SHORT);
        }
        if element.count > source.limits.max_faces {
            return Err(ReadError::TooLarge("elements"));
        }
        match &*element.name {
            "vertex" => vertices(element, &mut body, &mut part)?,
            "face" if part.triangles.is_empty() => {
                faces(element, &mut body, &mut part, source.limits.max_faces)?
            }
            _ => skip(element, &mut body)?,
        }
    }
    let mut scene = Scene::default();
    scene.add(part, Mat4::IDENTITY, &source.limits)?;
    Ok(scene)
}

fn header(bytes: &[u8]) -> Result<(Vec<Element>, Body<'_>), ReadError> {
    let mut elements: Vec<Element> = Vec::new();
    let mut encoding = None;
    let mut rest = bytes;
    loop {
        let end = rest
            .iter()
            .take(4096)
            .position(|&byte| byte == b'\n')
            .ok_or(HEADER)?;
        let line = std::str::from_utf8(&rest[..end]).map_err(|_| HEADER)?;
        rest = &rest[end + 1..];
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match words[..] {
            ["format", "ascii", _] => encoding = Some(Encoding::Text),
            ["format", "binary_little_endian", _] => encoding = Some(Encoding::LittleEndian),
            ["format", "binary_big_endian", _] => encoding = Some(Encoding::BigEndian),
            ["element", name, count] => elements.push(Element {
                name: name.to_owned(),
                count: count.parse().map_err(|_| HEADER)?,
                properties: Vec::new(),
            }),
            ["property", "list", count, kind, name] => {
                property(&mut elements, Some(count), kind, name)?
            }
            ["property", kind, name] => property(&mut elements, None, kind, name)?,
            ["end_header"] => break,
            _ => {}
        }
    }
    let encoding = encoding.ok_or(HEADER)?;
    Ok((elements, Body { encoding, rest }))
}

fn property(
    elements: &mut [Element],
    list: Option<&str>,
    kind: &str,
    name: &str,
) -> Result<(), ReadError> {
    let list = list
        .map(|count| Kind::of(count).ok_or(HEADER))
        .transpose()?;
    let element = elements.last_mut().ok_or(HEADER)?;
    element.properties.push(Property {
        name: name.to_owned(),
        kind: Kind::of(kind).ok_or(HEADER)?,
        list,
    });
    Ok(())
}

/// The names that vertex properties have, by meaning.
const NAMES: [&[&str]; 11] = [
    &["x"],
    &["y"],
    &["z"],
    &["nx"],
    &["ny"],
    &["nz"],
    &["s", "u", "texture_u", "s0"],
    &["t", "v", "texture_v", "t0"],
    &["red", "r", "diffuse_red"],
    &["green", "g", "diffuse_green"],
    &["blue", "b", "diffuse_blue"],
];

fn vertices(element: &Element, body: &mut Body, part: &mut Part) -> Result<(), ReadError> {
    let slots: Vec<Option<usize>> = (element.properties.iter())
        .map(|property| {
            NAMES
                .iter()
                .position(|names| names.contains(&&*property.name))
        })
        .collect();
    let has = |wanted: std::ops::Range<usize>| wanted.into_iter().all(|i| slots.contains(&Some(i)));
    if !has(0..3) {
        return Err(HEADER);
    }
    let mut float_colours = false;
    for (property, slot) in element.properties.iter().zip(&slots) {
        float_colours |= *slot == Some(8) && property.kind.is_float();
    }
    let (normals, uvs, colours) = (has(3..6), has(6..8), has(8..11));
    for _ in 0..element.count {
        let mut values = [0.0_f32; NAMES.len()];
        for (property, slot) in element.properties.iter().zip(&slots) {
            if let Some(count) = property.list {
                for _ in 0..body.list(count)? {
                    body.number(property.kind)?;
                }
                continue;
            }
            let value = body.number(property.kind)? as f32;
            if let Some(slot) = slot {
                values[*slot] = value;
            }
        }
        let [x, y, z, nx, ny, nz, s, t, r, g, b] = values;
        part.positions.push(Vec3::new(x, y, z));
        if normals {
            part.normals.push(Vec3::new(nx, ny, nz));
        }
        if uvs {
            part.uvs.push(Vec2::new(s, 1.0 - t));
        }
        if colours {
            let scale = if float_colours { 255.0 } else { 1.0 };
            // Casting clamps.
            part.colours
                .push(to_linear([r, g, b].map(|c| (c * scale).round() as u8)));
        }
    }
    Ok(())
}

fn faces(
    element: &Element,
    body: &mut Body,
    part: &mut Part,
    most: usize,
) -> Result<(), ReadError> {
    let mut triangles = Vec::new();
    let mut corners = Vec::new();
    for _ in 0..element.count {
        for property in &element.properties {
            let is_corners = matches!(&*property.name, "vertex_indices" | "vertex_index");
            let count = match property.list {
                Some(count) => body.list(count)?,
                None => 1,
            };
            if !is_corners || property.list.is_none() {
                for _ in 0..count {
                    body.number(property.kind)?;
                }
                continue;
            }
            corners.clear();
            for _ in 0..count {
                corners.push(body.whole(property.kind)?);
            }
            match corners[..] {
                [a, b, c, d] => part.triangles.extend([[a, b, c], [a, c, d]]),
                [first, ref rest @ ..] => {
                    triangles.extend(rest.windows(2).map(|edge| [first, edge[0], edge[1]]));
                }
                [] => {}
            }
            if part.triangles.len() + triangles.len() > most {
                return Err(ReadError::TooLarge("faces"));
            }
        }
    }
    part.quads = part.triangles.len() / 2;
    part.triangles.extend(triangles);
    Ok(())
}

fn skip(element: &Element, body: &mut Body) -> Result<(), ReadError> {
    for _ in 0..element.count {
        for property in &element.properties {
            let count = match property.list {
                Some(count) => body.list(count)?,
                None => 1,
            };
            for _ in 0..count {
                body.number(property.kind)?;
            }
        }
    }
    Ok(())
}
