//! What a run tells its caller while it works, and how the caller stops it.

use std::ops::ControlFlow;

use crate::Viewpoint;

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

/// Something a person should know about the result, though the run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The object reaches the picture's border, so part of it is probably missing.
    TouchesBorder,
    /// Nothing was cut out: the whole picture was taken as the object.
    WholePicture,
    /// The matte found several separate things; only the large ones were kept.
    SeveralObjects,
    /// This view contradicts the others too much to be of the same object from the side it was
    /// said to be from; the model was made without it.
    LeftOut(Viewpoint),
}

impl Notice {
    /// One English sentence for a person.
    pub fn text(self) -> &'static str {
        match self {
            Self::TouchesBorder => {
                "the object touches the picture's border; leave some room around it for a complete model"
            }
            Self::WholePicture => {
                "the whole picture was used as the object because background removal is off"
            }
            Self::SeveralObjects => {
                "several separate things were found; only the large ones were modelled"
            }
            Self::LeftOut(Viewpoint::Front) => {
                "the front picture doesn't fit the others; the model was made without it"
            }
            Self::LeftOut(Viewpoint::Left) => {
                "the left picture doesn't fit the others and was left out; is it the same object, from its left?"
            }
            Self::LeftOut(Viewpoint::Back) => {
                "the back picture doesn't fit the others and was left out; is it the same object, from behind?"
            }
            Self::LeftOut(Viewpoint::Right) => {
                "the right picture doesn't fit the others and was left out; is it the same object, from its right?"
            }
        }
    }

    /// Lower-case name, stable: it is part of `--json` and of the progress stream.
    pub fn name(self) -> &'static str {
        match self {
            Self::TouchesBorder => "touches_border",
            Self::WholePicture => "whole_picture",
            Self::SeveralObjects => "several_objects",
            Self::LeftOut(Viewpoint::Front) => "front_left_out",
            Self::LeftOut(Viewpoint::Left) => "left_left_out",
            Self::LeftOut(Viewpoint::Back) => "back_left_out",
            Self::LeftOut(Viewpoint::Right) => "right_left_out",
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
