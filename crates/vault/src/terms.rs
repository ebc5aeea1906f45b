//! What is fixed about an object from the moment it is sealed.

use domain::{Deadline, Id, UnixMillis};

/// What an object is. A key opens an object only as the kind it was sealed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An uploaded picture, re-encoded.
    Picture,
    /// A generated model.
    Model,
    /// A rendering of a model.
    Preview,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Picture, Self::Model, Self::Preview];

    /// Written in key files: never renumber.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Picture => 1,
            Self::Model => 2,
            Self::Preview => 3,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is fixed about an object from the moment it is sealed, and authenticated by its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Which object.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// When it was sealed.
    pub created: UnixMillis,
    /// When it must be gone.
    pub deadline: Deadline,
}

impl Terms {
    /// The terms as bytes to authenticate, under a `label` that keeps key files and chunks apart.
    pub(crate) fn bound_to(&self, label: &[u8; 4]) -> [u8; 37] {
        let mut bytes = [0; 37];
        bytes[..4].copy_from_slice(label);
        bytes[4..20].copy_from_slice(&self.id.to_bytes());
        bytes[20] = self.kind.code();
        bytes[21..29].copy_from_slice(&self.created.0.to_be_bytes());
        bytes[29..].copy_from_slice(&self.deadline.moment().0.to_be_bytes());
        bytes
    }
}
