//! Cuts the object out of pictures and says how long it took, for judging mattes by eye:
//! `cargo run --release -p imaging --example matte -- WEIGHTS.onnx OUT_FOLDER PICTURE...`
//! writes `OUT_FOLDER/NAME.png` with picture, matte and cut-out on magenta side by side, and
//! `OUT_FOLDER/NAME.f32`, the network's own map (320 × 320, little-endian), for `bench/tools/matte.py`.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use imaging::{Limits, Matte, MatteModel, Picture, U2Net, decode, encode_png};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [weights, out, pictures @ ..] = arguments.as_slice() else {
        return Err("usage: matte WEIGHTS.onnx OUT_FOLDER PICTURE...".into());
    };
    let mut stdout = std::io::stdout();
    let begun = Instant::now();
    let network = U2Net::from_onnx(std::fs::read(weights)?)?;
    writeln!(stdout, "loaded in {:.0?}", begun.elapsed())?;
    for path in pictures {
        let begun = Instant::now();
        let picture = decode(&std::fs::read(path)?, &Limits::default())?.shrink_to(1024);
        let decoded = begun.elapsed();
        let begun = Instant::now();
        let matte = network.matte(&picture)?;
        let matted = begun.elapsed();
        let name = Path::new(path)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        writeln!(
            stdout,
            "{name}: {picture:?} decoded in {decoded:.0?}, matte in {matted:.0?}"
        )?;
        std::fs::write(
            Path::new(out).join(format!("{name}.png")),
            encode_png(&sheet(&picture, &matte)),
        )?;
        let map = network.map(&picture)?.data;
        let map: Vec<u8> = map.iter().flat_map(|[value]| value.to_le_bytes()).collect();
        std::fs::write(Path::new(out).join(format!("{name}.f32")), map)?;
    }
    Ok(())
}

/// Picture, matte, cut-out on magenta: whatever is left of the background shows.
fn sheet(picture: &Picture, matte: &Matte) -> Picture {
    let width = picture.width as usize;
    let mut rgba = Vec::new();
    for (pixels, alphas) in picture
        .rgba
        .chunks(width * 4)
        .zip(matte.alpha.chunks(width))
    {
        rgba.extend_from_slice(pixels);
        rgba.extend(alphas.iter().flat_map(|&a| [a, a, a, 255]));
        for (pixel, &alpha) in pixels.chunks(4).zip(alphas) {
            let over = |colour: u8, ground: u8| {
                let a = u16::from(alpha);
                ((u16::from(colour) * a + u16::from(ground) * (255 - a)) / 255) as u8
            };
            rgba.extend([
                over(pixel[0], 255),
                over(pixel[1], 0),
                over(pixel[2], 255),
                255,
            ]);
        }
    }
    Picture::new(picture.width * 3, picture.height, rgba)
}
