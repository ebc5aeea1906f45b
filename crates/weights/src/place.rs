//! Where the cache folder is.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::WeightsError;

/// The folder: `$AI3DGEN_MODELS_DIR`, else `$XDG_CACHE_HOME/ai3dgen/models`, else
/// `~/.cache/ai3dgen/models`.
///
/// # Errors
/// [`WeightsError::NoHome`] when the environment names none of them.
pub fn default_dir() -> Result<PathBuf, WeightsError> {
    dir_from(|name| std::env::var_os(name))
}

fn dir_from(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, WeightsError> {
    let folder = |name| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(models) = folder("AI3DGEN_MODELS_DIR") {
        return Ok(models);
    }
    let cache = folder("XDG_CACHE_HOME")
        // The XDG specification: a relative path is invalid and to be ignored.
        .filter(|path| path.is_absolute())
        .or_else(|| folder("HOME").map(|home| home.join(".cache")))
        .ok_or(WeightsError::NoHome)?;
    Ok(cache.join("ai3dgen").join("models"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_the_environment() {
        let dir = |pairs: &'static [(&str, &str)]| {
            dir_from(|name| {
                pairs
                    .iter()
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| v.into())
            })
            .ok()
        };
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            dir(&[("AI3DGEN_MODELS_DIR", "/m"), ("HOME", "/h")]),
            path("/m")
        );
        assert_eq!(
            dir(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]),
            path("/c/ai3dgen/models")
        );
        assert_eq!(
            dir(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]),
            path("/h/.cache/ai3dgen/models")
        );
        assert_eq!(dir(&[("AI3DGEN_MODELS_DIR", ""), ("HOME", "")]), None);
    }
}
