//! The image tools: forms and programs ask for them, and what they make comes out.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine;
use imaging::{Limits, Picture};
use serde_json::{Value, json};

use crate::house::{House, Reply, as_browser, disc, form, upload};

/// A picture without anything special.
fn plain(width: u32, height: u32) -> Vec<u8> {
    let pixels = (0..width * height).flat_map(|i| [i as u8, 90, 30, 255]);
    imaging::encode_png(&Picture::new(width, height, pixels.collect()))
}

/// White in its middle.
fn mask(width: u32, height: u32) -> Vec<u8> {
    let white = |i: u32| {
        let (x, y) = (i % width, i / width);
        x.abs_diff(width / 2) < 4 && y.abs_diff(height / 2) < 4
    };
    let pixels = (0..width * height).flat_map(|i| match white(i) {
        true => [255; 4],
        false => [0, 0, 0, 255],
    });
    imaging::encode_png(&Picture::new(width, height, pixels.collect()))
}

fn decoded(file: &[u8]) -> Picture {
    imaging::decode(file, &Limits::default()).unwrap()
}

/// The job's JSON when it has ended.
async fn ended(house: &House, reply: &Reply) -> Value {
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let job = reply.header("location").to_owned();
    house.get(&format!("{job}/events")).await;
    house.get(&job).await.json()
}

fn link(job: &Value, name: &str) -> String {
    job["links"][name].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_form_without_scripts_leads_to_the_picture_and_its_files() {
    let house = House::new().await;
    house.work();
    let fields: &[(&str, &[u8])] = &[
        ("picture", &disc()),
        ("backdrop", b"colour"),
        ("colour", b"#0000ff"),
        // Nobody chose a file.
        ("background", b""),
        ("lifetime", b"30"),
    ];
    let sent = house
        .send(as_browser(form("/es/tools/matte", fields)))
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = sent.header("location").to_owned();
    assert!(page.starts_with("/es/jobs/"));
    house.get(&format!("{page}/events")).await;
    let page = house.visit(&page).await;
    for said in [
        "Tu imagen está lista",
        "/picture.png?view",
        "picture.webp",
        "Hacer un modelo 3D",
    ] {
        assert!(page.text().contains(said), "{said}");
    }
    for missing in ["model.glb", "data-viewer", "report-panel", "data-stage"] {
        assert!(!page.text().contains(missing), "{missing}");
    }
}

#[tokio::test]
async fn a_program_gets_the_picture_in_three_formats_and_no_model() {
    let house = House::new().await;
    house.work();
    let sent = house
        .send(form("/tools/matte", &[("picture", &disc())]))
        .await;
    let job = ended(&house, &sent).await;
    assert_eq!(
        (&job["tool"], &job["state"]),
        (&json!("matte"), &json!("done"))
    );
    assert!(job.get("tier").is_none() && job["links"].get("model").is_none());

    let png = house.get(&link(&job, "picture")).await;
    assert_eq!(png.header("content-type"), "image/png");
    assert_eq!(
        png.header("content-disposition"),
        "attachment; filename=\"picture.png\""
    );
    assert_eq!(png.header("cache-control"), "no-store");
    let made = decoded(&png.body);
    assert_eq!((made.width, made.height, made.rgba[3]), (64, 64, 0));
    let formats = job["links"]["formats"].as_object().unwrap();
    assert_eq!(formats.len(), 3);
    for (name, media_type, corner) in [("webp", "image/webp", 0), ("jpg", "image/jpeg", 255)] {
        let file = house.get(formats[name].as_str().unwrap()).await;
        assert_eq!(file.header("content-type"), media_type);
        let file = decoded(&file.body);
        assert_eq!((file.width, file.rgba[3]), (64, corner), "{name}");
        if name == "jpg" {
            assert!(file.rgba[0] > 250, "white where it was transparent");
        }
    }

    let this = link(&job, "self");
    let model = house.get(&format!("{this}/model.glb")).await;
    assert_eq!(model.json()["code"], "other_kind");
    let other = house.finished_job().await;
    let picture = house.get(&format!("{other}/picture.webp")).await;
    assert_eq!(picture.json()["code"], "other_kind");
}

#[tokio::test]
async fn a_format_that_can_not_hold_the_picture_is_refused_with_one_that_can() {
    let house = House::new().await;
    house.work();
    // A pixel longer than WebP goes.
    let long = plain(16_384, 16);
    let fields: [(&str, &[u8]); 2] = [("picture", &long), ("exposure", b"0.1")];
    let job = ended(&house, &house.send(form("/tools/edit", &fields)).await).await;
    let refused = house
        .get(job["links"]["formats"]["webp"].as_str().unwrap())
        .await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(refused.json()["code"], "too_long_for_format");
    assert!(refused.text().contains("PNG"));
    assert_eq!(house.get(&link(&job, "picture")).await.status, 200);
}

#[tokio::test]
async fn options_of_a_form_are_done() {
    let house = House::new().await;
    house.work();
    let fields: &[(&str, &[u8])] = &[
        ("picture", &plain(60, 40)),
        ("rotate", b"90"),
        ("crop", b"0,0,30,20"),
        ("exposure", b"-5"),
        ("contrast", b""),
        ("backdrop", b"keep"),
        ("colour", b"#ffffff"),
    ];
    let sent = house.send(form("/tools/edit", fields)).await;
    let job = ended(&house, &sent).await;
    let made = decoded(&house.get(&link(&job, "picture")).await.body);
    assert_eq!((made.width, made.height), (30, 20));
    assert!(made.rgba[1] < 30, "five stops darker");
}

#[tokio::test]
async fn a_mask_that_is_missing_or_does_not_fit_is_refused_at_once() {
    let house = House::new().await;
    let picture = plain(60, 40);
    let wrong = mask(60, 41);
    for (path, other, status, code) in [
        ("/tools/erase", None, 400, "no_mask"),
        ("/tools/erase", Some(("mask", &wrong)), 422, "mask_size"),
        ("/tools/matte", Some(("keep", &wrong)), 422, "mask_size"),
        ("/tools/matte", Some(("remove", &wrong)), 422, "mask_size"),
    ] {
        let mut fields: Vec<(&str, &[u8])> = vec![("picture", &picture)];
        fields.extend(other.map(|(name, file)| (name, file.as_slice())));
        let reply = house.send(form(path, &fields)).await;
        assert_eq!(reply.status, status, "{}", reply.text());
        assert_eq!(reply.json()["code"], code);
    }
    assert!(house.objects().is_empty(), "nothing was kept");
    let page = house
        .send(as_browser(form(
            "/ru/tools/erase",
            &[("picture", &picture)],
        )))
        .await;
    assert!(page.text().contains("Маски не было"), "{}", page.text());

    house.work();
    let fields: &[(&str, &[u8])] = &[
        ("picture", &picture),
        ("mask", &mask(60, 40)),
        ("seed", b"7"),
    ];
    let sent = house.send(form("/tools/erase", fields)).await;
    assert_eq!(ended(&house, &sent).await["state"], "done");
}

#[tokio::test]
async fn what_is_no_picture_or_no_option_is_refused_with_what_helps() {
    let house = House::new().await;
    let picture = plain(8, 8);
    let refused = [
        (
            vec![("picture", b"no picture".as_slice())],
            415,
            "not_a_picture",
        ),
        (vec![("exposure", b"1")], 400, "no_picture"),
        (vec![("picture", &picture[..40])], 422, "picture_truncated"),
        (
            vec![("picture", &picture), ("exposure", b"9")],
            400,
            "number_out_of_range",
        ),
        (
            vec![("picture", &picture), ("crop", b"all")],
            400,
            "unwritten",
        ),
        (
            vec![("picture", &picture), ("lifetime", b"61")],
            400,
            "unknown_lifetime",
        ),
        (
            vec![("picture", &picture), ("tint", b"1"), ("tint", b"2")],
            400,
            "said_twice",
        ),
    ];
    for (fields, status, code) in refused {
        let reply = house.send(form("/tools/edit", &fields)).await;
        assert_eq!(reply.status, status, "{code}: {}", reply.text());
        assert_eq!(reply.json()["code"], code);
    }
    let mut foreign = form("/tools/edit", &[("picture", &picture)]);
    let headers = foreign.headers_mut();
    headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(house.send(foreign).await.status, StatusCode::FORBIDDEN);
    assert!(house.objects().is_empty(), "nothing was kept");
}

#[tokio::test]
async fn what_fails_is_said_in_words_for_pictures() {
    let house = House::new().await;
    house.work();
    let outside: &[(&str, &[u8])] = &[("picture", &plain(60, 40)), ("crop", b"60,0,1,1")];
    let sent = house.send(form("/tools/edit", outside)).await;
    let job = ended(&house, &sent).await;
    assert!(
        job["failure"]
            .as_str()
            .unwrap()
            .contains("outside the picture")
    );
    let page = house.visit(&link(&job, "self")).await;
    assert!(page.text().contains("No picture this time"));

    // Its network is not installed: that may change.
    let larger: &[(&str, &[u8])] = &[("picture", &plain(60, 40)), ("upscale", b"2")];
    let sent = house.send(form("/tools/edit", larger)).await;
    let job = ended(&house, &sent).await;
    let page = house.visit(&link(&job, "self")).await;
    assert!(page.text().contains("You can have it tried again."));
    assert!(
        !page.text().contains("name=\"engine\""),
        "a tool has no engines"
    );
}

#[tokio::test]
async fn the_result_becomes_a_model_without_being_sent_again() {
    let house = House::new().await;
    house.work();
    let sent = house
        .send(form("/tools/matte", &[("picture", &disc())]))
        .await;
    let job = ended(&house, &sent).await;
    let this = link(&job, "self");
    let kind = "application/x-www-form-urlencoded";
    let onward = upload(&format!("{this}/model"), kind, "tier=pro&lifetime=5");
    let onward = house.send(as_browser(onward)).await;
    assert_eq!(onward.status, StatusCode::SEE_OTHER, "{}", onward.text());
    let model = onward.header("location").to_owned();
    assert_ne!(model, this);
    house.get(&format!("{model}/events")).await;
    let made = house.get(&model).await.json();
    assert_eq!(
        (&made["tier"], &made["state"]),
        (&json!("pro"), &json!("done"))
    );
    assert!(made["expires_in_secs"].as_i64().unwrap() <= 300);
    assert_eq!(
        house.get(&this).await.status,
        StatusCode::OK,
        "the picture is still there"
    );

    let of_model = upload(&format!("{model}/model"), kind, "");
    assert_eq!(house.send(of_model).await.json()["code"], "other_kind");
    house
        .lifecycle()
        .destroy(job["id"].as_str().unwrap().parse().unwrap())
        .await
        .unwrap();
    let gone = house.send(upload(&format!("{this}/model"), kind, "")).await;
    assert_eq!(gone.status, StatusCode::GONE);
}

#[tokio::test]
async fn programs_ask_with_json_too_and_once() {
    let house = House::new().await;
    house.work();
    let uri = |file: &[u8]| {
        let text = base64::engine::general_purpose::STANDARD.encode(file);
        format!("data:image/png;base64,{text}")
    };
    let erase = json!({ "image": uri(&plain(60, 40)), "mask": uri(&mask(60, 40)), "seed": 3 });
    let send = |tool: &str, body: &Value| {
        let path = format!("/api/v1/tools/{tool}");
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("idempotency-key", "once");
        request.body(Body::from(body.to_string())).unwrap()
    };
    let first = house.send(send("erase", &erase)).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let second = house.send(send("erase", &erase)).await;
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert!(first.header("location").contains("/api/v1/jobs/"));
    let other = json!({ "image": uri(&plain(60, 40)), "colour": "#fff" });
    let other = house.send(send("matte", &other)).await;
    assert_eq!(other.json()["code"], "idempotency_key_reused");

    let post = async |tool: &str, body: Value| {
        let path = format!("/api/v1/tools/{tool}");
        house
            .send(upload(&path, "application/json", body.to_string()))
            .await
    };
    let image = uri(&plain(60, 40));
    for (tool, body, code) in [
        (
            "matte",
            json!({ "image": image, "exposure": 1 }),
            "invalid_request",
        ),
        ("erase", json!({ "image": image }), "no_mask"),
        (
            "erase",
            json!({ "image": image, "mask": uri(&mask(40, 60)) }),
            "mask_size",
        ),
        (
            "edit",
            json!({ "image": image, "exposure": "1" }),
            "number_out_of_range",
        ),
        (
            "edit",
            json!({ "image": image, "exposure": "" }),
            "number_out_of_range",
        ),
        (
            "edit",
            json!({ "image": image, "auto_white": "yes" }),
            "unknown_choice",
        ),
        ("edit", json!({ "image": 7 }), "no_text"),
        (
            "erase",
            json!({ "image": image, "mask": uri(&mask(60, 40)), "seed": -1 }),
            "out_of_range",
        ),
    ] {
        let reply = post(tool, body).await;
        assert_eq!(reply.json()["code"], code, "{}", reply.text());
    }
    let file = form(
        "/api/v1/tools/matte",
        &[("picture", &disc()), ("mask", &disc())],
    );
    assert_eq!(house.send(file).await.json()["code"], "invalid_request");
    let key = house.key(&["read"]).await;
    let mut scoped = send("edit", &json!({ "image": image }));
    let bearer = format!("Bearer {key}").parse().unwrap();
    scoped.headers_mut().insert("authorization", bearer);
    assert_eq!(house.send(scoped).await.json()["code"], "scope_missing");
}
