//! Embeds what Vite built and tells the templates the hashed names.

use std::path::Path;
use std::process::exit;

use serde_json::Value;

const DIST: &str = "../../web/dist";

fn main() {
    let manifest_path = format!("{DIST}/manifest.json");
    println!("cargo::rerun-if-changed={manifest_path}");
    let Ok(text) = std::fs::read_to_string(&manifest_path) else {
        println!("cargo::error=the web assets are not built: run `cargo xtask web` first");
        exit(1);
    };
    let manifest: Value = serde_json::from_str(&text).expect("Vite writes a JSON manifest");
    for (variable, pointer) in [
        ("WEB_SCRIPT", "/src~1main.ts/file"),
        ("WEB_STYLE", "/src~1main.ts/css/0"),
        ("WEB_ICON", "/src~1icon.svg/file"),
        ("WEB_EXAMPLE", "/src~1examples~1teapot.webp/file"),
        ("WEB_LINKED", "/src~1examples~1teapot.jpg/file"),
        ("WEB_SAMPLE", "/src~1examples~1bucket.jpg/file"),
        ("WEB_EXAMPLE_BASE", "/src~1examples~1base.glb/file"),
        ("WEB_EXAMPLE_PRO", "/src~1examples~1pro.glb/file"),
        ("WEB_EXAMPLE_ULTRA", "/src~1examples~1ultra.glb/file"),
    ] {
        let name = manifest.pointer(pointer).and_then(Value::as_str);
        let name = name.unwrap_or_else(|| panic!("Vite's manifest has no {pointer}"));
        println!("cargo::rustc-env={variable}=/{name}");
    }
    // Always inside the binary, so that tests see what users get.
    memory_serve::load_directory_with_embed(Path::new(DIST).join("assets"), true);
}
