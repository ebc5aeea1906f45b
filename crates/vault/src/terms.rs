//! What an object is and how long it may live.

use domain::{Deadline, Id, Life, UnixMillis};

/// What an object is. A key opens an object only as the kind it was sealed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An uploaded picture, re-encoded.
    Picture,
    /// A generated model.
    Model,
    /// A rendering of a model, or an edited picture made small.
    Preview,
    /// A picture that a tool made.
    Edited,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Picture, Self::Model, Self::Preview, Self::Edited];

    /// Written in slots and grants: never renumber.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Picture => 1,
            Self::Model => 2,
            Self::Preview => 3,
            Self::Edited => 4,
        }
    }

    /// Lower-case name, stable: written in receipts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Model => "model",
            Self::Preview => "preview",
            Self::Edited => "edited",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What an object's sealed bytes are bound to: not its deadline, which its owner may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) id: Id,
    pub(crate) kind: Kind,
}

impl Name {
    pub(crate) const BOUND_LEN: usize = 4 + 16 + 1;

    /// The name as bytes to authenticate, under a `label` that keeps them apart from others.
    pub(crate) fn bound_to(&self, label: &[u8; 4]) -> [u8; Self::BOUND_LEN] {
        let mut bytes = [0; Self::BOUND_LEN];
        bytes[..4].copy_from_slice(label);
        bytes[4..20].copy_from_slice(&self.id.to_bytes());
        bytes[20] = self.kind.code();
        bytes
    }
}

/// What an object is and how long it may live, authenticated by its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Which object.
    pub id: Id,
    /// What it is.
    pub kind: Kind,
    /// When it was sealed and when it must be gone.
    pub life: Life,
}

impl Terms {
    /// When it was sealed.
    pub fn created(&self) -> UnixMillis {
        self.life.created()
    }

    /// When it must be gone.
    pub fn deadline(&self) -> Deadline {
        self.life.deadline()
    }

    pub(crate) fn name(&self) -> Name {
        Name {
            id: self.id,
            kind: self.kind,
        }
    }
}
