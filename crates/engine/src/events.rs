//! What a run tells its caller while it works, and how the caller stops it.

use std::ops::ControlFlow;

use crate::model::Tell;
use crate::{EngineError, Notice};

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

/// Tells the sink what happens, and stops where it says so.
pub(crate) struct Stages<'a, 'b> {
    pub(crate) sink: &'a mut Sink<'b>,
}

impl Stages<'_, '_> {
    fn tell(&mut self, event: Event) -> Result<(), EngineError> {
        if (self.sink)(event).is_break() {
            Err(EngineError::Cancelled)
        } else {
            Ok(())
        }
    }

    pub(crate) fn run<T>(
        &mut self,
        stage: Stage,
        work: impl FnOnce() -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        self.tell(Event::Started(stage))?;
        let result = work()?;
        self.tell(Event::Finished(stage))?;
        Ok(result)
    }

    /// The same for work that tells how far it is. Whoever listens hears of each thousandth once.
    pub(crate) fn run_told<T>(
        &mut self,
        stage: Stage,
        work: impl FnOnce(&mut Tell<'_>) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        self.tell(Event::Started(stage))?;
        let (mut reached, mut stopped) = (0, false);
        let result = work(&mut |fraction| {
            let thousandths = (fraction.clamp(0.0, 1.0) * 1000.0) as u32;
            if thousandths > reached && !stopped {
                reached = thousandths;
                stopped = (self.sink)(Event::Progress(stage, fraction)).is_break();
            }
            if stopped {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if stopped {
            return Err(EngineError::Cancelled);
        }
        let result = result?;
        self.tell(Event::Finished(stage))?;
        Ok(result)
    }

    pub(crate) fn notices(
        &mut self,
        notices: impl IntoIterator<Item = Notice>,
    ) -> Result<(), EngineError> {
        notices
            .into_iter()
            .try_for_each(|notice| self.tell(Event::Notice(notice)))
    }
}
