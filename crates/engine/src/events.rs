//! What a run tells its caller while it works, and how the caller stops it.

use std::ops::ControlFlow;

use crate::Notice;

/// The steps of a run, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Separate the object from its background and frame it.
    Matte,
    /// Guess the shape: run the network.
    Shape,
    /// Turn the guess into a closed surface.
    Surface,
    /// Unwrap it and paint it.
    Texture,
    /// Write the file and its preview.
    Export,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 5] = [
        Self::Matte,
        Self::Shape,
        Self::Surface,
        Self::Texture,
        Self::Export,
    ];

    /// Lower-case name, stable: it is part of `--json` and of the progress stream.
    pub fn name(self) -> &'static str {
        match self {
            Self::Matte => "matte",
            Self::Shape => "shape",
            Self::Surface => "surface",
            Self::Texture => "texture",
            Self::Export => "export",
        }
    }
}

/// One step of the story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A stage begins.
    Started(Stage),
    /// A fraction of the stage is done, 0–1.
    Progress(Stage, f32),
    /// A stage ended well.
    Finished(Stage),
    /// A remark for the person.
    Notice(Notice),
}

/// Receives every event; answering `Break` cancels the run before the next step.
pub type Sink<'a> = dyn FnMut(Event) -> ControlFlow<()> + 'a;
