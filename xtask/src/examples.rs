//! The models that the pages about qualities show: our own engine's, of our own picture, small.

use std::fs;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Result, ensure};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;

use crate::tool::{self, command, root};
use crate::{binary, setup};

/// Few faces and pixels, so that a page is light; what tells the tiers apart is left: the light that is
/// taken out, the maps, the grid.
const SMALL: [&str; 4] = ["--engine", "builtin", "--texture", "200"];
/// Each tier with the faces it is asked for, which the page tells (`site/src/tiers.rs`).
const TIERS: [(&str, &str); 3] = [("ultra", "2500"), ("pro", "1500"), ("base", "1500")];
/// The part of a drawing that has the teapot in it.
const PART: [u32; 4] = [110, 130, 600, 520];
/// Width and height that it is shown with, pixels.
const DRAWING: [u32; 2] = [480, 416];
/// Of 100.
const DRAWING_QUALITY: u8 = 60;
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
    // What links to pages show; `npm --prefix web run poster` draws what the pages do.
    write_part(&drawing, &folder.join("teapot.jpg"))?;
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

/// [`PART`] of a drawing as a JPEG.
fn write_part(drawing: &Path, to: &Path) -> Result<()> {
    let [x, y, width, height] = PART;
    let [columns, rows] = DRAWING;
    let part = image::open(drawing)?.crop_imm(x, y, width, height);
    let part = part.resize_exact(columns, rows, FilterType::Lanczos3);
    let file = BufWriter::new(fs::File::create(to)?);
    let encoder = JpegEncoder::new_with_quality(file, DRAWING_QUALITY);
    Ok(part.to_rgb8().write_with_encoder(encoder)?)
}
