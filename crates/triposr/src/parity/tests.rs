use super::*;

fn data() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data"))
}

/// Prints the table that a person would want to see if it fails.
fn assert_parity(precision: Precision) -> Vec<Check> {
    let checks = check(data(), precision, Device::Cpu).unwrap();
    let mut table = String::new();
    for check in &checks {
        let Check {
            name,
            shape,
            max_abs,
            relative_rms,
            ok,
            ..
        } = check;
        table += &format!("{name:30} {shape:?} {max_abs:.2e} {relative_rms:.2e} {ok}\n");
    }
    assert!(checks.len() >= 28, "only {} stages\n{table}", checks.len());
    assert!(
        checks.iter().all(|check| check.ok),
        "{precision:?}\n{table}"
    );
    checks
}

#[test]
fn every_stage_is_the_references_in_f32() {
    let checks = assert_parity(Precision::F32);
    let line = |name| checks.iter().find(|check| check.name == name).unwrap();
    let vertices = line("mesh.vertices");
    assert!(vertices.max_abs < 1e-3 && vertices.shape[0] > 6000);
    assert_eq!(line("mesh.faces").max_abs, 0.0);
}

#[test]
fn every_stage_is_near_the_references_in_bf16() {
    assert_parity(Precision::Bf16);
}

#[test]
fn every_stage_is_near_the_references_in_int8() {
    assert_parity(Precision::Int8);
}
