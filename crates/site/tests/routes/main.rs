//! Every route as a client meets it, over the real lifecycle.

mod answers;
mod api;
mod bad_input;
mod batch;
mod codes;
mod consent;
mod derived;
mod dialects;
mod downloads;
mod expiry;
#[cfg(unix)]
#[path = "../../../vault/tests/vault/full_disk.rs"]
mod full_disk;
mod house;
mod languages;
mod options;
mod receipts;
mod refusals;
mod retrying;
mod slow;
mod status;
mod tables;
mod tools;
mod versions;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use house::{House, NOWHERE, disc, two_discs, upload};

#[tokio::test]
async fn every_reply_carries_the_security_headers() {
    let house = House::new().await;
    for path in [
        "/",
        "/health",
        "/nowhere",
        NOWHERE,
        "/jobs/not-an-id",
        "/assets/nothing.js",
    ] {
        let reply = house.visit(path).await;
        let policy = reply.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            reply.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            reply.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_loads_only_files_that_exist_and_may_be_kept() {
    let house = House::new().await;
    let page = house.visit("/").await;
    let addresses: Vec<&str> = page
        .text()
        .split('"')
        .filter(|text| text.starts_with("/assets/"))
        .collect();
    assert_eq!(
        addresses.len(),
        7,
        "icon, style, script, an example and its picture, a picture to try, licences"
    );
    for address in addresses {
        let asset = house.get(address).await;
        assert_eq!(asset.status, StatusCode::OK, "{address}");
        assert!(
            asset.header("cache-control").contains("immutable"),
            "{address}"
        );
    }
    assert!(!page.text().contains("<style") && !page.text().contains(" style="));
}

#[tokio::test]
async fn a_program_gets_the_job_and_its_links() {
    let house = House::new().await;
    let reply = house
        .send(upload("/jobs?tier=pro", "image/png", disc()))
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let job = reply.json();
    assert_eq!(job["state"], "queued");
    assert_eq!(job["expires_in_secs"], 3600);
    assert_eq!(job["expires_at"], "2026-09-21T15:13:20Z");
    assert_eq!(job["links"]["self"], reply.header("location"));
    assert!(job["links"].get("model").is_none(), "there is none yet");
    assert_eq!(
        house.get(reply.header("location")).await.json()["id"],
        job["id"]
    );
}

#[tokio::test]
async fn an_engine_can_be_named_and_a_missing_one_is_a_reason() {
    let house = House::new().await;
    let odd = house
        .send(upload("/jobs?engine=warp", "image/png", disc()))
        .await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    assert!(odd.text().contains("builtin, triposr"), "{}", odd.text());
    house.work();
    for (engine, state) in [("inflate", "done"), ("triposr", "failed")] {
        let address = format!("/jobs?engine={engine}&tier=base");
        let reply = house.send(upload(&address, "image/png", disc())).await;
        assert_eq!(reply.status, StatusCode::CREATED);
        let job = reply.header("location").to_owned();
        house.get(&format!("{job}/events")).await;
        let job = house.get(&job).await.json();
        assert_eq!(job["state"], state, "{engine}");
        if state == "failed" {
            let reason = job["failure"].as_str().unwrap();
            assert!(reason.contains("not installed"), "{reason}");
        }
    }
    let page = house.visit("/").await;
    assert!(page.text().contains(r#"<option value="triposr">"#));
}

#[tokio::test]
async fn a_form_without_scripts_leads_to_the_jobs_page_and_on() {
    let house = House::new().await;
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"tier\"\r\n\r\nbase\r\n--x\r\n\
        content-disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\n"
        .to_vec();
    body.extend(disc());
    body.extend(b"\r\n--x--\r\n");
    let mut request = upload("/jobs", "multipart/form-data; boundary=x", body);
    request
        .headers_mut()
        .insert("accept", "text/html".parse().unwrap());
    let reply = house.send(request).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);

    let job = reply.header("location").to_owned();
    let waiting = house.visit(&job).await;
    assert_eq!(waiting.header("cache-control"), "no-store");
    assert!(
        waiting
            .text()
            .contains(r#"<noscript><meta http-equiv="refresh""#)
    );
    house.work();
    house.get(&format!("{job}/events")).await;
    let ready = house.visit(&job).await;
    assert!(!ready.text().contains("http-equiv"));
    assert!(ready.text().contains("Your model is ready"));

    let deleted = house
        .request(Method::POST, &format!("{job}/delete"), "text/html")
        .await;
    assert_eq!(
        (deleted.status, deleted.header("location")),
        (StatusCode::SEE_OTHER, &*job)
    );
    let gone = house.visit(&job).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text().contains("Start with another picture"));
}

#[tokio::test]
async fn bad_uploads_are_refused_with_a_reason_and_leave_no_job() {
    let house = House::with(|config| config.max_upload_bytes = 100_000).await;
    let cut = disc()[..200].to_vec();
    for (kind, body, status, reason) in [
        ("image/png", vec![], 400, "picture"),
        ("image/png", b"Dear diary".to_vec(), 415, "not a picture"),
        ("text/plain", disc(), 415, "multipart/form-data"),
        (
            "application/x-www-form-urlencoded",
            disc(),
            415,
            "multipart/form-data",
        ),
        ("image/png", cut, 422, "again"),
        ("image/png", vec![0; 100_001], 413, "At most"),
        ("image/png", vec![0; 400_000], 413, "At most"),
        ("multipart/form-data", vec![], 400, "again"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nrubbish".to_vec(),
            400,
            "again",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x--\r\n".to_vec(),
            400,
            "picture",
        ),
    ] {
        let length = body.len();
        let mut request = upload("/jobs", kind, body);
        request
            .headers_mut()
            .insert("content-length", length.into());
        let reply = house.send(request).await;
        assert_eq!(reply.status, status, "{kind} {length}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.json()["status"], status);
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(reason), "{kind} {length}: {detail}");
    }
    let reply = house
        .send(upload("/jobs?tier=gold", "image/png", disc()))
        .await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let job = house.upload("image/png", disc()).await.json();
    assert_eq!(job["queue_position"], 0, "nothing was queued before");
}

#[tokio::test]
async fn a_full_queue_asks_to_come_back_later() {
    let house = House::with(|config| config.max_queued_jobs = 1).await;
    house.job().await;
    let reply = house.upload("image/png", disc()).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn one_address_can_not_fill_the_queue_of_the_others() {
    let house = House::with(|config| config.max_queued_per_owner = 2).await;
    let from = async |address: &str| {
        let mut request = upload("/jobs", "image/png", disc());
        let peer = site::Peer(address.parse().unwrap());
        request.extensions_mut().insert(peer);
        house.send(request).await
    };
    for _ in 0..2 {
        assert_eq!(from("192.0.2.1").await.status, StatusCode::CREATED);
    }
    let refused = from("192.0.2.1").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(
        refused.text().contains("At most 2 pictures"),
        "{}",
        refused.text()
    );
    assert_eq!(from("192.0.2.2").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn artifacts_come_with_their_deadline_and_are_not_kept_by_anyone() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    for (name, kind, disposition) in [
        (
            "model.glb",
            "model/gltf-binary",
            "attachment; filename=\"model.glb\"",
        ),
        (
            "preview.png",
            "image/png",
            "inline; filename=\"preview.png\"",
        ),
    ] {
        let path = format!("{job}/{name}");
        let reply = house.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("content-type"), kind);
        assert_eq!(reply.header("content-disposition"), disposition);
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-expires-at"), "2026-09-21T15:13:20Z");
        assert_eq!(reply.header("content-length"), reply.body.len().to_string());

        let head = house.request(Method::HEAD, &path, "*/*").await;
        assert_eq!(
            head.header("content-length"),
            reply.header("content-length")
        );
        assert!(head.body.is_empty());
    }
    assert_eq!(
        &house.get(&format!("{job}/model.glb")).await.body[..4],
        b"glTF"
    );
}

#[tokio::test]
async fn there_is_nothing_to_download_before_the_model_and_after_the_hour() {
    let house = House::new().await;
    let job = house.job().await;
    let model = format!("{job}/model.glb");
    assert_eq!(house.get(&model).await.status, StatusCode::CONFLICT);
    house.work();
    house.get(&format!("{job}/events")).await;
    assert_eq!(house.get(&model).await.status, StatusCode::OK);
    house.clock.advance_secs(3600);
    for path in [
        &model,
        &job,
        &format!("{job}/preview.png"),
        &format!("{job}/events"),
    ] {
        assert_eq!(house.get(path).await.status, StatusCode::GONE);
    }
}

#[tokio::test]
async fn deleting_destroys_at_once_and_only_once() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let delete = async || house.request(Method::DELETE, &job, "*/*").await.status;
    assert_eq!(delete().await, StatusCode::NO_CONTENT);
    assert_eq!(
        house.get(&format!("{job}/model.glb")).await.status,
        StatusCode::GONE
    );
    assert_eq!(delete().await, StatusCode::GONE);
    assert_eq!(
        house.request(Method::DELETE, NOWHERE, "*/*").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn progress_streams_from_the_present_state_to_the_final_one() {
    let house = House::new().await;
    let job = house.job().await;
    house.work();
    let reply = house.get(&format!("{job}/events")).await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let states: Vec<&str> = reply
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| {
            if data.contains(r#""state":"done""#) {
                "done"
            } else {
                "before"
            }
        })
        .collect();
    assert_eq!(states.last(), Some(&"done"));
    assert_eq!(states.iter().filter(|state| **state == "done").count(), 1);

    let again = house.get(&format!("{job}/events")).await;
    assert_eq!(
        again.text().matches("event: job").count(),
        1,
        "a finished job is told once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_can_be_stopped() {
    for api in ["", "/api/v1"] {
        let house = House::new().await;
        let job = house.job().await;
        let stopped = {
            let held = house.hold_the_network().await;
            house.work();
            while house.get(&job).await.json()["stage"] != "shape" {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            let cancel = format!("{api}{job}/cancel");
            let stopped = house.request(Method::POST, &cancel, "*/*").await;
            drop(held);
            stopped
        };
        assert_eq!(stopped.json()["state"], "cancelled");
        assert!(house.visit(&job).await.text().contains("Stopped"));
        let model = house.get(&format!("{job}/model.glb")).await;
        assert_eq!(model.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn other_sites_cannot_act_in_a_visitors_name() {
    let house = House::new().await;
    let job = house.job().await;
    for (method, path) in [(Method::POST, "/jobs"), (Method::DELETE, &*job)] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "image/png");
        let reply = house.send(request.body(Body::from(disc())).unwrap()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(house.get(&job).await.status, StatusCode::OK);
}

#[tokio::test]
async fn people_get_pages_and_programs_get_json_when_something_is_wrong() {
    let house = House::new().await;
    for (path, status) in [
        ("/nowhere", 404),
        (NOWHERE, 404),
        ("/jobs/..%2f..%2fetc", 404),
        ("/jobs", 405),
    ] {
        let page = house.visit(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{path}"
        );
        assert!(page.text().contains("Back to the start"), "{path}");
        let problem = house.get(path).await;
        assert_eq!(
            problem.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        assert_eq!(problem.json()["status"], status, "{path}");
    }
    assert_eq!(house.get("/health").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_and_programs_are_told_what_is_unusual_about_the_picture() {
    let house = House::new().await;
    house.work();
    let job = house.upload("image/png", two_discs()).await;
    let job = job.header("location").to_owned();
    house.get(&format!("{job}/events")).await;
    let page = house.visit(&job).await;
    let sentence = "2 separate objects were found and only the main one was modelled; \
        crop the picture to the one you want.";
    let notice = format!(r#"<p class="notice">{sentence}</p>"#);
    assert!(page.text().contains(&notice), "{}", page.text());
    let told = &house.get(&job).await.json()["notices"][0];
    assert_eq!(told["name"], "several_objects");
    assert!(
        told["text"]
            .as_str()
            .unwrap()
            .starts_with("2 separate objects")
    );
}
