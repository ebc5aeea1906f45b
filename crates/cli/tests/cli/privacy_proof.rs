//! docs/PRIVACY-PROOF.md, held against the source.

use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Everything below a test target's folder, as one text.
fn source_of(target: &str) -> String {
    let crates = fs::read_dir(repository().join("crates")).unwrap();
    let folders = crates.map(|entry| entry.unwrap().path().join("tests").join(target));
    let folder = folders.filter(|folder| folder.is_dir()).collect::<Vec<_>>();
    let [folder] = &folder[..] else {
        panic!("{target}: {folder:?}");
    };
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn every_test_in_the_privacy_proof_exists() {
    let proof = fs::read_to_string(repository().join("docs/PRIVACY-PROOF.md")).unwrap();
    let rows: Vec<&str> = proof
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    let promises: Vec<_> = rows
        .iter()
        .filter(|row| !row.starts_with("| promise"))
        .collect();
    for promise in &promises {
        let tests = promise.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let names: Vec<_> = tests
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| word.contains("::"))
            .collect();
        assert!(!names.is_empty(), "no test: {promise}");
        for (target, test) in names.iter().map(|name| name.split_once("::").unwrap()) {
            let source = source_of(target);
            assert!(
                source.contains(&format!("fn {test}(")),
                "no test {target}::{test}"
            );
        }
    }
    for promise in ["C1", "C2", "C3", "C4", "C5", "C6"] {
        assert!(proof.contains(&format!("\n## {promise}: ")), "{promise}");
    }
    assert!(promises.len() >= 24, "{}", promises.len());
}
