//! ^C: the first asks to stop before the next step, the second stops at once.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code after ^C, as shells expect: 128 + SIGINT.
pub const EXIT_CODE: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on ^C is heard.
///
/// # Errors
/// The operating system refuses.
pub fn listen() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(EXIT_CODE.into());
        }
    })
}

/// Stops what runs, as ^C would.
pub fn ask() {
    ASKED.store(true, Ordering::SeqCst);
}

/// Forgets that anybody asked: for whoever goes on with something else.
pub fn forget() {
    ASKED.store(false, Ordering::SeqCst);
}

/// Whether ^C came.
pub fn came() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// What to answer to whoever asks whether to go on.
pub fn answer() -> ControlFlow<()> {
    match came() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    }
}
