//! ai3dgen
fn main() {}
