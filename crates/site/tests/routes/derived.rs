//! `/jobs/{id}/model` and `/jobs/{id}/report`: what is made of a model on demand.

use axum::http::StatusCode;
use formats::Format;

use super::NOWHERE;
use super::house::{House, Reply};

#[tokio::test]
async fn every_format_comes_under_its_own_name_and_type_and_can_be_read() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let links = house.get(&job).await.json()["links"].clone();
    let glb = house.get(&format!("{job}/model.glb")).await;
    let faces = read(&glb).triangles.len();
    for format in Format::ALL {
        let name = format.name();
        let link = links["formats"][name].as_str().unwrap();
        let file = format!("{job}/model.{}", format.extension());
        assert_eq!(link, file);
        let asked = house.get(&format!("{job}/model?format={name}")).await;
        assert_eq!(asked.status, StatusCode::OK, "{name}");
        let reply = house.get(link).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}: {}", reply.text());
        assert_eq!(reply.header("content-type"), format.media_type());
        let disposition = format!("attachment; filename=\"model.{}\"", format.extension());
        assert_eq!(reply.header("content-disposition"), disposition);
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-expires-at"), "2026-09-21T15:13:20Z");
        assert_eq!(read(&reply).triangles.len(), faces, "{name}");
    }
    let unnamed = house.get(&format!("{job}/model")).await;
    assert_eq!(unnamed.body, glb.body, "GLB is the usual format");
}

#[tokio::test]
async fn a_printers_file_has_the_size_that_was_asked_for() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let side = async |query: &str| {
        let stl = house.get(&format!("{job}/model?format=stl{query}")).await;
        let count = u32::from_le_bytes(stl.body[80..84].try_into().unwrap());
        assert_eq!(stl.body.len(), 84 + 50 * count as usize);
        let (low, high) = mesh::measure::bounds(&read(&stl).positions);
        1000.0 * (high - low).max_element()
    };
    assert!((side("&size_mm=62.5").await - 62.5).abs() < 0.01);
    // A form whose field was left empty.
    assert!((side("&size_mm=").await - 1000.0).abs() < 0.1);
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_with_what_can() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    for (path, reason) in [
        ("model?format=fbx", "glb, gltf, obj, stl, 3mf, ply, usdz"),
        ("model?format=", "glb, gltf, obj, stl, 3mf, ply, usdz"),
        ("model?format=stl&format=ply", "glb, gltf"),
        ("model?format=stl&size_mm=0.5", "from 1 to 10,000"),
        ("model?format=stl&size_mm=10001", "from 1 to 10,000"),
        ("model?format=stl&size_mm=NaN", "from 1 to 10,000"),
        ("report?size_mm=large", "from 1 to 10,000"),
        ("report.png?size_mm=-5", "from 1 to 10,000"),
    ] {
        let reply = house.get(&format!("{job}/{path}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(reason), "{path}: {detail}");
        let code = match path.contains("size_mm") {
            true => "unknown_size",
            false => "unknown_format",
        };
        assert_eq!(reply.json()["code"], code, "{path}");
    }
}

#[tokio::test]
async fn the_report_speaks_of_the_size_that_was_asked_for() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let report = async |query: &str| house.get(&format!("{job}/report{query}")).await.json();
    let longest = |report: &serde_json::Value| {
        let sides = report["size"].as_array().unwrap().iter();
        sides.map(|side| side.as_f64().unwrap()).fold(0.0, f64::max)
    };
    let usual = report("").await;
    assert_eq!(usual["printable"], true, "{usual}");
    assert_eq!(usual["watertight"], true);
    assert!((longest(&usual) - 0.1).abs() < 1e-5);
    assert!(
        usual.get("marks").is_none(),
        "a mark per face is no reading"
    );

    let tiny = report("?size_mm=1").await;
    assert!((longest(&tiny) - 0.001).abs() < 1e-7);
    let advice = tiny["advice"].to_string();
    assert!(advice.contains("print it larger"), "{advice}");
}

#[tokio::test]
async fn people_read_the_report_as_a_page_with_a_picture() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    let page = house.visit(&format!("{job}/report?size_mm=1")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(page.header("vary"), "accept");
    assert_eq!(page.header("cache-control"), "no-store");
    for words in ["Thinnest wall", "print it larger", "report.png?size_mm=1"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let picture = house.get(&format!("{job}/report.png?size_mm=1")).await;
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("cache-control"), "no-store");
    let decoded = imaging::decode(&picture.body, &Default::default()).unwrap();
    assert_eq!((decoded.width, decoded.height), (896, 936));
}

#[tokio::test]
async fn nothing_is_derived_before_the_model_after_it_was_deleted_or_after_the_hour() {
    let house = House::new().await;
    let all = async |job: &str, status: StatusCode| {
        for path in ["model?format=stl", "model", "report", "report.png"] {
            let reply = house.get(&format!("{job}/{path}")).await;
            assert_eq!(reply.status, status, "{path}");
            assert_eq!(reply.header("content-type"), "application/problem+json");
        }
    };
    let late = house.job().await;
    all(&late, StatusCode::CONFLICT).await;
    all(NOWHERE, StatusCode::NOT_FOUND).await;
    house.work();
    house.get(&format!("{late}/events")).await;

    let deleted = house.finished_job().await;
    let reply = house
        .request(axum::http::Method::DELETE, &deleted, "*/*")
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    all(&deleted, StatusCode::GONE).await;

    house.clock.advance_secs(3600);
    all(&late, StatusCode::GONE).await;
}

#[tokio::test]
async fn the_page_offers_tiers_formats_and_the_report_without_scripts() {
    let house = House::new().await;
    house.work();
    let home = house.visit("/").await;
    for tier in ["base", "pro", "ultra"] {
        assert!(
            home.text()
                .contains(&format!(r#"name="tier" value="{tier}""#))
        );
    }
    assert!(
        home.text().contains("2K texture, 60k faces"),
        "{}",
        home.text()
    );
    let job = house.finished_job().await;
    let page = house.visit(&job).await;
    for address in [
        "model.glb",
        "model?format=usdz",
        "model?format=obj",
        "report",
    ] {
        let link = format!(r#"href="{job}/{address}""#);
        assert!(page.text().contains(&link), "{address}: {}", page.text());
    }
    assert!(page.text().contains(r#"name="format" value="stl""#));
}

fn read(reply: &Reply) -> mesh::Model {
    let opened = formats::read(&reply.body, &|_| None, &formats::Limits::default());
    opened.expect("our own reader takes it").model
}
