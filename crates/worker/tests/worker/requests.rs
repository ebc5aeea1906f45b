//! What a decent worker does.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use engine::{Event, Stage};
use imaging::DecodeError;
use worker::{AdmitError, Bundle, News, Part, Role, RunError};

use crate::common::{Desk, picture, quick, with_network, workers};

#[test]
fn a_picture_comes_back_sealed_as_model_and_preview() {
    let desk = Desk::new();
    desk.run(&workers("good")).unwrap();

    let results = desk.results();
    let [(Part::Result, model), (Part::Preview, preview)] = &results[..] else {
        panic!("{} results", results.len());
    };
    assert!(model.starts_with(b"glTF"));
    assert!(preview.starts_with(b"\x89PNG"));
    let events = desk.news.lock().unwrap();
    for stage in Stage::ALL {
        assert!(
            events.contains(&News::Event(Event::Started(stage))),
            "{stage:?}"
        );
        assert!(
            events.contains(&News::Event(Event::Finished(stage))),
            "{stage:?}"
        );
    }
}

#[test]
fn a_process_makes_what_the_engine_makes_in_this_one() {
    let desk = Desk::new();
    desk.run(&workers("good")).unwrap();

    let picture = imaging::decode(&picture(64), &imaging::Limits::default()).unwrap();
    let mut ignore = |_| std::ops::ControlFlow::Continue(());
    let engine = engine::Engine::new(None);
    let made = engine.generate(&picture, &quick(), &mut ignore).unwrap();
    assert!(desk.results()[0].1 == made.glb, "the same bytes");
}

#[test]
fn every_side_that_was_sent_gets_to_the_engine() {
    let limits = imaging::Limits::default();
    let [front, left] = [64, 96].map(picture);
    let mut pictures = Bundle::from(front.clone());
    pictures.insert(Role::Left, left.clone().into());
    let desk = Desk::of(quick(), pictures);
    desk.run(&workers("good")).unwrap();

    let [front, left] = [front, left].map(|png| imaging::decode(&png, &limits).unwrap());
    let views = engine::Views {
        left: Some(&left),
        ..engine::Views::from(&front)
    };
    let mut ignore = |_| std::ops::ControlFlow::Continue(());
    let engine = engine::Engine::new(None);
    let both = engine.generate(views, &quick(), &mut ignore).unwrap();
    let one = engine.generate(&front, &quick(), &mut ignore).unwrap();
    assert!(both.glb != one.glb, "the left side counts");
    assert!(desk.results()[0].1 == both.glb, "the same bytes");
}

#[test]
fn large_pictures_are_admitted_no_larger_than_asked_for() {
    let png = workers("good").admit(picture(300).into(), 100).unwrap();
    let decoded = imaging::decode(&png, &imaging::Limits::default()).unwrap();
    assert_eq!((decoded.width, decoded.height), (100, 100));
}

#[test]
fn many_jobs_at_once_keep_their_results_apart() {
    let workers = workers("good");
    let desks: Vec<Desk> = (0..3)
        .map(|seed| Desk::with(engine::Options { seed, ..quick() }))
        .collect();
    thread::scope(|scope| {
        for desk in &desks {
            scope.spawn(|| desk.run(&workers).unwrap());
        }
    });
    let models: Vec<_> = desks.iter().map(|desk| desk.results()).collect();
    // The seed is written into the file.
    assert!(models[0] != models[1] && models[1] != models[2] && models[0] != models[2]);
}

#[test]
fn an_upload_comes_back_without_what_else_was_in_the_file() {
    let workers = workers("good");
    let mut upload = picture(300);
    upload.extend(b"a place on earth");
    let png = workers.admit(upload.into(), 2048).unwrap();
    let place = b"a place on earth".as_slice();
    assert!(png.windows(place.len()).all(|window| window != place));
    let decoded = imaging::decode(&png, &imaging::Limits::default()).unwrap();
    assert_eq!((decoded.width, decoded.height), (300, 300));
}

#[test]
fn a_refusal_says_the_same_as_in_this_process() {
    let workers = workers("good");
    let cut_off = picture(64)[..100].to_vec();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    for upload in [vec![], b"just some text".to_vec(), cut_off, heic] {
        let here = worker::admit(&upload, 2048).unwrap_err();
        match workers.admit(upload.into(), 2048) {
            Err(AdmitError::Refused(there)) => {
                assert_eq!(there, here);
                assert_eq!(there.to_string(), here.to_string());
            }
            other => panic!("{:?} instead of {here:?}", other.map(|png| png.len())),
        }
    }
}

#[test]
fn an_upload_longer_than_any_may_be_is_not_even_sent() {
    let upload = vec![0; (64 << 20) + 1];
    let refused = workers("good").admit(upload.into(), 2048);
    assert!(matches!(
        refused,
        Err(AdmitError::Refused(DecodeError::TooManyBytes { .. }))
    ));
}

#[test]
fn a_cancelled_run_is_over_within_200_ms_wherever_it_is() {
    for role in ["spins", "hangs"] {
        let workers = workers(role);
        let desk = Desk::with(with_network());
        thread::scope(|scope| {
            let running = scope.spawn(|| {
                let ended = desk.run(&workers);
                (ended, Instant::now())
            });
            wait_until(|| {
                desk.news
                    .lock()
                    .unwrap()
                    .contains(&News::Event(Event::Started(Stage::Shape)))
            });
            let cancelled = Instant::now();
            desk.halted.store(true, Ordering::Relaxed);
            let (ended, at) = running.join().unwrap();
            assert!(matches!(ended, Err(RunError::Halted)), "{role}: {ended:?}");
            let took = at.duration_since(cancelled);
            assert!(took < Duration::from_millis(200), "{role}: {took:?}");
        });
        assert_eq!(desk.objects(), 1, "the picture only");
    }
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < until, "it doesn't happen");
        thread::sleep(Duration::from_millis(5));
    }
}
