//! What sources say: every code of an error is documented and looked for by a test, and no dialect
//! knows the engine.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// What only dialects say, whose pages have it.
const OF_DIALECTS: [&str; 3] = ["failed", "unknown_model", "unsupported"];
/// A server says it after twenty seconds of conversions: `problem/causes.rs` has its test.
const ELSEWHERE: &str = "busy_converting";

/// The texts of all sources in a folder and below it, but for this one.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.fold(Vec::new(), |mut texts, entry| {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(sources(&path));
        } else if !path.ends_with("codes.rs") {
            texts.push(fs::read_to_string(path).unwrap());
        }
        texts
    })
}

/// Every code: problems have messages, refusals have it where they are made.
fn said() -> BTreeSet<String> {
    let messages = include_str!("../../../../locales/en/problems.ftl").lines();
    let problems =
        messages.filter_map(|line| Some(line.strip_prefix("problem-")?.split_once(" =")?.0));
    let mut codes: BTreeSet<String> = problems.map(str::to_owned).collect();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let refusals = source.split("Refusal::new(").skip(1);
        codes.extend(refusals.filter_map(|made| Some(made.split('"').nth(1)?.to_owned())));
    }
    codes
}

#[test]
fn the_openapi_text_has_exactly_the_codes_that_are_said() {
    let text: Value = serde_json::from_str(site::OPENAPI).unwrap();
    let codes = &text["components"]["schemas"]["Problem"]["properties"]["code"]["examples"];
    let documented = codes.as_array().unwrap().iter();
    let documented: BTreeSet<&str> = documented.map(|code| code.as_str().unwrap()).collect();
    let said = said();
    assert!(OF_DIALECTS.iter().all(|code| said.contains(*code)));
    let said = said.iter().map(String::as_str);
    let said: BTreeSet<&str> = said.filter(|code| !OF_DIALECTS.contains(code)).collect();
    assert_eq!(documented, said);
}

#[test]
fn every_code_is_looked_for_by_a_test() {
    let tests = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    for code in said().iter().filter(|code| *code != ELSEWHERE) {
        // As in `tables.rs`, or as elsewhere.
        let written = [format!(" {code}\n"), format!("\"{code}\"")];
        let is_in = |test: &String| written.iter().any(|code| test.contains(code));
        let looked_for = tests.iter().any(is_in);
        assert!(looked_for, "no test looks for {code}");
    }
}

/// Dialects ask for jobs of ours, in our options' words, which `compat/speak.rs` gives them.
#[test]
fn no_dialect_knows_the_engine() {
    let compat = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compat");
    let folders = fs::read_dir(compat).unwrap().map(|entry| entry.unwrap());
    let folders = folders
        .map(|entry| entry.path())
        .filter(|path| path.is_dir());
    let dialects: Vec<String> = folders.flat_map(|folder| sources(&folder)).collect();
    assert!(dialects.len() > 12, "each of six is a folder of files");
    for source in dialects {
        let below = ["engine", "imaging", "mesh", "triposr", "vault", "worker"];
        for name in below.map(|name| format!("{name}::")) {
            let line = source.lines().find(|line| line.contains(&name));
            assert_eq!(line, None, "a dialect names {name}");
        }
    }
}
