//! `sqlx::migrate!` reads the folder when we compile; a new file in it must be noticed.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
