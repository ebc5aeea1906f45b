//! Where pictures are decoded and models are made: in processes of their own, or in this one.

use std::fs::File;

use vault::VaultError;
use worker::sandbox::Report;
use worker::{AdmitError, Attendant, Bench, Order, Part, Processes, RunError, Stopped};
use zeroize::Zeroizing;

/// Whoever does the work. Calls block, so they belong on threads of their own.
pub trait Workshop: Send + Sync {
    /// Decodes an upload within bounds and encodes it anew as PNG, `largest_side` pixels long at
    /// most.
    ///
    /// # Errors
    /// It is no picture for us, or the work came to nothing.
    fn admit(
        &self,
        upload: Zeroizing<Vec<u8>>,
        largest_side: u32,
    ) -> Result<Zeroizing<Vec<u8>>, AdmitError>;

    /// Makes a model, or another picture, of sealed pictures and hands it with its preview to the
    /// attendant, sealed.
    ///
    /// # Errors
    /// There is no result, or not both.
    fn run(&self, order: &Order, sealed: File, attendant: &dyn Attendant) -> Result<(), RunError>;

    /// What keeps the work in; `None` if nothing does.
    fn sandbox(&self) -> Option<Report> {
        None
    }

    /// How many processes were started for it so far.
    fn processes_started(&self) -> u64 {
        0
    }
}

/// The service's way: every upload and every job has a process of its own.
impl Workshop for Processes {
    fn admit(
        &self,
        upload: Zeroizing<Vec<u8>>,
        largest_side: u32,
    ) -> Result<Zeroizing<Vec<u8>>, AdmitError> {
        Processes::admit(self, upload, largest_side)
    }

    fn run(&self, order: &Order, sealed: File, attendant: &dyn Attendant) -> Result<(), RunError> {
        Processes::run(self, order, sealed, attendant)
    }

    fn sandbox(&self) -> Option<Report> {
        Some(self.report())
    }

    fn processes_started(&self) -> u64 {
        self.started()
    }
}

/// The work in this process, with the same code: for tests, whose stand-in network can't be handed
/// to another process. Nothing protects the service from what happens here.
pub struct InProcess(Bench);

impl InProcess {
    /// With that engine, or a whole bench.
    pub fn new(bench: impl Into<Bench>) -> Self {
        Self(bench.into())
    }
}

impl Workshop for InProcess {
    fn admit(
        &self,
        upload: Zeroizing<Vec<u8>>,
        largest_side: u32,
    ) -> Result<Zeroizing<Vec<u8>>, AdmitError> {
        Ok(worker::admit(&upload, largest_side)?)
    }

    fn run(
        &self,
        order: &Order,
        mut sealed: File,
        attendant: &dyn Attendant,
    ) -> Result<(), RunError> {
        let len = sealed.metadata().map_err(VaultError::from);
        let len = len.map_err(RunError::Taking)?.len();
        let mut tell = |news| attendant.hear(news);
        let made = worker::run(&self.0, order, &mut sealed, len, &mut tell);
        let made = made.map_err(|stopped| match stopped {
            Stopped::Halted => RunError::Halted,
            Stopped::Trouble(trouble) => trouble.into(),
        })?;
        for (part, sealed) in [(Part::Result, made.result), (Part::Preview, made.preview)] {
            let taken = attendant.take(part, &mut sealed.as_slice());
            taken.map_err(RunError::Taking)?;
        }
        Ok(())
    }
}
