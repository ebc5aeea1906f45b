//! The part of YAML that `config.yaml` is written in: nested `key: value` lines, comments, quotes
//! and OmegaConf's `${other.key}`.

use std::collections::BTreeMap;

use super::CONFIG_FILE;
use crate::error::{Error, Result};

/// More than this is no configuration.
const MOST_KEYS: usize = 4096;

/// Values by their path, with dots.
pub(super) struct Keys(BTreeMap<String, String>);

impl Keys {
    pub(super) fn read(text: &str) -> Result<Self> {
        let mut keys = BTreeMap::new();
        // The keys that the current line is nested in, with their indentation.
        let mut parents: Vec<(usize, String)> = Vec::new();
        for line in text.lines() {
            let line = without_comment(line);
            if line.trim().is_empty() || line.trim() == "---" {
                continue;
            }
            let indentation = line.len() - line.trim_start().len();
            let Some((key, value)) = line.trim().split_once(':') else {
                return Err(wrong(line.trim(), "is no `key: value`"));
            };
            while parents
                .last()
                .is_some_and(|(outer, _)| *outer >= indentation)
            {
                parents.pop();
            }
            let path = match parents.last() {
                Some((_, parent)) => format!("{parent}.{key}"),
                None => key.to_owned(),
            };
            if keys.len() + parents.len() > MOST_KEYS {
                return Err(wrong(&path, "is one key too many"));
            }
            let value = value.trim().trim_matches(['"', '\'']);
            if value.is_empty() {
                parents.push((indentation, path));
            } else if keys.insert(path.clone(), value.to_owned()).is_some() {
                return Err(wrong(&path, "is there twice"));
            }
        }
        Ok(Self(keys))
    }

    /// The value of a key. A value may refer to one other key.
    pub(super) fn text(&self, key: &str) -> Result<&str> {
        let value = self
            .0
            .get(key)
            .ok_or_else(|| self.wrong(key, "is missing"))?;
        match value
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
        {
            None => Ok(value),
            Some(other) => match self.0.get(other) {
                Some(value) if !value.starts_with("${") => Ok(value),
                _ => Err(self.wrong(key, &format!("refers to {other}, which has no value"))),
            },
        }
    }

    /// Fails unless the key has this value.
    pub(super) fn only(&self, key: &str, value: &str) -> Result<()> {
        match self.text(key)? {
            found if found == value => Ok(()),
            found => Err(self.wrong(key, &format!("is {found}, only {value} is known"))),
        }
    }

    /// A whole number from 1 to `largest`.
    pub(super) fn size(&self, key: &str, largest: usize) -> Result<usize> {
        let value = self.text(key)?.parse().ok();
        value
            .filter(|value| (1..=largest).contains(value))
            .ok_or_else(|| self.wrong(key, &format!("must be a whole number from 1 to {largest}")))
    }

    /// A finite number.
    pub(super) fn number(&self, key: &str) -> Result<f32> {
        let value = self.text(key)?.parse().ok();
        value
            .filter(|value: &f32| value.is_finite())
            .ok_or_else(|| self.wrong(key, "is no number"))
    }

    /// A finite number above zero.
    pub(super) fn positive(&self, key: &str) -> Result<f32> {
        let value = self.number(key)?;
        if value > 0.0 {
            Ok(value)
        } else {
            Err(self.wrong(key, "must be above zero"))
        }
    }

    pub(super) fn wrong(&self, key: &str, problem: &str) -> Error {
        wrong(key, problem)
    }
}

/// A comment begins at a `#` that stands first or after a space.
fn without_comment(line: &str) -> &str {
    let begins = line.char_indices().find(|&(at, letter)| {
        letter == '#' && (at == 0 || line.as_bytes()[at - 1].is_ascii_whitespace())
    });
    begins.map_or(line, |(at, _)| &line[..at])
}

fn wrong(key: &str, problem: &str) -> Error {
    Error::Config {
        file: CONFIG_FILE,
        key: key.into(),
        problem: problem.into(),
    }
}
