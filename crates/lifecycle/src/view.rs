//! What a caller sees of a job, and what it may ask for.

use domain::{Id, JobState, Lifetime, Tool, UnixMillis};
use engine::{Notice, Options, Stage};
use mesh::check::Report;
use vault::Plaintext;
use worker::Recipe;

use crate::{Estimate, Failure};

/// What the sender of a picture wants.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// What to make of it.
    pub task: Task,
    /// How long to keep picture and model, each from when it is stored.
    pub lifetime: Lifetime,
    /// Whose it is: a text that says nothing about them. Owners take turns, and each has only so
    /// many jobs waiting.
    pub owner: String,
    /// What makes a second request the same as this one, for a day or until the server is
    /// restarted.
    pub idempotency_key: Option<String>,
}

/// What to make of a picture.
#[derive(Clone, Debug)]
pub enum Task {
    /// A model.
    Model(Options),
    /// Another picture.
    Tool(Recipe),
}

impl From<Recipe> for Wishes {
    /// Kept as long as anything is, for nobody in particular.
    fn from(recipe: Recipe) -> Self {
        Self {
            task: Task::Tool(recipe),
            ..Options::default().into()
        }
    }
}

impl From<Options> for Wishes {
    /// Kept as long as anything is, for nobody in particular.
    fn from(options: Options) -> Self {
        Self {
            task: Task::Model(options),
            lifetime: Lifetime::HOUR,
            owner: String::new(),
            idempotency_key: None,
        }
    }
}

/// A job as its owner sees it. Carries no content.
#[derive(Clone, Debug, PartialEq)]
pub struct JobView {
    /// The capability: whoever knows it may see, download, cancel and destroy the job.
    pub id: Id,
    /// What makes another picture of it; `None`: a model is made.
    pub tool: Option<Tool>,
    /// What is made of it, if that is a model.
    pub options: Options,
    /// Of how many views of the object.
    pub views: u32,
    /// Where it stands.
    pub state: JobState,
    /// The stage at work, or the one at which the job ended early.
    pub stage: Option<Stage>,
    /// Share of the whole run that is done, 0–1; never goes down within one try.
    pub progress: f32,
    /// Jobs ahead of it while it is queued; 0 means it is the next one.
    pub queue_position: Option<u32>,
    /// When the model is likely to be there, as long as it isn't; `None` if nothing is known of such
    /// jobs yet. [`Estimate::left`] says it in seconds.
    pub estimate: Option<Estimate>,
    /// Whether [`Lifecycle::retry`](crate::Lifecycle::retry) would have it tried again.
    pub can_be_retried: bool,
    /// When the picture was accepted.
    pub created_at: UnixMillis,
    /// The moment from which nothing of it can be read any more. Until there is a model this is the
    /// picture's deadline, then the artifacts'.
    pub expires_at: UnixMillis,
    /// Whether the first whole download of the model destroys everything.
    pub delete_after_download: bool,
    /// Why there is no model.
    pub failure: Option<Failure>,
    /// Remarks about the result.
    pub notices: Vec<Notice>,
    /// How long each finished stage took, milliseconds.
    pub stage_millis: Vec<(Stage, u64)>,
}

impl JobView {
    /// Why it ended with nothing, as one English sentence.
    pub fn failure_text(&self) -> Option<&'static str> {
        self.failure.map(|failure| failure.text(self.tool))
    }
}

/// What a finished job has to offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Artifact {
    /// The textured model, binary glTF.
    Model,
    /// A rendering of it, PNG; of a tool's picture the same one, small.
    Preview,
    /// The picture that a tool made, PNG.
    Edited,
}

impl Artifact {
    /// The media type to serve it as.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Model => "model/gltf-binary",
            Self::Preview | Self::Edited => "image/png",
        }
    }

    /// The name to save it under: the same for everyone, so that it says nothing about anyone.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Model => "model.glb",
            Self::Preview => "preview.png",
            Self::Edited => "picture.png",
        }
    }
}

/// One artifact, opened.
pub struct Download {
    /// The file; wiped from memory when it is let go.
    pub bytes: Plaintext,
    /// The moment from which it can't be downloaded any more.
    pub expires_at: UnixMillis,
}

/// The bytes are content: only their number may ever be printed.
impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Download({} bytes until {:?})",
            self.bytes.len(),
            self.expires_at
        )
    }
}

/// Whether a model can be printed.
pub struct Findings {
    /// What was found, at the size that was asked for.
    pub report: Report,
    /// The moment from which it can't be asked for any more.
    pub expires_at: UnixMillis,
}
