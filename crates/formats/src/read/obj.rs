//! Wavefront OBJ. It states neither unit nor axis: metres and +Y up are assumed.
//!
//! Layout: Wavefront's "Object Files" appendix (Advanced Visualizer manual, B1); colours behind a
//! vertex' coordinates are MeshLab's. Faces with more than four corners are cut into fans.

use std::collections::{BTreeMap, HashMap};

use glam::{Mat4, Vec2, Vec3};

use super::mtl;
use super::scene::{Look, Part, Scene};
use super::{ReadError, Source};
use crate::colour::to_linear;

/// Whether one of the first lines is a statement that only OBJ has.
pub(super) fn is_obj(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let statement = |line: &[u8]| {
        let word = line
            .trim_ascii_start()
            .split(u8::is_ascii_whitespace)
            .next();
        matches!(
            word,
            Some(b"v" | b"vt" | b"vn" | b"mtllib" | b"o" | b"usemtl")
        )
    };
    let mut lines = head.split(|&byte| byte == b'\n').take(200);
    lines.any(statement) && !bytes.contains(&0)
}

/// Where a corner's data lie: position, texture coordinate and normal.
type Corner = (u32, Option<u32>, Option<u32>);

/// The faces under one material.
#[derive(Default)]
struct Group {
    corners: HashMap<Corner, u32>,
    order: Vec<Corner>,
    quads: Vec<[u32; 4]>,
    triangles: Vec<[u32; 3]>,
}

impl Group {
    fn face(&mut self, corners: &[Corner]) {
        let mut number = |corner: &Corner| {
            *self.corners.entry(*corner).or_insert_with(|| {
                self.order.push(*corner);
                self.order.len() as u32 - 1
            })
        };
        match corners {
            [a, b, c, d] => {
                let quad = [number(a), number(b), number(c), number(d)];
                self.quads.push(quad);
            }
            [first, rest @ ..] => {
                let first = number(first);
                let rest: Vec<u32> = rest.iter().map(number).collect();
                self.triangles
                    .extend(rest.windows(2).map(|edge| [first, edge[0], edge[1]]));
            }
            [] => {}
        }
    }
}

/// What the lines said so far.
#[derive(Default)]
struct File {
    positions: Vec<Vec3>,
    /// Linear light; one per position, or it doesn't count.
    colours: Vec<Vec3>,
    uvs: Vec<Vec2>,
    normals: Vec<Vec3>,
    groups: Vec<Group>,
    /// The number of each material's group, in the order of first use.
    names: BTreeMap<Vec<u8>, usize>,
    group: Option<usize>,
    libraries: Vec<String>,
    faces: usize,
}

pub(super) fn read(bytes: &[u8], source: &mut Source) -> Result<Scene, ReadError> {
    let mut file = File::default();
    for line in bytes.split(|&byte| byte == b'\n') {
        file.line(line.trim_ascii(), source)?;
    }
    let materials = mtl::read(&file.libraries, source)?;
    let mut scene = Scene::default();
    scene.textures = materials.textures;
    let mut names: Vec<(&[u8], usize)> = file.names.iter().map(|(n, &i)| (&**n, i)).collect();
    names.sort_unstable_by_key(|&(_, group)| group);
    let mut groups = std::mem::take(&mut file.groups);
    for (name, number) in names {
        let look = materials
            .looks
            .get(name)
            .cloned()
            .unwrap_or_else(Look::default);
        let look = scene.look(look);
        let part = file.part(std::mem::take(&mut groups[number]), look);
        scene.add(part, Mat4::IDENTITY, &source.limits)?;
    }
    Ok(scene)
}

impl File {
    fn line(&mut self, line: &[u8], source: &Source) -> Result<(), ReadError> {
        let (word, rest) = match line.iter().position(u8::is_ascii_whitespace) {
            Some(end) => (&line[..end], line[end..].trim_ascii()),
            None => (line, &[][..]),
        };
        match word {
            b"v" => {
                let (position, more) = numbers::<3>(rest)?;
                self.positions.push(position.into());
                if let Ok((colour, _)) = numbers::<3>(more) {
                    let bytes = colour.map(|c| (c * 255.0).round() as u8);
                    self.colours.push(to_linear(bytes));
                }
            }
            b"vt" => {
                let ([u], more) = numbers(rest)?;
                let v = numbers::<1>(more).map_or(0.0, |([v], _)| v);
                self.uvs.push(Vec2::new(u, 1.0 - v));
            }
            b"vn" => self.normals.push(numbers::<3>(rest)?.0.into()),
            b"f" => self.face(rest)?,
            b"usemtl" => {
                let next = self.groups.len();
                let group = *self.names.entry(rest.to_vec()).or_insert(next);
                if group == next {
                    self.groups.push(Group::default());
                }
                self.group = Some(group);
            }
            b"mtllib" => self
                .libraries
                .push(String::from_utf8_lossy(rest).into_owned()),
            _ => {}
        }
        let most = source.limits.max_faces;
        if self
            .positions
            .len()
            .max(self.uvs.len())
            .max(self.normals.len())
            > most
        {
            return Err(ReadError::TooLarge("vertices"));
        }
        if self.faces > most {
            return Err(ReadError::TooLarge("faces"));
        }
        Ok(())
    }

    fn face(&mut self, rest: &[u8]) -> Result<(), ReadError> {
        let words = rest
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty());
        let mut corners = Vec::with_capacity(4);
        for word in words {
            corners.push(self.corner(word).ok_or(ReadError::Malformed("a face"))?);
        }
        self.faces += corners.len().saturating_sub(2);
        let group = match self.group {
            Some(group) => group,
            None => {
                // Faces before any material.
                self.names.insert(Vec::new(), self.groups.len());
                self.groups.push(Group::default());
                *self.group.insert(self.groups.len() - 1)
            }
        };
        if corners.len() >= 3 {
            self.groups[group].face(&corners);
        }
        Ok(())
    }

    /// `position/uv/normal`; the latter two may be missing. Numbers count from 1, or back from the
    /// end.
    fn corner(&self, word: &[u8]) -> Option<Corner> {
        let mut parts = word.split(|&byte| byte == b'/');
        let mut index = |count: usize| -> Option<Option<u32>> {
            let part = parts.next().filter(|part| !part.is_empty());
            let Some(part) = part else {
                return Some(None);
            };
            let number: i64 = std::str::from_utf8(part).ok()?.parse().ok()?;
            let index = match number {
                1.. => number - 1,
                0 => return None,
                back => count as i64 + back,
            };
            let index = u32::try_from(index).ok()?;
            ((index as usize) < count).then_some(Some(index))
        };
        let position = index(self.positions.len())??;
        Some((position, index(self.uvs.len())?, index(self.normals.len())?))
    }

    fn part(&self, group: Group, look: usize) -> Part {
        let coloured = self.colours.len() == self.positions.len();
        let all = |has: fn(&Corner) -> bool| group.order.iter().all(has);
        let any = |has: fn(&Corner) -> bool| group.order.iter().any(has);
        let mut part = Part {
            look,
            quads: group.quads.len(),
            ..Part::default()
        };
        let positions = group.order.iter().map(|&(p, ..)| p as usize);
        part.positions = positions.clone().map(|p| self.positions[p]).collect();
        if coloured {
            part.colours = positions.map(|p| self.colours[p]).collect();
        }
        if any(|(_, uv, _)| uv.is_some()) {
            let at = |uv: Option<u32>| uv.map_or(Vec2::ZERO, |uv| self.uvs[uv as usize]);
            part.uvs = group.order.iter().map(|&(_, uv, _)| at(uv)).collect();
        }
        if all(|(.., normal)| normal.is_some()) {
            let normals = group.order.iter().filter_map(|&(.., normal)| normal);
            part.normals = normals
                .map(|normal| self.normals[normal as usize])
                .collect();
        }
        let halves = |&[a, b, c, d]: &[u32; 4]| [[a, b, c], [a, c, d]];
        part.triangles = group.quads.iter().flat_map(halves).collect();
        part.triangles.extend(group.triangles);
        part
    }
}

/// The first `N` numbers of a line, and what follows them.
fn numbers<const N: usize>(line: &[u8]) -> Result<([f32; N], &[u8]), ReadError> {
    let mut rest = line;
    let mut numbers = [0.0; N];
    for number in &mut numbers {
        rest = rest.trim_ascii_start();
        let end = rest
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(rest.len());
        let word = std::str::from_utf8(&rest[..end])
            .ok()
            .and_then(|word| word.parse().ok());
        *number = word.ok_or(ReadError::Malformed("a number"))?;
        rest = &rest[end..];
    }
    Ok((numbers, rest))
}
