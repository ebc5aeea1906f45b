//! Going on where a pull ended.

use std::fs;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use weights::{Progress, Pulled, State, WeightsError};

use crate::bench::{Bench, content};
use crate::server::{Answer, Server, raw};

#[test]
fn a_connection_cut_anywhere_costs_only_the_rest() {
    // Also before the first byte and after the last.
    for cuts in [
        [0, 1, 299_999],
        [123_457, 640, 7],
        [65_536, 65_536, 65_536],
        [300_000, 0, 0],
    ] {
        let server = Server::start(&content(), move |_, before| match cuts.get(before) {
            Some(&bytes) => Answer::Cut(bytes),
            None => Answer::Serve,
        });
        let bench = Bench::new(server.url("/file"), &content());
        bench.pull().unwrap();
        assert_eq!(bench.installed(), content(), "{cuts:?}");
        let mut at = 0;
        for (request, cut) in server.requests().iter().zip(cuts.into_iter().chain([0])) {
            let asked = request.offset().unwrap_or(0);
            assert_eq!(asked, at, "{cuts:?}");
            if at > 0 {
                assert_eq!(request.header("if-range"), Some("\"first\""));
            }
            at += cut;
        }
    }
}

#[test]
fn a_server_without_ranges_is_begun_anew() {
    let server = Server::start(&content(), |_, before| match before {
        0 => Answer::Cut(100_000),
        _ => Answer::Whole,
    });
    let bench = Bench::new(server.url("/file"), &content());
    let mut told = false;
    let pulled = bench.pull_while(|progress| {
        told |= matches!(progress, Progress::Restarting { .. });
        true
    });
    assert_eq!(pulled.unwrap(), Pulled::Installed);
    assert!(told);
    assert_eq!(bench.installed(), content());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_part_that_was_not_asked_for_is_not_taken() {
    let wrong = "206 Partial Content\r\nContent-Range: bytes 90000-299999/300000";
    let server = Server::start(&content(), move |request, before| match before {
        0 => Answer::Cut(100_000),
        1 => raw(wrong, &content()[90_000..]),
        _ => {
            assert_eq!(request.offset(), None);
            Answer::Serve
        }
    });
    let bench = Bench::new(server.url("/file"), &content());
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_server_that_always_answers_with_another_part_is_given_up() {
    let server = Server::start(&content(), |_, _| {
        raw(
            "206 Partial Content\r\nContent-Range: bytes 5-299999/300000",
            &content()[5..],
        )
    });
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("wasn't asked for"), "{said}");
    assert!(server.requests().len() < 5);
}

#[test]
fn a_file_that_changes_between_two_tries_is_begun_anew() {
    let mut old = content();
    old[10] ^= 1;
    let server = Server::start(&old, |_, before| match before {
        0 => Answer::Hang(100_000),
        _ => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &content());
    let stopped = bench
        .pull_while(|progress| !matches!(progress, Progress::Downloading { done: 100_000, .. }));
    assert!(matches!(stopped, Err(WeightsError::Stopped { .. })));
    server.replace(&content(), "\"second\"");
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    let requests = server.requests();
    assert_eq!(requests[1].header("if-range"), Some("\"first\""));
    assert_eq!(requests.len(), 2, "the server sent the new one at once");
}

#[test]
fn a_change_is_found_even_where_the_server_ignores_the_condition() {
    let mut old = content();
    old[10] ^= 1;
    let rest = |etag: &str| {
        let head = "206 Partial Content\r\nContent-Range: bytes 100000-299999/300000";
        let tag = if etag.is_empty() {
            String::new()
        } else {
            format!("\r\nETag: {etag}")
        };
        raw(
            &format!("{head}{tag}\r\nContent-Length: 200000"),
            &content()[100_000..],
        )
    };
    // With a tag it shows at once, without one only the hash shows it.
    for etag in ["\"second\"", ""] {
        let server = Server::start(&content(), move |_, before| match before {
            0 => rest(etag),
            _ => Answer::Serve,
        });
        let url = server.url("/file");
        let bench = Bench::new(url.clone(), &content());
        bench.has_part(&old[..100_000], Some((&url, "\"first\"")));
        bench.pull().unwrap();
        assert_eq!(bench.installed(), content());
        let offsets: Vec<_> = server.requests().iter().map(|r| r.offset()).collect();
        assert_eq!(offsets, [Some(100_000), None]);
    }
}

#[test]
fn what_another_address_sent_is_gone_on_from_without_a_condition() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    bench.has_part(
        &content()[..250_000],
        Some(("http://elsewhere/file", "\"other\"")),
    );
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    let [request] = server.requests().try_into().unwrap();
    assert_eq!(request.offset(), Some(250_000));
    assert_eq!(request.header("if-range"), None);
}

#[test]
fn a_weak_tag_is_no_condition() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    server.replace(&content(), "W/\"first\"");
    let url = server.url("/file");
    let bench = Bench::new(url.clone(), &content());
    bench.has_part(&content()[..5], Some((&url, "W/\"first\"")));
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    assert_eq!(server.requests()[0].header("if-range"), None);
}

#[test]
fn leftovers_that_are_complete_too_long_or_spoiled_are_dealt_with() {
    let mut spoiled = content();
    spoiled[299_999] ^= 1;
    let longer = [content(), b"x".to_vec()].concat();
    for (part, requests) in [
        (content(), 0),
        (spoiled.clone(), 1),
        (longer, 1),
        (spoiled[..299_990].to_vec(), 1),
    ] {
        let server = Server::start(&content(), |_, _| Answer::Serve);
        let bench = Bench::new(server.url("/file"), &content());
        bench.has_part(&part, None);
        bench.pull().unwrap();
        assert_eq!(bench.installed(), content());
        assert_eq!(bench.names(), ["thing.bin"]);
        assert_eq!(server.requests().len(), requests);
    }
}

#[test]
fn stopping_keeps_what_has_come_says_so_and_is_quick() {
    let server = Server::start(&content(), |_, before| match before {
        0 => Answer::Hang(123_000),
        _ => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &content());
    let mut asked = None;
    let stopped = bench.pull_while(|progress| match progress {
        Progress::Downloading { done: 123_000, .. } => {
            asked.get_or_insert_with(Instant::now);
            false
        }
        _ => true,
    });
    assert!(asked.unwrap().elapsed() < Duration::from_millis(500));
    let said = stopped.unwrap_err().to_string();
    assert!(said.contains("0.1 MB are kept"), "{said}");
    assert!(
        said.contains("`ai3dgen models pull thing` goes on"),
        "{said}"
    );
    assert_eq!(bench.kept(), Some(123_000));
    let [(entry, state)] = bench.cache.list().try_into().unwrap();
    assert_eq!((entry.name, state), ("thing", State::Begun(123_000)));
    assert!(!bench.cache.installed("thing").unwrap());
    assert!(matches!(
        bench.cache.load("thing"),
        Err(WeightsError::Missing { .. })
    ));

    bench.pull().unwrap();
    assert_eq!(server.requests()[1].offset(), Some(123_000));
    assert_eq!(bench.installed(), content());
}

#[test]
fn giving_up_keeps_what_has_come_too() {
    let server = Server::start(&content(), |_, before| match before {
        0 => Answer::Cut(200_000),
        _ => Answer::Close,
    });
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("0.2 MB are kept"), "{said}");
    assert_eq!(bench.kept(), Some(200_000));
    assert!(bench.cache.remove("thing").unwrap());
    assert!(bench.names().is_empty());
}

#[test]
fn what_came_is_kept_when_a_server_offers_something_else() {
    // With and without an answer to the range.
    for answer in [
        Answer::Serve,
        raw("200 OK\r\nContent-Length: 14", b"please sign in"),
    ] {
        let server = Server::start(b"please sign in", move |_, _| answer.clone());
        let bench = Bench::new(server.url("/file"), &content());
        bench.has_part(&content()[..200_000], None);
        let said = bench.failure();
        assert!(said.contains("14 bytes instead of 300000"), "{said}");
        assert_eq!(bench.kept(), Some(200_000));
    }
}

#[test]
fn a_part_that_the_server_has_and_denies_is_begun_anew() {
    let server = Server::start(&content(), |request, _| match request.offset() {
        Some(_) => raw("416 Range Not Satisfiable", b""),
        None => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &content());
    bench.has_part(&content()[..200_000], None);
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn of_two_pulls_at_once_the_second_waits_and_fetches_nothing() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                // Not in one line: the lock must not be what keeps the pulls apart.
                let pulled = bench.pull().unwrap();
                results.lock().unwrap().push(pulled);
            });
        }
    });
    let results = results.into_inner().unwrap();
    assert_eq!(
        results.iter().filter(|&&p| p == Pulled::Installed).count(),
        1
    );
    assert_eq!(server.requests().len(), 1);
    assert_eq!(bench.installed(), content());
}

#[test]
fn while_one_pulls_others_wait_or_say_so() {
    let server = Server::start(&content(), |_, _| Answer::Hang(1));
    let bench = Bench::new(server.url("/file"), &content());
    let file = bench.folder().join("own.bin");
    fs::write(&file, content()).unwrap();
    let mut tried = false;
    let stopped = bench.pull_while(|progress| {
        if matches!(progress, Progress::Downloading { done: 1, .. }) && !tried {
            tried = true;
            let waited = bench.pull_while(|progress| progress != Progress::Waiting);
            assert!(matches!(waited, Err(WeightsError::Stopped { .. })));
            let removed = bench.cache.remove("thing");
            assert!(matches!(removed, Err(WeightsError::Busy { .. })));
            let imported = bench
                .cache
                .import("thing", std::slice::from_ref(&file), &|_| Ok(()));
            assert!(matches!(imported, Err(WeightsError::Busy { .. })));
        }
        !tried
    });
    assert!(matches!(stopped, Err(WeightsError::Stopped { .. })));
    assert!(tried);
}
