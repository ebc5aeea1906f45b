//! Scores the models of a build of ai3dgen. Run by `cargo xtask quality`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;
use clap::Parser;
use image::RgbaImage;
use mesh::Model;
use rayon::prelude::*;

use quality::product::Engine;
use quality::report::Line;
use quality::score::Truth;
use quality::views::Shot;
use quality::{ellipsoid, facing, files, load, object, progress, report, sheet};

/// Scores the models of a build of ai3dgen against scans.
#[derive(Parser)]
#[command(name = "cargo xtask quality")]
struct Arguments {
    /// The build to score
    #[arg(long, value_name = "BINARY", hide = true)]
    binary: PathBuf,
    /// Scans: .glb files with one texture, upright along +Y [default: ../shared/data/dev-eval]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Photographs for out/quality/photos.png [default: ../shared/data/photos, if it is there]
    #[arg(long, value_name = "FOLDER")]
    photos: Option<PathBuf>,
    /// Views of each scan
    #[arg(long, value_name = "N", default_value_t = 4)]
    views: u32,
    /// One view of each scan, no sheets; writes to out/quality
    #[arg(long)]
    quick: bool,
    /// An older build to compare with
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// Only take the pictures, into this folder
    #[arg(long, value_name = "FOLDER")]
    pictures: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let began = Instant::now();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let data = arguments
        .data
        .clone()
        .unwrap_or_else(|| root.join("../shared/data/dev-eval"));
    let out = root.join(if arguments.quick {
        "out/quality"
    } else {
        "bench/quality"
    });

    let objects = load(&data)?;
    let views = if arguments.quick { 1 } else { arguments.views };
    let shots: Vec<(Shot, &Model)> = objects
        .iter()
        .flat_map(|(name, model)| (0..views).map(move |view| (Shot::of(name, view), model)))
        .collect();
    if let Some(folder) = &arguments.pictures {
        take(&shots, folder)?;
        return Ok(());
    }

    let temporary = tempfile::tempdir()?;
    let pictures = take(&shots, &temporary.path().join("pictures"))?;
    let engines = engines(&arguments);
    for engine in &engines {
        engine.convert(&pictures, &temporary.path().join(engine.name))?;
    }

    let done = AtomicUsize::new(0);
    let lines = shots
        .par_iter()
        .zip(&pictures)
        .map(|((shot, object), picture)| {
            let scored = score(shot, object, picture, &engines, temporary.path());
            progress(
                "scores",
                done.fetch_add(1, Ordering::Relaxed) + 1,
                shots.len(),
            );
            scored
        });
    let lines: Vec<Line> = lines.collect::<Result<Vec<_>>>()?.concat();
    let four_views = four_views(&shots, &pictures, &engines[0], temporary.path())?;
    report::write(
        &out,
        &lines,
        &four_views,
        &report::Run::here(&root, began.elapsed()),
    )?;
    eprintln!("{}", out.join("quality.md").display());

    if !arguments.quick {
        let rows = shots
            .par_iter()
            .zip(&pictures)
            .filter(|((shot, _), _)| shot.view == 0);
        let rows = rows.map(|((shot, object), picture)| {
            let model = made(&temporary.path().join(engines[0].name), shot)?;
            Ok(sheet::row(&open(picture)?, &model, &facing(object, shot)))
        });
        sheet::save(&rows.collect::<Result<Vec<_>>>()?, &out.join("scans.png"))?;
        let photos = arguments
            .photos
            .unwrap_or_else(|| root.join("../shared/data/photos"));
        if photos.is_dir() {
            // Photographs belong to others: their sheet stays out of the repository.
            photo_sheet(
                &engines[0].binary,
                &photos,
                &root.join("out/quality/photos.png"),
            )?;
        }
    }
    Ok(())
}

/// Takes every picture; returns the files in the order of the shots.
fn take(shots: &[(Shot, &Model)], folder: &Path) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let take = |(shot, object): &(Shot, &Model)| {
        let path = folder.join(shot.name()).with_extension("png");
        shot.take(&facing(object, shot)).save(&path)?;
        Ok(path)
    };
    eprintln!("taking {} pictures", shots.len());
    shots.par_iter().map(take).collect()
}

/// What is compared; the first is what it is all about.
fn engines(arguments: &Arguments) -> Vec<Engine> {
    let engine = |name, binary: &Path, shaper: &str| Engine {
        name,
        binary: binary.into(),
        options: vec!["--engine".into(), shaper.into()],
    };
    let mut engines = vec![
        engine("builtin", &arguments.binary, "builtin"),
        engine("inflate", &arguments.binary, "inflate"),
    ];
    if let Some(older) = &arguments.against {
        engines.push(engine("against", older, "builtin"));
    }
    engines
}

fn score(
    shot: &Shot,
    object: &Model,
    picture: &Path,
    engines: &[Engine],
    models: &Path,
) -> Result<Vec<Line>> {
    let truth = Truth::of(shot, &facing(object, shot));
    let line = |engine: &str, model: &Model| Line {
        shot: shot.clone(),
        engine: engine.to_owned(),
        score: truth.score(model),
        back: truth.back,
    };
    let mut lines = Vec::new();
    for engine in engines {
        lines.push(line(engine.name, &made(&models.join(engine.name), shot)?));
    }
    lines.push(line("ellipsoid", &ellipsoid::from_picture(&open(picture)?)));
    Ok(lines)
}

/// The first shot of each object once more, with the pictures of its other sides.
fn four_views(
    shots: &[(Shot, &Model)],
    pictures: &[PathBuf],
    engine: &Engine,
    folder: &Path,
) -> Result<Vec<Line>> {
    let folder = folder.join("four-views");
    std::fs::create_dir_all(&folder)?;
    let firsts = shots.iter().zip(pictures);
    let firsts: Vec<_> = firsts.filter(|((shot, _), _)| shot.view == 0).collect();
    for (done, ((shot, object), front)) in (1..).zip(&firsts) {
        let mut others = Vec::new();
        for (side, other) in shot.sides() {
            let path = folder.join(format!("{}-{side}.png", shot.name()));
            other.take(&facing(object, &other)).save(&path)?;
            others.push((side, path));
        }
        let to = folder.join(shot.name()).with_extension("glb");
        engine.convert_sides(front, &others, &to)?;
        progress("four views", done, firsts.len());
    }
    let score = |((shot, object), _): &(&(Shot, &Model), &PathBuf)| {
        let truth = Truth::of(shot, &facing(object, shot));
        Ok(Line {
            shot: shot.clone(),
            engine: "four views".to_owned(),
            score: truth.score(&made(&folder, shot)?),
            back: truth.back,
        })
    };
    firsts.par_iter().map(score).collect()
}

fn open(picture: &Path) -> Result<RgbaImage> {
    Ok(image::open(picture)?.into_rgba8())
}

/// The model that was made of a shot; without triangles if none was.
fn made(folder: &Path, shot: &Shot) -> Result<Model> {
    let path = folder.join(shot.name()).with_extension("glb");
    if path.exists() {
        return object::load(&path);
    }
    let mut nothing = ellipsoid::ellipsoid(glam::Vec3::ONE);
    nothing.triangles.clear();
    Ok(nothing)
}

/// Every photograph beside its model from all sides, as the program itself draws them.
fn photo_sheet(binary: &Path, photos: &Path, to: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let sheets = folder.path().join("sheets");
    let engine = Engine {
        name: "photographs",
        binary: binary.into(),
        options: vec!["--sheet".into(), sheets.clone().into()],
    };
    engine.convert(&files(photos)?, folder.path())?;
    let rows = files(&sheets)?
        .into_iter()
        .map(|row| Ok(image::open(row)?.into_rgb8()));
    sheet::save(&rows.collect::<Result<Vec<_>>>()?, to)?;
    eprintln!("{}", to.display());
    Ok(())
}
