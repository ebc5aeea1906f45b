//! Doubles pictures and says how long it took, for judging by eye and for measuring:
//! `cargo run --release -p imaging --example upscale -- WEIGHTS.bin OUT_FOLDER PICTURE...` writes
//! `OUT_FOLDER/NAME.png`.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use imaging::{Limits, Picture, Plane, Upscale, Upscaler, decode, encode_png};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [weights, out, pictures @ ..] = arguments.as_slice() else {
        return Err("usage: upscale WEIGHTS.bin OUT_FOLDER PICTURE...".into());
    };
    let mut stdout = std::io::stdout();
    let network = Upscaler::load(&std::fs::read(weights)?)?;
    for path in pictures {
        let picture = decode(&std::fs::read(path)?, &Limits::default())?;
        let (width, height) = (picture.width as usize, picture.height as usize);
        let colours = Plane::from_fn(width, height, |x, y| {
            [0, 1, 2].map(|c| f32::from(picture.rgba[(y * width + x) * 4 + c]) / 255.0)
        });
        let begun = Instant::now();
        let large = network.double(&colours, &Plane::filled(width, height, [1.0]))?;
        let seconds = begun.elapsed().as_secs_f64();
        let megapixels = (width * height) as f64 / 1e6;
        let name = Path::new(path)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        writeln!(
            stdout,
            "{name}: {picture:?} in {seconds:.2} s, {:.1} s per megapixel",
            seconds / megapixels
        )?;
        let bytes = large.data.iter().flat_map(|pixel| {
            let [r, g, b] = pixel.map(|c| (c * 255.0 + 0.5) as u8);
            [r, g, b, 255]
        });
        let large = Picture::new(picture.width * 2, picture.height * 2, bytes.collect());
        std::fs::write(
            Path::new(out).join(format!("{name}.png")),
            encode_png(&large),
        )?;
    }
    Ok(())
}
