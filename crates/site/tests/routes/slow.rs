//! Clients that are slow on purpose: each is given up after half a minute, while others are served.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use site::{Settings, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::answers::{Asked, documented, is_problem};
use crate::house::{House, disc, upload};

/// What is waited for a client, and for a test's machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// A body that begins and never goes on.
fn stuck() -> Body {
    let begin = Bytes::copy_from_slice(&disc()[..9]);
    let begin = stream::iter([Ok::<_, std::io::Error>(begin)]);
    Body::from_stream(begin.chain(stream::pending()))
}

#[tokio::test]
async fn a_body_that_stands_still_is_408_wherever_one_is_taken() {
    let house = House::new().await;
    house.work();
    let done = house.finished_job().await;
    let before = house.holds().await;
    let operations: Vec<_> = documented()
        .into_iter()
        .filter(|one| one.statuses.contains(&408))
        .collect();
    assert!(!operations.is_empty());
    let asked = operations.iter().map(async |operation| {
        let asked = Asked::of(operation, &done).sent("application/json", Vec::new());
        let (head, _) = asked.request().into_parts();
        let reply = house
            .send(axum::http::Request::from_parts(head, stuck()))
            .await;
        is_problem(operation, 408, &reply);
        assert_eq!(reply.json()["code"], "too_slow", "{}", operation.id);
    });
    let all = tokio::time::timeout(PATIENCE, join_all(asked)).await;
    all.expect("each is given up");
    assert_eq!(house.holds().await, before);
}

/// A byte, and again and again another one.
fn dribble() -> Body {
    Body::from_stream(stream::repeat(()).then(async |()| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok::<_, std::io::Error>(Bytes::from_static(b" "))
    }))
}

#[tokio::test]
async fn a_body_that_never_stands_still_is_408_when_its_time_is_over() {
    let time = Duration::from_secs(2);
    let settings = Settings {
        longest_upload: Some(time),
        ..Settings::default()
    };
    let house = House::kept(|_| {}, settings).await;
    let began = Instant::now();
    for (path, kind) in [
        ("/api/v1/jobs", "application/json"),
        ("/api/v1/jobs", "image/png"),
        ("/jobs", "image/png"),
    ] {
        let asked = house.send(upload(path, kind, dribble()));
        let reply = tokio::time::timeout(PATIENCE, asked).await.expect(kind);
        assert_eq!(reply.status, 408, "{path} {kind}: {}", reply.text());
        assert_eq!(reply.json()["code"], "too_slow", "{path} {kind}");
    }
    assert!(began.elapsed() >= time * 3, "each was given its time");
    assert_eq!(house.holds().await, (0, 0));
}

/// A server of that house, on an address of its own.
async fn serving(house: &House) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let lifecycle = house.lifecycle().clone();
    let (settings, forever) = (Settings::default(), std::future::pending());
    tokio::spawn(serve(listener, lifecycle, settings, None, 1024, forever));
    address
}

/// Sends a picture of so many bytes with a key that nobody knows, in pieces; how many of them the
/// connection took, and what was answered.
async fn stranger(
    address: SocketAddr,
    len: usize,
    piece: usize,
    pause: Duration,
) -> (usize, String) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let head = format!(
        "POST /api/v1/jobs HTTP/1.1\r\nhost: a\r\nx-api-key: nonsense\r\n\
         content-type: image/png\r\ncontent-length: {len}\r\nconnection: close\r\n\r\n"
    );
    write.write_all(head.as_bytes()).await.unwrap();
    let piece = vec![0; piece];
    let mut sent = 0;
    while sent < len
        && write
            .write_all(&piece[..piece.len().min(len - sent)])
            .await
            .is_ok()
    {
        sent += piece.len();
        tokio::time::sleep(pause).await;
    }
    let mut said = Vec::new();
    // Reset where bytes were on their way.
    let _ = read.read_to_end(&mut said).await;
    (sent, String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn whoever_has_no_good_key_is_told_so_and_can_not_go_on_for_long() {
    const MIB: usize = 1 << 20;
    let house = House::new().await;
    let address = serving(&house).await;
    // As a client that listens only after it has sent everything.
    let largest = stranger(address, 43 * MIB, MIB, Duration::ZERO).await;
    assert_eq!(largest.0, 43 * MIB);
    assert!(largest.1.starts_with("HTTP/1.1 401 "), "{}", largest.1);
    // What a connection itself holds comes on top.
    let (sent, _) = stranger(address, 512 * MIB, MIB, Duration::ZERO).await;
    assert!(
        (60 * MIB..100 * MIB).contains(&sent),
        "{sent} bytes were taken"
    );
    let began = Instant::now();
    let dribbled = stranger(address, MIB, 1, Duration::from_millis(500));
    let (sent, _) = tokio::time::timeout(PATIENCE, dribbled).await.unwrap();
    assert!((5..20).contains(&began.elapsed().as_secs()), "{sent} bytes");
}

/// The head of a request, a byte at a time, and one that stops: slow-loris.
#[tokio::test]
async fn a_head_that_does_not_end_ends_its_connection_and_no_other() {
    let house = House::new().await;
    let address = serving(&house).await;
    let began = Instant::now();
    let slow = async |pause: Duration| {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut read, mut write) = stream.into_split();
        let dribble = async move {
            for byte in b"POST /api/v1/jobs HTTP/1.1\r\nhost: a\r\nx-more: "
                .iter()
                .cycle()
            {
                if write.write_all(&[*byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(pause).await;
            }
        };
        let mut said = Vec::new();
        tokio::select! {
            () = dribble => {}
            // Closed, or reset where bytes were on their way.
            _ = read.read_to_end(&mut said) => {}
        }
        String::from_utf8(said).unwrap()
    };
    let served = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let ask = b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        reply
    };
    let all = async {
        tokio::join!(
            slow(Duration::from_secs(1)),
            slow(Duration::from_secs(60)),
            served
        )
    };
    let (dribbled, stopped, served) = tokio::time::timeout(PATIENCE, all).await.unwrap();
    assert!(
        began.elapsed() > Duration::from_secs(20),
        "they were given time"
    );
    assert!(served.starts_with("HTTP/1.1 200 "), "{served}");
    // Nobody knows to what this would be an answer.
    assert_eq!((dribbled.as_str(), stopped.as_str()), ("", ""));
    assert_eq!(house.holds().await, (0, 0));
}
