//! `generator pack FOLDER… -o FILE` and `generator stream FILE …`: see training/README.md.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use generator::pack;
use generator::render::{JUDGING, LEARNING};
use generator::stream::{self, Plan, Source};

const USAGE: &str = "\
generator pack FOLDER... -o FILE
    Packs every .glb below the folders into one small file.
generator stream FILE... [--procedural N] [--seed S] [--threads N]
    Endless samples for learning on standard output (the format is in src/stream.rs).
generator stream FILE... --held-out N [--seed S] [--threads N]
    N samples of each object that learning never sees, then the end.";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let (mut files, mut named) = (Vec::new(), std::collections::HashMap::new());
    while let Some(argument) = arguments.next() {
        if argument.starts_with('-') {
            let value = arguments
                .next()
                .with_context(|| format!("{argument} needs a value"))?;
            named.insert(argument, value);
        } else {
            files.push(PathBuf::from(argument));
        }
    }
    let number = |name: &str, default: u64| -> Result<u64> {
        named.get(name).map_or(Ok(default), |value| {
            value
                .parse()
                .with_context(|| format!("{name} needs a number, not {value}"))
        })
    };
    match (command.as_str(), &files[..]) {
        ("pack", [_, ..]) => {
            let out = named.get("-o").context("pack needs -o FILE")?;
            pack::pack(&files, out.as_ref())
        }
        ("stream", [_, ..]) => {
            let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
            let held_out = named.contains_key("--held-out");
            let mut sources = Vec::new();
            for file in &files {
                let packed = pack::read(file)?.into_iter();
                sources.extend(
                    packed
                        .filter(|p| p.held_out == held_out)
                        .map(|packed| Source::Packed(Box::new(packed))),
                );
            }
            let seed = number("--seed", 1)?;
            for index in 0..number("--procedural", 0)? {
                sources.push(Source::Procedural(seed.wrapping_mul(1_000_003) + index));
            }
            if !held_out {
                shuffle(&mut sources, seed);
            }
            stream::stream(&Plan {
                sources,
                cameras: if held_out { JUDGING } else { LEARNING },
                seed,
                threads: number("--threads", threads)? as usize,
                each: held_out.then_some(number("--held-out", 1)? as usize),
            })
        }
        _ => bail!("{USAGE}"),
    }
}

fn shuffle(sources: &mut [Source], seed: u64) {
    let mut random = generator::random::Random::new(seed);
    for i in (1..sources.len()).rev() {
        sources.swap(i, random.below(i + 1));
    }
}
