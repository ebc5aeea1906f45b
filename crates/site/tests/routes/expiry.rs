//! When files go, as each dialect says it: a second earlier a file is still there, at that moment it is
//! gone. A dialect that has no field for it lets go of its files all the same.

use axum::body::Body;
use axum::http::{Method, Request};
use domain::{Clock, UnixMillis};
use serde_json::{Value, json};

use crate::api::data_uri;
use crate::house::{House, disc, upload};

/// An hour, in seconds.
const HOUR: i64 = 3600;

/// How an answer says a moment.
#[derive(Clone, Copy)]
enum Unit {
    Rfc3339,
    /// Milliseconds since 1970.
    Millis,
    /// Seconds from now.
    SecsLeft,
    /// It doesn't: an hour from when it was asked.
    Unsaid,
}

impl Unit {
    /// That moment, where `field` is the place in the answer.
    fn read(self, answer: &Value, field: &str, now: UnixMillis) -> UnixMillis {
        let told = answer.pointer(field);
        let number = || told.and_then(Value::as_i64).unwrap();
        match self {
            Self::Rfc3339 => rfc3339(told.and_then(Value::as_str).unwrap()),
            Self::Millis => UnixMillis(number()),
            Self::SecsLeft => now.plus_secs(number()),
            Self::Unsaid => now.plus_secs(HOUR),
        }
    }
}

/// A moment of the day on which the house's clock begins.
fn rfc3339(text: &str) -> UnixMillis {
    let time = text.strip_prefix("2026-09-21T").expect(text);
    let time = time.strip_suffix('Z').expect(text);
    let secs = time
        .split(':')
        .fold(0, |secs, part| secs * 60 + part.parse::<i64>().unwrap());
    UnixMillis((1_790_000_000 / 86_400 * 86_400 + secs) * 1000)
}

fn wish(path: &str, body: &Value) -> Request<Body> {
    upload(path, "application/json", body.to_string())
}

fn text(answer: &Value, field: &str) -> String {
    let text = answer.pointer(field).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("no {field} in {answer}"))
        .to_owned()
}

/// Below the house's own address.
fn path(address: &str) -> &str {
    address.strip_prefix("http://localhost").unwrap()
}

/// A task of a dialect that makes a model.
struct Dialect {
    begin: fn() -> Request<Body>,
    /// Where the answer has the task's id.
    id: &'static str,
    /// What is asked about the task.
    status: &'static str,
    /// Where that answer has the moment, and how.
    expiry: (&'static str, Unit),
    /// Where it has the file's address; `None` if the answer has the file itself.
    file: Option<&'static str>,
}

const DIALECTS: [Dialect; 9] = [
    Dialect {
        begin: || wish("/api/v1/jobs", &json!({ "image": data_uri(&disc()) })),
        id: "/id",
        status: "/api/v1/jobs/{id}",
        expiry: ("/expires_at", Unit::Rfc3339),
        file: Some("/links/model"),
    },
    Dialect {
        begin: || upload("/api/v1/jobs", "image/png", disc()),
        id: "/id",
        status: "/api/v1/jobs/{id}",
        expiry: ("/expires_in_secs", Unit::SecsLeft),
        file: Some("/links/model"),
    },
    Dialect {
        begin: || {
            let input = json!({ "input": data_uri(&disc()) });
            wish("/v3/generation/image-to-model", &input)
        },
        id: "/data/task_id",
        status: "/v3/tasks/{id}",
        expiry: ("/data/expires_at", Unit::Rfc3339),
        file: Some("/data/output/model_url"),
    },
    Dialect {
        begin: || {
            let image = json!({ "image_url": data_uri(&disc()) });
            wish("/openapi/v1/image-to-3d", &image)
        },
        id: "/result",
        status: "/openapi/v1/image-to-3d/{id}",
        expiry: ("/expires_at", Unit::Millis),
        file: Some("/model_urls/glb"),
    },
    Dialect {
        begin: || {
            let images = json!({ "image_urls": [data_uri(&disc()), data_uri(&disc())] });
            wish("/proxy/meshy/openapi/v1/multi-image-to-3d", &images)
        },
        id: "/result",
        status: "/proxy/meshy/openapi/v1/multi-image-to-3d/{id}",
        expiry: ("/expires_at", Unit::Millis),
        file: Some("/model_urls/glb"),
    },
    Dialect {
        begin: || upload("/api/generate?format=glb", "image/png", disc()),
        id: "/generation_uid",
        status: "/api/generate/{id}/status",
        expiry: ("/expires_at", Unit::Rfc3339),
        file: Some("/download_url"),
    },
    Dialect {
        begin: || upload("/api/generate?format=stl", "image/png", disc()),
        id: "/generation_uid",
        status: "/api/generate/{id}/download",
        expiry: ("/expires_in", Unit::SecsLeft),
        file: Some("/download_url"),
    },
    Dialect {
        begin: || {
            let input = json!({ "version": "base", "input": { "image": data_uri(&disc()) } });
            wish("/v1/predictions", &input)
        },
        id: "/id",
        status: "/v1/predictions/{id}",
        expiry: ("/expires_at", Unit::Rfc3339),
        file: Some("/output"),
    },
    Dialect {
        begin: || {
            let uri = data_uri(&disc());
            let (_, picture) = uri.split_once(',').unwrap();
            wish("/send", &json!({ "image": picture }))
        },
        id: "/uid",
        status: "/status/{id}",
        expiry: ("", Unit::Unsaid),
        file: None,
    },
];

/// A task whose model is there.
struct Task<'a> {
    house: &'a House,
    dialect: &'a Dialect,
    status: String,
}

impl<'a> Task<'a> {
    async fn done(house: &'a House, dialect: &'a Dialect) -> Self {
        let begun = house.send((dialect.begin)()).await;
        assert!(begun.status.is_success(), "{}", begun.text());
        let id = text(&begun.json(), dialect.id);
        let job = id.split('-').next().unwrap();
        house.get(&format!("/api/v1/jobs/{job}/events")).await;
        let status = dialect.status.replace("{id}", &id);
        Self {
            house,
            dialect,
            status,
        }
    }

    /// When its file goes, as its own service would say it, and where the file is.
    async fn told(&self) -> (UnixMillis, String) {
        let Some(file) = self.dialect.file else {
            // Asking would be a download.
            return (self.house.clock.now().plus_secs(HOUR), self.status.clone());
        };
        let answer = self.house.get(&self.status).await.json();
        let (field, unit) = self.dialect.expiry;
        let moment = unit.read(&answer, field, self.house.clock.now());
        let address = text(&answer, file);
        let file = self
            .house
            .request(Method::HEAD, path(&address), "*/*")
            .await;
        assert_eq!(rfc3339(file.header("x-expires-at")), moment, "{address}");
        (moment, path(&address).to_owned())
    }

    /// Nothing of it is there.
    async fn is_gone(&self, file: &str) {
        for path in [file, &self.status] {
            let reply = self.house.get(path).await;
            assert_eq!(reply.status, 410, "{path}");
        }
    }
}

fn set(house: &House, moment: UnixMillis) {
    let millis = moment.0 - house.clock.now().0;
    assert!(millis > 0 && millis % 1000 == 0, "{millis} ms from now");
    house.clock.advance_secs(millis / 1000);
}

#[tokio::test]
async fn a_model_is_there_until_the_moment_that_every_dialect_says() {
    for dialect in &DIALECTS {
        let house = House::new().await;
        house.work();
        let [left, fetched] = [
            Task::done(&house, dialect).await,
            Task::done(&house, dialect).await,
        ];
        let (moment, file) = left.told().await;
        let (same, other_file) = fetched.told().await;
        assert_eq!(moment, same, "{}", dialect.status);

        set(&house, moment.plus_secs(-1));
        let whole = house.get(&other_file).await;
        assert_eq!(whole.status, 200, "{other_file}");
        // Its life begins anew with the download, and that is told, too.
        let (later, _) = fetched.told().await;
        assert_eq!(later, moment.plus_secs(HOUR - 1), "{}", dialect.status);
        set(&house, moment);
        left.is_gone(&file).await;

        set(&house, later.plus_secs(-1));
        if dialect.file.is_some() {
            // Looked at only: another download would move the moment again.
            let head = house.request(Method::HEAD, &other_file, "*/*").await;
            assert_eq!(head.status, 200, "{other_file}");
        }
        set(&house, later);
        fetched.is_gone(&other_file).await;
    }
}

/// What can be sent ahead of a task, and a request that needs it.
struct Ahead {
    send: fn() -> Request<Body>,
    id: &'static str,
    expiry: (&'static str, Unit),
    used: fn(&str) -> Request<Body>,
}

fn put(path: &str) -> Request<Body> {
    let mut request = upload(path, "image/png", disc());
    *request.method_mut() = Method::PUT;
    request
}

const AHEAD: [Ahead; 5] = [
    Ahead {
        send: || upload("/api/v1/files", "image/png", disc()),
        id: "/id",
        expiry: ("/expires_at", Unit::Rfc3339),
        used: |id| wish("/api/v1/jobs", &json!({ "image": id })),
    },
    Ahead {
        send: || upload("/v3/files", "image/png", disc()),
        id: "/data/file_token",
        expiry: ("", Unit::Unsaid),
        used: |id| wish("/v3/generation/image-to-model", &json!({ "input": id })),
    },
    Ahead {
        send: || wish("/v3/files/presign", &json!({ "format": "png" })),
        id: "/data/presigned_url",
        expiry: ("/data/expires_in", Unit::SecsLeft),
        used: |address| put(path(address)),
    },
    Ahead {
        send: || wish("/customers/storage", &json!({ "file_name": "a.png" })),
        id: "/upload_url",
        expiry: ("", Unit::Unsaid),
        used: |address| put(path(address)),
    },
    Ahead {
        send: || upload("/v1/files", "image/png", disc()),
        id: "/id",
        expiry: ("/expires_at", Unit::Rfc3339),
        used: |id| {
            let input = json!({ "version": "base", "input": { "image": id } });
            wish("/v1/predictions", &input)
        },
    },
];

#[tokio::test]
async fn a_file_sent_ahead_is_there_until_the_moment_that_its_answer_says() {
    let house = House::new().await;
    for ahead in &AHEAD {
        let [used, left] = [
            house.send((ahead.send)()).await.json(),
            house.send((ahead.send)()).await.json(),
        ];
        let (field, unit) = ahead.expiry;
        let moment = unit.read(&used, field, house.clock.now());
        set(&house, moment.plus_secs(-1));
        let reply = house.send((ahead.used)(&text(&used, ahead.id))).await;
        assert!(reply.status.is_success(), "{used}: {}", reply.text());
        set(&house, moment);
        let reply = house.send((ahead.used)(&text(&left, ahead.id))).await;
        let refused = [400, 404].contains(&reply.status.as_u16());
        assert!(refused, "{left}: {} {}", reply.status, reply.text());
    }
}

#[tokio::test]
async fn what_is_given_out_at_once_is_gone_then_and_no_later_moment_is_told() {
    let house = House::new().await;
    house.work();
    let uri = data_uri(&disc());
    let (_, picture) = uri.split_once(',').unwrap();
    let hunyuan = |format: &str| wish("/generate", &json!({ "image": picture, "type": format }));
    let stability = |name: &str| upload(&format!("/v2beta/3d/{name}"), "image/png", disc());
    for request in [
        hunyuan("glb"),
        hunyuan("stl"),
        stability("stable-fast-3d"),
        stability("stable-point-aware-3d"),
    ] {
        let address = request.uri().to_string();
        let file = house.send(request).await;
        assert_eq!(file.status, 200, "{address}: {}", file.text());
        assert_eq!(file.header("x-expires-at"), "", "{address}");
        assert!(house.objects().is_empty(), "{address}");
    }
}
