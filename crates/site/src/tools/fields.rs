//! What somebody says beside the pictures, from a form or as JSON.

use std::fmt::Display;
use std::ops::RangeInclusive;

use domain::Lifetime;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::form::word;
use crate::jobs::life::RANGE_MINUTES;
use crate::problem::Problem;
use crate::upload::Words;

/// Values by their names. Whoever asks for one takes it out, so that what is left at the end is what
/// nobody knows.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Those of a form, which sends its empty fields, too.
    pub fn of_form(words: Words) -> Result<Self, Problem> {
        let mut fields = Map::new();
        for (name, text) in words {
            if text.trim().is_empty() {
                continue;
            }
            if fields.insert(name, word(text)).is_some() {
                return Err(Problem::said_twice());
            }
        }
        Ok(Self(fields))
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let read = |value: &Value| value.as_str().map(str::to_owned);
        self.read(name, read, || Problem::no_text(name))
    }

    /// A number within bounds.
    pub fn number(
        &mut self,
        name: &'static str,
        range: &RangeInclusive<f32>,
    ) -> Result<Option<f32>, Problem> {
        let read = |value: &Value| {
            let number = value.as_f64()? as f32;
            range.contains(&number).then_some(number)
        };
        self.read(name, read, || Problem::no_such_number(name, range))
    }

    /// A whole number within bounds.
    pub fn whole<T: TryFrom<u64> + PartialOrd + Display>(
        &mut self,
        name: &'static str,
        range: &RangeInclusive<T>,
    ) -> Result<Option<T>, Problem> {
        let read = |value: &Value| {
            let number = T::try_from(value.as_u64()?).ok()?;
            range.contains(&number).then_some(number)
        };
        self.read(name, read, || Problem::out_of_range(name, range))
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Problem> {
        let problem = || Problem::unknown_choice(name, &["true", "false"]);
        self.read(name, Value::as_bool, problem)
    }

    /// One of some names.
    pub fn one_of(
        &mut self,
        name: &'static str,
        names: &[&'static str],
    ) -> Result<Option<&'static str>, Problem> {
        let read = |value: &Value| {
            let text = match value {
                Value::String(text) => text.clone(),
                // “90” came as a number.
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            names.iter().copied().find(|one| *one == text)
        };
        self.read(name, read, || Problem::unknown_choice(name, names))
    }

    /// How long to keep what is made.
    pub fn lifetime(&mut self) -> Result<Lifetime, Problem> {
        let read = |value: &Value| {
            let minutes = u32::try_from(value.as_u64()?).ok()?;
            RANGE_MINUTES.contains(&minutes).then_some(minutes)
        };
        let minutes = self.read("lifetime", read, Problem::unknown_lifetime)?;
        let lifetime = minutes.map_or(Ok(Lifetime::HOUR), |minutes| {
            Lifetime::of_secs(minutes * 60)
        });
        let lifetime = lifetime.map_err(|_| Problem::unknown_lifetime())?;
        Ok(match self.flag("delete_after_download")? {
            Some(true) => lifetime.until_first_download(),
            _ => lifetime,
        })
    }

    /// The name of something that nobody has asked for.
    pub fn unknown(&self) -> Option<&str> {
        self.0.keys().next().map(String::as_str)
    }

    /// `null` is as good as nothing.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
        problem: impl FnOnce() -> Problem,
    ) -> Result<Option<T>, Problem> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(&value).map(Some).ok_or_else(problem),
        }
    }
}
