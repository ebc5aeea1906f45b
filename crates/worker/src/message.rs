//! What the two sides say to each other, and in what order.
//!
//! ```text
//! server                             worker
//! Hello (version, prepare) ────────►
//!                          ◄──────── Hello (version, sandbox)
//! Admit or Run, and pieces ────────►
//!                          ◄──────── Beat once a second; Event as they come
//! Cancel, at any time      ────────►
//!                          ◄──────── Admitted and pieces, or Refused
//!                          ◄──────── Sealed and pieces, twice, and Done; or Failed
//! ```
//!
//! The ticket in a frame's header is the job's, chosen by the server with its request; what bears
//! another one is not accepted.

use engine::{Event, Options};
use imaging::DecodeError;
use vault::Grant;
use zeroize::Zeroizing;

use crate::codec::{Malformed, Packer, Unpacker};
use crate::error::Trouble;
use crate::frame::Frame;
use crate::sandbox::Report;

/// Both sides come from one binary; another version means that the wrong program was started.
pub const VERSION: u32 = 3;
const MAGIC: &[u8; 4] = b"A3DW";

/// Longest upload in bytes, as [`imaging::Limits`] has it.
pub(crate) const MAX_UPLOAD: u64 = 64 << 20;
/// Longest picture, encoded anew, and longest bundle of them, sealed: 64 megapixels of noise take
/// 256 MiB.
pub(crate) const MAX_PICTURE: u64 = 320 << 20;
/// Longest model: a million faces and three sheets of 8,192² pixels of noise.
pub(crate) const MAX_MODEL: u64 = 1 << 30;
/// Longest preview.
pub(crate) const MAX_PREVIEW: u64 = 16 << 20;

/// Longest key message in bytes; a grant is one object's key and terms.
const MAX_GRANT: usize = 1024;

/// A result of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The model, or the picture that a tool made.
    Result,
    /// A small picture of it.
    Preview,
}

/// What a run tells on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News {
    /// The engine's.
    Event(Event),
    /// The share of a tool's work that is done, 0–1.
    Share(f32),
}

impl Part {
    /// Most bytes it may have, sealed.
    pub(crate) fn most(self) -> u64 {
        match self {
            Self::Result => MAX_MODEL,
            Self::Preview => MAX_PREVIEW,
        }
    }
}

/// One job: what to make, and the keys of the three objects it is about, and of no others.
pub struct Order {
    /// What is asked for of a model; `None`: a tool, whose recipe lies with the pictures.
    pub options: Option<Options>,
    /// Opens the pictures, which are one object.
    pub picture: Grant,
    /// Seals the model, or the picture that a tool made.
    pub result: Grant,
    /// Seals the preview.
    pub preview: Grant,
}

impl Order {
    /// A [`Request::Run`] on sealed pictures of `len` bytes.
    pub fn to_frame(&self, len: u64, ticket: u64) -> Frame {
        let packer = Packer::default()
            .optional(self.options.as_ref(), Packer::options)
            .bytes(&self.picture.to_bytes())
            .bytes(&self.result.to_bytes())
            .bytes(&self.preview.to_bytes());
        Frame {
            kind: kind::RUN,
            ticket,
            body: packer.u64(len).done(),
        }
    }
}

/// What the server says.
pub enum Request {
    /// Comes first.
    Hello {
        /// Whether to load the network at once, since the next request is a run.
        prepare: bool,
    },
    /// Decode an upload of `len` bytes, which follow in pieces.
    Admit {
        /// Its length.
        len: u64,
        /// Longest side of the result, pixels.
        largest_side: u32,
    },
    /// Do the job with sealed pictures of `len` bytes, which follow in pieces.
    Run {
        /// What to make and the keys for it.
        order: Box<Order>,
        /// The length of all pictures, sealed.
        len: u64,
    },
    /// The next bytes of what was announced.
    Piece(Zeroizing<Vec<u8>>),
    /// Stop.
    Cancel,
}

/// What the worker says.
pub enum Answer {
    /// Comes first, from inside the sandbox.
    Hello(Report),
    /// It lives.
    Beat {
        /// Processor time that it has used so far, so that waiting can be told from working.
        cpu_millis: u64,
    },
    /// The run tells something.
    News(News),
    /// The upload is a picture; `len` bytes of PNG follow in pieces.
    Admitted {
        /// The PNG file's length.
        len: u64,
    },
    /// The upload is no picture for us.
    Refused(DecodeError),
    /// A result; `len` sealed bytes follow in pieces.
    Sealed {
        /// Which.
        part: Part,
        /// Its length, sealed.
        len: u64,
    },
    /// Both results are sent.
    Done,
    /// There is no result.
    Failed(Trouble),
    /// The next bytes of what was announced.
    Piece(Zeroizing<Vec<u8>>),
}

/// Frames' kinds. The server's begin at 1, the worker's at 65, so that neither takes its own echo
/// for an answer.
mod kind {
    pub const HELLO: u8 = 1;
    pub const ADMIT: u8 = 2;
    pub const RUN: u8 = 3;
    pub const PIECE: u8 = 4;
    pub const CANCEL: u8 = 5;

    pub const GREETING: u8 = 65;
    pub const BEAT: u8 = 66;
    pub const EVENT: u8 = 67;
    pub const ADMITTED: u8 = 68;
    pub const REFUSED: u8 = 69;
    pub const SEALED: u8 = 70;
    pub const DONE: u8 = 71;
    pub const FAILED: u8 = 72;
    pub const MADE_PIECE: u8 = 73;
    pub const SHARE: u8 = 74;
}

impl Request {
    /// The message as a frame about the job of that ticket.
    pub fn to_frame(self, ticket: u64) -> Frame {
        let (kind, body) = match self {
            Self::Hello { prepare } => (kind::HELLO, greeting().flag(prepare).done()),
            Self::Admit { len, largest_side } => {
                let packer = Packer::default().u64(len).u32(largest_side);
                (kind::ADMIT, packer.done())
            }
            Self::Run { order, len } => return order.to_frame(len, ticket),
            Self::Piece(bytes) => (kind::PIECE, bytes),
            Self::Cancel => (kind::CANCEL, Zeroizing::default()),
        };
        Frame { kind, ticket, body }
    }

    /// The message in a frame.
    ///
    /// # Errors
    /// [`Malformed`] also for another version's greeting and for lengths beyond every bound.
    pub fn from_frame(frame: Frame) -> Result<Self, Malformed> {
        let mut message = Unpacker::of(&frame.body);
        let request = match frame.kind {
            kind::HELLO => {
                greeted(&mut message)?;
                let prepare = message.flag()?;
                Self::Hello { prepare }
            }
            kind::ADMIT => Self::Admit {
                len: at_most(MAX_UPLOAD, message.u64()?)?,
                largest_side: message.u32()?,
            },
            kind::RUN => {
                let order = Box::new(Order {
                    options: message.optional(Unpacker::options)?,
                    picture: grant(&mut message)?,
                    result: grant(&mut message)?,
                    preview: grant(&mut message)?,
                });
                let len = at_most(MAX_PICTURE, message.u64()?)?;
                Self::Run { order, len }
            }
            kind::PIECE => return Ok(Self::Piece(frame.body)),
            kind::CANCEL => Self::Cancel,
            _ => return Err(Malformed),
        };
        message.end().map(|()| request)
    }
}

impl Answer {
    /// The message as a frame about the job of that ticket.
    pub fn to_frame(self, ticket: u64) -> Frame {
        let packer = Packer::default();
        let (kind, body) = match self {
            Self::Hello(report) => {
                let landlock = report.landlock.unwrap_or(0);
                let packer = greeting().u8(landlock).flag(report.seccomp);
                (kind::GREETING, packer.done())
            }
            Self::Beat { cpu_millis } => (kind::BEAT, packer.u64(cpu_millis).done()),
            Self::News(News::Event(event)) => (kind::EVENT, packer.event(event).done()),
            Self::News(News::Share(share)) => (kind::SHARE, packer.f32(share).done()),
            Self::Admitted { len } => (kind::ADMITTED, packer.u64(len).done()),
            Self::Refused(error) => (kind::REFUSED, packer.refusal(&error).done()),
            Self::Sealed { part, len } => {
                let preview = part == Part::Preview;
                (kind::SEALED, packer.flag(preview).u64(len).done())
            }
            Self::Done => (kind::DONE, Zeroizing::default()),
            Self::Failed(trouble) => (kind::FAILED, packer.u8(trouble.code()).done()),
            Self::Piece(bytes) => (kind::MADE_PIECE, bytes),
        };
        Frame { kind, ticket, body }
    }

    /// The message in a frame.
    ///
    /// # Errors
    /// As [`Request::from_frame`].
    pub fn from_frame(frame: Frame) -> Result<Self, Malformed> {
        let mut message = Unpacker::of(&frame.body);
        let answer = match frame.kind {
            kind::GREETING => {
                greeted(&mut message)?;
                let landlock = message.u8()?;
                Self::Hello(Report {
                    landlock: (landlock > 0).then_some(landlock),
                    seccomp: message.flag()?,
                })
            }
            kind::BEAT => Self::Beat {
                cpu_millis: message.u64()?,
            },
            kind::EVENT => Self::News(News::Event(message.event()?)),
            kind::SHARE => Self::News(News::Share(message.f32()?.clamp(0.0, 1.0))),
            kind::ADMITTED => Self::Admitted {
                len: at_most(MAX_PICTURE, message.u64()?)?,
            },
            kind::REFUSED => Self::Refused(message.refusal()?),
            kind::SEALED => {
                let part = match message.flag()? {
                    false => Part::Result,
                    true => Part::Preview,
                };
                let len = at_most(part.most(), message.u64()?)?;
                Self::Sealed { part, len }
            }
            kind::DONE => Self::Done,
            kind::FAILED => Self::Failed(Trouble::from_code(message.u8()?).ok_or(Malformed)?),
            kind::MADE_PIECE => return Ok(Self::Piece(frame.body)),
            _ => return Err(Malformed),
        };
        message.end().map(|()| answer)
    }
}

fn greeting() -> Packer {
    Packer::default().bytes(MAGIC).u32(VERSION)
}

fn greeted(message: &mut Unpacker) -> Result<(), Malformed> {
    let magic = message.bytes(MAGIC.len())?;
    let version = message.u32()?;
    (magic == MAGIC && version == VERSION)
        .then_some(())
        .ok_or(Malformed)
}

fn grant(message: &mut Unpacker) -> Result<Grant, Malformed> {
    Grant::from_bytes(message.bytes(MAX_GRANT)?).map_err(|_| Malformed)
}

fn at_most(most: u64, len: u64) -> Result<u64, Malformed> {
    (len <= most).then_some(len).ok_or(Malformed)
}
