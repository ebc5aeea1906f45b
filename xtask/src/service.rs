//! The real server under kills and under load, and its vault over thousands of deadlines.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread::available_parallelism;

use anyhow::{Context, Result, ensure};

use crate::tool::{command, root};
use crate::{binary, web};

/// One of the four.
#[derive(Clone, Copy)]
pub enum Trial {
    /// `kill -9` at random moments.
    Kills,
    /// Many visitors at a time.
    Load,
    /// One program after the other, and one question after the other.
    Api,
    /// Many objects over their deadlines.
    Soak,
}

impl Trial {
    fn name(self) -> &'static str {
        match self {
            Self::Kills => "kills",
            Self::Load => "load",
            Self::Api => "api",
            Self::Soak => "soak",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Kills => {
                "Visitors hand pictures in, wait, download and delete; the server is killed with \
                 SIGKILL while one\nof them is in the middle of something, and started again. Then \
                 every job comes to its end, and what\nwas promised is compared with what answers \
                 and with what is on the disk."
            }
            Self::Load => {
                "One server on this machine, which also runs the visitors: progress streams, uploads \
                 at one moment,\na job that runs all the time, and page and job state asked for \
                 every 20 ms, each on a new connection.\n429 and 503 with Retry-After are fine; no \
                 other failure is. Aims: p99 of page and state at most 50 ms,\nno more memory in the \
                 last round than in the one before."
            }
            Self::Api => {
                "One server on this machine, which also runs the client. A job's whole way for a program: POST \
                 /api/v1/jobs,\nGET its state every 2 ms until it is done, download the model; above is \
                 what of that was not the engine's own time (the\njob's `stage_millis`): receiving, \
                 decoding, sealing, waiting, telling, opening. Then only states of a finished job,\nas \
                 many as are answered. Aims: above p50 at most 20 ms, p99 at most 60 ms; 2,000 states a \
                 second, p99 at most 20 ms."
            }
            Self::Soak => {
                "A process keeps a vault on a clock on which an hour takes a minute, and is killed \
                 again and again.\nObjects have random sizes and lives; some are shortened, \
                 downloaded or destroyed on the way."
            }
        }
    }
}

/// Runs it and writes what it says to `bench/NAME/NAME.md`, with the command and the machine.
/// `--binary` names a build to use instead of this tree's release.
///
/// # Errors
/// Something is not as promised; the page says what.
pub fn run(trial: Trial, options: &[&str]) -> Result<()> {
    let (named, options) = match *options {
        ["--binary", named, ref rest @ ..] => (Some(named), rest),
        ref rest => (None, rest),
    };
    let mut service = command(binary::service()?);
    service.arg(trial.name());
    let mut tested = String::new();
    if !matches!(trial, Trial::Soak) {
        let binary = match named {
            Some(named) => std::env::current_dir()?.join(named),
            None => release()?,
        };
        let shown = binary.strip_prefix(root()).unwrap_or(&binary);
        tested = format!(", `{}`", shown.display());
        service.arg(&binary);
    }
    let output = service.args(options).stderr(Stdio::inherit()).output();
    let output = output.context("`service` can't be started")?;
    let said = String::from_utf8(output.stdout)?;
    print!("{said}");
    ensure!(!said.is_empty(), "there is nothing to write down");
    let name = trial.name();
    let words = [&["cargo", "xtask", name], options].concat().join(" ");
    let said = said.trim_end();
    // Tables for people are lines; those for pages are theirs already.
    let said = match trial {
        Trial::Load | Trial::Api => said.to_owned(),
        _ => format!("```text\n{said}\n```"),
    };
    let (about, machine) = (trial.about(), machine());
    let page = format!("# {name}\n\n    {words}\n\n{about}\n\n{machine}{tested}.\n\n{said}\n");
    let folder = root().join("bench").join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{name}.md")), page)?;
    ensure!(output.status.success(), "not everything is as promised");
    Ok(())
}

fn release() -> Result<PathBuf> {
    web::build()?;
    binary::release()
}

/// Processor, cores, and what else the machine did.
fn machine() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let cores = available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    format!("{cores} cores of {model}, load {load} at the end")
}
