//! Why a job has no model: a code in its row, a sentence for its owner.

use domain::Tool;
use vault::VaultError;
use worker::{ProcessError, RunError, Trouble};

/// Why there is no model, or no picture of a tool. Carries no content.
#[allow(missing_docs)] // Their sentences say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    NoForeground,
    MatteMissing,
    MatteBroken,
    TripoSrMissing,
    TripoSrBroken,
    Engine,
    Crashed,
    TooManyTries,
    TooMuchMemory,
    TooLong,
    NoWorker,
    PictureLost,
    DiskFull,
    Storage,
    NoObject,
    Outside,
    TooLarge,
    Mask,
    ToolMissing,
    ToolBroken,
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::NoForeground,
        Self::MatteMissing,
        Self::MatteBroken,
        Self::TripoSrMissing,
        Self::TripoSrBroken,
        Self::Engine,
        Self::Crashed,
        Self::TooManyTries,
        Self::TooMuchMemory,
        Self::TooLong,
        Self::NoWorker,
        Self::PictureLost,
        Self::DiskFull,
        Self::Storage,
        Self::NoObject,
        Self::Outside,
        Self::TooLarge,
        Self::Mask,
        Self::ToolMissing,
        Self::ToolBroken,
    ];

    /// Stored in the database: never rename.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoForeground => "no_foreground",
            Self::MatteMissing => "matte_missing",
            Self::MatteBroken => "matte_broken",
            Self::TripoSrMissing => "triposr_missing",
            Self::TripoSrBroken => "triposr_broken",
            Self::Engine => "engine",
            Self::Crashed => "crashed",
            Self::TooManyTries => store::TOO_MANY_TRIES,
            Self::TooMuchMemory => "too_much_memory",
            Self::TooLong => "too_long",
            Self::NoWorker => "no_worker",
            Self::PictureLost => "picture_lost",
            Self::DiskFull => "disk_full",
            Self::Storage => "storage",
            Self::NoObject => "no_object",
            Self::Outside => "outside",
            Self::TooLarge => "too_large",
            Self::Mask => "mask",
            Self::ToolMissing => "tool_missing",
            Self::ToolBroken => "tool_broken",
        }
    }

    /// The one with that code; one for unknown codes too, should an older version ever read a
    /// newer one's row.
    pub(crate) fn of_code(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|failure| failure.code() == code);
        known.unwrap_or(Self::Engine)
    }

    /// Whether the same picture may become a model another time or with other options. Not if
    /// there is nothing in it, nor if it is not there any more. A tool does the same again, so not
    /// if that can't be done to the picture.
    pub(crate) fn may_pass(self) -> bool {
        match self {
            Self::NoForeground
            | Self::PictureLost
            | Self::NoObject
            | Self::Outside
            | Self::TooLarge
            | Self::Mask => false,
            Self::MatteMissing
            | Self::MatteBroken
            | Self::TripoSrMissing
            | Self::TripoSrBroken
            | Self::Engine
            | Self::Crashed
            | Self::TooManyTries
            | Self::TooMuchMemory
            | Self::TooLong
            | Self::NoWorker
            | Self::DiskFull
            | Self::Storage
            | Self::ToolMissing
            | Self::ToolBroken => true,
        }
    }

    /// Whether it is said in other words where a tool makes a picture.
    pub fn is_said_otherwise_of_tools(self) -> bool {
        self.text_of_tools().is_some()
    }

    fn text_of_tools(self) -> Option<&'static str> {
        Some(match self {
            Self::Engine => "nothing could be made of this picture; try another picture",
            Self::Crashed => {
                "the program stopped unexpectedly while working on this picture; try again, or with a smaller picture"
            }
            Self::TooManyTries => {
                "the program stopped unexpectedly each time it worked on this picture; try a smaller picture"
            }
            Self::TooMuchMemory => {
                "this picture needs more memory than the server gives to one; make it smaller, or do less at a time"
            }
            Self::TooLong => {
                "this picture took longer than the server works on one; make it smaller, or do less at a time"
            }
            Self::Storage => "the server could not store the picture; try again later",
            _ => return None,
        })
    }

    /// One English sentence: what happened and what helps.
    pub fn text(self, tool: Option<Tool>) -> &'static str {
        if tool.is_some()
            && let Some(text) = self.text_of_tools()
        {
            return text;
        }
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
            Self::Engine => {
                "no model could be made from this picture; try another engine or another picture"
            }
            Self::Crashed => {
                "the program stopped unexpectedly while working on this picture; try again, with a lower quality, or another picture"
            }
            Self::TooManyTries => {
                "the program stopped unexpectedly each time it worked on this picture; try a lower quality or another picture"
            }
            Self::TooMuchMemory => {
                "this picture needs more memory than the server gives to one; choose a lower quality or a smaller picture"
            }
            Self::TooLong => {
                "this picture took longer than the server works on one; choose a lower quality or another picture"
            }
            Self::NoWorker => "the server could not begin to work on this picture; try again later",
            Self::PictureLost => "the picture was destroyed before its turn came; send it again",
            Self::DiskFull => "the server's disk is full; try again later",
            Self::Storage => "the server could not store the model; try again later",
            Self::NoObject => {
                "no object stands out in the picture; crop it closer, or mark the object by hand"
            }
            Self::Outside => "the crop or a corner lies outside the picture; choose one inside it",
            Self::TooLarge => {
                "enlarged, the picture would be larger than any that is taken; crop it or make it smaller first"
            }
            Self::Mask => {
                "the mask must have the picture's size and mark a part of it in white; paint it on the picture itself"
            }
            Self::ToolMissing => {
                "a network that this needs is not installed on this server; its operator can install it with `ai3dgen models pull`"
            }
            Self::ToolBroken => {
                "a network that this needs does not work on this server; its operator can check it with `ai3dgen models verify`"
            }
        }
    }
}

impl From<&RunError> for Failure {
    fn from(error: &RunError) -> Self {
        match error {
            RunError::Halted => Self::Engine,
            RunError::Trouble(trouble) => Self::from(*trouble),
            RunError::Taking(error) => Self::of_result(error),
            RunError::Process(error) => Self::from(error),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::PictureLost => Self::PictureLost,
            Trouble::NoForeground => Self::NoForeground,
            Trouble::MatteMissing => Self::MatteMissing,
            Trouble::MatteBroken => Self::MatteBroken,
            Trouble::TripoSrMissing => Self::TripoSrMissing,
            Trouble::TripoSrBroken => Self::TripoSrBroken,
            Trouble::Engine => Self::Engine,
            Trouble::NoObject => Self::NoObject,
            Trouble::Outside => Self::Outside,
            Trouble::TooLarge => Self::TooLarge,
            Trouble::Mask => Self::Mask,
            Trouble::ToolMissing => Self::ToolMissing,
            Trouble::ToolBroken => Self::ToolBroken,
        }
    }
}

impl From<&ProcessError> for Failure {
    fn from(error: &ProcessError) -> Self {
        match error {
            ProcessError::Start(_) => Self::NoWorker,
            ProcessError::OutOfMemory => Self::TooMuchMemory,
            ProcessError::OutOfTime => Self::TooLong,
            ProcessError::Silent | ProcessError::Ended(_) | ProcessError::Garbled(_) => {
                Self::Crashed
            }
        }
    }
}

impl Failure {
    /// What it means when the vault doesn't take a result.
    fn of_result(error: &VaultError) -> Self {
        match error {
            VaultError::DiskFull => Self::DiskFull,
            // The worker sealed it with other keys, or not whole.
            VaultError::Damaged => Self::Crashed,
            _ => Self::Storage,
        }
    }
}

/// What it means when the picture doesn't come out of the vault.
impl From<&VaultError> for Failure {
    fn from(error: &VaultError) -> Self {
        match error {
            VaultError::NotFound | VaultError::Expired | VaultError::Damaged => Self::PictureLost,
            VaultError::DiskFull => Self::DiskFull,
            _ => Self::Storage,
        }
    }
}
