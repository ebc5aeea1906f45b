//! A picture becomes a textured model, as a stream of stage events.
//!
//! The modules follow the data: a picture, or [`Views`] of one object, and [`Options`] go into
//! [`Engine::generate`], a network
//! ([`ShapeModel`]) makes a [`Guess`], the guess becomes a field, the field a surface, the surface
//! is painted and stood upright. This crate knows no HTTP, database, user, file path or clock.

mod options;

mod run;

mod events;
mod notice;

mod model;
mod networks;

mod view;
mod views;

mod object;

mod shape;

mod field;

mod surface;

mod symmetry;

mod enlarge;
mod paint;

mod pose;

mod error;

pub use error::EngineError;
pub use events::{Event, Sink, Stage};
pub use model::{Guess, ShapeModel, Tell, Volume};
pub use networks::TripoSr;
pub use notice::Notice;
pub use options::{
    FACES, Ground, Options, PICTURE_PX, PRINTED_METRES, Shaper, Symmetry, TEXTURE_PX, Tier,
    Topology,
};
pub use pose::PhotoCamera;
pub use run::{Artifacts, Engine, MARGIN};
pub use symmetry::Mirror;
pub use views::{Viewpoint, Views};
