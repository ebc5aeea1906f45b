//! What clients of other services ask about tasks and files beside having models made, and how they hear
//! that something is not there. The clients themselves are in `tests/api/clients.py`.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::api::{data_uri, post, with_key};
use crate::house::{House, Reply, disc, upload};

/// Waits for the end of a job.
async fn ended(house: &House, id: &str) {
    house.get(&format!("/api/v1/jobs/{id}/events")).await;
}

async fn asked(house: &House, path: &str, key: &str, body: &Value) -> Reply {
    let mut request = upload(path, "application/json", body.to_string());
    let headers = request.headers_mut();
    headers.insert("x-api-key", key.parse().unwrap());
    house.send(request).await
}

fn ids(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap();
    let ids = list
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[tokio::test]
async fn tripo_takes_a_file_at_an_address_that_was_given_out_and_once_only() {
    let house = House::new().await;
    let key = house.key(&["generate", "read"]).await;
    let wish = json!({ "format": "png" });
    let place = asked(&house, "/v3/files/presign", &key, &wish).await.json();
    let token = place["data"]["file_token"].as_str().unwrap().to_owned();
    let address = place["data"]["presigned_url"].as_str().unwrap();
    let address = address.strip_prefix("http://localhost").unwrap();
    let put = async |path: &str, file: Vec<u8>| {
        let mut request = upload(path, "image/png", file);
        *request.method_mut() = Method::PUT;
        house.send(request).await
    };
    let make = json!({ "input": token });
    let early = asked(&house, "/v3/generation/image-to-model", &key, &make).await;
    assert_eq!(early.status, 400, "nothing is there yet: {}", early.text());
    let refused = put(address, b"Dear diary".to_vec()).await;
    assert_eq!(
        (refused.status.as_u16(), house.holds().await),
        (415, (0, 0))
    );
    assert_eq!(put(address, disc()).await.status, 200);
    let again = put(address, disc()).await;
    assert_eq!(again.status, 404, "it is taken: {}", again.text());
    let nowhere = put("/v3/files/00000000000000000000000000", disc()).await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(house.holds().await, (1, 0));
    let made = asked(&house, "/v3/generation/image-to-model", &key, &make).await;
    assert!(
        made.json()["data"]["task_id"].is_string(),
        "{}",
        made.text()
    );

    let late = asked(&house, "/v3/files/presign", &key, &wish).await.json();
    let late = late["data"]["file_token"].as_str().unwrap().to_owned();
    house.clock.advance_secs(3600);
    let late = put(&format!("/v3/files/{late}"), disc()).await;
    assert_eq!(late.status, 404, "its hour is over");
}

#[tokio::test]
async fn meshys_nodes_put_a_picture_at_an_address_and_name_it() {
    let house = House::new().await;
    let about = json!({ "file_name": "a.png", "content_type": "image/png" });
    let place = post(&house, "/customers/storage", &about).await.json();
    let address = place["upload_url"].as_str().unwrap();
    let path = address.strip_prefix("http://localhost").unwrap();
    let put = async |file: Vec<u8>| {
        let request = Request::put(path).body(Body::from(file)).unwrap();
        house.send(request).await.status
    };
    let make = json!({ "image_url": place["download_url"] });
    let early = post(&house, "/openapi/v1/image-to-3d", &make).await;
    assert_eq!(early.status, 400, "nothing is there yet: {}", early.text());
    assert_eq!(put(Vec::new()).await, 400);
    assert_eq!(put(b"Dear diary".to_vec()).await, 415);
    assert_eq!(house.holds().await, (0, 0));
    assert_eq!(put(disc()).await, 200);
    assert_eq!(put(disc()).await, 404, "it is taken");
    assert_eq!(house.get(path).await.status, 405, "nobody can fetch it");
    let make = json!({ "image_urls": [place["download_url"], data_uri(&disc())] });
    let made = post(&house, "/proxy/meshy/openapi/v1/multi-image-to-3d", &make).await;
    assert_eq!(made.status, 202, "{}", made.text());
}

#[tokio::test]
async fn places_for_files_are_as_few_as_files() {
    let house = House::new().await;
    let wish = json!({ "format": "png" });
    for _ in 0..32 {
        assert_eq!(post(&house, "/v3/files/presign", &wish).await.status, 200);
    }
    let full = post(&house, "/v3/files/presign", &wish).await;
    assert_eq!(full.status, 503, "{}", full.text());
    let full = house
        .send(upload("/api/v1/files", "image/png", disc()))
        .await;
    assert_eq!(full.status, 503, "{}", full.text());
}

#[tokio::test]
async fn replicate_lists_predictions_page_by_page_and_nothing_that_tools_made() {
    let house = House::with(|config| {
        config.max_queued_jobs = 200;
        config.max_queued_per_owner = 200;
    })
    .await;
    let key = house.key(&["generate", "read"]).await;
    let nobody = house.get("/v1/predictions").await;
    assert_eq!(nobody.status, 401, "{}", nobody.text());
    let odd = with_key(&house, Method::GET, "/v1/predictions?cursor=7", &key).await;
    assert_eq!(odd.status, 400, "{}", odd.text());
    let wish = json!({ "input": { "image": data_uri(&disc()) }, "version": "base" });
    let mut made = Vec::new();
    for _ in 0..101 {
        let prediction = asked(&house, "/v1/predictions", &key, &wish).await.json();
        made.push(prediction["id"].as_str().unwrap().to_owned());
    }
    with_key(&house, Method::POST, "/api/v1/tools/matte", &key).await;
    let first = with_key(&house, Method::GET, "/v1/predictions", &key)
        .await
        .json();
    let next = first["next"].as_str().unwrap();
    let next = next.strip_prefix("http://localhost").unwrap();
    let rest = with_key(&house, Method::GET, next, &key).await.json();
    assert_eq!(
        (&rest["next"], &rest["previous"]),
        (&Value::Null, &Value::Null)
    );
    let mut listed = [ids(&first["results"]), ids(&rest["results"])].concat();
    listed.sort();
    made.sort();
    assert_eq!(listed, made);
}

#[tokio::test]
async fn replicate_tells_of_a_keys_files_as_long_as_they_are_there() {
    let house = House::new().await;
    let key = house.key(&["generate", "read", "delete"]).await;
    let other = house.key(&["read"]).await;
    let picture = disc();
    let sent = with_key(&house, Method::POST, "/v1/files", &key)
        .await
        .json();
    assert_eq!(sent["size"], picture.len());
    let path = format!("/v1/files/{}", sent["id"].as_str().unwrap());
    assert_eq!(
        with_key(&house, Method::GET, &path, &key).await.json(),
        sent
    );
    let listed = with_key(&house, Method::GET, "/v1/files", &key)
        .await
        .json();
    assert_eq!(listed["results"], json!([sent]));
    let foreign = with_key(&house, Method::GET, "/v1/files", &other)
        .await
        .json();
    assert_eq!(foreign["results"], json!([]));
    assert_eq!(house.get("/v1/files").await.status, 401);
    house.clock.advance_secs(3600);
    assert_eq!(with_key(&house, Method::GET, &path, &key).await.status, 404);
    let listed = with_key(&house, Method::GET, "/v1/files", &key)
        .await
        .json();
    assert_eq!(listed["results"], json!([]));
}

#[tokio::test]
async fn meshy_lists_tasks_by_how_many_pictures_they_had() {
    let house = House::new().await;
    let key = house.key(&["generate", "read"]).await;
    let disc = data_uri(&disc());
    let mut made = [Vec::new(), Vec::new()];
    for _ in 0..2 {
        for (of, (kind, wish)) in [
            ("image-to-3d", json!({ "image_url": disc })),
            ("multi-image-to-3d", json!({ "image_urls": [disc, disc] })),
        ]
        .into_iter()
        .enumerate()
        {
            let begun = asked(&house, &format!("/openapi/v1/{kind}"), &key, &wish).await;
            made[of].push(begun.json()["result"].as_str().unwrap().to_owned());
            house.clock.advance_secs(1);
        }
    }
    with_key(&house, Method::POST, "/api/v1/tools/matte", &key).await;
    for (of, kind) in ["image-to-3d", "multi-image-to-3d"].into_iter().enumerate() {
        made[of].reverse();
        let list = async |part: &str| {
            let path = format!("/openapi/v1/{kind}{part}");
            with_key(&house, Method::GET, &path, &key).await.json()
        };
        let all = list("").await;
        assert_eq!(ids(&all), made[of], "newest first");
        assert!(
            all.as_array()
                .unwrap()
                .iter()
                .all(|task| task["type"] == kind)
        );
        let second = list("?page_num=2&page_size=1&sort_by=-created_at").await;
        assert_eq!(ids(&second), made[of][1..]);
        assert_eq!(list("?page_num=3&page_size=1").await, json!([]));
    }
}

#[tokio::test]
async fn meshy_hears_whether_a_model_can_be_printed_and_what_is_not_done_here() {
    let house = House::new().await;
    house.work();
    let wish = json!({ "image_url": data_uri(&disc()) });
    let task = post(&house, "/openapi/v1/image-to-3d", &wish).await.json();
    let task = task["result"].as_str().unwrap().to_owned();
    ended(&house, &task).await;
    let analyze = "/openapi/v1/print/analyze";
    let begun = post(&house, analyze, &json!({ "input_task_id": task })).await;
    assert_eq!(begun.status, 202, "{}", begun.text());
    let told = house.get(&format!("{analyze}/{task}")).await.json();
    assert_eq!(told["status"], "SUCCEEDED");
    let made = house.get(&format!("/openapi/v1/image-to-3d/{task}")).await;
    assert_eq!(told["expires_at"], made.json()["expires_at"]);
    let printability = &told["printability"];
    let own = house
        .get(&format!("/api/v1/jobs/{task}/report"))
        .await
        .json();
    let counts = ["problems", "advice"].map(|name| own[name].as_array().unwrap().len());
    assert_eq!(printability["error_count"], counts[0]);
    assert_eq!(printability["warning_count"], counts[1]);
    assert_eq!(printability["metrics"]["is_watertight"], own["watertight"]);
    assert_eq!(printability["metrics"]["volume"], own["volume"]);
    for (path, body) in [
        (analyze, json!({ "model_url": "https://example.org/a.glb" })),
        ("/openapi/v1/remesh", json!({ "input_task_id": task })),
        ("/openapi/v1/print/repair", json!({ "input_task_id": task })),
        (
            "/openapi/v1/print/multi-color",
            json!({ "input_task_id": task }),
        ),
        (
            "/proxy/meshy/openapi/v1/resize",
            json!({ "input_task_id": task }),
        ),
    ] {
        let refused = post(&house, path, &body).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.text());
        assert_eq!(refused.json()["code"], "unsupported", "{path}");
    }
    let early = post(&house, analyze, &json!({})).await;
    assert_eq!(early.status, 404, "{}", early.text());
}
