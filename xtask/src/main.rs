//! The project's own chores, so that every machine and every person runs the same commands.
//!
//! `cargo xtask` lists them.

// A command-line tool talks to people.
#![allow(clippy::print_stdout)]

mod bench;
mod binary;
mod checks;
mod clients;
mod demo;
mod examples;
mod finish;
mod gallery;
mod outputs;
mod quality;
mod readers;
mod report;
mod service;
mod setup;
mod sheets;
mod tool;
mod unwrap;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};
use service::Trial;

const USAGE: &str = "\
cargo xtask COMMAND

  demo [PICTURE]  set up what is needed, turn a picture into out/model.glb
  test            every test: web, Rust, independent readers, browser
  ci              test, and formatting, lints, dependencies, release build
  clients         build our packages and the Blender add-on into target/clients
  readers         have our models read by other programs, write docs/formats.md
  setup           install what the tests need
  web             build the web assets into web/dist
  bench           measure the release binary, write bench/convert.md
  finish          time and score everything behind the networks, write bench/finish
  quality         score the release binary against scans, write bench/quality;
                  --data FOLDER, --photos FOLDER, --quick, --against BINARY
  oracle          score the engine with the scans in the network's place, write
                  bench/quality/oracle.md; --data FOLDER
  outputs         convert whole sets at every tier and check every model, write
                  bench/outputs.md; --data FOLDER, --photos FOLDER, --quick,
                  --binary BINARY
  kills           kill the server 200 times at random moments and look at what is
                  left, write bench/kills; --binary BINARY first, --kills N, --seed N
  load            1,000 streams and 100 uploads at once, write bench/load;
                  --binary BINARY first, --streams N, --uploads N, --secs N
  api             a job's way beside the engine's time, and states a second, write
                  bench/api; --binary BINARY first, --jobs N, --connections N, --secs N
  soak            10,000 objects over their deadlines on a fast clock, with kills,
                  write bench/soak; --objects N, --kills N, --seed N
  unwrap          compare how surfaces are flattened, write bench/finish/unwrap.md;
                  --binary BINARY
  gallery         draw models of all tiers from all sides, write docs/gallery.md;
                  --data FOLDER, --quick, --binary BINARY
  examples        make the models that the site shows, into web/src/examples
  sheets FOLDER   convert a folder of pictures, write out/sheet.png";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["demo"] => demo::run(None),
        ["demo", picture] => demo::run(Some(picture)),
        ["test"] => checks::test(),
        ["ci"] => checks::ci(),
        ["clients"] => clients::build(),
        ["readers"] => readers::run(&binary::tested()?),
        ["setup"] => setup::everything(),
        ["web"] => web::build(),
        ["bench"] => bench::run(),
        ["finish"] => finish::run(),
        ["quality", ref options @ ..] => quality::run(options),
        ["oracle", ref options @ ..] => quality::oracle(options),
        ["outputs", ref options @ ..] => outputs::run(options),
        ["kills", ref options @ ..] => service::run(Trial::Kills, options),
        ["load", ref options @ ..] => service::run(Trial::Load, options),
        ["api", ref options @ ..] => service::run(Trial::Api, options),
        ["soak", ref options @ ..] => service::run(Trial::Soak, options),
        ["unwrap", ref options @ ..] => unwrap::run(options),
        ["gallery", ref options @ ..] => gallery::run(options),
        ["examples"] => examples::make(),
        ["sheets", folder] => sheets::run(folder),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("unknown command\n\n{USAGE}"),
    }
}
