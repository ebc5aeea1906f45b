//! Models to look at, for people who have none yet.

use anyhow::{Result, ensure};

use crate::outputs::{self, Options};
use crate::setup;
use crate::tool::{self, command, root};

/// Ours to show: `examples/README.md`.
const PICTURES: [&str; 2] = ["teapot", "bucket"];
/// Scans of the YCB set: round and square, thin and hollow, plain and printed.
const SCANS: [&str; 10] = [
    "mug",
    "rubiks_cube",
    "pitcher_base",
    "hammer",
    "bleach_cleanser",
    "cracker_box",
    "bowl",
    "c_lego_duplo",
    "baseball",
    "pear",
];

/// Draws `docs/gallery.md`. With `--quick`, one object of each kind, into `out/`.
pub fn run(options: &[&str]) -> Result<()> {
    let options = Options::of(options)?;
    let python = setup::python()?;
    let binary = outputs::release(options.binary.as_deref())?;
    let out = root().join("out/gallery");
    let scans = outputs::scan_pictures(&options.data, &out.join("pictures"))?;
    let each = if options.quick { 1 } else { SCANS.len() };
    let ours = PICTURES.iter().take(each);
    let ours = ours.map(|name| root().join("examples").join(name).with_extension("jpg"));
    let theirs = SCANS.iter().take(each);
    let theirs = theirs.map(|name| scans.join(format!("ycb_{name}-0.png")));
    let pictures: Vec<_> = ours.chain(theirs).collect();
    for picture in &pictures {
        ensure!(
            picture.exists(),
            "no {}; --data has other scans",
            picture.display()
        );
    }
    let page = if options.quick {
        out.join("gallery.md")
    } else {
        root().join("docs/gallery.md")
    };
    tool::run(
        command(python)
            .arg("xtask/gallery.py")
            .args([&binary, &page])
            .args(pictures),
    )
}
