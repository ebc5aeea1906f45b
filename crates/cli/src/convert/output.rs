//! Where things go. A file appears whole or not at all.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use engine::Artifacts;
use formats::{Format, WriteError, WriteOptions, Written as ModelFiles};

use super::ConvertArgs;
use super::input::Input;
use crate::pending::{Pending, WriteFailed};
use crate::target::{FilledTarget, OpenTarget, Target, TargetError, WrittenModel};

/// What can't be written, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Turntable(#[from] crate::turntable::NameError),
    #[error("two of the files would both become {}; give them different names", .0.display())]
    Collision(PathBuf),
    #[error(transparent)]
    Model(#[from] WriteError),
    #[error(transparent)]
    Write(#[from] WriteFailed),
}

/// Where one picture's results go.
#[derive(Clone, Debug)]
pub struct Targets {
    pub model: Target,
    /// What a 3D program will call the model.
    name: String,
    pub preview: Option<PathBuf>,
    pub sheet: Option<PathBuf>,
    pub turntable: Option<PathBuf>,
}

/// Names every target, before any work.
pub fn targets(
    inputs: Vec<Input>,
    args: &ConvertArgs,
) -> Result<Vec<(Input, Targets)>, OutputError> {
    let many = inputs.len() > 1;
    let mut taken = HashSet::new();
    let mut plan = Vec::new();
    for input in inputs {
        let targets = target(&input, args, many)?;
        for path in [
            &targets.model.path,
            &targets.preview,
            &targets.sheet,
            &targets.turntable,
        ]
        .into_iter()
        .flatten()
        {
            if !taken.insert(path.clone()) {
                return Err(OutputError::Collision(path.clone()));
            }
        }
        plan.push((input, targets));
    }
    Ok(plan)
}

/// Names one picture's targets.
pub fn target(input: &Input, args: &ConvertArgs, many: bool) -> Result<Targets, OutputError> {
    let stem = input.stem();
    let model = Target::new(&stem, args.output.as_deref(), args.format, many)?;
    let picture = |to: &PathBuf| picture_path(input, to, many);
    Ok(Targets {
        name: model.stem(&stem),
        model,
        preview: args.preview.as_ref().map(picture),
        sheet: args.sheet.as_ref().map(picture),
        turntable: args.turntable.target(&stem, many)?,
    })
}

fn picture_path(input: &Input, to: &Path, many: bool) -> PathBuf {
    if many || to.is_dir() {
        to.join(format!("{}.png", input.stem()))
    } else {
        to.into()
    }
}

/// Open files under temporary names.
pub struct Files {
    /// What a 3D program will call the model.
    name: String,
    model: OpenTarget,
    preview: Option<Pending>,
    sheet: Option<Pending>,
    turntable: Option<Pending>,
}

/// What was written where.
pub struct Written {
    pub model: WrittenModel,
    pub preview: Option<PathBuf>,
    pub sheet: Option<PathBuf>,
    pub turntable: Option<PathBuf>,
}

impl Targets {
    /// Makes the folders and opens the files, so that a target that can't be written fails now.
    pub fn open(self) -> Result<Files, OutputError> {
        let pending = |path: Option<PathBuf>| path.map(Pending::open).transpose();
        Ok(Files {
            name: self.name,
            model: OpenTarget::open(self.model)?,
            preview: pending(self.preview)?,
            sheet: pending(self.sheet)?,
            turntable: pending(self.turntable)?,
        })
    }
}

impl Files {
    /// Fills all files, then gives them their names.
    pub fn write(
        mut self,
        artifacts: &Artifacts,
        args: &ConvertArgs,
        sheet: impl FnOnce() -> Vec<u8>,
        turntable: Option<Vec<u8>>,
    ) -> Result<Written, OutputError> {
        if let Some(pending) = &mut self.preview {
            pending.fill(&artifacts.preview_png)?;
        }
        if let Some(pending) = &mut self.sheet {
            pending.fill(&sheet())?;
        }
        if let (Some(pending), Some(film)) = (&mut self.turntable, turntable) {
            pending.fill(&film)?;
        }
        let model = model_files(artifacts, self.model.format, self.name, args)?;
        let model = self.model.fill(model)?;
        no_collision(&model, [&self.preview, &self.sheet, &self.turntable])?;
        let named = |pending: Option<Pending>| pending.map(Pending::publish).transpose();
        Ok(Written {
            model: model.publish()?,
            preview: named(self.preview)?,
            sheet: named(self.sheet)?,
            turntable: named(self.turntable)?,
        })
    }
}

/// The model in the format that was asked for. The engine has made the GLB already.
fn model_files(
    artifacts: &Artifacts,
    format: Format,
    name: String,
    args: &ConvertArgs,
) -> Result<ModelFiles, WriteError> {
    if format == Format::Glb {
        return Ok(ModelFiles::alone(artifacts.glb.clone()));
    }
    let made_with = [
        ("engine".to_owned(), args.engine.name().into()),
        ("tier".to_owned(), args.tier.name().into()),
        ("seed".to_owned(), args.seed.into()),
    ];
    let options = WriteOptions {
        name,
        generator: crate::GENERATOR.into(),
        extras: made_with.into_iter().collect(),
        thumbnail_png: Some(artifacts.preview_png.clone()),
    };
    formats::write(&artifacts.model, format, &options)
}

/// Textures beside a model get names of their own, which may be those of other files.
fn no_collision(model: &FilledTarget, others: [&Option<Pending>; 3]) -> Result<(), OutputError> {
    let taken: HashSet<&Path> = others.into_iter().flatten().map(Pending::path).collect();
    match model.paths().find(|path| taken.contains(path)) {
        Some(path) => Err(OutputError::Collision(path.into())),
        None => Ok(()),
    }
}
