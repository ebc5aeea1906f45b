//! USD layers in text: meshes with transforms and preview materials, as in USDZ packages.
//!
//! OpenUSD documentation, `UsdGeomMesh`, `UsdGeomXformable`, "UsdPreviewSurface specification".
//! References, variants and materials of parts of a mesh are not followed.

mod mesh;
mod parse;

use std::collections::BTreeMap;

use glam::{EulerRot, Mat4, Quat, Vec3};

use super::scene::{Look, Scene};
use super::{Note, ReadError, Source, texture};
use parse::{Prim, Value};

/// Binary layers are another format altogether.
pub(super) const BINARY: ReadError = ReadError::Unsupported(
    "binary USD layers (.usdc) can't be read; convert with `usdcat model.usdz -o model.usda`, \
     or export GLB",
);

/// Looks by material path; a path without a material has the default look.
type Looks = BTreeMap<String, usize>;

pub(super) fn read(bytes: &[u8], source: &mut Source) -> Result<Scene, ReadError> {
    let layer = parse::layer(bytes, source.limits.max_faces)?;
    let number = |name: &str| {
        layer
            .numbers(name)
            .and_then(|numbers| numbers.first().copied())
    };
    let metres = number("metersPerUnit").unwrap_or(0.01) as f32;
    let mut world_from_layer = Mat4::from_scale(Vec3::splat(metres));
    if layer.text("upAxis") == Some("Z") {
        world_from_layer *= Mat4::from_rotation_x(-std::f32::consts::FRAC_PI_2);
    }
    let mut reader = Reader {
        scene: Scene::default(),
        looks: Looks::new(),
        files: BTreeMap::new(),
        layer: &layer,
        source,
    };
    for prim in &layer.children {
        reader.prim(prim, world_from_layer, None)?;
    }
    Ok(reader.scene)
}

struct Reader<'a, 'b> {
    scene: Scene,
    looks: Looks,
    /// Which of the scene's textures a file is.
    files: BTreeMap<String, Option<usize>>,
    layer: &'a Prim,
    source: &'a mut Source<'b>,
}

impl Reader<'_, '_> {
    /// A prim and what is below it. Depth is bounded by the parser.
    fn prim(
        &mut self,
        prim: &Prim,
        world_from_parent: Mat4,
        bound: Option<&str>,
    ) -> Result<(), ReadError> {
        if prim.kind == "Material" || prim.is_class || prim.text("visibility") == Some("invisible")
        {
            return Ok(());
        }
        let world_from_prim = world_from_parent * parent_from_prim(prim);
        let bound = prim.text("material:binding").or(bound);
        if prim.kind == "Mesh" {
            let mut part = mesh::part(prim)?;
            if let Some(bound) = bound {
                part.look = self.look(bound)?;
            } else {
                part.look = usize::MAX;
            }
            self.scene.add(part, world_from_prim, &self.source.limits)?;
        }
        for child in &prim.children {
            self.prim(child, world_from_prim, bound)?;
        }
        Ok(())
    }

    fn look(&mut self, path: &str) -> Result<usize, ReadError> {
        if let Some(&look) = self.looks.get(path) {
            return Ok(look);
        }
        let mut look = Look::default();
        let material = self.layer.find(path);
        let shaders = material.map_or(&[][..], |material| &*material.children);
        let is_surface = |shader: &&Prim| shader.text("info:id") == Some("UsdPreviewSurface");
        if let Some(surface) = shaders.iter().find(is_surface) {
            look.base_colour = self.connected(surface, "inputs:diffuseColor")?;
            if let (None, Some(&[r, g, b])) =
                (look.base_colour, surface.numbers("inputs:diffuseColor"))
            {
                look.factor = Vec3::new(r as f32, g as f32, b as f32).clamp(Vec3::ZERO, Vec3::ONE);
            }
            if let Some(&[roughness]) = surface.numbers("inputs:roughness") {
                look.roughness = (roughness as f32).clamp(0.0, 1.0);
            }
            if let Some(normal) = self.connected(surface, "inputs:normal")? {
                look.normal = texture::copy(&self.scene.textures[normal], self.source);
            }
            // One picture for all three, the way everybody packs them; others are left out.
            let rough = self.connected(surface, "inputs:roughness")?;
            let metal = self.connected(surface, "inputs:metallic")?;
            if let (Some(orm), true) = (rough, rough == metal) {
                look.orm = texture::copy(&self.scene.textures[orm], self.source);
            }
        }
        let look = self.scene.look(look);
        self.looks.insert(path.to_owned(), look);
        Ok(look)
    }

    /// The texture that an input of a shader is connected to.
    fn connected(&mut self, shader: &Prim, input: &str) -> Result<Option<usize>, ReadError> {
        let target = shader.text(&format!("{input}.connect"));
        let path = target.and_then(|target| target.split('.').next());
        let Some(Value::Asset(file)) = path
            .and_then(|path| self.layer.find(path))
            .and_then(|node| node.value("inputs:file"))
        else {
            return Ok(None);
        };
        if let Some(&number) = self.files.get(file) {
            return Ok(number);
        }
        let bytes = self.source.companion(file)?;
        if bytes.is_none() {
            self.source.note(Note::MissingTextures);
        }
        let pixels = bytes.and_then(|bytes| texture::decode(&bytes, self.source));
        let number = pixels.map(|pixels| self.scene.texture(pixels));
        self.files.insert(file.clone(), number);
        Ok(number)
    }
}

/// The product of a prim's transform operations, the first one outermost.
fn parent_from_prim(prim: &Prim) -> Mat4 {
    let Some(Value::Words(order)) = prim.value("xformOpOrder") else {
        return Mat4::IDENTITY;
    };
    let mut matrix = Mat4::IDENTITY;
    for name in order.iter().take(64) {
        let (inverted, name) = match name.strip_prefix("!invert!") {
            Some(name) => (true, name),
            None => (false, name.as_str()),
        };
        let numbers: Vec<f32> = match prim.numbers(name) {
            Some(numbers) => numbers.iter().map(|&n| n as f32).collect(),
            None => continue,
        };
        let operation = operation(name.split(':').nth(1).unwrap_or_default(), &numbers);
        matrix *= if inverted {
            operation.inverse()
        } else {
            operation
        };
    }
    matrix
}

fn operation(kind: &str, numbers: &[f32]) -> Mat4 {
    let radians = |degrees: &f32| degrees.to_radians();
    match (kind, numbers) {
        ("translate", &[x, y, z]) => Mat4::from_translation(Vec3::new(x, y, z)),
        ("scale", &[x, y, z]) => Mat4::from_scale(Vec3::new(x, y, z)),
        ("rotateX", [x]) => Mat4::from_rotation_x(radians(x)),
        ("rotateY", [y]) => Mat4::from_rotation_y(radians(y)),
        ("rotateZ", [z]) => Mat4::from_rotation_z(radians(z)),
        // About the fixed axes, x first.
        ("rotateXYZ", [x, y, z]) => {
            Mat4::from_euler(EulerRot::ZYX, radians(z), radians(y), radians(x))
        }
        // The real part comes first.
        ("orient", &[w, x, y, z]) => Mat4::from_quat(Quat::from_vec4(
            glam::Vec4::new(x, y, z, w).normalize_or(glam::Vec4::W),
        )),
        // Rows of a matrix behind its vectors are the columns of one in front of them.
        ("transform", numbers) => numbers
            .try_into()
            .map_or(Mat4::IDENTITY, |m: &[f32; 16]| Mat4::from_cols_array(m)),
        _ => Mat4::IDENTITY,
    }
}
