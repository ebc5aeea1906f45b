//! A failed job once more, and the same request twice.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::house::{House, Reply, disc, two_discs, upload};

/// The address of a job that failed because its engine is not there.
async fn failed(house: &House) -> String {
    let request = upload("/jobs?engine=triposr", "image/png", disc());
    let job = house.send(request).await.header("location").to_owned();
    house.get(&format!("{job}/events")).await;
    job
}

async fn retry(house: &House, job: &str, form: &'static str, accept: &str) -> Reply {
    let request = Request::post(format!("{job}/retry"))
        .header("accept", accept)
        .header("content-type", "application/x-www-form-urlencoded");
    house.send(request.body(form.into()).unwrap()).await
}

#[tokio::test]
async fn a_failed_job_is_tried_again_with_another_engine() {
    let house = House::new().await;
    house.work();
    let job = failed(&house).await;
    let told = house.get(&job).await.json();
    assert_eq!(told["state"], "failed");
    assert_eq!(
        (&told["engine"], &told["tier"]),
        (&"triposr".into(), &"base".into())
    );
    assert_eq!(told["links"]["retry"], format!("{job}/retry"));
    let page = house.visit(&job).await;
    assert!(page.text().contains("Try again"));
    assert!(page.text().contains(r#"<option value="triposr" selected>"#));

    for (form, reason) in [
        ("engine=warp", "builtin, triposr"),
        ("tier=gold", "base, pro, ultra"),
        ("keep_background=maybe", "keep_background"),
    ] {
        let refused = retry(&house, &job, form, "*/*").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.text().contains(reason), "{}", refused.text());
    }
    let other = Request::post(format!("{job}/retry")).header("content-type", "text/plain");
    let other = house.send(other.body(Body::from("Again!")).unwrap()).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    assert_eq!(other.json()["code"], "not_a_form");
    let form = "engine=inflate&tier=&keep_background=true";
    let again = retry(&house, &job, form, "*/*").await.json();
    assert_eq!(again["engine"], "inflate");
    assert_eq!(again["tier"], "base");
    assert_eq!(again["keep_background"], true);
    assert!(again["links"].get("retry").is_none());
    house.get(&format!("{job}/events")).await;
    let done = house.get(&job).await.json();
    assert_eq!(done["state"], "done");
    assert!(done["links"].get("retry").is_none());

    let late = retry(&house, &job, "", "*/*").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(late.json()["code"], "not_retryable");
    let nowhere = retry(&house, "/jobs/0123456789abcdefghjkmnpqrs", "", "*/*").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_program_needs_no_form_and_a_browser_is_led_back() {
    let house = House::new().await;
    house.work();
    let job = failed(&house).await;
    let reply = retry(&house, &job, "engine=inflate", "text/html").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), job);

    let job = failed(&house).await;
    let bare = house
        .request(Method::POST, &format!("{job}/retry"), "*/*")
        .await;
    assert_eq!(bare.status, StatusCode::OK);
    assert_eq!(bare.json()["engine"], "triposr");
}

#[tokio::test]
async fn seconds_left_are_told_once_runs_were_measured_and_never_before() {
    let house = House::new().await;
    let first = house.job().await;
    assert!(house.get(&first).await.json()["seconds_left"].is_null());
    house.work();
    let events = house.get(&format!("{first}/events")).await;
    assert!(!events.text().contains(r#""seconds_left":1"#));
    let held = house.hold_the_network().await;
    let second = house.job().await;
    let third = house.job().await;
    let told = house.get(&third).await.json();
    assert!(told["seconds_left"].as_u64().unwrap() >= 1, "{told}");
    assert_eq!(told["longer_than_usual"], false);
    assert!(house.visit(&third).await.text().contains(" left</p>"));
    while house.get(&second).await.json()["stage"] != "shape" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    house.clock.advance_secs(50);
    let told = house.get(&second).await.json();
    assert_eq!(told["longer_than_usual"], true);
    assert!(told["seconds_left"].is_null());
    assert!(
        house
            .visit(&second)
            .await
            .text()
            .contains("longer than usual")
    );
    drop(held);
    let done = house.get(&format!("{second}/events")).await;
    let last = done.text().lines().rfind(|line| line.starts_with("data:"));
    assert!(last.unwrap().contains(r#""seconds_left":null"#));
}

fn keyed(key: &str, address: &str, picture: Vec<u8>) -> Request<Body> {
    let mut request = upload(address, "image/png", picture);
    let value = axum::http::HeaderValue::from_bytes(key.as_bytes()).unwrap();
    request.headers_mut().insert("idempotency-key", value);
    request
}

#[tokio::test]
async fn the_same_key_and_request_is_the_same_job() {
    let house = House::new().await;
    let send = |key, address, picture| house.send(keyed(key, address, picture));
    let first = send("k", "/jobs", disc()).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = send("k", "/jobs", disc()).await;
    assert_eq!(again.status, StatusCode::CREATED);
    let job = first.header("location").to_owned();
    assert_eq!(again.header("location"), job);
    assert_eq!(again.json()["id"], first.json()["id"]);
    assert_eq!(house.get(&job).await.status, StatusCode::OK);

    for (address, picture) in [("/jobs?tier=pro", disc()), ("/jobs", two_discs())] {
        let other = send("k", address, picture).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other.json()["code"], "idempotency_key_reused");
    }
    house.clock.advance_secs(1);
    let next = send("another", "/jobs", disc()).await;
    assert_ne!(next.header("location"), job);
    assert_eq!(next.json()["queue_position"], 1, "nothing else was queued");

    let mut stranger = keyed("k", "/jobs", disc());
    let peer = site::Peer("192.0.2.1".parse().unwrap());
    stranger.extensions_mut().insert(peer);
    let theirs = house.send(stranger).await;
    assert_eq!(theirs.status, StatusCode::CREATED);
    assert_ne!(theirs.header("location"), job, "keys are their owner's");

    house.request(Method::DELETE, &job, "*/*").await;
    let gone = send("k", "/jobs", disc()).await;
    assert_eq!(gone.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_with_one_key_one_makes_a_job() {
    let house = House::new().await;
    let requests = (0..8).map(|_| house.send(keyed("k", "/jobs", disc())));
    let replies = futures_util::future::join_all(requests).await;
    for reply in &replies {
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        assert_eq!(reply.header("location"), replies[0].header("location"));
    }
    house.clock.advance_secs(1);
    let next = house.upload("image/png", disc()).await.json();
    assert_eq!(next["queue_position"], 1, "one was queued before");
    house.reap().await;
    assert_eq!(house.lifecycle().snapshot().await.unwrap().objects, 2);
}

#[tokio::test]
async fn a_full_queue_does_not_hide_the_first_job() {
    let house = House::with(|config| config.max_queued_jobs = 1).await;
    let first = house.send(keyed("k", "/jobs", disc())).await;
    let full = house.send(keyed("other", "/jobs", disc())).await;
    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    let again = house.send(keyed("k", "/jobs", disc())).await;
    assert_eq!(again.header("location"), first.header("location"));
}

#[tokio::test]
async fn keys_that_can_not_be_used_are_refused() {
    let house = House::new().await;
    let longest = "k".repeat(255);
    let too_long = "k".repeat(256);
    for (key, status) in [
        ("", 400),
        ("  ", 400),
        (&*too_long, 400),
        ("schlüssel", 400),
        (&*longest, 201),
    ] {
        let reply = house.send(keyed(key, "/jobs", disc())).await;
        assert_eq!(reply.status, status, "{key}");
        if status == 400 {
            assert_eq!(reply.json()["code"], "idempotency_key_unusable");
        }
    }
    let mut twice = keyed("a", "/jobs", disc());
    twice
        .headers_mut()
        .append("idempotency-key", "b".parse().unwrap());
    assert_eq!(house.send(twice).await.status, StatusCode::BAD_REQUEST);
}
