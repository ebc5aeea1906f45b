//! Many pictures in one request, each its own job.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::api::{data_uri, post};
use crate::house::{House, as_browser, disc, form, two_discs, upload};

#[tokio::test]
async fn every_picture_becomes_its_own_job_and_a_bad_one_stops_no_other() {
    let house = House::new().await;
    house.work();
    let (one, two) = (disc(), two_discs());
    let fields: [(&str, &[u8]); 4] = [
        ("picture", &one),
        ("picture", b"Dear diary"),
        ("picture", &two),
        ("faces", b"777"),
    ];
    let reply = house.send(form("/batch", &fields)).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let made = reply.json();
    let pictures = made["pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 3, "in their order");
    assert_eq!(
        (&pictures[0]["faces"], &pictures[2]["faces"]),
        (&777.into(), &777.into())
    );
    assert_eq!(pictures[1]["status"], 415);
    assert_ne!(pictures[0]["id"], pictures[2]["id"]);

    for nth in [0, 2] {
        let events = pictures[nth]["links"]["events"].as_str().unwrap();
        let events = house.get(events).await;
        assert!(events.text().contains(r#""state":"done""#));
    }
    let overview = made["overview"].as_str().unwrap();
    let seen = house.get(overview).await.json();
    let states = seen["pictures"].as_array().unwrap().iter();
    let states: Vec<&Value> = states.map(|job| &job["state"]).collect();
    assert_eq!(states, ["done", "done"]);

    // Each ends by itself.
    let first = pictures[0]["links"]["self"].as_str().unwrap();
    house.request(Method::DELETE, first, "*/*").await;
    let seen = house.get(overview).await.json();
    assert_eq!(seen["pictures"][0]["status"], 410);
    assert_eq!(seen["pictures"][1]["state"], "done");
}

#[tokio::test]
async fn a_browser_is_led_to_the_overview_or_told_what_was_refused() {
    let house = House::new().await;
    let disc = disc();
    let good: [(&str, &[u8]); 2] = [("picture", &disc), ("picture", &disc)];
    let reply = house.send(as_browser(form("/batch", &good))).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = house.visit(reply.header("location")).await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.text().matches("Waiting its turn").count(), 2);

    let mixed: [(&str, &[u8]); 2] = [("picture", &disc), ("picture", b"Dear diary")];
    let page = house.send(as_browser(form("/batch", &mixed))).await;
    assert!(
        page.text().contains("That picture can’t be used"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("Waiting its turn"));

    let empty = house.visit("/batch").await;
    assert!(empty.text().contains(r#"action="/batch""#));
}

#[tokio::test]
async fn a_batch_that_makes_no_job_is_the_problem_of_its_first_picture() {
    let house = House::with(|config| config.max_queued_per_owner = 2).await;
    let disc = disc();
    let sides: [(&str, &[u8]); 2] = [("picture", &disc), ("left", &disc)];
    let many = vec![("picture", disc.as_slice()); 33];
    for (fields, status) in [
        (&[][..], 400),
        (&[("picture", b"Dear diary".as_slice())][..], 415),
        (&sides[..], 400),
        (&many[..], 413),
    ] {
        let reply = house.send(form("/batch", fields)).await;
        assert_eq!(reply.status, status, "{}", reply.text());
    }
    // Those that find no place say when to come again; the others are made.
    let reply = house.send(form("/batch", &many[..3])).await.json();
    assert_eq!(reply["pictures"][1]["state"], "queued");
    assert_eq!(reply["pictures"][2]["status"], 429);
}

#[tokio::test]
async fn the_same_batch_twice_makes_the_same_jobs() {
    let house = House::new().await;
    let (one, two) = (disc(), two_discs());
    let fields: [(&str, &[u8]); 2] = [("picture", &one), ("picture", &two)];
    let mut overviews = Vec::new();
    for _ in 0..2 {
        let mut request = form("/batch", &fields);
        let key = HeaderValue::from_static("a key");
        request.headers_mut().insert("idempotency-key", key);
        let reply = house.send(request).await.json();
        overviews.push(reply["overview"].clone());
    }
    assert_eq!(overviews[0], overviews[1]);
}

const BATCHES: &str = "/api/v1/batches";

#[tokio::test]
async fn a_program_sends_or_names_pictures_and_each_becomes_its_own_job() {
    let house = House::new().await;
    let (one, two) = (disc(), two_discs());
    let ahead = house.send(upload("/api/v1/files", "image/png", one.clone()));
    let ahead = ahead.await.json()["id"].clone();
    let named = json!({
        "images": [data_uri(&one), "http://127.0.0.1/cup.png", ahead, data_uri(b"Dear diary")],
        "faces": 777,
    });
    let named = post(&house, BATCHES, &named).await;
    assert_eq!(named.status, StatusCode::CREATED, "{}", named.text());
    assert_eq!(named.header("ratelimit-remaining"), "6");
    let pictures = named.json()["pictures"].clone();
    assert_eq!(pictures[0]["job"]["faces"], 777);
    assert_eq!(pictures[1]["problem"]["code"], "picture_unreachable");
    assert_ne!(pictures[0]["job"]["id"], pictures[2]["job"]["id"]);
    assert_eq!(pictures[3]["problem"]["code"], "not_a_picture");
    let fields: [(&str, &[u8]); 3] = [("picture", &one), ("image", &two), ("picture", b"x")];
    let sent = house.send(form(BATCHES, &fields)).await.json();
    assert_eq!(sent["pictures"][2]["problem"]["status"], 415);

    house.work();
    for job in [&pictures[0], &pictures[2], &sent["pictures"][1]] {
        let events = job["job"]["links"]["events"].as_str().expect("a job");
        let path = events.strip_prefix("http://localhost").unwrap();
        let events = house.get(path).await;
        assert!(events.text().contains(r#""state":"done""#));
    }
    let overview = sent["overview"].as_str().unwrap();
    let seen = house.get(overview.strip_prefix("http://localhost").unwrap());
    assert_eq!(seen.await.json()["pictures"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_programs_batch_is_listed_for_its_key_and_made_once() {
    let house = House::new().await;
    let key = house.key(&["generate", "read"]).await;
    let ask = async |images: &[String]| {
        let body = json!({ "images": images }).to_string();
        let mut request = upload(BATCHES, "application/json", body);
        let headers = request.headers_mut();
        headers.insert("x-api-key", key.parse().unwrap());
        headers.insert("idempotency-key", HeaderValue::from_static("a key"));
        house.send(request).await.json()
    };
    let images = [data_uri(&disc()), data_uri(&two_discs())];
    let (first, second) = (ask(&images).await, ask(&images).await);
    let ids = |batch: &Value| [0, 1].map(|nth| batch["pictures"][nth]["job"]["id"].clone());
    assert_eq!(ids(&first), ids(&second));
    let list = Request::get("/api/v1/jobs").header("x-api-key", &key);
    let list = house.send(list.body(Body::empty()).unwrap()).await.json();
    assert_eq!(list["jobs"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_programs_batch_that_makes_no_job_leaves_nothing_behind() {
    let house = House::new().await;
    let (disc, text) = (disc(), data_uri(b"Dear diary"));
    let many = vec![("picture", disc.as_slice()); 33];
    let sides: [(&str, &[u8]); 2] = [("picture", &disc), ("left", &disc)];
    for (reply, code) in [
        (house.send(form(BATCHES, &many)).await, "too_many"),
        (house.send(form(BATCHES, &sides)).await, "side_in_batch"),
        (house.send(form(BATCHES, &[])).await, "no_picture"),
        (
            post(&house, BATCHES, &json!({ "images": [text, text] })).await,
            "not_a_picture",
        ),
        (
            post(&house, BATCHES, &json!({ "images": vec![&text; 33] })).await,
            "too_many",
        ),
        (
            post(&house, BATCHES, &json!({ "image": text })).await,
            "invalid_request",
        ),
    ] {
        assert_eq!(reply.json()["code"], code, "{}", reply.text());
        assert_eq!(house.holds().await, (0, 0), "{code}");
    }
}
