//! The models that the pages about qualities show: our own engine's, of our own picture, small.

use std::fs;

use anyhow::{Result, ensure};

use crate::tool::{self, command, root};
use crate::{binary, setup};

/// Few faces and pixels, so that a page is light; what tells the tiers apart is left: the light that is
/// taken out, the maps, the grid.
const SMALL: [&str; 4] = ["--engine", "builtin", "--texture", "200"];
/// Each tier with the faces it is asked for. The finest grid has thin parts that take more than that to stay
/// whole; the page tells those that came out (`site/src/tiers.rs`).
const TIERS: [(&str, &str); 3] = [("ultra", "1800"), ("pro", "1500"), ("base", "1500")];
/// The part of a drawing that has the teapot in it.
const PART: &str = "110,130,600,520";
/// All of it is inside the binary.
const MOST_BYTES: u64 = 460_000;

/// Makes `web/src/examples` anew.
pub fn make() -> Result<()> {
    setup::tools()?;
    let binary = binary::tested()?;
    let folder = root().join("web/src/examples");
    let drawing = root().join("out/example.png");
    for (tier, faces) in TIERS {
        tool::run(
            command(&binary)
                .arg("convert")
                .arg(root().join("examples/teapot.jpg"))
                .args(SMALL)
                .args(["--tier", tier, "--faces", faces, "--output"])
                .arg(folder.join(tier).with_extension("glb"))
                .arg("--preview")
                .arg(&drawing),
        )?;
    }
    // What is there before the viewer, and without scripts.
    tool::run(
        command(&binary)
            .arg("edit")
            .arg(&drawing)
            .args(["--crop", PART, "--output"])
            .arg(folder.join("teapot.jpg")),
    )?;
    // What somebody tries who has no picture at hand.
    fs::copy(
        root().join("examples/bucket.jpg"),
        folder.join("bucket.jpg"),
    )?;
    let mut bytes = 0;
    for file in folder.read_dir()? {
        bytes += file?.metadata()?.len();
    }
    ensure!(
        bytes <= MOST_BYTES,
        "{bytes} bytes are more than {MOST_BYTES}"
    );
    Ok(())
}
