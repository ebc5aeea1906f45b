//! Downloads as docs/api.md has them: what counts, what a part is, what happens afterwards.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::house::{House, Reply, disc, upload};

const MODEL: &str = "model.glb";

/// A finished job whose upload said `query`.
async fn finished(house: &House, query: &str) -> String {
    let reply = house
        .send(upload(&format!("/jobs?{query}"), "image/png", disc()))
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let job = reply.header("location").to_owned();
    house.get(&format!("{job}/events")).await;
    job
}

async fn asked(house: &House, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.send(request.body(Body::empty()).unwrap()).await
}

async fn left_secs(house: &House, job: &str) -> i64 {
    house.get(job).await.json()["expires_in_secs"]
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn c1_only_a_download_to_the_last_byte_counts() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    house.clock.advance_secs(600);
    let model = format!("{job}/{MODEL}");
    let etag = house
        .get(&format!("{model}?view"))
        .await
        .header("etag")
        .to_owned();
    let none: &[(&str, &str)] = &[];
    for (method, path, headers, status) in [
        (Method::HEAD, model.clone(), none, 200),
        (Method::HEAD, model.clone(), &[("range", "bytes=0-")], 200),
        (
            Method::GET,
            model.clone(),
            &[("if-none-match", &*etag)],
            304,
        ),
        (Method::GET, model.clone(), &[("range", "bytes=0-9")], 206),
        (
            Method::GET,
            model.clone(),
            &[("range", "bytes=99999999-")],
            416,
        ),
        (Method::GET, format!("{model}?view"), none, 200),
        (Method::GET, format!("{job}/preview.png"), none, 200),
        (Method::GET, format!("{job}/report"), none, 200),
        (Method::GET, format!("{job}/report.png"), none, 200),
        (Method::HEAD, format!("{job}/model?format=stl"), none, 200),
    ] {
        let reply = asked(&house, method, &path, headers).await;
        assert_eq!(reply.status, status, "{path} {headers:?}");
        assert_eq!(left_secs(&house, &job).await, 3000, "{path} {headers:?}");
    }
    let none: &[(&str, &str)] = &[];
    for (path, headers) in [
        (model.clone(), none),
        (model.clone(), &[("range", "bytes=10-")]),
        (model.clone(), &[("range", "bytes=-1")]),
        (format!("{job}/model"), none),
        (format!("{job}/model?format=stl"), none),
    ] {
        asked(&house, Method::GET, &path, headers).await;
        assert_eq!(left_secs(&house, &job).await, 3600, "{path} {headers:?}");
        house.clock.advance_secs(60);
    }
}

#[tokio::test]
async fn a_download_that_breaks_off_does_not_count() {
    let house = House::new().await;
    house.work();
    let job = finished(&house, "delete_after_download=on").await;
    let request = Request::get(format!("{job}/{MODEL}"));
    drop(house.reply(request.body(Body::empty()).unwrap()).await);
    assert_eq!(house.get(&job).await.status, StatusCode::OK);
}

#[tokio::test]
async fn parts_fit_together_and_say_where_they_belong() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    for name in [MODEL, "preview.png"] {
        let path = format!("{job}/{name}");
        let whole = house.get(&path).await;
        assert_eq!(whole.header("accept-ranges"), "bytes");
        let etag = whole.header("etag");
        assert!(etag.starts_with('"') && etag.len() == 28, "{etag}");
        let len = whole.body.len();
        let middle = len / 2;
        let mut joined = Vec::new();
        for (first, last) in [(0, middle), (middle + 1, len - 1)] {
            let range = format!("bytes={first}-{last}");
            let headers = [("range", &*range), ("if-range", etag)];
            let part = asked(&house, Method::GET, &path, &headers).await;
            assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
            assert_eq!(
                part.header("content-range"),
                format!("bytes {first}-{last}/{len}")
            );
            assert_eq!(part.header("content-length"), part.body.len().to_string());
            assert_eq!(part.header("cache-control"), "no-store");
            joined.extend_from_slice(&part.body);
        }
        assert!(joined == whole.body, "{name}");

        let other = [("range", "bytes=0-9"), ("if-range", "\"other\"")];
        let all = asked(&house, Method::GET, &path, &other).await;
        assert_eq!((all.status, all.body.len()), (StatusCode::OK, len));
        let beyond = format!("bytes={len}-");
        let beyond = asked(&house, Method::GET, &path, &[("range", &beyond)]).await;
        assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(beyond.header("content-range"), format!("bytes */{len}"));
        assert_eq!(beyond.json()["code"], "range_beyond_end");
        let known = asked(&house, Method::GET, &path, &[("if-none-match", etag)]).await;
        assert_eq!(
            (known.status, known.body.len()),
            (StatusCode::NOT_MODIFIED, 0)
        );
    }
}

#[tokio::test]
async fn c1_after_the_first_download_everything_is_gone() {
    let house = House::new().await;
    house.work();
    for path in [MODEL, "model?format=stl"] {
        let job = finished(&house, "delete_after_download=true").await;
        let told = house.get(&job).await.json();
        assert_eq!(told["delete_after_download"], true);
        let first = house.get(&format!("{job}/{path}")).await;
        assert_eq!(first.status, StatusCode::OK, "{path}");
        assert_eq!(first.header("content-length"), first.body.len().to_string());
        for later in ["", "/model.glb", "/preview.png", "/report"] {
            let later = house.get(&format!("{job}{later}")).await;
            assert_eq!(later.status, StatusCode::GONE, "{path}");
        }
    }
}

#[tokio::test]
async fn downloads_side_by_side_are_whole_or_broken_off_and_later_ones_are_refused() {
    let house = House::new().await;
    house.work();
    let job = finished(&house, "delete_after_download=1").await;
    let path = format!("{job}/{MODEL}");
    let begun: Vec<_> = {
        let mut begun = Vec::new();
        for _ in 0..8 {
            let request = Request::get(&path).body(Body::empty()).unwrap();
            begun.push(house.reply(request).await);
        }
        begun
    };
    let mut whole = 0;
    for reply in begun {
        assert_eq!(reply.status(), StatusCode::OK);
        let announced = reply.headers()["content-length"]
            .to_str()
            .unwrap()
            .to_owned();
        // An error in the body closes the connection before all that was announced is there.
        if let Ok(body) = axum::body::to_bytes(reply.into_body(), usize::MAX).await {
            assert_eq!(body.len().to_string(), announced);
            whole += 1;
        }
    }
    assert!(whole >= 1);
    assert_eq!(house.get(&path).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn c2_a_download_that_still_runs_at_the_deadline_breaks_off() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let mut begun = Vec::new();
    for path in [MODEL, "model?format=stl"] {
        let request = Request::get(format!("{job}/{path}"));
        begun.push(house.reply(request.body(Body::empty()).unwrap()).await);
    }
    house.clock.advance_secs(3600);
    for reply in begun {
        assert_eq!(reply.status(), StatusCode::OK);
        let body = axum::body::to_bytes(reply.into_body(), usize::MAX).await;
        assert!(body.is_err());
    }
}

#[tokio::test]
async fn a_shorter_life_is_chosen_at_upload_and_afterwards() {
    let house = House::new().await;
    house.work();
    let job = finished(&house, "lifetime=30").await;
    assert_eq!(left_secs(&house, &job).await, 1800);
    let shorten = async |body: &str, accept: &str| {
        let request = Request::post(format!("{job}/shorten"))
            .header("accept", accept)
            .header("content-type", "application/x-www-form-urlencoded");
        house
            .send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    };
    let reply = shorten("lifetime=5", "*/*").await;
    assert_eq!(
        (reply.status, reply.json()["expires_in_secs"].as_i64()),
        (StatusCode::OK, Some(300))
    );
    let reply = shorten("lifetime=60", "*/*").await;
    assert_eq!(reply.json()["expires_in_secs"], 300, "never longer");
    let reply = shorten("lifetime=&delete_after_download=on", "text/html").await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (StatusCode::SEE_OTHER, &*job)
    );
    assert_eq!(house.get(&job).await.json()["delete_after_download"], true);
    for body in [
        "",
        "lifetime=0",
        "lifetime=61",
        "lifetime=x",
        "nonsense",
        "lifetime=1e3",
    ] {
        let reply = shorten(body, "*/*").await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(
            reply.text().contains("from 1 to 60"),
            "{body}: {}",
            reply.text()
        );
    }
    let nowhere = Request::post("/jobs/00000000000000000000000000/shorten")
        .header("content-type", "application/x-www-form-urlencoded");
    let reply = house
        .send(nowhere.body(Body::from("lifetime=5")).unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c1_nobody_can_have_it_kept_longer() {
    let house = House::new().await;
    for (query, reason) in [
        ("lifetime=61", "from 1 to 60"),
        ("lifetime=0", "from 1 to 60"),
        ("lifetime=-5", "from 1 to 60"),
        ("lifetime=an+hour", "from 1 to 60"),
        ("delete_after_download=maybe", "true or false"),
    ] {
        let reply = house
            .send(upload(&format!("/jobs?{query}"), "image/png", disc()))
            .await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(reply.text().contains(reason), "{query}: {}", reply.text());
    }
    let form = |life: &str| {
        let mut body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"lifetime\"\r\n\r\n{life}\r\n--x\r\n\
            content-disposition: form-data; name=\"delete_after_download\"\r\n\r\non\r\n--x\r\n\
            content-disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\n"
        )
        .into_bytes();
        body.extend(disc());
        body.extend(b"\r\n--x--\r\n");
        upload("/jobs", "multipart/form-data; boundary=x", body)
    };
    let taken = house.send(form("15")).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
    assert_eq!(taken.json()["expires_in_secs"], 900);
    assert_eq!(taken.json()["delete_after_download"], true);
    assert_eq!(house.send(form("90")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_of_other_sites_may_fetch_what_they_know_the_address_of() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let elsewhere = ("origin", "https://elsewhere.example");
    for name in ["model.glb", "model.stl", "preview.png"] {
        let path = format!("{job}/{name}");
        let reply = asked(&house, Method::GET, &path, &[elsewhere]).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{name}");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
        let exposed = reply.header("access-control-expose-headers");
        for header in ["content-disposition", "content-length"] {
            assert!(exposed.contains(header), "{name}: {exposed}");
            assert!(!reply.header(header).is_empty() || name == "preview.png");
        }
    }
    let api = format!("/api/v1{job}");
    for (path, method, allowed) in [
        (format!("{job}/{MODEL}"), "GET", "*"),
        ("/api/v1/jobs".into(), "POST", "*"),
        (api, "DELETE", "*"),
        // Pages are no one else's.
        (job.clone(), "DELETE", ""),
    ] {
        let wish = ("access-control-request-method", method);
        let headers = ("access-control-request-headers", "authorization");
        let wish = asked(&house, Method::OPTIONS, &path, &[elsewhere, wish, headers]).await;
        let origin = wish.header("access-control-allow-origin");
        assert_eq!(origin, allowed, "{method} {path}");
        assert_eq!(wish.status.is_success(), !allowed.is_empty(), "{path}");
    }
    house.request(Method::DELETE, &job, "*/*").await;
    let gone = format!("{job}/{MODEL}");
    let gone = asked(&house, Method::GET, &gone, &[elsewhere]).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(gone.header("access-control-allow-origin"), "*");
}
