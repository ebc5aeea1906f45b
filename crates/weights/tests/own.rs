//! Our own weights are the ones that their card (models/README.md) describes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

/// The card names every file in a heading, followed by its SHA-256: new weights are described by
/// changing that one line.
#[test]
fn every_file_of_weights_has_the_sha_256_on_its_card() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let card = fs::read_to_string(folder.join("README.md")).unwrap();
    let on_card: BTreeSet<(String, String)> = card
        .split("\n## ")
        .skip(1)
        .filter_map(|section| {
            let (_, sum) = section.split_once("SHA-256: `")?;
            let name = section.lines().next()?.trim().to_owned();
            Some((name, sum.split('`').next()?.to_owned()))
        })
        .collect();
    let in_folder: BTreeSet<(String, String)> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap())
        .filter(|file| file.file_name() != "README.md")
        .map(|file| {
            let digest = Sha256::digest(fs::read(file.path()).unwrap());
            let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            (file.file_name().into_string().unwrap(), digest)
        })
        .collect();
    assert!(!in_folder.is_empty());
    assert_eq!(
        in_folder, on_card,
        "left: the files, right: models/README.md; if new weights are meant, write their SHA-256 there"
    );
}
