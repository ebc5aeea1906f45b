//! Each language is set as its readers are used to.

use std::fs;
use std::path::{Path, PathBuf};

use locales::Language;

/// Every text of a language, messages and pages, without comments and code: where it is and what it says.
fn lines(language: Language) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    let mut folders: Vec<PathBuf> = vec![folder.join(language.tag())];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let messages = path.extension().is_some_and(|extension| extension == "ftl");
            for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                if messages && line.starts_with('#') {
                    continue;
                }
                // Every second part stands between backquotes.
                let words: String = line.split('`').step_by(2).collect();
                found.push((format!("{}:{}", path.display(), number + 1), words));
            }
        }
    }
    found
}

/// Fails with every line that has one of the texts in it.
fn nowhere(language: Language, wrong: &[&str]) {
    let has = |line: &str| wrong.iter().find(|wrong| line.contains(**wrong)).copied();
    let found: Vec<String> = lines(language)
        .into_iter()
        .filter_map(|(place, line)| has(&line).map(|wrong| format!("{place}: {wrong:?}")))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn french_has_narrow_spaces_before_high_marks_and_inside_quotes() {
    nowhere(
        Language::French,
        &[" ?", " !", " ;", " »", "« ", " : ", "“", "”"],
    );
}

#[test]
fn spanish_portuguese_and_russian_quote_with_guillemets() {
    for language in [Language::Spanish, Language::Portuguese, Language::Russian] {
        nowhere(language, &["“", "”", "« ", " »", " ?", " ;"]);
    }
}

#[test]
fn spanish_opens_its_questions() {
    let opened = |line: &str| line.matches('?').count() <= line.matches('¿').count();
    for (place, line) in lines(Language::Spanish) {
        assert!(line.contains("](") || opened(&line), "{place}");
    }
}

#[test]
fn japanese_has_its_own_marks() {
    let japanese = |sign: char| ('\u{3040}'..'\u{a000}').contains(&sign);
    for (place, line) in lines(Language::Japanese) {
        for (before, mark) in line.chars().zip(line.chars().skip(1)) {
            let foreign = ",;?!".contains(mark);
            assert!(!(foreign && japanese(before)), "{place}: {before}{mark}");
        }
    }
}
