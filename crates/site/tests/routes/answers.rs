//! Every answer that the OpenAPI text documents for `/api/v1`, given by the real thing: one that is
//! documented and that nobody knows how to get fails here. What is refused leaves nothing behind.

use axum::body::Body;
use axum::http::{Method, Request};
use scratch_postgres::Server;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::api::{data_uri, with_key};
#[cfg(unix)]
use crate::full_disk::ran_inside;
use crate::house::{House, NOWHERE, Reply, disc, noise};

const JOBS: &str = "/api/v1/jobs";

/// An operation of the text.
pub struct Operation {
    pub id: String,
    method: Method,
    path: String,
    pub statuses: Vec<u16>,
    /// A body that is taken, as the text shows one.
    example: Option<Value>,
    /// When it became old and when it goes, if it does.
    goes: Option<[Value; 2]>,
}

pub fn documented() -> Vec<Operation> {
    let text: Value = serde_json::from_str(site::OPENAPI).unwrap();
    let mut operations = Vec::new();
    for (path, item) in text["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let statuses = operation["responses"].as_object().unwrap().keys();
            let body = &operation["requestBody"]["content"]["application/json"];
            operations.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                statuses: statuses.map(|status| status.parse().unwrap()).collect(),
                example: body.get("example").cloned(),
                goes: (operation["deprecated"] == true)
                    .then(|| ["x-deprecation", "x-sunset"].map(|name| operation[name].clone())),
            });
        }
    }
    operations
}

/// A request that can be answered, and what a test makes wrong about it.
pub struct Asked<'a> {
    operation: &'a Operation,
    id: String,
    query: &'a str,
    kind: Option<&'a str>,
    body: Vec<u8>,
    headers: Vec<(&'a str, String)>,
}

impl<'a> Asked<'a> {
    /// As it should be, about the job or file of that id.
    pub fn of(operation: &'a Operation, id: &str) -> Self {
        let asked = Self {
            operation,
            id: id.rsplit('/').next().unwrap().to_owned(),
            query: "",
            kind: None,
            body: Vec::new(),
            headers: Vec::new(),
        };
        match (operation.id.as_str(), &operation.example) {
            ("shortenJob", _) => asked.json(json!({ "lifetime": 5 })),
            ("sendFile", _) => asked.sent("image/png", disc()),
            (_, Some(example)) => asked.json(example.clone()),
            (_, None) => asked,
        }
    }

    /// The same of another picture.
    fn of_picture(self, picture: Vec<u8>) -> Self {
        let Some(mut body) = self.operation.example.clone() else {
            return self.sent("image/png", picture);
        };
        let picture = data_uri(&picture);
        for (name, value) in body.as_object_mut().unwrap() {
            match name.as_str() {
                "image" | "mask" => *value = json!(picture),
                "images" => *value = json!([picture]),
                _ => {}
            }
        }
        self.json(body)
    }

    /// Whether each request makes something new.
    fn makes(&self) -> bool {
        self.operation.method == Method::POST && !self.operation.path.contains("{id}")
    }

    fn json(self, body: Value) -> Self {
        self.sent("application/json", body.to_string().into())
    }

    pub fn sent(mut self, kind: &'a str, body: Vec<u8>) -> Self {
        (self.kind, self.body) = (Some(kind), body);
        self
    }

    fn with(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn key(self, key: &str) -> Self {
        self.with("x-api-key", key)
    }

    fn query(mut self, query: &'a str) -> Self {
        self.query = query;
        self
    }

    async fn answer(self, house: &House) -> Reply {
        house.send(self.request()).await
    }

    pub fn request(self) -> Request<Body> {
        let path = self.operation.path.replace("{id}", &self.id) + self.query;
        let mut request = Request::builder()
            .method(self.operation.method.clone())
            .uri(path);
        if let Some(kind) = self.kind {
            request = request.header("content-type", kind);
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

/// What a house has of each kind.
struct Ids {
    done: String,
    destroyed: String,
    waiting: String,
}

/// A request that is to be answered with `status`, for refusals that need no trouble at the server.
async fn wrong<'a>(house: &House, operation: &'a Operation, status: u16, ids: &Ids) -> Asked<'a> {
    let asked = Asked::of(operation, &ids.done);
    match (status, operation.id.as_str()) {
        (400, "retryJob") => asked.json(json!({ "tier": "gold" })),
        (400, "sendFile") => asked.sent("image/png", Vec::new()),
        (400, "shortenJob") => asked.json(json!({ "lifetime": 0 })),
        (400, "listJobs") => asked.query("?limit=0"),
        (400, "getPrintReport" | "getPrintPicture") => asked.query("?size_mm=0"),
        (400, _) if asked.makes() => asked.json(json!({ "colour of the sky": "blue" })),
        (401, _) => asked.key("nonsense"),
        (403, _) => {
            // None of these may do what the operation needs.
            let needs = match operation.method {
                Method::GET => "generate",
                Method::DELETE => "read",
                _ if ["cancelJob", "shortenJob"].contains(&&*operation.id) => "generate",
                _ => "delete",
            };
            asked.key(&house.key(&[needs]).await)
        }
        (404, _) => Asked::of(operation, NOWHERE),
        (409, "retryJob") => asked,
        (409, _) => Asked::of(operation, &ids.waiting),
        (410, _) if asked.makes() => {
            let first = Asked::of(operation, "").with("idempotency-key", &operation.id);
            let first = first.answer(house).await.json();
            let many = first["pictures"].as_array().into_iter().flatten();
            let many: Vec<&Value> = many.map(|one| &one["job"]).collect();
            let jobs = if many.is_empty() { vec![&first] } else { many };
            for job in jobs {
                let job = format!("{JOBS}/{}", job["id"].as_str().unwrap());
                house.request(Method::DELETE, &job, "*/*").await;
            }
            Asked::of(operation, "").with("idempotency-key", &operation.id)
        }
        (410, _) => Asked::of(operation, &ids.destroyed),
        (413, _) => asked
            .json(json!({}))
            .with("content-length", (2_u64 << 30).to_string()),
        (415, _) => asked.sent("text/plain", b"Dear diary".to_vec()),
        (422, _) if asked.makes() => asked.of_picture(disc()[..200].to_vec()),
        (status, id) => panic!("{id} documents {status}, which no test gets"),
    }
}

const REFUSALS: [u16; 9] = [400, 401, 403, 404, 409, 410, 413, 415, 422];

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_as_documented_and_leave_nothing_behind() {
    let house = House::new().await;
    house.work();
    let (done, destroyed) = (house.finished_job().await, house.finished_job().await);
    house.request(Method::DELETE, &destroyed, "*/*").await;
    let held = house.hold_the_network().await;
    let waiting = house.job().await;
    let ids = Ids {
        done,
        destroyed,
        waiting,
    };
    for operation in documented() {
        for status in operation.statuses.iter().filter(|s| REFUSALS.contains(s)) {
            let asked = wrong(&house, &operation, *status, &ids).await;
            let before = house.holds().await;
            let reply = asked.answer(&house).await;
            is_problem(&operation, *status, &reply);
            let is_gone = reply.json()["code"] == "gone";
            assert_eq!(is_gone, *status == 410, "{} {status}", operation.id);
            assert_eq!(house.holds().await, before, "{} {status}", operation.id);
        }
    }
    drop(held);
}

pub fn is_problem(operation: &Operation, status: u16, reply: &Reply) {
    let (id, text) = (&operation.id, reply.text());
    assert_eq!(reply.status, status, "{id}: {text}");
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["status"], status, "{id}");
    assert!(problem["code"].is_string(), "{id}: {text}");
    let asks_to_come_again = [429, 503].contains(&status);
    let seconds = reply.header("retry-after").parse::<u32>();
    assert_eq!(seconds.is_ok(), asks_to_come_again, "{id} {status}");
}

#[tokio::test]
async fn one_job_too_many_is_429_and_tells_how_many_may_wait() {
    let house = House::with(|config| config.max_queued_per_owner = 1).await;
    let failed = {
        let stop = house.work_until();
        let body = json!({ "image": data_uri(&disc()), "engine": "triposr" });
        let job = crate::api::post(&house, JOBS, &body).await.json();
        let job = job["id"].as_str().unwrap().to_owned();
        house.get(&format!("{JOBS}/{job}/events")).await;
        stop.await;
        job
    };
    house.job().await;
    let before = house.holds().await;
    for operation in documented() {
        if !operation.statuses.contains(&429) {
            continue;
        }
        let reply = Asked::of(&operation, &failed).answer(&house).await;
        is_problem(&operation, 429, &reply);
        assert_eq!(reply.json()["code"], "enough_waiting");
        assert_eq!(reply.header("ratelimit-limit"), "1");
        assert_eq!(reply.header("ratelimit-remaining"), "0");
        assert!(reply.header("ratelimit-reset").parse::<u32>().unwrap() > 0);
        assert_eq!(house.holds().await, before, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_full_queue_is_503() {
    let house = House::with(|config| config.max_queued_jobs = 1).await;
    house.job().await;
    let before = house.holds().await;
    let operations = documented();
    let create = operations.iter().find(|one| one.id == "createJob").unwrap();
    let reply = Asked::of(create, "").answer(&house).await;
    is_problem(create, 503, &reply);
    assert_eq!(reply.json()["code"], "busy");
    assert_eq!(house.holds().await, before);
}

/// Those that ask the job list only about a key.
fn needs_key(operation: &Operation) -> bool {
    ["listJobs", "sendFile", "deleteFile"].contains(&&*operation.id)
}

/// Asks everything that documents `status` of a house whose job list is in trouble.
async fn in_trouble(house: &House, key: &str, job: &str, status: u16, code: &str) {
    let objects = house.objects();
    for operation in documented() {
        if !operation.statuses.contains(&status) {
            continue;
        }
        let mut asked = Asked::of(&operation, job);
        if needs_key(&operation) {
            asked = asked.key(key);
        }
        let reply = asked.answer(house).await;
        is_problem(&operation, status, &reply);
        assert_eq!(reply.json()["code"], code, "{}", operation.id);
        assert_eq!(house.objects(), objects, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_job_list_that_is_away_is_503() {
    let postgres = Server::start().unwrap();
    let url = postgres.database();
    let house = House::with(|config| config.database = Some(url.into())).await;
    let key = house.key(&["generate", "read", "delete"]).await;
    let job = house.job().await;
    postgres.stop().unwrap();
    in_trouble(&house, &key, &job, 503, "database_away").await;
}

#[tokio::test]
async fn a_job_list_that_is_broken_is_500() {
    let house = House::new().await;
    let key = house.key(&["generate", "read", "delete"]).await;
    let job = house.job().await;
    let file = house.data_dir().join("jobs.sqlite");
    let url = format!("sqlite://{}", file.display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    for table in ["jobs", "api_keys", "receipts"] {
        let statement = sqlx::AssertSqlSafe(format!("DROP TABLE {table}"));
        sqlx::query(statement).execute(&mut other).await.unwrap();
    }
    in_trouble(&house, &key, &job, 500, "our_fault").await;
}

/// There is room for the database, but not for the picture.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_507() {
    if ran_inside("answers::a_full_disk_is_507", 1024) {
        return;
    }
    let house = House::new().await;
    for operation in documented() {
        if !operation.statuses.contains(&507) {
            continue;
        }
        let asked = Asked::of(&operation, "").of_picture(noise());
        let reply = asked.answer(&house).await;
        is_problem(&operation, 507, &reply);
        assert_eq!(reply.json()["code"], "disk_full");
        assert_eq!(house.holds().await, (0, 0), "{}", operation.id);
    }
}

/// A job that has ended and tells somebody who isn't there.
async fn with_webhook(house: &House) -> String {
    let hook = json!({
        "image": data_uri(&disc()),
        "webhook_url": "https://nobody.invalid/",
        "webhook_secret": "0123456789abcdef",
    });
    let job = crate::api::post(house, JOBS, &hook).await.json();
    let job = job["id"].as_str().unwrap().to_owned();
    house.get(&format!("{JOBS}/{job}/events")).await;
    job
}

/// Successes, 408 (`slow.rs`) and what is above: nothing else may be documented.
#[tokio::test(flavor = "multi_thread")]
async fn successes_are_as_documented() {
    let house = House::new().await;
    house.work();
    let done = house.finished_job().await;
    let events = house.get(&format!("/api/v1{done}/events")).await;
    let last = events.text().lines().rev();
    let last = last.filter_map(|line| line.strip_prefix("id: ")).next();
    let last = last.unwrap().to_owned();
    let key = house.key(&["generate", "read", "delete"]).await;
    let troubles = [408, 429, 500, 503, 507];
    for operation in documented() {
        for status in &operation.statuses {
            if REFUSALS.contains(status) || troubles.contains(status) {
                continue;
            }
            let asked = match (operation.id.as_str(), status) {
                ("deleteFile", _) => {
                    let file = with_key(&house, Method::POST, "/api/v1/files", &key).await;
                    Asked::of(&operation, file.json()["id"].as_str().unwrap())
                }
                ("retryJob", _) => {
                    let body = json!({ "image": data_uri(&disc()), "engine": "triposr" });
                    let job = crate::api::post(&house, JOBS, &body).await.json();
                    let job = job["id"].as_str().unwrap();
                    house.get(&format!("{JOBS}/{job}/events")).await;
                    Asked::of(&operation, job)
                }
                ("getWebhook" | "replayWebhook", _) => {
                    let job = with_webhook(&house).await;
                    Asked::of(&operation, &job)
                }
                ("cancelJob" | "deleteJob", _) => Asked::of(&operation, &house.job().await),
                ("watchJob", 204) => Asked::of(&operation, &done).with("last-event-id", &last),
                ("listJobs", _) => Asked::of(&operation, "").key(&key),
                _ => Asked::of(&operation, &done),
            };
            let reply = asked.answer(&house).await;
            assert_eq!(reply.status, *status, "{}: {}", operation.id, reply.text());
            let told = ["deprecation", "sunset"].map(|name| reply.header(name));
            let goes = operation.goes.as_ref();
            let goes = goes.map_or([""; 2], |goes| {
                goes.each_ref().map(|at| at.as_str().unwrap())
            });
            assert_eq!(told, goes, "{}", operation.id);
        }
    }
}
