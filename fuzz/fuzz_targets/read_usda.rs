#![no_main]

#[path = "../../crates/formats/tests/hostile/entries.rs"]
#[allow(dead_code)]
mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::usda(data));
