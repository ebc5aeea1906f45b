//! Whatever a worker does, its own request fails for a reason that is told, and the next one is
//! served.

use std::time::{Duration, Instant};

use engine::Tier;
use worker::{AdmitError, Patience, ProcessError, Processes, RunError};

use crate::common::{Desk, patient_workers, picture, program, with_network, workers};

fn failure(role: &str) -> ProcessError {
    failure_of(&workers(role))
}

fn failure_of(workers: &Processes) -> ProcessError {
    let desk = Desk::with(with_network());
    let ended = desk.run(workers);
    assert_eq!(desk.objects(), 1, "no result is kept");
    match ended {
        Err(RunError::Process(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_no_worker_says_ends_it() {
    for (role, words) in [
        ("garbage", "a message is too long"),
        ("huge", "a message is too long"),
        ("other-job", "it spoke about another job"),
        ("too-early", "a message is malformed"),
        ("overlong", "a message is malformed"),
        ("huge-model", "a message is malformed"),
        ("floods", "it told too much"),
    ] {
        let error = failure(role);
        assert!(matches!(error, ProcessError::Garbled(_)), "{role}: {error}");
        assert!(error.to_string().ends_with(words), "{role}: {error}");
    }
}

#[test]
fn a_program_that_is_no_worker_is_not_taken_for_one() {
    for role in ["talks", "old"] {
        let started = Processes::start(program(role), Patience::default());
        let error = started.err().expect("refused");
        assert!(matches!(error, ProcessError::Garbled(_)), "{role}: {error}");
    }
    let mut missing = program("good");
    missing.path = "/nowhere/at/all".into();
    let started = Processes::start(missing, Patience::default());
    assert!(matches!(started.err(), Some(ProcessError::Start(_))));
}

#[test]
fn a_model_that_was_not_sealed_with_its_key_is_not_taken() {
    let desk = Desk::new();
    let ended = desk.run(&workers("forges"));
    assert!(matches!(ended, Err(RunError::Taking(_))), "{ended:?}");
    assert_eq!(desk.objects(), 1, "the picture only");
}

#[test]
fn a_worker_that_ends_says_how() {
    for (role, code, signal) in [
        ("cut-off", Some(1), None),
        ("aborts", None, Some(6)),
        ("panics", Some(101), None),
    ] {
        let ProcessError::Ended(ending) = failure(role) else {
            panic!("{role}");
        };
        assert_eq!((ending.code, ending.signal), (code, signal), "{role}");
    }
}

#[test]
fn a_panic_tells_its_place_and_not_its_message() {
    let error = failure("panics").to_string();
    assert!(error.contains("unruly/main.rs:"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn standard_error_is_thrown_away() {
    let error = failure("whispers");
    assert_eq!(
        error.to_string(),
        "the worker ended by itself (exit code 9)"
    );
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[test]
fn a_worker_that_eats_memory_ends_its_own_job_only() {
    let error = failure("eats");
    assert!(matches!(error, ProcessError::OutOfMemory), "{error}");
}

#[test]
fn a_worker_that_stands_still_is_stopped() {
    for role in ["hangs", "deaf", "closes"] {
        let began = Instant::now();
        let error = failure(role);
        let took = began.elapsed();
        match role {
            "closes" => assert!(matches!(error, ProcessError::Ended(_)), "{error}"),
            _ => assert!(matches!(error, ProcessError::Silent), "{role}: {error}"),
        }
        assert!(took < Duration::from_secs(20), "{role}: {took:?}");
    }
}

#[test]
fn a_worker_that_works_for_ever_is_stopped_in_the_end() {
    let patience = Patience {
        run: [4; 3].map(Duration::from_secs),
        silence: Duration::from_secs(3),
        ..Patience::default()
    };
    let began = Instant::now();
    let error = failure_of(&patient_workers("spins", patience));
    assert!(matches!(error, ProcessError::OutOfTime), "{error}");
    assert!(began.elapsed() >= patience.for_run(Some(Tier::Base)));
}

#[test]
fn an_upload_that_needs_too_much_memory_is_refused_and_the_next_one_is_not() {
    let workers = workers("tight");
    // 100 MiB as pixels; the worker may have 96.
    let refused = workers.admit(picture(5120).into(), 8192);
    match refused {
        Err(AdmitError::Process(ProcessError::OutOfMemory)) => {}
        other => panic!("{:?}", other.map(|png| png.len())),
    }
    assert!(workers.admit(picture(64).into(), 8192).is_ok());
}
