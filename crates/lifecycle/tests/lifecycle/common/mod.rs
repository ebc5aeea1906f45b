//! A data folder of its own, a clock that moves when told to, and an engine whose network does
//! what the test wants; everything else is the real thing.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Id, JobState, TestClock, UnixMillis};
use engine::{Engine, Options};
use lifecycle::{
    Bundle, Config, InProcess, JobView, Lifecycle, OpenError, Role, StorageError, SubmitError,
    Wishes,
};
use store::Store;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod network;

use network::Network;
pub use network::{Behaviour, Held};

/// Some day in 2026.
pub const START: UnixMillis = UnixMillis(1_790_000_000_000);

pub struct House {
    _folder: tempfile::TempDir,
    config: Config,
    pub clock: Arc<TestClock>,
    network: Arc<Network>,
    lifecycle: Option<Arc<Lifecycle>>,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::try_with(change).await.unwrap()
    }

    pub async fn try_with(change: impl FnOnce(&mut Config)) -> Result<Self, OpenError> {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("data"));
        change(&mut config);
        let mut house = Self {
            _folder: folder,
            config,
            clock: Arc::new(TestClock::at(START)),
            network: Arc::default(),
            lifecycle: None,
        };
        house.open().await?;
        Ok(house)
    }

    async fn open(&mut self) -> Result<(), OpenError> {
        let engine = Engine::with_shape_model(self.network.clone(), None);
        let workshop = Arc::new(InProcess::new(engine));
        let opened = Lifecycle::open(self.config.clone(), workshop, self.clock.clone()).await;
        self.lifecycle = Some(opened?);
        Ok(())
    }

    /// Lets go of the data folder.
    pub async fn close(&mut self) {
        if let Some(lifecycle) = self.lifecycle.take() {
            Arc::into_inner(lifecycle).expect("nothing runs any more");
        }
    }

    pub async fn reopen_after(&mut self, between: impl FnOnce(&Path)) {
        self.close().await;
        between(&self.config.data_dir);
        self.open().await.unwrap();
    }

    pub fn lifecycle(&self) -> &Arc<Lifecycle> {
        self.lifecycle.as_ref().unwrap()
    }

    pub fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.config.data_dir.clone()
    }

    pub async fn submit(&self) -> JobView {
        self.submit_bytes(picture(b"a comment")).await.unwrap()
    }

    pub async fn submit_bytes(&self, upload: Vec<u8>) -> Result<JobView, SubmitError> {
        self.lifecycle().submit(upload, options()).await
    }

    /// Submits a picture that is to be kept as long as that, and makes its model.
    pub async fn finished(&self, lifetime: domain::Lifetime) -> Id {
        let options = options();
        let wishes = Wishes {
            lifetime,
            ..options.into()
        };
        let submitted = self.lifecycle().submit(picture(b"a comment"), wishes).await;
        let id = submitted.unwrap().id;
        let running = self.run();
        self.wait_for(id, JobState::Done).await;
        running.stop().await;
        id
    }

    /// Starts worker and reaper.
    pub fn run(&self) -> Running {
        let (shutdown, told) = oneshot::channel::<()>();
        let run = self.lifecycle().clone().run(async move {
            let _ = told.await;
        });
        Running {
            shutdown,
            run: tokio::spawn(run),
        }
    }

    pub async fn wait_for(&self, id: Id, state: JobState) {
        let mut watch = self.lifecycle().watch(id).await.unwrap();
        let ended = async { while watch.changed().await.is_ok() {} };
        tokio::time::timeout(Duration::from_secs(60), ended)
            .await
            .expect("the job ends");
        let view = self.lifecycle().job(id).await.unwrap();
        assert_eq!(view.state, state, "{view:?}");
    }

    pub fn engine_will(&self, behaviour: Behaviour) {
        self.network.will(behaviour);
    }

    /// The next run stops inside the network until it is released.
    pub fn hold_engine(&self) -> Held {
        self.network.hold()
    }

    /// Every file in the data folder with its bytes.
    pub fn all_files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files_below(&self.config.data_dir)
            .into_iter()
            // The database may remove its log between the listing and the reading.
            .filter_map(|path| fs::read(&path).ok().map(|bytes| (path, bytes)))
            .collect()
    }

    /// Sealed bytes, and the slot file of every key, once for each.
    pub fn object_files(&self) -> Vec<PathBuf> {
        let mut files = self.sealed_files();
        files.extend(self.keys().into_iter().map(|(path, _)| path));
        files
    }

    fn sealed_files(&self) -> Vec<PathBuf> {
        files_ending_in(&self.config.data_dir, "sealed")
    }

    /// The wrapped keys, and where they are: the end of each 128-byte slot, zeros if there is none.
    fn keys(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut keys = Vec::new();
        for path in files_ending_in(&self.config.data_dir, "slots") {
            for slot in fs::read(&path).unwrap().chunks(128) {
                keys.push((path.clone(), slot[68..].to_vec()));
            }
        }
        keys.retain(|(_, key)| key.iter().any(|byte| *byte != 0));
        keys
    }

    /// What the disk holds of all objects: sealed bytes and wrapped keys.
    pub fn sealed_bytes(&self) -> Vec<Vec<u8>> {
        let files = self.sealed_files().into_iter();
        let sealed = files.map(|path| fs::read(path).unwrap());
        let keys = self.keys().into_iter().map(|(_, key)| key);
        sealed.chain(keys).collect()
    }

    /// How many objects the rows name.
    pub async fn named_objects(&self) -> usize {
        let store = Store::open(&self.config.data_dir.join("jobs.sqlite"))
            .await
            .unwrap();
        let rows = store.live_jobs().await.unwrap();
        rows.iter().map(|row| row.objects().count()).sum()
    }
}

/// Worker and reaper at work.
pub struct Running {
    shutdown: oneshot::Sender<()>,
    run: JoinHandle<Result<(), StorageError>>,
}

impl Running {
    pub async fn stop(self) {
        let _ = self.shutdown.send(());
        self.run.await.unwrap().unwrap();
    }
}

/// Small, to be quick.
pub fn options() -> Options {
    Options {
        faces: Some(500),
        texture_px: Some(64),
        ..Options::default()
    }
}

/// How many 16-byte pieces of `secrets` are in files of the data folder.
pub fn traces(house: &House, secrets: &[Vec<u8>]) -> usize {
    const PIECE: usize = 16;
    let pieces: std::collections::HashSet<&[u8]> = secrets
        .iter()
        .flat_map(|secret| secret.windows(PIECE))
        // Runs of one byte are in any file.
        .filter(|piece| piece.iter().any(|byte| *byte != piece[0]))
        .collect();
    house
        .all_files()
        .iter()
        .flat_map(|(_, bytes)| bytes.windows(PIECE))
        .filter(|window| pieces.contains(window))
        .count()
}

/// A small PNG file with a comment inside: a disc, cut out, so that no background removal (for
/// which there are no weights here) is needed.
pub fn picture(comment: &[u8]) -> Vec<u8> {
    let pixels = image::RgbaImage::from_fn(64, 64, |x, y| {
        let (dx, dy) = (x as f32 - 31.5, y as f32 - 31.5);
        let inside = dx * dx + dy * dy < 400.0;
        let alpha = if inside { 255 } else { 0 };
        image::Rgba([200, (x * 4) as u8, (y * 4) as u8, alpha])
    });
    let mut file = png(pixels);
    let chunk = text_chunk(comment);
    // Behind the signature and the header chunk.
    file.splice(33..33, chunk);
    file
}

/// The same object from its front and its left.
pub fn two_views(comment: &[u8]) -> Bundle {
    let mut views = Bundle::from(picture(comment));
    views.insert(Role::Left, picture(b"from the left").into());
    views
}

/// A picture with nothing in it.
pub fn blank() -> Vec<u8> {
    png(image::RgbaImage::new(64, 64))
}

/// A square picture that no encoder makes smaller.
pub fn noise(side: u32) -> Vec<u8> {
    let mut state = 1_u32;
    png(image::RgbaImage::from_fn(side, side, |_, _| {
        image::Rgba([0; 4].map(|_: u8| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 24) as u8
        }))
    }))
}

fn png(pixels: image::RgbaImage) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

fn text_chunk(comment: &[u8]) -> Vec<u8> {
    let body = [b"tEXtComment\0", comment].concat();
    let mut chunk = Vec::new();
    chunk.extend((body.len() as u32 - 4).to_be_bytes());
    chunk.extend(&body);
    chunk.extend(crc(&body).to_be_bytes());
    chunk
}

/// The checksum of PNG chunks (PNG specification, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => 0xEDB8_8320 ^ (crc >> 1),
            _ => crc >> 1,
        })
    })
}

fn files_ending_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = files_below(folder);
    files.retain(|path| path.extension().is_some_and(|end| end == extension));
    files
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// A finished job in a house where nothing runs any more.
pub async fn finished() -> (House, Id) {
    let house = House::new().await;
    let running = house.run();
    let id = house.submit().await.id;
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    (house, id)
}
