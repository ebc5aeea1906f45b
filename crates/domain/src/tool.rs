//! What can be done to a picture instead of making a model of it.

/// One of the image tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// The object without its background, or before another one.
    Matte,
    /// Cutting, turning, light, colour, noise, size, style.
    Edit,
    /// Something marked goes, and what is around it fills its place.
    Erase,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Matte, Self::Edit, Self::Erase];

    /// Lower-case name, as of its command. Stored in the database: never rename.
    pub fn name(self) -> &'static str {
        match self {
            Self::Matte => "matte",
            Self::Edit => "edit",
            Self::Erase => "erase",
        }
    }

    /// The tool of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }
}
