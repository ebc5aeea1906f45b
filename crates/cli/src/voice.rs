//! Speaks to a person on standard error, or to a program in JSON lines on standard output.

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::convert::input::Input;

/// How a command was asked to report.
#[derive(Clone, Copy)]
pub struct Voice {
    /// One line of JSON per input.
    pub json: bool,
}

impl Voice {
    /// Whoever went away has no use for an error either.
    pub fn tell(self, text: &str, json: impl FnOnce() -> Value) {
        if self.json {
            let _ = writeln!(std::io::stdout(), "{}", json());
        } else {
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
    }

    /// Says what is wrong, in both ways if asked for JSON; the answer is the exit code.
    pub fn failed(self, input: Option<&Input>, error: &dyn Display) -> ExitCode {
        let name = input.map(Input::name);
        if self.json {
            let line = json!({ "input": name, "ok": false, "error": error.to_string() });
            let _ = writeln!(std::io::stdout(), "{line}");
        }
        let about = name.map_or(String::new(), |name| format!("{name}: "));
        let _ = writeln!(std::io::stderr(), "error: {about}{error}");
        ExitCode::FAILURE
    }
}
