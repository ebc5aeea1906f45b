//! The formats, and what each can hold.

use std::path::Path;

/// A 3D file format that can be read and written.
///
/// | format | textures | PBR maps | vertex colours | quads | unit | up |
/// |---|---|---|---|---|---|---|
/// | GLB, glTF | yes | yes | yes | as `extras` | metre | +Y |
/// | OBJ | yes | yes | as an extension | yes | none, we write metres | none, we write +Y |
/// | STL | – | – | – | – | none, we write millimetres | none, we write +Z |
/// | 3MF | yes | – | yes | – | stated, we write millimetres | +Z |
/// | PLY | – | – | yes | yes | none, we write metres | none, we write +Y |
/// | USDZ | yes | yes | yes | yes | stated, we write metres | stated, we write +Y |
///
/// A texture becomes vertex colours where only those can be held; what can't be held is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// glTF 2.0 in one binary file.
    Glb,
    /// glTF 2.0 as JSON, with a `.bin` and PNG textures beside it.
    Gltf,
    /// Wavefront OBJ with its MTL and PNG textures, beside it or in one zip file.
    Obj,
    /// Binary STL: bare triangles for 3D printing.
    Stl,
    /// 3D Manufacturing Format: coloured models for 3D printing.
    ThreeMf,
    /// Stanford PLY, binary.
    Ply,
    /// Pixar's USD in its package for Apple's viewers.
    Usdz,
}

/// What a format can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carries {
    /// A base colour texture.
    pub textures: bool,
    /// Normal, occlusion, roughness and metalness maps.
    pub pbr: bool,
    /// A colour per vertex.
    pub colours: bool,
    /// Faces with four corners.
    pub quads: bool,
    /// The file itself says how large the model is.
    pub units: bool,
}

impl Format {
    /// Every format, the most useful ones first.
    pub const ALL: [Self; 7] = [
        Self::Glb,
        Self::Gltf,
        Self::Obj,
        Self::Stl,
        Self::ThreeMf,
        Self::Ply,
        Self::Usdz,
    ];

    /// The short name, as an option's value: `glb`, `gltf`, `obj`, `stl`, `3mf`, `ply`, `usdz`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Glb => "glb",
            Self::Gltf => "gltf",
            Self::Obj => "obj",
            Self::Stl => "stl",
            Self::ThreeMf => "3mf",
            Self::Ply => "ply",
            Self::Usdz => "usdz",
        }
    }

    /// The format of that [`name`](Self::name); `obj.zip` means OBJ too.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".zip").unwrap_or(&name);
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The ending of a file that is whole by itself: OBJ and glTF need their zip for that.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gltf => "gltf.zip",
            Self::Obj => "obj.zip",
            _ => self.name(),
        }
    }

    /// The media type of a file with that [`extension`](Self::extension), as IANA lists it (PLY
    /// isn't listed).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Glb => "model/gltf-binary",
            Self::Gltf | Self::Obj => "application/zip",
            Self::Stl => "model/stl",
            Self::ThreeMf => "model/3mf",
            Self::Ply => "application/octet-stream",
            Self::Usdz => "model/vnd.usdz+zip",
        }
    }

    /// The format that a file name asks for, if it is one of ours. A bare `.zip` means OBJ, which
    /// is what people zip.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let (stem, zipped) = match name.strip_suffix(".zip") {
            Some(stem) => (stem, true),
            None => (name.as_str(), false),
        };
        let ending = stem.rsplit_once('.').map(|(_, ending)| ending);
        match ending.and_then(Self::from_name) {
            Some(format) if !zipped || format.has_companions() => Some(format),
            _ if zipped => Some(Self::Obj),
            _ => None,
        }
    }

    /// Whether a file of that name is one zip file of a format that otherwise has companions.
    pub fn is_zipped(path: &Path) -> bool {
        path.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
    }

    /// Whether writing gives more than one file.
    pub fn has_companions(self) -> bool {
        matches!(self, Self::Gltf | Self::Obj)
    }

    /// What the format can hold: the table above as data.
    pub fn carries(self) -> Carries {
        let all = Carries {
            textures: true,
            pbr: true,
            colours: true,
            quads: true,
            units: true,
        };
        match self {
            Self::Glb | Self::Gltf | Self::Usdz => all,
            Self::Obj => Carries {
                units: false,
                ..all
            },
            Self::ThreeMf => Carries {
                pbr: false,
                quads: false,
                ..all
            },
            Self::Ply => Carries {
                textures: false,
                pbr: false,
                units: false,
                ..all
            },
            Self::Stl => Carries {
                textures: false,
                pbr: false,
                colours: false,
                quads: false,
                units: false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_ask_for_formats() {
        let format = |name: &str| Format::from_path(Path::new(name));
        assert_eq!(format("a.b/Mug.GLB"), Some(Format::Glb));
        assert_eq!(format("mug.obj"), Some(Format::Obj));
        assert_eq!(format("mug.obj.zip"), Some(Format::Obj));
        assert_eq!(format("mug.zip"), Some(Format::Obj));
        assert_eq!(format("mug.gltf.zip"), Some(Format::Gltf));
        assert_eq!(format("mug.3mf"), Some(Format::ThreeMf));
        assert_eq!(format("mug"), None);
        assert_eq!(format("glb"), None);
        assert_eq!(format("mug.fbx"), None);
    }

    #[test]
    fn every_name_and_extension_leads_back_to_its_format() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
            let path = format!("mug.{}", format.extension());
            assert_eq!(Format::from_path(Path::new(&path)), Some(format));
        }
    }
}
