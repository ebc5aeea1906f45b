//! Why a request has no result. Nothing here carries content.

use std::io;

use engine::EngineError;
use imaging::DecodeError;
use vault::VaultError;

use crate::codec::Malformed;
use crate::frame::FrameError;

/// What a worker may give as the reason; anything else that goes wrong ends its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The picture doesn't open with its key, or is none.
    #[error("the picture can't be opened")]
    PictureLost,
    /// The picture brings its own cut-out, and nothing is left in it.
    #[error("the picture is transparent everywhere")]
    NoForeground,
    /// The weights for background removal are not installed.
    #[error("background removal needs its weights: run `ai3dgen models pull u2netp` once")]
    MatteMissing,
    /// The weights for background removal are there, but they don't work.
    #[error("background removal failed: run `ai3dgen models verify`")]
    MatteBroken,
    /// TripoSR was asked for, but its weights are not installed.
    #[error("TripoSR needs its weights: run `ai3dgen models pull triposr` once")]
    TripoSrMissing,
    /// TripoSR's weights are there, but they don't work.
    #[error("TripoSR failed: run `ai3dgen models verify triposr`")]
    TripoSrBroken,
    /// Another stage of the engine failed.
    #[error("the engine made no model")]
    Engine,
    /// A tool was to cut something out, and nothing stands out.
    #[error("no object stands out in the picture")]
    NoObject,
    /// What is to be cut out doesn't lie in the picture.
    #[error("the crop or a corner lies outside the picture")]
    Outside,
    /// Enlarged the picture would be larger than any that is taken.
    #[error("enlarged the picture would be too large")]
    TooLarge,
    /// The mask has another size, or marks nothing or everything.
    #[error("the mask is of no use on this picture")]
    Mask,
    /// A network that the tool needs is not installed.
    #[error("an image tool needs weights: `ai3dgen models` lists what is missing")]
    ToolMissing,
    /// A network that the tool needs is there, but doesn't work.
    #[error("an image tool's network failed: run `ai3dgen models verify`")]
    ToolBroken,
}

impl Trouble {
    const ALL: [Self; 13] = [
        Self::PictureLost,
        Self::NoForeground,
        Self::MatteMissing,
        Self::MatteBroken,
        Self::TripoSrMissing,
        Self::TripoSrBroken,
        Self::Engine,
        Self::NoObject,
        Self::Outside,
        Self::TooLarge,
        Self::Mask,
        Self::ToolMissing,
        Self::ToolBroken,
    ];

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::PictureLost => 1,
            Self::NoForeground => 2,
            Self::MatteMissing => 3,
            Self::MatteBroken => 4,
            Self::Engine => 5,
            Self::TripoSrMissing => 6,
            Self::TripoSrBroken => 7,
            Self::NoObject => 8,
            Self::Outside => 9,
            Self::TooLarge => 10,
            Self::Mask => 11,
            Self::ToolMissing => 12,
            Self::ToolBroken => 13,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }
}

impl From<&EngineError> for Trouble {
    fn from(error: &EngineError) -> Self {
        match error {
            EngineError::NoForeground => Self::NoForeground,
            EngineError::MatteMissing => Self::MatteMissing,
            EngineError::Matte(_) => Self::MatteBroken,
            EngineError::TripoSrMissing => Self::TripoSrMissing,
            EngineError::TripoSr(_) | EngineError::Device(_) => Self::TripoSrBroken,
            _ => Self::Engine,
        }
    }
}

/// What became of a worker that gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// There is none.
    #[error("no worker process can be started: {0}")]
    Start(io::Error),
    /// It asked for more memory than it may have.
    #[error("the worker ran out of memory; `--worker-memory` gives it more")]
    OutOfMemory,
    /// It worked for longer than it may.
    #[error("the worker was stopped because it took too long")]
    OutOfTime,
    /// It neither worked nor said anything.
    #[error("the worker was stopped because it stood still")]
    Silent,
    /// It broke off.
    #[error("the worker ended by itself ({0})")]
    Ended(Ending),
    /// It said what no worker says, or spoke about another job.
    #[error("the worker was stopped because of what it said: {0}")]
    Garbled(&'static str),
}

impl ProcessError {
    /// A name for counting them, stable.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "not_started",
            Self::OutOfMemory => "out_of_memory",
            Self::OutOfTime => "out_of_time",
            Self::Silent => "silent",
            Self::Ended(_) => "ended",
            Self::Garbled(_) => "garbled",
        }
    }
}

impl From<Malformed> for ProcessError {
    fn from(_: Malformed) -> Self {
        Self::Garbled("a message is malformed")
    }
}

impl From<&FrameError> for ProcessError {
    fn from(error: &FrameError) -> Self {
        Self::Garbled(match error {
            FrameError::CutOff => "a message is cut off",
            FrameError::TooLong { .. } => "a message is too long",
            FrameError::Io(_) => "the pipe can't be read",
        })
    }
}

/// How a process ended, as far as can be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct Ending {
    /// Its exit code.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Where in the source it panicked.
    pub place: Option<String>,
}

impl Ending {
    /// Whether somebody else ended it, or the system for want of memory: nothing does that to itself.
    pub(crate) fn was_killed(&self) -> bool {
        /// The same number on every Unix.
        const SIGKILL: i32 = 9;
        self.signal == Some(SIGKILL)
    }

    fn words(&self) -> String {
        let how = match (self.signal, self.code) {
            (Some(signal), _) => format!("signal {signal}"),
            (None, Some(code)) => format!("exit code {code}"),
            (None, None) => "nobody knows how".into(),
        };
        match &self.place {
            Some(place) => format!("{how}, panicked at {place}"),
            None => how,
        }
    }
}

/// Why an upload was not admitted.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    /// It is no picture that we can use.
    #[error(transparent)]
    Refused(#[from] DecodeError),
    /// The decoder's process came to nothing.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// Why a run has no results.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The attendant wanted it to stop.
    #[error("cancelled")]
    Halted,
    /// The engine's reason.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The attendant could not take a result.
    #[error("a result can't be stored: {0}")]
    Taking(VaultError),
    /// The engine's process came to nothing.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

impl From<Malformed> for RunError {
    fn from(malformed: Malformed) -> Self {
        Self::Process(malformed.into())
    }
}

impl From<Malformed> for AdmitError {
    fn from(malformed: Malformed) -> Self {
        Self::Process(malformed.into())
    }
}
