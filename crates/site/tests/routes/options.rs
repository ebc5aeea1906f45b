//! Everything that may be asked for: several sides of an object, and the engine's options.

use axum::http::StatusCode;
use serde_json::json;

use crate::house::{House, Reply, disc, form, upload};

async fn send(house: &House, fields: &[(&str, &[u8])]) -> Reply {
    house.send(form("/jobs", fields)).await
}

#[tokio::test]
async fn several_sides_make_one_job() {
    let house = House::new().await;
    house.work();
    let disc = disc();
    // A form without scripts sends its empty file fields, too.
    let fields: [(&str, &[u8]); 4] = [
        ("picture", &disc),
        ("left", &disc),
        ("back", b""),
        ("right", &disc),
    ];
    let reply = send(&house, &fields).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let job = reply.header("location").to_owned();
    let events = house.get(&format!("{job}/events")).await;
    assert!(events.text().contains(r#""state":"done""#));
    let model = house.get(&format!("{job}/model.glb")).await;
    assert!(model.body.starts_with(b"glTF"));
}

#[tokio::test]
async fn sides_that_can_not_be_used_are_named() {
    let house = House::new().await;
    let disc = disc();
    let fields: [(&str, &[u8]); 2] = [("picture", &disc), ("left", b"Dear diary")];
    let reply = send(&house, &fields).await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let detail = reply.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("The left picture: "), "{detail}");

    let reply = send(&house, &[("left", &disc)]).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "no front");
}

#[tokio::test]
async fn the_form_has_a_field_for_every_option_in_every_language() {
    let house = House::new().await;
    for page in ["/", "/es", "/fr/pro", "/ja/ultra", "/pt/free", "/ru"] {
        let html = house.visit(page).await.text().to_owned();
        for name in [
            "tier",
            "engine",
            "keep_background",
            "seed",
            "faces",
            "texture",
            "topology",
            "symmetry",
            "size_mm",
            "ground",
            "print",
            "lifetime",
            "delete_after_download",
        ] {
            assert!(html.contains(&format!("name=\"{name}\"")), "{page}: {name}");
        }
        for value in ["quad", "x", "lowest", "centre"] {
            assert!(
                html.contains(&format!("<option value=\"{value}\">")),
                "{page}: {value}"
            );
        }
    }
}

#[tokio::test]
async fn every_option_is_taken_by_form_and_by_address_and_told_again() {
    let house = House::new().await;
    let options = json!({
        "tier": "pro", "engine": "inflate", "keep_background": true, "seed": u64::MAX,
        "faces": 5000, "texture": 512, "topology": "quad", "symmetry": "x", "size_mm": 80.0,
        "ground": "lowest", "print": true,
    });
    let options = options.as_object().unwrap();
    let words: Vec<(&str, String)> = options
        .iter()
        .map(|(name, value)| {
            (
                name.as_str(),
                value.to_string().trim_matches('"').to_owned(),
            )
        })
        .collect();
    let disc = disc();
    let mut fields: Vec<(&str, &[u8])> = vec![("picture", &disc)];
    fields.extend(words.iter().map(|(name, value)| (*name, value.as_bytes())));
    let query: Vec<String> = words
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let address = format!("/jobs?{}", query.join("&"));
    for reply in [
        send(&house, &fields).await,
        house
            .send(upload(&address, "image/png", disc.clone()))
            .await,
    ] {
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        let job = house.get(reply.header("location")).await.json();
        for (name, value) in options {
            assert_eq!(&job[name], value, "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_to_be_printed_is_a_decimetre_long_unless_somebody_says_otherwise() {
    let house = House::new().await;
    for (words, size) in [
        ("print=true", json!(100.0)),
        ("print=true&size_mm=25", json!(25.0)),
        ("print=false&size_mm=", json!(null)),
    ] {
        let address = format!("/jobs?{words}");
        let reply = house.send(upload(&address, "image/png", disc())).await;
        assert_eq!(reply.json()["size_mm"], size, "{words}");
    }
}

#[tokio::test]
async fn options_that_do_not_exist_are_refused_with_those_that_do() {
    let house = House::new().await;
    for (words, reason) in [
        (
            "faces=99",
            "The field faces is a whole number from 100 to 1000000.",
        ),
        ("faces=many", "The field faces is a whole number"),
        (
            "texture=9000",
            "The field texture is a whole number from 64 to 8192.",
        ),
        ("seed=-1", "The field seed is a whole number from 0"),
        (
            "topology=pentagon",
            "The field topology is one of triangle, quad.",
        ),
        ("symmetry=y", "The field symmetry is one of auto, x, none."),
        (
            "ground=sky",
            "The field ground is one of flat, lowest, centre.",
        ),
        ("size_mm=0", "The longest side is a number of millimetres"),
        ("print=perhaps", "print are true or false"),
        ("tier=pro&tier=base", "Each option is given once."),
    ] {
        let address = format!("/jobs?{words}");
        let reply = house.send(upload(&address, "image/png", disc())).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{words}");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(reason), "{words}: {detail}");
        if words.starts_with("print") {
            assert_eq!(reply.json()["code"], "unknown_flag");
        }
    }
    let job = house.upload("image/png", disc()).await.json();
    assert_eq!(job["queue_position"], 0, "nothing was queued before");
}
