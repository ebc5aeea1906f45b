//! The materials of OBJ files: colour, roughness, metalness and their pictures.

use std::collections::BTreeMap;

use glam::Vec3;
use mesh::Texture;

use super::scene::Look;
use super::{Note, ReadError, Source, texture};
use crate::colour::to_linear;

/// The materials of all libraries, by name.
#[derive(Default)]
pub(super) struct Materials {
    pub looks: BTreeMap<Vec<u8>, Look>,
    pub textures: Vec<Texture>,
    /// Which texture each file is; `None` where it can't be read.
    files: BTreeMap<String, Option<usize>>,
}

/// Statements of one material, before its pictures are read.
#[derive(Default)]
struct Statements {
    kd: Option<[f32; 3]>,
    pr: Option<f32>,
    pm: Option<f32>,
    map_kd: Option<String>,
    map_pr: Option<String>,
    map_pm: Option<String>,
    normal: Option<String>,
}

/// Reads the libraries that an OBJ file names.
pub(super) fn read(libraries: &[String], source: &mut Source) -> Result<Materials, ReadError> {
    let mut materials = Materials::default();
    // A line may name several files, or one with spaces in its name.
    let mut names: Vec<&str> = Vec::new();
    for line in libraries {
        names.push(line);
        if line.split_whitespace().nth(1).is_some() {
            names.extend(line.split_whitespace());
        }
    }
    names.sort_unstable();
    names.dedup();
    let mut found = libraries.is_empty();
    for name in names {
        if let Some(bytes) = source.companion(name)? {
            found = true;
            materials.library(&bytes, source)?;
        }
    }
    if !found {
        source.note(Note::MissingTextures);
    }
    Ok(materials)
}

impl Materials {
    fn library(&mut self, bytes: &[u8], source: &mut Source) -> Result<(), ReadError> {
        let mut current: Option<(Vec<u8>, Statements)> = None;
        for line in bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii) {
            let end = line
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(line.len());
            let (word, rest) = (&line[..end], line[end..].trim_ascii());
            if word == b"newmtl" {
                if let Some((name, statements)) = current.take() {
                    self.finish(name, statements, source)?;
                }
                current = Some((rest.to_vec(), Statements::default()));
            } else if let Some((_, statements)) = &mut current {
                statements.line(word, &String::from_utf8_lossy(rest));
            }
        }
        if let Some((name, statements)) = current {
            self.finish(name, statements, source)?;
        }
        Ok(())
    }

    fn finish(
        &mut self,
        name: Vec<u8>,
        statements: Statements,
        source: &mut Source,
    ) -> Result<(), ReadError> {
        let base_colour = match &statements.map_kd {
            Some(file) => self.texture(file, source)?,
            None => None,
        };
        let mut look = Look {
            base_colour,
            ..Look::default()
        };
        // Beside a picture most programs leave Kd at some grey that isn't meant.
        if let (None, Some(kd)) = (look.base_colour, statements.kd) {
            look.factor = to_linear(kd.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8));
        }
        if let Some(roughness) = statements.pr {
            look.roughness = roughness.clamp(0.0, 1.0);
        }
        look.normal = self.copy(&statements.normal, source)?;
        let rough = self.copy(&statements.map_pr, source)?;
        let metal = self.copy(&statements.map_pm, source)?;
        look.orm = orm(rough, metal, look.roughness, statements.pm.unwrap_or(0.0));
        self.looks.insert(name, look);
        Ok(())
    }

    fn copy(
        &mut self,
        file: &Option<String>,
        source: &mut Source,
    ) -> Result<Option<Texture>, ReadError> {
        let Some(file) = file else {
            return Ok(None);
        };
        let number = self.texture(file, source)?;
        Ok(number.and_then(|number| texture::copy(&self.textures[number], source)))
    }

    fn texture(&mut self, file: &str, source: &mut Source) -> Result<Option<usize>, ReadError> {
        if let Some(&number) = self.files.get(file) {
            return Ok(number);
        }
        let mut number = None;
        match source.companion(file)? {
            None => source.note(Note::MissingTextures),
            Some(bytes) => {
                if let Some(texture) = texture::decode(&bytes, source) {
                    number = Some(self.textures.len());
                    self.textures.push(texture);
                }
            }
        }
        self.files.insert(file.to_owned(), number);
        Ok(number)
    }
}

impl Statements {
    fn line(&mut self, word: &[u8], rest: &str) {
        let number = || rest.parse::<f32>().ok().filter(|n| n.is_finite());
        match word {
            b"Kd" => {
                let mut numbers = rest.split_whitespace().map_while(|word| word.parse().ok());
                if let (Some(r), Some(g), Some(b)) =
                    (numbers.next(), numbers.next(), numbers.next())
                {
                    self.kd = Some([r, g, b]).filter(|&kd| Vec3::from(kd).is_finite());
                }
            }
            b"Pr" => self.pr = number(),
            b"Pm" => self.pm = number(),
            b"map_Kd" => self.map_kd = file(rest),
            b"map_Pr" => self.map_pr = file(rest),
            b"map_Pm" => self.map_pm = file(rest),
            // `bump` and `map_Bump` are heights to most programs: only `norm` is sure.
            b"norm" => self.normal = file(rest),
            _ => {}
        }
    }
}

/// The file behind a picture statement's options: all that is left without any, the last word
/// behind some.
fn file(rest: &str) -> Option<String> {
    let file = if rest.starts_with('-') {
        rest.split_whitespace().last()?
    } else {
        rest
    };
    (!file.is_empty()).then(|| file.to_owned())
}

/// One picture of what the format keeps in two. They have to be of one size.
fn orm(
    rough: Option<Texture>,
    metal: Option<Texture>,
    roughness: f32,
    metalness: f32,
) -> Option<Texture> {
    let byte = |c: f32| (c.clamp(0.0, 1.0) * 255.0).round() as u8;
    let (width, height) = match (&rough, &metal) {
        (Some(one), Some(other)) if (one.width, one.height) != (other.width, other.height) => {
            return None;
        }
        (Some(one), _) | (None, Some(one)) => (one.width, one.height),
        (None, None) if metalness > 0.0 => (1, 1),
        (None, None) => return None,
    };
    let texels = width as usize * height as usize;
    let red = |texture: &Option<Texture>, i: usize, otherwise: u8| {
        texture
            .as_ref()
            .map_or(otherwise, |texture| texture.rgb[i * 3])
    };
    let rgb = (0..texels)
        .flat_map(|i| {
            [
                255,
                red(&rough, i, byte(roughness)),
                red(&metal, i, byte(metalness)),
            ]
        })
        .collect();
    Some(Texture { width, height, rgb })
}
