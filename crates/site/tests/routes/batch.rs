//! Many pictures in one request, each its own job.

use axum::http::{HeaderValue, Method, StatusCode};
use serde_json::Value;

use crate::house::{House, as_browser, disc, form, two_discs};

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
