//! Clients that are slow on purpose: each is given up after half a minute, while others are served.

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use site::{Settings, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::answers::{Asked, documented, is_problem};
use crate::house::{House, disc};

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

/// The head of a request, a byte at a time, and one that stops: slow-loris.
#[tokio::test]
async fn a_head_that_does_not_end_ends_its_connection_and_no_other() {
    let house = House::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let lifecycle = house.lifecycle().clone();
    let forever = std::future::pending();
    tokio::spawn(serve(
        listener,
        lifecycle,
        Settings::default(),
        None,
        1024,
        forever,
    ));

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
