//! What a caller may ask for.

/// How much effort goes into the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tier {
    /// Standard quality, quick.
    #[default]
    Base,
    /// More detail, 2K texture.
    Pro,
    /// Finest grid, 4K texture.
    Ultra,
}

impl Tier {
    /// Every tier, from quick to fine.
    pub const ALL: [Self; 3] = [Self::Base, Self::Pro, Self::Ultra];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Pro => "pro",
            Self::Ultra => "ultra",
        }
    }

    /// The tier of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// Triangles aimed at unless the caller says otherwise.
    pub fn faces(self) -> u32 {
        match self {
            Self::Base => 20_000,
            Self::Pro => 60_000,
            Self::Ultra => 150_000,
        }
    }

    /// Rays per side of the field the surface is taken from.
    pub fn grid_side(self) -> usize {
        match self {
            Self::Base => 192,
            Self::Pro => 256,
            Self::Ultra => 384,
        }
    }

    /// Whether the photograph's light is taken out, so that the model can be lit anew.
    pub fn is_delit(self) -> bool {
        self != Self::Base
    }

    /// Texture side in pixels unless the caller says otherwise.
    pub fn texture_px(self) -> u32 {
        match self {
            Self::Base => 1024,
            Self::Pro => 2048,
            Self::Ultra => 4096,
        }
    }
}

/// Which network guesses the shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shaper {
    /// The best there is for the tier: TripoSR for Pro and Ultra where it is installed, else the
    /// built-in network.
    #[default]
    Auto,
    /// Our own small network, inside the binary.
    Builtin,
    /// TripoSR: larger, slower, with weights of its own.
    TripoSr,
    /// No network: the silhouette is blown up like a balloon. The labelled fallback.
    Inflate,
}

impl Shaper {
    /// Every engine name that can be asked for.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Builtin, Self::TripoSr, Self::Inflate];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Builtin => "builtin",
            Self::TripoSr => "triposr",
            Self::Inflate => "inflate",
        }
    }

    /// The engine of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shaper| shaper.name() == name)
    }
}

/// What the faces of the surface are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Topology {
    /// Triangles, dense where the shape needs them.
    #[default]
    Triangle,
    /// Four-sided faces that follow the shape, for sculpting and subdivision.
    Quad,
}

impl Topology {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Triangle, Self::Quad];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Triangle => "triangle",
            Self::Quad => "quad",
        }
    }
}

/// Whether left and right are made alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Symmetry {
    /// Where the network is sure that the object is.
    Auto,
    /// Mirrored at the plane x = 0 of the finished model.
    X,
    /// The shape as it was seen.
    #[default]
    None,
}

impl Symmetry {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Auto, Self::X, Self::None];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::X => "x",
            Self::None => "none",
        }
    }
}

/// Where the finished model lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// On y = 0, a base pressed flat.
    #[default]
    Flat,
    /// On y = 0 with its lowest point, as it was seen.
    Lowest,
    /// With its middle at the origin.
    Centre,
}

impl Ground {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Flat, Self::Lowest, Self::Centre];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Lowest => "lowest",
            Self::Centre => "centre",
        }
    }
}

/// The options of one run. `Default` is what a first-time user gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Effort.
    pub tier: Tier,
    /// Which network.
    pub shaper: Shaper,
    /// Same seed, picture, options and version: the same bytes.
    pub seed: u64,
    /// Triangles aimed at; 100 to 1,000,000. `None`: the tier's.
    pub faces: Option<u32>,
    /// Texture side in pixels; 64 to 8192. `None`: the tier's.
    pub texture_px: Option<u32>,
    /// Triangles or quads; a quad counts as one face.
    pub topology: Topology,
    /// Whether left and right are made alike.
    pub symmetry: Symmetry,
    /// Length of the model's longest side in metres, above 0. `None`: one metre, since a picture
    /// says nothing about size.
    pub size_metres: Option<f32>,
    /// Where the model lies.
    pub ground: Ground,
    /// Give it a flat base to print on.
    pub print: bool,
    /// Take the whole picture as the object instead of removing the background.
    pub keep_background: bool,
}

impl Options {
    /// Triangles aimed at, within bounds.
    pub fn face_goal(&self) -> u32 {
        self.faces
            .unwrap_or(self.tier.faces())
            .clamp(*FACES.start(), *FACES.end())
    }

    /// Texture side in pixels, within bounds.
    pub fn texture_goal(&self) -> u32 {
        self.texture_px
            .unwrap_or(self.tier.texture_px())
            .clamp(*TEXTURE_PX.start(), *TEXTURE_PX.end())
    }
}

/// Longest side of a picture that makes a difference, in pixels: no network sees more, so callers
/// shrink larger ones.
pub const PICTURE_PX: u32 = 2048;
/// Longest side of what is made to be printed, in metres, unless somebody says otherwise.
pub const PRINTED_METRES: f32 = 0.1;
/// Triangles that can be asked for.
pub const FACES: std::ops::RangeInclusive<u32> = 100..=1_000_000;
/// Texture sides that can be asked for, in pixels.
pub const TEXTURE_PX: std::ops::RangeInclusive<u32> = 64..=8192;
