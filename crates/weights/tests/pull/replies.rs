//! What servers answer: the file, something else, or nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use weights::{Pulled, WeightsError};

use crate::bench::{Bench, content, network};
use crate::server::{Answer, Server, raw};

#[test]
fn a_file_is_fetched_once_checked_and_installed() {
    let server = Server::start(&content(), |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    let mut seen = None;
    let pulled = bench.pull_while(|progress| {
        if let weights::Progress::Downloading { done, .. } = progress {
            assert!(seen.is_some() || done == 0, "a bar begins at its beginning");
            assert!(Some(done) >= seen, "and never goes back");
            seen = Some(done);
        }
        true
    });
    assert_eq!(pulled.unwrap(), Pulled::Installed);
    assert_eq!(bench.installed(), content());
    assert_eq!(bench.names(), ["thing.bin"]);
    assert_eq!(bench.pull().unwrap(), Pulled::AlreadyThere);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    assert_eq!(requests[0].header("range"), None);
}

#[test]
fn redirects_are_followed_with_the_range() {
    let server = Server::start(&content(), |request, _| match request.path.as_str() {
        "/hub" => raw("302 Found\r\nLocation: /closer\r\nContent-Length: 0", b""),
        "/closer" => raw("307 Moved\r\nLocation: /cdn\r\nContent-Length: 0", b""),
        _ => Answer::Serve,
    });
    let bench = Bench::new(server.url("/hub"), &content());
    bench.has_part(&content()[..1000], None);
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    let last = server.requests().pop().unwrap();
    assert_eq!((last.path.as_str(), last.offset()), ("/cdn", Some(1000)));
}

#[test]
fn a_redirect_loop_ends() {
    let server = Server::start(&content(), |_, _| {
        raw("302 Found\r\nLocation: /again\r\nContent-Length: 0", b"")
    });
    let bench = Bench::new(server.url("/again"), &content());
    let said = bench.failure();
    assert!(said.contains("redirects more than 10 times"), "{said}");
    assert_eq!(server.requests().len(), 11);
    assert!(bench.names().is_empty());
}

#[test]
fn a_final_no_is_not_asked_again_and_named() {
    for status in ["404 Not Found", "403 Forbidden", "401 Unauthorized"] {
        let server = Server::start(&content(), move |_, _| raw(status, b"no"));
        let bench = Bench::new(server.url("/file"), &content());
        let said = bench.failure();
        assert!(said.contains(status), "{said}");
        assert!(said.contains("ai3dgen models import thing FILE"), "{said}");
        assert_eq!(server.requests().len(), 1);
        assert!(bench.names().is_empty());
    }
}

#[test]
fn a_server_that_recovers_is_asked_again() {
    for status in ["500 Oops", "502 Bad Gateway", "503 Busy", "408 Slow"] {
        let server = Server::start(&content(), move |_, before| match before {
            0 | 1 => raw(status, b""),
            _ => Answer::Serve,
        });
        let bench = Bench::new(server.url("/file"), &content());
        bench.pull().unwrap();
        assert_eq!(bench.installed(), content());
    }
}

#[test]
fn a_server_that_does_not_recover_is_given_up() {
    let server = Server::start(&content(), |_, _| raw("500 Internal Server Error", b""));
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("500 Internal Server Error"), "{said}");
    assert_eq!(
        server.requests().len(),
        network().patience.attempts as usize
    );
}

#[test]
fn a_server_that_asks_for_time_gets_it_if_it_is_short() {
    let server = Server::start(&content(), |_, before| match before {
        0 => raw("429 Too Many Requests\r\nRetry-After: 1", b""),
        _ => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &content());
    let began = Instant::now();
    bench.pull().unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));

    let server = Server::start(&content(), |_, _| {
        raw("429 Too Many Requests\r\nRetry-After: 3600", b"")
    });
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("come back in 60 minutes"), "{said}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_server_that_is_down_is_named() {
    // Bound and let go: nothing listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap();
    drop(port);
    let bench = Bench::new(format!("http://{address}/file"), &content());
    let said = bench.failure();
    assert!(said.contains(&address.to_string()), "{said}");
    assert!(said.contains("Connection refused"), "{said}");
    assert!(bench.names().is_empty());
}

#[test]
fn what_is_no_address_is_said() {
    let bench = Bench::new("hub without a scheme/file".into(), &content());
    let said = bench.failure();
    assert!(said.contains("relative URL without a base"), "{said}");
}

#[test]
fn wrong_content_of_the_right_length_is_removed_and_both_hashes_told() {
    let mut other = content();
    other[77_777] ^= 1;
    let server = Server::start(&other, |_, _| Answer::Serve);
    let bench = Bench::new(server.url("/file"), &content());
    let error = bench.pull().unwrap_err();
    let WeightsError::WrongContent { expected, got, .. } = &error else {
        panic!("{error}");
    };
    assert_ne!(expected, got);
    assert!(error.to_string().contains(expected) && error.to_string().contains(got));
    assert!(bench.names().is_empty(), "{:?}", bench.names());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn another_length_is_told_before_anything_is_fetched() {
    for length in [100_000, 300_001] {
        let other = vec![7; length];
        let server = Server::start(&other, |_, _| Answer::Serve);
        let bench = Bench::new(server.url("/file"), &content());
        let said = bench.failure();
        let expected = format!("it has {length} bytes instead of 300000");
        assert!(said.contains(&expected), "{said}");
        assert!(bench.names().is_empty());
    }
}

#[test]
fn more_than_the_file_without_a_length_is_cut_off() {
    let long = [content(), b"and more".to_vec()].concat();
    let server = Server::start(&content(), move |_, _| raw("200 OK", &long));
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("longer than 300000 bytes"), "{said}");
    assert!(bench.names().is_empty());
}

#[test]
fn bytes_after_the_announced_length_are_nobodys() {
    let long = [content(), b"and more".to_vec()].concat();
    let server = Server::start(&content(), move |_, _| {
        raw("200 OK\r\nContent-Length: 300000", &long)
    });
    let bench = Bench::new(server.url("/file"), &content());
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
}

#[test]
fn less_than_announced_is_asked_for_again() {
    let short = content()[..200_000].to_vec();
    let server = Server::start(&content(), move |_, before| match before {
        0 => raw("200 OK\r\nContent-Length: 300000", &short),
        _ => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &content());
    bench.pull().unwrap();
    assert_eq!(bench.installed(), content());
    assert_eq!(server.requests()[1].offset(), Some(200_000));
}

#[test]
fn less_than_the_file_without_a_length_is_asked_for_again_and_then_told() {
    let short = content()[..200_000].to_vec();
    let server = Server::start(&short.clone(), move |request, _| match request.offset() {
        None => raw("200 OK", &short),
        Some(_) => Answer::Serve,
    });
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("200000 bytes instead of 300000"), "{said}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_encoding_nobody_asked_for_is_refused() {
    let server = Server::start(&content(), |_, _| {
        raw(
            "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 300000",
            &content(),
        )
    });
    let bench = Bench::new(server.url("/file"), &content());
    let said = bench.failure();
    assert!(said.contains("comes as gzip"), "{said}");
    assert!(bench.names().is_empty());
}

#[test]
fn a_server_that_says_nothing_is_given_up_in_time() {
    for silent in [Answer::Close, Answer::Hang(0)] {
        let server = Server::start(&content(), move |_, _| silent.clone());
        let bench = Bench::new(server.url("/file"), &content());
        let began = Instant::now();
        bench.failure();
        assert!(began.elapsed() < Duration::from_secs(10));
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_trickle_is_no_transfer() {
    let server = Server::start(&content(), |_, _| {
        Answer::Trickle(Duration::from_millis(20))
    });
    let bench = Bench::new(server.url("/file"), &content());
    let began = Instant::now();
    let said = bench.failure();
    assert!(said.contains("it hangs"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn every_source_is_tried_until_one_has_it() {
    let bad = Server::start(&content(), |_, _| raw("404 Not Found", b""));
    let good = Server::start(&content(), |_, _| Answer::Serve);
    let catalogue = crate::bench::entry(bad.url("/file"), &content());
    let [entry] = catalogue else { panic!() };
    let [file] = entry.files else { panic!() };
    let sources = Box::leak(Box::new([
        weights::Source::Url(bad.url("/file").leak()),
        weights::Source::Url(good.url("/file").leak()),
    ]));
    let files = Box::leak(Box::new([weights::PinnedFile {
        path: file.path,
        bytes: file.bytes,
        sha256: file.sha256,
        sources,
        instead: None,
    }]));
    let entries = Box::leak(Box::new([weights::Entry {
        name: "thing",
        purpose: "",
        licence: "",
        limits: None,
        files,
    }]));
    let folder = tempfile::tempdir().unwrap();
    let cache = weights::Cache::with_catalogue(folder.path(), entries);
    let retries = AtomicUsize::new(0);
    cache
        .pull("thing", &network(), &mut |progress| {
            if matches!(progress, weights::Progress::Retrying { .. }) {
                retries.fetch_add(1, Ordering::Relaxed);
            }
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(cache.load("thing").unwrap(), content());
    assert_eq!(retries.into_inner(), 0);
}
