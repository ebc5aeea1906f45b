//! Why a job has no model: a code in its row, a sentence for its owner.

use engine::EngineError;
use vault::VaultError;

/// Carries no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    NoForeground,
    MatteMissing,
    MatteBroken,
    TripoSrMissing,
    TripoSrBroken,
    Engine,
    Crashed,
    TooManyTries,
    PictureLost,
    DiskFull,
    Storage,
}

impl Failure {
    const ALL: [Self; 11] = [
        Self::NoForeground,
        Self::MatteMissing,
        Self::MatteBroken,
        Self::TripoSrMissing,
        Self::TripoSrBroken,
        Self::Engine,
        Self::Crashed,
        Self::TooManyTries,
        Self::PictureLost,
        Self::DiskFull,
        Self::Storage,
    ];

    /// Stored in the database: never rename.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NoForeground => "no_foreground",
            Self::MatteMissing => "matte_missing",
            Self::MatteBroken => "matte_broken",
            Self::TripoSrMissing => "triposr_missing",
            Self::TripoSrBroken => "triposr_broken",
            Self::Engine => "engine",
            Self::Crashed => "crashed",
            Self::TooManyTries => store::TOO_MANY_TRIES,
            Self::PictureLost => "picture_lost",
            Self::DiskFull => "disk_full",
            Self::Storage => "storage",
        }
    }

    /// The sentence for a code; one for unknown codes too, should an older version ever read a
    /// newer one's row.
    pub(crate) fn text_of(code: &str) -> &'static str {
        let known = Self::ALL.into_iter().find(|failure| failure.code() == code);
        known.unwrap_or(Self::Engine).text()
    }

    fn text(self) -> &'static str {
        match self {
            Self::NoForeground => {
                "the picture is transparent everywhere, so no object can be seen in it; save it again with the object opaque"
            }
            Self::MatteMissing => {
                "background removal is not installed on this server; turn it off, or send a picture with a transparent background"
            }
            Self::MatteBroken => {
                "background removal does not work on this server; turn it off, or send a picture with a transparent background"
            }
            Self::TripoSrMissing => {
                "TripoSR is not installed on this server; choose another engine"
            }
            Self::TripoSrBroken => "TripoSR does not work on this server; choose another engine",
            Self::Engine => "no model could be made from this picture; try another one",
            Self::Crashed => {
                "the program stopped unexpectedly while working on this picture; try another one"
            }
            Self::TooManyTries => {
                "the program stopped unexpectedly each time it worked on this picture; try another one"
            }
            Self::PictureLost => "the picture was destroyed before its turn came; send it again",
            Self::DiskFull => "the server's disk is full; try again later",
            Self::Storage => "the server could not store the model; try again later",
        }
    }
}

impl From<&EngineError> for Failure {
    fn from(error: &EngineError) -> Self {
        match error {
            EngineError::NoForeground => Self::NoForeground,
            EngineError::MatteMissing => Self::MatteMissing,
            EngineError::Matte(_) => Self::MatteBroken,
            EngineError::TripoSrMissing => Self::TripoSrMissing,
            EngineError::TripoSr(_) => Self::TripoSrBroken,
            _ => Self::Engine,
        }
    }
}

impl From<&VaultError> for Failure {
    fn from(error: &VaultError) -> Self {
        match error {
            VaultError::NotFound | VaultError::Expired | VaultError::Damaged => Self::PictureLost,
            VaultError::DiskFull => Self::DiskFull,
            _ => Self::Storage,
        }
    }
}
