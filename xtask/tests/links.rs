//! The pages of the repository lead to files that are in it.

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_link_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let tracked = files(root);
    let mut links = 0;
    let mut dead = Vec::new();
    for page in tracked
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "md"))
    {
        // An index can be ahead of the tree.
        let Ok(text) = std::fs::read_to_string(root.join(page)) else {
            continue;
        };
        for target in targets(&text) {
            links += 1;
            let path = resolved(page.parent().unwrap_or(Path::new("")), target);
            let is_there = tracked.iter().any(|file| file.starts_with(&path));
            if !is_there {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(links > 20, "only {links} links: are they still found?");
    assert!(dead.is_empty(), "{dead:#?}");
}

/// What git knows of.
fn files(root: &Path) -> Vec<PathBuf> {
    let listed = Command::new("git")
        .arg("ls-files")
        .current_dir(root)
        .output()
        .unwrap();
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    listed.lines().map(PathBuf::from).collect()
}

/// Where the text's links to other files lead.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let links = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let targets = links.filter_map(|(target, _)| target.split(['#', ' ']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':') && !target.starts_with('/'))
}

fn resolved(folder: &Path, target: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for part in target.split('/') {
        match part {
            "" | "." => (),
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}
