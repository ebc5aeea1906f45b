//! `service kills|load|api|soak`: see `cargo xtask`.

// It talks to people.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use service_bench::{api, kills, load, soak};

const USAGE: &str = "\
service kills BINARY [--kills 200] [--seed 1]
service load BINARY [--streams 1000] [--uploads 100] [--secs 30]
service api BINARY [--jobs 200] [--connections 16] [--secs 20]
service soak [--objects 10000] [--kills 50] [--seed 1]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("service: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all was as it should be.
fn run(words: &[String]) -> Result<bool> {
    let (command, rest) = words.split_first().context(USAGE)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match command.as_str() {
        "kills" => {
            let (binary, options) = binary(rest)?;
            let [kills, seed] = numbers(options, [("--kills", 200), ("--seed", 1)])?;
            let report = runtime.block_on(kills::run(&binary, kills.try_into()?, seed))?;
            println!("{kills} kills, seed {seed}\n\n{report}");
            Ok(report.violations.is_empty())
        }
        "load" => {
            let (binary, options) = binary(rest)?;
            let usual = [("--streams", 1000), ("--uploads", 100), ("--secs", 30)];
            let [streams, uploads, secs] = numbers(options, usual)?;
            let plan = load::Plan {
                streams: streams.try_into()?,
                uploads: uploads.try_into()?,
                round: Duration::from_secs(secs),
            };
            let report = runtime.block_on(load::run(&binary, plan))?;
            println!(
                "{streams} streams, {uploads} uploads at once, rounds of {secs} s\n\n{report}"
            );
            Ok(report.misses().is_empty())
        }
        "api" => {
            let (binary, options) = binary(rest)?;
            let usual = [("--jobs", 200), ("--connections", 16), ("--secs", 20)];
            let [jobs, connections, secs] = numbers(options, usual)?;
            let plan = api::Plan {
                jobs: jobs.try_into()?,
                connections: connections.try_into()?,
                time: Duration::from_secs(secs),
            };
            let report = runtime.block_on(api::run(&binary, plan))?;
            println!(
                "{jobs} jobs one after the other; {connections} connections for {secs} s\n\n{report}"
            );
            Ok(report.misses().is_empty())
        }
        "soak" => {
            let usual = [("--objects", 10_000), ("--kills", 50), ("--seed", 1)];
            let [objects, kills, seed] = numbers(rest, usual)?;
            let report = soak::run(objects.try_into()?, kills.try_into()?, seed)?;
            println!("{objects} objects, {kills} kills, seed {seed}\n\n{report}");
            Ok(report.holds())
        }
        "soak-server" => soak::serve(rest).map(|()| true),
        _ => bail!("{USAGE}"),
    }
}

fn binary(words: &[String]) -> Result<(PathBuf, &[String])> {
    let (binary, options) = words.split_first().context(USAGE)?;
    Ok((std::path::absolute(binary)?, options))
}

/// The values of these options, or the usual ones.
fn numbers<const N: usize>(words: &[String], usual: [(&str, u64); N]) -> Result<[u64; N]> {
    let mut values = usual.map(|(_, value)| value);
    for pair in words.chunks(2) {
        let [name, value] = pair else {
            bail!("{} needs a value\n{USAGE}", pair[0]);
        };
        let place = usual.iter().position(|(known, _)| known == name);
        let place = place.with_context(|| format!("unknown option {name}\n{USAGE}"))?;
        values[place] = value.parse().with_context(|| format!("{name} {value}"))?;
    }
    Ok(values)
}
