//! The API for programs: keys, lists, resumed streams, files ahead of jobs, and what is refused.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use serde_json::{Value, json};

use crate::house::{House, Reply, disc, form, upload};

const JOBS: &str = "/api/v1/jobs";

pub async fn post(house: &House, path: &str, body: &Value) -> Reply {
    house
        .send(upload(path, "application/json", body.to_string()))
        .await
}

pub fn data_uri(file: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(file);
    format!("data:image/png;base64,{text}")
}

pub async fn with_key(house: &House, method: Method, path: &str, key: &str) -> Reply {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "image/png")
        // As a page of another site sends it.
        .header("origin", "https://elsewhere.example")
        .header("sec-fetch-site", "cross-site");
    house.send(request.body(Body::from(disc())).unwrap()).await
}

#[tokio::test]
async fn a_keys_jobs_are_listed_for_it_alone() {
    let house = House::new().await;
    let key = house.key(&["generate", "read"]).await;
    let other = house.key(&["read"]).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let reply = with_key(&house, Method::POST, JOBS, &key).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        assert_eq!(reply.header("ratelimit-limit"), "8");
        made.push(reply.json()["id"].clone());
    }
    house.job().await;
    let page = with_key(&house, Method::GET, &format!("{JOBS}?limit=2"), &key)
        .await
        .json();
    assert_eq!(page["jobs"].as_array().unwrap().len(), 2);
    let next = page["next"].as_str().unwrap();
    let rest = format!("{JOBS}?limit=2&cursor={next}");
    let rest = with_key(&house, Method::GET, &rest, &key).await.json();
    assert_eq!(rest["next"], Value::Null);
    let ids = [&page["jobs"][0], &page["jobs"][1], &rest["jobs"][0]];
    for id in &made {
        assert!(ids.iter().any(|job| job["id"] == *id), "each is listed");
    }
    let foreign = with_key(&house, Method::GET, JOBS, &other).await.json();
    assert_eq!(foreign["jobs"], json!([]));
}

#[tokio::test]
async fn a_key_that_is_sent_counts_everywhere() {
    let house = House::new().await;
    let reader = house.key(&["read"]).await;
    for (key, status, code) in [
        ("nonsense", 401, "key_unknown"),
        ("tsk_00000000000000000000000000", 401, "key_unknown"),
        (reader.as_str(), 403, "scope_missing"),
    ] {
        let reply = with_key(&house, Method::POST, JOBS, key).await;
        assert_eq!(reply.status, status, "{}", reply.text());
        assert_eq!(reply.json()["code"], code);
    }
    let nobody = house.get(JOBS).await;
    assert_eq!(nobody.json()["code"], "key_missing");
    let mut foreign = upload(JOBS, "image/png", disc());
    let headers = foreign.headers_mut();
    headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let foreign = house.send(foreign).await;
    assert_eq!(
        foreign.status,
        StatusCode::FORBIDDEN,
        "no key, another site"
    );
}

#[tokio::test]
async fn pages_of_other_sites_can_read_why_a_job_is_gone() {
    let house = House::new().await;
    let key = house.key(&["generate", "read", "delete"]).await;
    let job = with_key(&house, Method::POST, JOBS, &key).await.json();
    let path = format!("{JOBS}/{}", job["id"].as_str().unwrap());
    let delete = job["links"]["delete"].as_str().unwrap();
    assert!(delete.ends_with(&path), "{delete}");
    let deleted = with_key(&house, Method::DELETE, delete, &key).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let gone = with_key(&house, Method::GET, &path, &key).await;
    assert_eq!(gone.json()["code"], "gone");
    assert_eq!(gone.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn what_can_not_be_used_is_refused_with_its_code() {
    let house = House::new().await;
    for (body, status, code) in [
        (json!({ "prompt": "a teapot" }), 422, "no_text_model"),
        (
            json!({ "image": "x", "colour": "red" }),
            400,
            "invalid_request",
        ),
        (json!({ "image": 7 }), 400, "invalid_request"),
        (
            json!({ "image": "data:text/html;base64,YWI=" }),
            400,
            "invalid_request",
        ),
        (
            json!({ "image": "data:image/png;base64,%%" }),
            400,
            "invalid_request",
        ),
        (
            json!({ "image": "file:///etc/passwd" }),
            400,
            "invalid_request",
        ),
        (
            json!({ "image": "http://127.0.0.1:1/" }),
            422,
            "picture_unreachable",
        ),
        (
            json!({ "image": "http://169.254.169.254/" }),
            422,
            "picture_unreachable",
        ),
        (json!({ "image": "x", "faces": 1 }), 400, "invalid_request"),
        (
            json!({ "image": "x", "webhook_url": "https://example.org" }),
            400,
            "invalid_request",
        ),
        (
            json!({ "image": "x", "webhook_url": "http://10.0.0.1/", "webhook_secret": "0123456789abcdef" }),
            422,
            "webhook_unreachable",
        ),
    ] {
        let reply = post(&house, JOBS, &body).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.text());
        assert_eq!(reply.json()["code"], code, "{body}");
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
    assert!(house.objects().is_empty(), "nothing is left behind");
}

#[tokio::test]
async fn several_sides_make_one_job_however_they_come() {
    let house = House::new().await;
    house.work();
    let disc = disc();
    let shelved = house
        .send(upload("/api/v1/files", "image/png", disc.clone()))
        .await;
    let file = shelved.json()["id"].as_str().unwrap().to_owned();
    let named = json!({ "image": data_uri(&disc), "left": file, "right": data_uri(&disc) });
    let by_name = post(&house, JOBS, &named).await;
    let fields: [(&str, &[u8]); 4] = [
        ("picture", &disc),
        ("left", &disc),
        ("back", b""),
        ("tier", b"base"),
    ];
    let by_form = house.send(form(JOBS, &fields)).await;
    let tripo = json!({ "inputs": [data_uri(&disc), null, data_uri(&disc)] });
    let tripo = post(&house, "/v3/generation/multiview-to-model", &tripo).await;
    let meshy = json!({ "image_urls": [data_uri(&disc), data_uri(&disc)] });
    let meshy = post(&house, "/openapi/v1/multi-image-to-3d", &meshy).await;
    let ids = [
        by_name.json()["id"].clone(),
        by_form.json()["id"].clone(),
        tripo.json()["data"]["task_id"].clone(),
        meshy.json()["result"].clone(),
    ];
    for id in ids {
        let id = id.as_str().expect("a job was made");
        let events = house.get(&format!("{JOBS}/{id}/events")).await;
        assert!(events.text().contains(r#""state":"done""#));
        let model = house.get(&format!("/jobs/{id}/model.glb")).await;
        assert!(model.body.starts_with(b"glTF"));
    }
    let task = meshy.json()["result"].as_str().unwrap().to_owned();
    let path = format!("/openapi/v1/multi-image-to-3d/{task}");
    let gone = house.request(Method::DELETE, &path, "*/*").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    assert_eq!(house.get(&path).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_side_that_can_not_be_used_is_named_in_every_dialect() {
    let house = House::new().await;
    let (disc, text) = (data_uri(&disc()), data_uri(b"Dear diary"));
    let base64 = |uri: &str| uri.split_once(',').unwrap().1.to_owned();
    for (path, body) in [
        (JOBS, json!({ "image": disc, "back": text })),
        (
            "/v3/generation/multiview-to-model",
            json!({ "inputs": [disc, null, text, null] }),
        ),
        (
            "/openapi/v1/multi-image-to-3d",
            json!({ "image_urls": [disc, null, text] }),
        ),
        (
            "/send",
            json!({ "image": base64(&disc), "image_back": base64(&text) }),
        ),
    ] {
        let reply = post(&house, path, &body).await;
        assert_eq!(reply.status, 415, "{path}: {}", reply.text());
        let told = reply.text();
        assert!(told.contains("The picture of the back: "), "{path}: {told}");
    }
    for body in [
        json!({ "inputs": [null, disc] }),
        json!({ "inputs": [] }),
        json!({ "inputs": [disc, disc, disc, disc, disc] }),
    ] {
        let reply = post(&house, "/v3/generation/multiview-to-model", &body).await;
        assert_eq!(reply.status, 400, "{}", reply.text());
    }
    let twice = json!({ "image": disc, "left": disc, "colour": disc });
    assert_eq!(post(&house, JOBS, &twice).await.status, 400);
    let fields: [(&str, &[u8]); 2] = [("file", b"x"), ("left", b"x")];
    let reply = house.send(form("/api/v1/files", &fields)).await;
    assert_eq!(
        reply.status,
        400,
        "a file ahead has no sides: {}",
        reply.text()
    );
    assert!(house.objects().is_empty(), "nothing is left behind");
}

#[tokio::test]
async fn a_file_sent_ahead_makes_a_job_until_it_is_deleted_or_due() {
    let house = House::new().await;
    let file = house
        .send(upload("/api/v1/files", "image/png", disc()))
        .await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text());
    let id = file.json()["id"].as_str().unwrap().to_owned();
    let body = json!({ "image": id, "tier": "base" });
    let job = post(&house, JOBS, &body).await;
    assert_eq!(job.status, StatusCode::CREATED, "{}", job.text());
    let file_path = format!("/api/v1/files/{id}");
    let deleted = house.request(Method::DELETE, &file_path, "*/*").await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(
        post(&house, JOBS, &body).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(house.objects().len(), 1, "the job's own picture stays");

    house
        .send(upload("/api/v1/files", "image/png", disc()))
        .await;
    house.clock.advance_secs(3600);
    house.reap().await;
    assert!(house.objects().is_empty());
}

#[tokio::test]
async fn a_stream_goes_on_after_what_was_seen() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let events = format!("/api/v1{job}/events");
    let whole = house.get(&events).await;
    let ids: Vec<&str> = whole
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("id: "))
        .collect();
    let resumed = Request::get(&events).header("last-event-id", *ids.last().unwrap());
    let resumed = house.send(resumed.body(Body::empty()).unwrap()).await;
    assert_eq!(resumed.status, StatusCode::NO_CONTENT, "all of it was seen");
    let earlier = Request::get(&events).header("last-event-id", "queued.-.0.0");
    let earlier = house.send(earlier.body(Body::empty()).unwrap()).await;
    assert!(earlier.text().contains(r#""state":"done""#));
}

#[tokio::test]
async fn every_documented_address_is_there_and_shown() {
    let house = House::new().await;
    let text = house.get("/api/v1/openapi.json").await.json();
    let page = house.visit("/docs/api").await;
    assert_eq!(page.status, StatusCode::OK);
    let assets = page.text().split('"');
    for asset in assets.filter(|text| text.starts_with("/assets/")) {
        assert_eq!(house.get(asset).await.status, StatusCode::OK, "{asset}");
    }
    assert!(!page.text().contains("src=\"http"), "all of it is ours");
    for (path, item) in text["paths"].as_object().unwrap() {
        let address = path.replace("{id}", "00000000000000000000000000");
        for method in item
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "parameters")
        {
            let method: Method = method.to_uppercase().parse().unwrap();
            assert!(
                page.text().contains(&format!("{method} {path}")),
                "{method} {path}"
            );
            let reply = house.request(method.clone(), &address, "*/*").await;
            let code = reply.status.is_success().then_some(Value::Null);
            let code = code.unwrap_or_else(|| reply.json()["code"].clone());
            assert_ne!(
                reply.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            let detail = reply.text().contains("This address leads nowhere");
            assert!(!detail, "{method} {path}: {code}");
        }
    }
}
