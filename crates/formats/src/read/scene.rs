//! What a file holds, before it is one model: parts with materials, joined at the end.

use glam::{Mat3, Mat4, Vec2, Vec3, Vec4};
use mesh::{Material, Model, Texture};

use super::normals;
use super::{Limits, Note, ReadError, Source};
use crate::colour::{sample, to_linear, to_srgb};

/// Farther from the origin nothing can be computed in 32-bit floats: squares have to fit.
const FARTHEST: f32 = 1e15;

/// The unit vector of that direction, however long or short; `None` if it has none.
pub(super) fn unit(direction: Vec3) -> Option<Vec3> {
    // Squares of what is tiny vanish in 32 bits, of what is huge overflow.
    Some(direction.as_dvec3().try_normalize()?.as_vec3())
}

/// A mesh under one material. Everything but positions and triangles may be empty; what isn't has
/// one entry per position.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub positions: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    pub tangents: Vec<Vec4>,
    pub uvs: Vec<Vec2>,
    /// Linear light.
    pub colours: Vec<Vec3>,
    pub triangles: Vec<[u32; 3]>,
    /// As in [`Model::quads`].
    pub quads: usize,
    /// Which of the scene's looks.
    pub look: usize,
}

/// A material as files have it.
#[derive(Clone)]
pub(super) struct Look {
    /// Multiplies the texture; linear light.
    pub factor: Vec3,
    /// Which of the scene's textures.
    pub base_colour: Option<usize>,
    pub normal: Option<Texture>,
    pub orm: Option<Texture>,
    pub roughness: f32,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            factor: Vec3::ONE,
            base_colour: None,
            normal: None,
            orm: None,
            roughness: Material::default().roughness,
        }
    }
}

/// Parts and what they look like.
#[derive(Default)]
pub(super) struct Scene {
    pub textures: Vec<Texture>,
    pub looks: Vec<Look>,
    parts: Vec<Part>,
    faces: usize,
    vertices: usize,
}

impl Scene {
    /// Adds a look; its number.
    pub(super) fn look(&mut self, look: Look) -> usize {
        self.looks.push(look);
        self.looks.len() - 1
    }

    /// Adds a texture; its number.
    pub(super) fn texture(&mut self, texture: Texture) -> usize {
        self.textures.push(texture);
        self.textures.len() - 1
    }

    /// Adds a part where `world_from_part` puts it. Vertices that nothing uses are left out.
    ///
    /// # Errors
    /// What is wrong with it: missing vertices, positions that are no numbers, too much of it.
    pub(super) fn add(
        &mut self,
        mut part: Part,
        world_from_part: Mat4,
        limits: &Limits,
    ) -> Result<(), ReadError> {
        self.faces = self.faces.saturating_add(part.triangles.len());
        if self.faces > limits.max_faces {
            return Err(ReadError::TooLarge("faces"));
        }
        let vertices = part.positions.len();
        let exists = |&v: &u32| (v as usize) < vertices;
        if !part.triangles.as_flattened().iter().all(exists) {
            return Err(ReadError::Malformed("a face without its vertices"));
        }
        if part.triangles.is_empty() {
            return Ok(());
        }
        part.drop_uneven();
        part.compact();
        self.vertices += part.positions.len();
        if self.vertices > limits.max_faces {
            return Err(ReadError::TooLarge("vertices"));
        }
        if world_from_part != Mat4::IDENTITY {
            part.transform(world_from_part);
        }
        let sound = |p: &Vec3| p.is_finite() && p.abs().max_element() <= FARTHEST;
        if !part.positions.iter().all(sound) {
            return Err(ReadError::NotFinite);
        }
        for uv in &mut part.uvs {
            if !uv.is_finite() {
                *uv = Vec2::ZERO;
            }
        }
        part.normalise();
        self.parts.push(part);
        Ok(())
    }

    /// One model of everything.
    ///
    /// # Errors
    /// [`ReadError::Empty`] if there is no triangle.
    pub(super) fn join(mut self, source: &mut Source) -> Result<Model, ReadError> {
        if self.parts.is_empty() {
            return Err(ReadError::Empty);
        }
        // What has no material has the default one.
        let default = self.look(Look::default());
        for part in &mut self.parts {
            if part.look >= default {
                part.look = default;
            }
        }
        let material = self.one_material(source);
        self.multiply_colours();
        let mut model = Model {
            material,
            ..Model::default()
        };
        let coloured = self.parts.iter().any(|part| !part.colours.is_empty());
        let mapped = self.parts.iter().any(|part| !part.uvs.is_empty());
        let has_tangents = self.parts.iter().all(|part| !part.tangents.is_empty());
        let mut triangles = Vec::new();
        for part in self.parts {
            let count = part.positions.len();
            let first = model.positions.len() as u32;
            let moved = |t: &[u32; 3]| t.map(|v| v + first);
            let (halves, lone) = part.triangles.split_at(2 * part.quads);
            model.triangles.extend(halves.iter().map(moved));
            model.quads += part.quads;
            triangles.extend(lone.iter().map(moved));
            model.positions.extend(part.positions);
            model.normals.extend(part.normals);
            if mapped {
                model.uvs.extend(filled(part.uvs, count, Vec2::ZERO));
            }
            if has_tangents {
                model.tangents.extend(part.tangents);
            }
            if coloured {
                let colours = filled(part.colours, count, Vec3::ONE);
                model.colours.extend(colours.into_iter().map(to_srgb));
            }
        }
        model.triangles.extend(triangles);
        Ok(model)
    }

    /// The one material that a model can have. Where parts have several textures, each part's
    /// becomes its vertices' colours.
    fn one_material(&mut self, source: &mut Source) -> Material {
        let first = self.parts[0].look;
        let same_look = self.parts.iter().all(|part| part.look == first);
        let texture_of = |part: &Part| self.looks[part.look].base_colour;
        let mut textures: Vec<Option<usize>> = self.parts.iter().map(texture_of).collect();
        textures.sort_unstable();
        textures.dedup();
        // A texture is of no use to a part without coordinates.
        let mapped = |part: &Part| !part.uvs.is_empty() || texture_of(part).is_none();
        let mapped = self.parts.iter().all(mapped);

        let mut material = Material {
            roughness: self.looks[first].roughness,
            ..Material::default()
        };
        let within = |c: f32| (0.0..=1.0).contains(&c);
        let within = |uv: &Vec2| within(uv.x) && within(uv.y);
        match textures[..] {
            [Some(only)] if mapped => {
                material.base_colour = Some(std::mem::replace(&mut self.textures[only], none()));
            }
            // Plain parts get a white strip below the texture of the others.
            [None, Some(only)] if mapped && self.parts.iter().all(|p| p.uvs.iter().all(within)) => {
                material.base_colour = Some(self.with_white_strip(only));
            }
            [None] => {}
            _ => {
                source.note(Note::TexturesToColours);
                self.sample_textures();
            }
        }
        let has_uvs = self.parts.iter().all(|part| !part.uvs.is_empty());
        if same_look && has_uvs {
            material.normal = self.looks[first].normal.take();
            material.orm = self.looks[first].orm.take();
        }
        if material.normal.is_none() {
            self.parts.iter_mut().for_each(|part| part.tangents.clear());
        }
        material
    }

    fn with_white_strip(&mut self, only: usize) -> Texture {
        /// Rows, so that blurred copies of the texture stay white there too.
        const STRIP: u32 = 8;
        let mut texture = std::mem::replace(&mut self.textures[only], none());
        let share = texture.height as f32 / (texture.height + STRIP) as f32;
        let white = Vec2::new(0.5, 0.5 * (share + 1.0));
        texture.height += STRIP;
        texture
            .rgb
            .resize(texture.width as usize * texture.height as usize * 3, 255);
        for part in &mut self.parts {
            if self.looks[part.look].base_colour.is_some() {
                part.uvs.iter_mut().for_each(|uv| uv.y *= share);
            } else {
                part.uvs = vec![white; part.positions.len()];
            }
        }
        texture
    }

    fn sample_textures(&mut self) {
        for part in &mut self.parts {
            let texture = self.looks[part.look].base_colour.map(|t| &self.textures[t]);
            let uvs = std::mem::take(&mut part.uvs);
            if let (Some(texture), false) = (texture, uvs.is_empty()) {
                let colours = filled(std::mem::take(&mut part.colours), uvs.len(), Vec3::ONE);
                part.colours = (uvs.iter().zip(colours))
                    .map(|(&uv, colour)| to_linear(sample(texture, uv)) * colour)
                    .collect();
            }
        }
    }

    /// Colour factors become colours of vertices.
    fn multiply_colours(&mut self) {
        for part in &mut self.parts {
            let factor = self.looks[part.look].factor;
            if factor != Vec3::ONE {
                let colours = std::mem::take(&mut part.colours);
                part.colours = filled(colours, part.positions.len(), Vec3::ONE);
                part.colours.iter_mut().for_each(|colour| *colour *= factor);
            }
        }
    }
}

fn none() -> Texture {
    Texture {
        width: 0,
        height: 0,
        rgb: Vec::new(),
    }
}

/// What a part has, or `value` for each of its vertices.
fn filled<T: Clone>(values: Vec<T>, count: usize, value: T) -> Vec<T> {
    if values.is_empty() {
        vec![value; count]
    } else {
        values
    }
}

impl Part {
    /// Lets go of attributes that are not one per position: better none than wrong ones.
    fn drop_uneven(&mut self) {
        let count = self.positions.len();
        if self.normals.len() != count {
            self.normals.clear();
        }
        if self.tangents.len() != count {
            self.tangents.clear();
        }
        if self.uvs.len() != count {
            self.uvs.clear();
        }
        if self.colours.len() != count {
            self.colours.clear();
        }
    }

    /// Drops vertices that no triangle uses; the others keep their order.
    fn compact(&mut self) {
        const UNUSED: u32 = u32::MAX;
        let mut new = vec![UNUSED; self.positions.len()];
        for &v in self.triangles.as_flattened() {
            new[v as usize] = 0;
        }
        let mut count = 0;
        for new in new.iter_mut().filter(|new| **new != UNUSED) {
            *new = count;
            count += 1;
        }
        if count as usize == new.len() {
            return;
        }
        fn keep<T>(values: &mut Vec<T>, new: &[u32]) {
            let mut used = new.iter().map(|&new| new != UNUSED);
            values.retain(|_| used.next().unwrap_or(false));
        }
        keep(&mut self.positions, &new);
        keep(&mut self.normals, &new);
        keep(&mut self.tangents, &new);
        keep(&mut self.uvs, &new);
        keep(&mut self.colours, &new);
        for v in self.triangles.as_flattened_mut() {
            *v = new[*v as usize];
        }
    }

    fn transform(&mut self, world_from_part: Mat4) {
        let linear = Mat3::from_mat4(world_from_part);
        for position in &mut self.positions {
            *position = world_from_part.transform_point3(*position);
        }
        // The cofactor matrix turns normals right also where the inverse doesn't exist.
        let cofactors = Mat3::from_cols(
            linear.y_axis.cross(linear.z_axis),
            linear.z_axis.cross(linear.x_axis),
            linear.x_axis.cross(linear.y_axis),
        );
        let mirrored = linear.determinant() < 0.0;
        let side = if mirrored { -1.0 } else { 1.0 };
        for normal in &mut self.normals {
            *normal = cofactors * *normal * side;
        }
        for tangent in &mut self.tangents {
            *tangent = (linear * tangent.truncate()).extend(tangent.w * side);
        }
        if mirrored {
            // The first corner of a quad's halves is the one that keeps its place.
            for [_, b, c] in &mut self.triangles[2 * self.quads..] {
                std::mem::swap(b, c);
            }
            let (pairs, _) = self.triangles[..2 * self.quads].as_chunks_mut::<2>();
            for pair in pairs {
                let [[a, b, c], [_, _, d]] = *pair;
                *pair = [[a, d, c], [a, c, b]];
            }
        }
    }

    /// Unit normals and tangents; normals are computed where there are none or a bad one.
    fn normalise(&mut self) {
        let tangents: Option<Vec<Vec4>> = (self.tangents.iter())
            .map(|t| Some(unit(t.truncate())?.extend(if t.w < 0.0 { -1.0 } else { 1.0 })))
            .collect();
        self.tangents = tangents.unwrap_or_default();
        let given: Option<Vec<Vec3>> = self.normals.iter().map(|&n| unit(n)).collect();
        match given {
            Some(given) if !given.is_empty() => self.normals = given,
            _ => normals::compute(self),
        }
    }

    /// Splits or repeats vertices: the new vertex *i* is the old one `from[i]`.
    pub(super) fn gather(&mut self, from: &[u32]) {
        fn pick<T: Copy>(values: &mut Vec<T>, from: &[u32]) {
            if !values.is_empty() {
                *values = from.iter().map(|&v| values[v as usize]).collect();
            }
        }
        pick(&mut self.positions, from);
        pick(&mut self.normals, from);
        pick(&mut self.tangents, from);
        pick(&mut self.uvs, from);
        pick(&mut self.colours, from);
    }
}

impl Part {
    /// Stores equal vertices once; for formats that store every corner by itself.
    pub(super) fn weld(&mut self) {
        let corner = |i: usize| {
            let uv = self.uvs.get(i).copied().unwrap_or_default();
            let colour = self.colours.get(i).copied().unwrap_or_default();
            let normal = self.normals.get(i).copied().unwrap_or_default();
            let p = self.positions[i];
            let [a, b, c] = normal.to_array();
            [
                p.x, p.y, p.z, uv.x, uv.y, colour.x, colour.y, colour.z, a, b, c,
            ]
        };
        let (_, number) = crate::weld::distinct((0..self.positions.len()).map(corner));
        let mut from = Vec::new();
        for (i, &number) in number.iter().enumerate() {
            if number as usize == from.len() {
                from.push(i as u32);
            }
        }
        self.gather(&from);
        for v in self.triangles.as_flattened_mut() {
            *v = number[*v as usize];
        }
    }
}
