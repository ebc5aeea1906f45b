//! `ai3dgen worker`: what `serve` starts for every upload and every job. Nothing for people.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use clap::Args;
use worker::sandbox::Limits;
use worker::{Bench, Patience, Program};

use crate::tools::Tools;

/// Speaks the protocol of the crate `worker` on standard input and output.
#[derive(Args, Clone, Debug)]
pub struct WorkerArgs {
    /// Memory it may write to
    #[arg(long, value_name = "BYTES")]
    memory: u64,
    /// Processor time it may use
    #[arg(long, value_name = "SECONDS")]
    cpu_secs: u64,
    /// The only folder it may read
    #[arg(long, value_name = "FOLDER")]
    weights: PathBuf,
}

/// One request, one answer.
pub fn run(args: WorkerArgs) -> ExitCode {
    let limits = Limits {
        memory_bytes: args.memory,
        cpu_secs: args.cpu_secs,
        readable: vec![args.weights.clone()],
    };
    worker::work(&limits, || {
        // Its sandbox lets it open no device.
        let device = triposr::Device::Cpu;
        let cache = weights::Cache::open(args.weights.clone());
        let engine = crate::matting::engine_in(args.weights, triposr::Precision::Auto, device);
        Bench {
            engine: Arc::new(engine),
            networks: Arc::new(Tools::of(&cache)),
        }
    })
}

/// This program as a worker with so much memory, which finds its weights in that folder.
///
/// # Errors
/// The operating system doesn't know where this program or the folder is.
pub fn program(memory_bytes: u64, patience: &Patience, weights: &Path) -> io::Result<Program> {
    // The time limit counts for everybody; this one for a worker whose server has lost sight of it.
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let cpu_secs = patience.longest().as_secs() * cores;
    let weights = std::path::absolute(weights)?;
    Program::myself(vec![
        "worker".into(),
        option("--memory", memory_bytes.to_string()),
        option("--cpu-secs", cpu_secs.to_string()),
        option("--weights", weights),
    ])
}

fn option(name: &str, value: impl Into<OsString>) -> OsString {
    let mut option = OsString::from(name);
    option.push("=");
    option.push(value.into());
    option
}

/// So many bytes, as in 2GiB or 1536MiB.
pub fn memory(text: &str) -> Result<u64, String> {
    let wrong = || "write it like 2GiB or 1536MiB".to_owned();
    let (number, unit) = match text.strip_suffix("GiB") {
        Some(number) => (number, 1 << 30),
        None => (text.strip_suffix("MiB").ok_or_else(wrong)?, 1 << 20),
    };
    let number: u64 = number.trim().parse().map_err(|_| wrong())?;
    let bytes = number.checked_mul(unit).ok_or_else(wrong)?;
    match bytes >= LEAST_MEMORY {
        true => Ok(bytes),
        false => Err("a worker needs at least 512MiB".into()),
    }
}

/// Enough to decode an ordinary photograph and to make a model of the lowest tier.
const LEAST_MEMORY: u64 = 512 << 20;

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn memory_is_written_with_a_unit() {
        assert_eq!(memory("2GiB"), Ok(2 << 30));
        assert_eq!(memory("1536MiB"), Ok(1536 << 20));
        for text in ["2", "2GB", "GiB", "-1GiB", "100MiB", "99999999999999GiB"] {
            assert!(memory(text).is_err(), "{text}");
        }
    }
}
