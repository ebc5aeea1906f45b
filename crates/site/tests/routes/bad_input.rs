//! What is wrong with a request to `/api/v1`, or looks as if it were. Refusals leave nothing behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Method;
use axum::http::header::{CONTENT_LENGTH, HeaderValue};
use futures_util::stream;
use lifecycle::{Backdrop, Recipe};
use serde_json::{Value, json};
use site::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Barrier;

use crate::api::{data_uri, post};
use crate::house::{House, NOWHERE, Reply, cut_out, disc, form, two_discs, upload};

const JOBS: &str = "/api/v1/jobs";
const FILES: &str = "/api/v1/files";

fn refused(reply: &Reply, status: u16, code: &str, says: &str) {
    assert_eq!(reply.status, status, "{}", reply.text());
    let problem = reply.json();
    assert_eq!(problem["code"], code, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(says), "{says:?} is missing in: {detail}");
}

#[tokio::test]
async fn two_gigabytes_are_refused_before_one_byte_is_read() {
    let house = House::new().await;
    for (path, kind) in [
        (JOBS, "image/png"),
        (JOBS, "application/json"),
        (JOBS, "multipart/form-data; boundary=x"),
        (FILES, "image/png"),
    ] {
        let read = Arc::new(AtomicUsize::new(0));
        let counted = read.clone();
        // Nothing ever comes, so whoever waits for it never answers.
        let body = stream::poll_fn(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            std::task::Poll::<Option<Result<Bytes, std::io::Error>>>::Pending
        });
        let mut request = upload(path, kind, Body::from_stream(body));
        let headers = request.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(2_u64 << 30));
        // A client that asks first sends nothing until it is told to.
        headers.insert("expect", HeaderValue::from_static("100-continue"));
        let reply = house.send(request).await;
        refused(&reply, 413, "too_large", "32 MB");
        assert_eq!(read.load(Ordering::Relaxed), 0, "{path} {kind}");
    }
    assert_eq!(house.holds().await, (0, 0));
}

#[tokio::test]
async fn nothing_at_all_is_no_picture() {
    let house = House::new().await;
    for path in [JOBS, FILES] {
        let reply = house.send(upload(path, "image/png", "")).await;
        refused(&reply, 400, "no_picture", "picture");
        let reply = house.send(form(path, &[("picture", b"")])).await;
        refused(&reply, 400, "no_picture", "picture");
    }
    let reply = post(&house, JOBS, &json!({ "image": "data:image/png;base64," })).await;
    refused(&reply, 400, "no_picture", "picture");
    refused(
        &post(&house, JOBS, &json!({})).await,
        400,
        "no_picture",
        "picture",
    );
    assert_eq!(house.holds().await, (0, 0));
}

#[tokio::test]
async fn base64_may_come_in_lines_and_data_uris_of_other_types_may_not() {
    let house = House::new().await;
    let uri = data_uri(&disc());
    let (head, text) = uri.split_once(',').unwrap();
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let in_lines = format!("{head},{}\r\n", lines.join("\r\n"));
    let reply = post(&house, JOBS, &json!({ "image": in_lines })).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let before = house.holds().await;
    for head in [
        "data:text/html;base64",
        "data:application/pdf;base64",
        "data:image/png",
        "data:",
    ] {
        let reply = post(&house, JOBS, &json!({ "image": format!("{head},{text}") })).await;
        refused(&reply, 400, "invalid_request", "data:image/…;base64");
    }
    let reply = post(
        &house,
        JOBS,
        &json!({ "image": "data:image/png;base64,a*b" }),
    )
    .await;
    refused(&reply, 400, "invalid_request", "no base64");
    assert_eq!(house.holds().await, before);
}

/// The head of a TIFF of that size with four floats for each pixel.
fn floats(side: u32) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0\x09\0".to_vec();
    let (short, long) = (3_u16, 4_u16);
    for (tag, kind, count, value) in [
        (256_u16, long, 1_u32, side),
        (257, long, 1, side),
        (258, short, 4, 122),
        (259, short, 1, 1),
        (262, short, 1, 2),
        (273, long, 1, 138),
        (277, short, 1, 4),
        (279, long, 1, side * side * 16),
        (339, short, 4, 130),
    ] {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    for number in [32_u16, 32, 32, 32, 3, 3, 3, 3] {
        file.extend(number.to_le_bytes());
    }
    file
}

/// The head of a BMP of that size, which has no pixels.
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend(b"\x01\0\x18\0");
    file.resize(54 + 64, 0);
    file
}

#[tokio::test]
async fn a_picture_that_can_not_be_used_is_told_why() {
    let house = House::new().await;
    let mut corrupt = disc();
    let middle = corrupt.len() / 2;
    corrupt[middle..middle + 9].fill(0x55);
    for (picture, status, code) in [
        (b"Dear diary".to_vec(), 415, "not_a_picture"),
        (
            b"\0\0\0\x18ftypheic\0\0\0\0heic".to_vec(),
            415,
            "picture_unsupported",
        ),
        (disc()[..200].to_vec(), 422, "picture_truncated"),
        (corrupt, 422, "picture_corrupt"),
        (cut_out(4, |_, _| true), 422, "picture_too_small"),
        (bitmap(60_000, 16), 413, "picture_too_long"),
        (bitmap(16_000, 16_000), 413, "picture_too_many_pixels"),
        (floats(6_000), 422, "picture_too_much_memory"),
    ] {
        for path in [JOBS, FILES] {
            let reply = house.send(upload(path, "image/png", picture.clone())).await;
            refused(&reply, status, code, "");
        }
    }
    assert_eq!(house.holds().await, (0, 0));
}

#[tokio::test]
async fn a_picture_may_be_no_longer_than_what_is_decoded_wherever_more_may_be_sent() {
    let house = House::with(|config| config.max_upload_bytes = 80 << 20).await;
    let mut long = disc();
    long.resize((64 << 20) + 1, 0);
    let reply = house.send(upload(JOBS, "image/png", long)).await;
    refused(&reply, 413, "picture_too_many_bytes", "67 MB");
    assert_eq!(house.holds().await, (0, 0));
}

#[tokio::test]
async fn a_phones_own_format_is_told_the_way_out_in_the_visitors_language() {
    let house = House::new().await;
    let heic = || b"\0\0\0\x18ftypheic\0\0\0\0heic".to_vec();
    let told = house.send(upload(JOBS, "image/heic", heic())).await;
    assert!(told.text().contains("Most Compatible"), "{}", told.text());
    let mut request = upload("/fr/jobs", "image/heic", heic());
    let page = "text/html".parse().unwrap();
    request.headers_mut().insert("accept", page);
    let page = house.send(request).await;
    assert!(
        page.text().contains("Le plus compatible"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn a_request_that_can_not_be_used_is_told_why() {
    let house = House::new().await;
    let image = data_uri(&disc());
    for (more, code) in [
        (json!({ "tier": "gold" }), "unknown_tier"),
        (json!({ "engine": "warp" }), "unknown_engine"),
        (json!({ "lifetime": 61 }), "unknown_lifetime"),
        (json!({ "size_mm": 0 }), "unknown_size"),
        (json!({ "symmetry": "y" }), "invalid_request"),
    ] {
        let mut body = json!({ "image": image });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        refused(&post(&house, JOBS, &body).await, 400, code, "");
    }
    let broken = upload(JOBS, "multipart/form-data; boundary=x", "--x\r\nrubbish");
    refused(&house.send(broken).await, 400, "malformed_upload", "");
    let words = upload(JOBS, "text/plain", "Dear diary");
    refused(&house.send(words).await, 415, "not_an_upload", "");
    let mut foreign = upload(JOBS, "image/png", disc());
    let elsewhere = HeaderValue::from_static("cross-site");
    foreign.headers_mut().insert("sec-fetch-site", elsewhere);
    refused(&house.send(foreign).await, 403, "foreign_form", "");
    let patched = house.request(Method::PATCH, JOBS, "*/*").await;
    refused(&patched, 405, "method_not_allowed", "");
    let untold = house.job().await;
    let untold = house.get(&format!("/api/v1{untold}/webhook")).await;
    refused(&untold, 404, "no_webhook", "named none");
    let nowhere = house.get(&format!("/api/v1{NOWHERE}")).await;
    refused(&nowhere, 404, "no_such_job", "");
    assert_eq!(house.holds().await, (1, 1));
}

#[tokio::test]
async fn a_picture_has_no_report_about_printing_and_a_job_that_waits_has_none_yet() {
    let house = House::new().await;
    let waiting = house.job().await;
    let report = house.get(&format!("/api/v1{waiting}/report")).await;
    refused(&report, 409, "not_ready", "");
    let edited = Recipe::Matte(Backdrop::Colour([0, 0, 255]));
    let edited = house.lifecycle().submit(disc(), edited).await.unwrap();
    house.work();
    house
        .get(&format!("/api/v1/jobs/{}/events", edited.id))
        .await;
    let report = house
        .get(&format!("/api/v1/jobs/{}/report", edited.id))
        .await;
    refused(&report, 409, "other_kind", "");
}

#[tokio::test]
async fn what_comes_twice_is_refused_by_its_name() {
    let house = House::new().await;
    let (one, two) = (disc(), two_discs());
    for (again, first) in [
        ("picture", "picture"),
        ("image", "picture"),
        ("left", "left"),
    ] {
        let fields: [(&str, &[u8]); 3] = [("picture", &one), (first, &one), (again, &two)];
        // The front is there already where it is what comes twice.
        let fields = if first == "left" {
            &fields[..]
        } else {
            &fields[1..]
        };
        let reply = house.send(form(JOBS, fields)).await;
        refused(&reply, 400, "invalid_request", &format!("“{again}”"));
    }
    let reply = house
        .send(upload(
            &format!("{JOBS}?tier=base&tier=pro"),
            "image/png",
            one,
        ))
        .await;
    refused(&reply, 400, "invalid_request", "tier came twice");
    for (path, body) in [
        (JOBS, r#"{"tier": "base", "image": "x", "tier": "base"}"#),
        (
            "/v1/predictions",
            r#"{"version": "base", "input": {"seed": 1, "tier": 2, "seed": 3}}"#,
        ),
    ] {
        let reply = house.send(upload(path, "application/json", body)).await;
        assert_eq!(reply.status, 400, "{path}: {}", reply.text());
        let detail = reply.json()["detail"].to_string();
        assert!(detail.contains(" came twice at "), "{path}: {detail}");
    }
    // What the address says counts whatever the body is, and so not beside the same in it.
    let asks = format!("{JOBS}?faces=500");
    let body = json!({ "image": data_uri(&disc()), "faces": 600 });
    let reply = post(&house, &asks, &body).await;
    refused(&reply, 400, "invalid_request", "faces came twice");
    assert_eq!(house.holds().await, (0, 0));
    let reply = post(&house, &asks, &json!({ "image": data_uri(&disc()) })).await;
    assert_eq!(reply.json()["faces"], 500, "{}", reply.text());
}

#[tokio::test]
async fn a_key_of_another_request_is_refused_and_the_first_job_stays() {
    let house = House::new().await;
    let ask = async |picture: Vec<u8>| {
        let mut request = upload(JOBS, "image/png", picture);
        let key = HeaderValue::from_static("a key");
        request.headers_mut().insert("idempotency-key", key);
        house.send(request).await
    };
    let first = ask(disc()).await.json();
    let before = house.holds().await;
    refused(
        &ask(two_discs()).await,
        422,
        "idempotency_key_reused",
        "key",
    );
    assert_eq!(ask(disc()).await.json()["id"], first["id"]);
    assert_eq!(house.holds().await, before);
    let mut request = upload(JOBS, "image/png", disc());
    let key = HeaderValue::from_str(&"k".repeat(256)).unwrap();
    request.headers_mut().insert("idempotency-key", key);
    let reply = house.send(request).await;
    refused(&reply, 400, "idempotency_key_unusable", "255");
    assert_eq!(house.holds().await, before);
}

/// A server of pictures that answers nobody before so many have asked.
async fn pictures(together: usize, picture: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/cup.png", listener.local_addr().unwrap());
    let all_asked = Arc::new(Barrier::new(together));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (all_asked, picture) = (all_asked.clone(), picture.clone());
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await.unwrap();
                all_asked.wait().await;
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
                    picture.len()
                );
                stream.write_all(head.as_bytes()).await.unwrap();
                stream.write_all(&picture).await.unwrap();
            });
        }
    });
    address
}

async fn reaching_inside(limit: usize) -> House {
    let settings = Settings {
        allow_private_targets: true,
        ..Settings::default()
    };
    House::kept(|config| config.max_upload_bytes = limit, settings).await
}

#[tokio::test]
async fn pictures_are_fetched_by_address_all_at_once() {
    let house = reaching_inside(1 << 20).await;
    let address = pictures(4, disc()).await;
    let body = json!({ "image": address, "left": address, "back": address, "right": address });
    let made = tokio::time::timeout(Duration::from_secs(20), post(&house, JOBS, &body)).await;
    let made = made.expect("none waits for another");
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(house.holds().await, (1, 1), "all of them are one object");
}

#[tokio::test]
async fn a_picture_that_is_fetched_becomes_a_model() {
    let house = reaching_inside(1 << 20).await;
    house.work();
    let body = json!({ "image": pictures(1, disc()).await });
    let made = post(&house, JOBS, &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let events = house.get(&format!("{JOBS}/{id}/events")).await;
    assert!(events.text().contains(r#""state":"done""#));
    let model = house.get(&format!("/jobs/{id}/model.glb")).await;
    assert!(model.body.starts_with(b"glTF"));
}

#[tokio::test]
async fn what_is_fetched_is_as_long_as_one_picture_may_be_all_together() {
    let picture = disc();
    let house = reaching_inside(picture.len() * 5 / 2).await;
    let one = pictures(1, picture).await;
    let ask = async |body: Value| post(&house, JOBS, &body).await;
    let three = json!({ "image": one, "left": one, "right": data_uri(&disc()) });
    refused(&ask(three).await, 413, "too_large", "MB");
    let gone = one.replace("cup", "cup.gif").replace("http", "ftp");
    refused(
        &ask(json!({ "image": gone })).await,
        400,
        "invalid_request",
        "http",
    );
    let nobody = json!({ "image": "http://127.0.0.1:1/cup.png" });
    refused(&ask(nobody).await, 422, "picture_unreachable", "fetched");
    assert_eq!(house.holds().await, (0, 0));
    assert_eq!(ask(json!({ "image": one, "left": one })).await.status, 201);
}
