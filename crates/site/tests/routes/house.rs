//! The real router over the real lifecycle in a folder of its own; only the shape network is a
//! stand-in, which waits when told to.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use domain::{Id, TestClock, UnixMillis};
use engine::{Engine, EngineError, Guess, ShapeModel, Tell};
use imaging::{Frame, Picture};
use lifecycle::{Config, InProcess, Lifecycle};
use serde_json::Value;
use site::{AppState, Settings, metrics_router, router};
use store::{ApiKey, DatabaseUrl, Owner, Store};
use tokio::sync::{Mutex, MutexGuard, oneshot};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The address of a job that never was.
pub const NOWHERE: &str = "/jobs/00000000000000000000000000";

/// 2026-09-21T14:13:20Z.
const START: UnixMillis = UnixMillis(1_790_000_000_000);

pub struct House {
    folder: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    lifecycle: Arc<Lifecycle>,
    router: Router,
    metrics: Router,
    database: Option<DatabaseUrl>,
    gate: Arc<Mutex<()>>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::kept(change, Settings::default()).await
    }

    /// As its operator wants it.
    pub async fn kept(change: impl FnOnce(&mut Config), settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("data"));
        change(&mut config);
        let database = config.database.clone();
        let clock = Arc::new(TestClock::at(START));
        let gate = Arc::<Mutex<()>>::default();
        let engine = Engine::with_shape_model(Arc::new(Slab(gate.clone())), None);
        let workshop = Arc::new(InProcess::new(Arc::new(engine)));
        let lifecycle = Lifecycle::open(config, workshop, clock.clone())
            .await
            .unwrap();
        let state = AppState::new(lifecycle.clone(), clock.clone(), CancellationToken::new());
        let state = state.with(settings);
        Self {
            folder,
            clock,
            lifecycle,
            metrics: metrics_router(state.clone()),
            router: router(state),
            database,
            gate,
        }
    }

    /// A key that may do that, as a client sends it.
    pub async fn key(&self, scopes: &[&str]) -> String {
        let store = self.store().await;
        let secret = Id::random();
        let key = ApiKey {
            name: secret.to_string(),
            owner: Owner::new(Id::random().to_string()),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            created_at: START,
        };
        assert!(store.create_key(secret, &key).await.unwrap());
        format!("ai3d_{secret}")
    }

    /// The database, as another program sees it.
    pub async fn store(&self) -> Store {
        let store = Store::of(&self.data_dir(), self.database.as_ref()).await;
        store.unwrap()
    }

    /// How many sealed objects and how many jobs there are.
    pub async fn holds(&self) -> (usize, u64) {
        let census = self.store().await.census(START).await.unwrap();
        let jobs = census.jobs.iter().map(|(_, count)| count).sum();
        (self.objects().len(), jobs)
    }

    /// Lets the worker run for the rest of the test.
    pub fn work(&self) {
        tokio::spawn(self.lifecycle.clone().run(std::future::pending()));
    }

    /// Lets the worker run until the answer is awaited.
    pub fn work_until(&self) -> impl Future<Output = ()> + use<> {
        let (stop, stopped) = oneshot::channel::<()>();
        let run = self.lifecycle.clone().run(async move {
            let _ = stopped.await;
        });
        let run = tokio::spawn(run);
        async move {
            drop(stop);
            run.await.unwrap().unwrap();
        }
    }

    pub fn lifecycle(&self) -> &Arc<Lifecycle> {
        &self.lifecycle
    }

    /// The ids of the sealed objects on the disk.
    pub fn objects(&self) -> Vec<Id> {
        let files = std::fs::read_dir(self.data_dir().join("vault/objects")).unwrap();
        let names = files.map(|file| file.unwrap().path());
        names
            .map(|name| name.file_stem().unwrap().to_str().unwrap().parse().unwrap())
            .collect()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What Prometheus would be told.
    pub async fn metrics(&self) -> String {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let reply = self.metrics.clone().oneshot(request).await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
        let page = to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(page.to_vec()).unwrap()
    }

    /// A pass of the reaper, now.
    pub async fn reap(&self) {
        self.lifecycle.reap().await.unwrap();
    }

    /// The network waits until this is dropped.
    pub async fn hold_the_network(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().await
    }

    /// The reply as it begins; its body comes as it is read.
    pub async fn reply(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let reply = self.reply(request).await;
        let (head, body) = reply.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    pub async fn request(&self, method: Method, path: &str, accept: &str) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept", accept);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.request(Method::GET, path, "*/*").await
    }

    /// As a browser showing pages does.
    pub async fn visit(&self, path: &str) -> Reply {
        self.request(
            Method::GET,
            path,
            "text/html,application/xhtml+xml,*/*;q=0.8",
        )
        .await
    }

    pub async fn upload(&self, kind: &str, body: impl Into<Body>) -> Reply {
        self.send(upload("/jobs", kind, body)).await
    }

    /// Uploads a good picture; answers the job's address.
    pub async fn job(&self) -> String {
        let reply = self.upload("image/png", disc()).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        reply.header("location").to_owned()
    }

    /// Uploads a good picture and waits for its model.
    pub async fn finished_job(&self) -> String {
        let job = self.job().await;
        let events = self.get(&format!("{job}/events")).await;
        assert!(
            events.text().contains(r#""state":"done""#),
            "{}",
            events.text()
        );
        job
    }
}

impl Reply {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or("(no text)")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub fn upload(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header("content-type", kind);
    request.body(body.into()).unwrap()
}

/// A form with these fields, as files of a name that says nothing.
pub fn form(path: &str, fields: &[(&str, &[u8])]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!(
            "--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*value);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    upload(path, "multipart/form-data; boundary=x", body)
}

/// The request as a browser sends it that shows a page.
pub fn as_browser(mut request: Request<Body>) -> Request<Body> {
    let page = "text/html".parse().unwrap();
    request.headers_mut().insert("accept", page);
    request
}

/// A disc, cut out, so that no background removal is needed.
pub fn disc() -> Vec<u8> {
    cut_out(64, |x, y| (x - 31.5).hypot(y - 31.5) < 20.0)
}

/// A cut-out square that no encoder makes much smaller than 4 MB.
pub fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let pixels = (0..1024 * 1024).flat_map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [a, b, c, d] = state.to_le_bytes();
        [a, b, c, d / 2]
    });
    imaging::encode_png(&Picture::new(1024, 1024, pixels.collect()))
}

/// A large one and, far off, a small one.
pub fn two_discs() -> Vec<u8> {
    cut_out(256, |x, y| {
        (x - 90.0).hypot(y - 90.0) < 60.0 || (x - 220.0).hypot(y - 220.0) < 25.0
    })
}

pub fn cut_out(side: u32, inside: impl Fn(f32, f32) -> bool) -> Vec<u8> {
    let pixel = |at: u32| match inside((at % side) as f32, (at / side) as f32) {
        true => [200, 90, 40, 255],
        false => [0; 4],
    };
    let rgba = (0..side * side).flat_map(pixel).collect();
    imaging::encode_png(&Picture::new(side, side, rgba))
}

/// The silhouette, cut out of a board.
struct Slab(Arc<Mutex<()>>);

impl ShapeModel for Slab {
    fn name(&self) -> &'static str {
        "slab"
    }

    fn input_side(&self) -> usize {
        32
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        drop(self.0.blocking_lock());
        Ok(Guess {
            mirror: None,
            front: frame.alpha.map(|_| [-0.3]),
            back: frame.alpha.map(|_| [0.3]),
            back_colour: None,
            volume: None,
            up: glam::Vec3::Y,
            half_fov_tan: 0.3,
        })
    }
}
