//! What an agent says, as the command line has it: files within the folder, options by their names.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clap::Args;
use engine::Viewpoint;
use serde_json::Value;

use super::folder::{Folder, FolderError};
use super::offer::{Offer, Work};
use crate::convert::input::Input;

/// Those that an object may have beside its front.
const SIDES: [Viewpoint; 3] = [Viewpoint::Left, Viewpoint::Back, Viewpoint::Right];

/// A call's arguments.
pub struct Arguments {
    offer: &'static Offer,
    /// The picture or the model.
    pub subject: Input,
    /// The object's other sides.
    pub sides: Vec<(Viewpoint, Input)>,
    /// All else, for the command.
    options: Vec<OsString>,
}

impl Arguments {
    /// # Errors
    /// What is missing, unknown, outside or of another type, and what to say instead.
    pub fn of(offer: &'static Offer, given: &Value, folder: &Folder) -> Result<Self> {
        let none = serde_json::Map::new();
        let given = given.as_object().unwrap_or(&none);
        if let Some(name) = offer.required().find(|name| !given.contains_key(*name)) {
            bail!("{name} is missing; say which file it is");
        }
        let mut arguments = Self {
            offer,
            subject: Input::Stdin,
            sides: Vec::new(),
            options: vec!["--json".into()],
        };
        for (name, value) in given {
            let taken = arguments.take(name, value, folder);
            taken.map_err(|error| anyhow!("{name}: {error}"))?;
        }
        Ok(arguments)
    }

    fn take(&mut self, name: &str, value: &Value, folder: &Folder) -> Result<()> {
        if name == self.offer.subject.0 {
            self.subject = self.input(text(value)?, folder)?;
            return Ok(());
        }
        if !self.offer.options().any(|known| known == name) {
            let known: Vec<&str> = self.offer.options().collect();
            bail!("there is no such argument; there are {}", known.join(", "));
        }
        let option = format!("--{}", name.replace('_', "-"));
        if self.offer.writes.contains(&name) {
            self.say(&option, target(text(value)?, folder)?);
            return Ok(());
        }
        if self.offer.reads.contains(&name) {
            let input = self.input(text(value)?, folder)?;
            let side = SIDES.into_iter().find(|side| side.name() == name);
            match (side, input.path()) {
                (Some(side), _) => self.sides.push((side, input)),
                (None, Some(path)) => self.say(&option, path),
                (None, None) => bail!("name a file"),
            }
            return Ok(());
        }
        match value {
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) => self.options.push(option.into()),
            Value::Number(number) => self.say(&option, number.to_string()),
            Value::String(text) => self.say(&option, text),
            Value::Array(_) | Value::Object(_) => {
                bail!("that is a text, a number or a truth value")
            }
        }
        Ok(())
    }

    fn say(&mut self, option: &str, value: impl Into<OsString>) {
        let mut said = OsString::from(format!("{option}="));
        said.push(value.into());
        self.options.push(said);
    }

    /// A file in the folder, or the picture itself.
    fn input(&self, text: &str, folder: &Folder) -> Result<Input> {
        let is_picture = matches!(self.offer.work, Work::Generate | Work::RemoveBackground);
        match text.strip_prefix("data:").filter(|_| is_picture) {
            Some(uri) => given(uri),
            None => Ok(folder.input(text)?),
        }
    }

    /// The same as the command's own.
    ///
    /// # Errors
    /// The first line of what the command line would say.
    pub fn parsed<T: Args>(&self) -> Result<T> {
        // Only its name is looked at.
        let subject = self.subject.path().map_or("-".into(), PathBuf::from);
        let options = self.options.iter().cloned();
        let options = options.chain(["--".into(), subject.into()]);
        let matches = self.offer.command.clone().try_get_matches_from(options);
        let parsed = matches.and_then(|matches| T::from_arg_matches(&matches));
        parsed.map_err(|error| {
            let said = error.to_string();
            let line = said.lines().next().unwrap_or_default();
            anyhow!("{}", line.trim_start_matches("error: "))
        })
    }
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("that is the name of a file")
}

fn target(name: &str, folder: &Folder) -> Result<PathBuf> {
    let path = folder.target(name)?;
    if name.ends_with('/') || path.is_dir() {
        return Err(FolderError::NoFile(name.into()).into());
    }
    Ok(path)
}

/// What follows `data:`.
fn given(uri: &str) -> Result<Input> {
    let (kind, text) = uri.split_once(',').unwrap_or_default();
    if !(kind.starts_with("image/") && kind.ends_with(";base64")) {
        bail!("a picture as a data URI begins with data:image/…;base64, and the picture follows");
    }
    let mut text = text.as_bytes().to_vec();
    text.retain(|byte| !byte.is_ascii_whitespace());
    let bytes = BASE64_STANDARD.decode(text);
    Ok(Input::Given(bytes.context("the picture is no base64")?))
}
