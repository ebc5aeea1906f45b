//! A cache folder, weights that nobody published, and a network without patience.

use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use weights::{
    Cache, Entry, Network, Patience, PinnedFile, Progress, Pulled, Source, WeightsError,
};

/// Long enough to be cut in many places, of no pattern that a shifted copy would share.
pub fn content() -> Vec<u8> {
    let mut state = 1_u32;
    let bytes = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    bytes.take(300_000).collect()
}

/// Quick to give up, so that tests are quick.
pub fn network() -> Network {
    Network {
        hub: String::new(),
        proxies: false,
        patience: Patience {
            connect: Duration::from_secs(2),
            window: Duration::from_millis(300),
            least_bytes: 1000,
            attempts: 3,
            first_wait: Duration::from_millis(10),
            longest_wait: Duration::from_secs(3),
        },
    }
}

/// Lives as long as the tests: the catalogue is meant to be part of the program.
pub fn entry(url: String, content: &[u8]) -> &'static [Entry] {
    let digest = Sha256::digest(content);
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let sources = Box::leak(Box::new([Source::Url(url.leak())]));
    let files = Box::leak(Box::new([PinnedFile {
        path: "thing.bin",
        bytes: content.len() as u64,
        sha256: sha256.leak(),
        sources,
        instead: None,
    }]));
    Box::leak(Box::new([Entry {
        name: "thing",
        purpose: "tests",
        licence: "MIT",
        limits: None,
        files,
    }]))
}

/// What the program says of an error: its text, and behind it what the system said.
pub fn told(error: &WeightsError) -> String {
    let reason = error.source().map(|source| format!(": {source}"));
    format!("{error}{}", reason.unwrap_or_default())
}

pub struct Bench {
    folder: TempDir,
    pub cache: Cache,
}

impl Bench {
    /// A folder where `content` is wanted from `url`.
    pub fn new(url: String, content: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::with_catalogue(folder.path().join("models"), entry(url, content));
        Self { folder, cache }
    }

    pub fn pull(&self) -> Result<Pulled, WeightsError> {
        self.pull_while(|_| true)
    }

    /// Goes on as long as `go_on` says so.
    pub fn pull_while(
        &self,
        mut go_on: impl FnMut(Progress<'_>) -> bool,
    ) -> Result<Pulled, WeightsError> {
        self.cache
            .pull("thing", &network(), &mut |progress| match go_on(progress) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
    }

    /// The one line that a person gets.
    pub fn failure(&self) -> String {
        let said = told(&self.pull().unwrap_err());
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!self.cache.installed("thing").unwrap(), "{said}");
        said
    }

    pub fn installed(&self) -> Vec<u8> {
        assert!(self.cache.installed("thing").unwrap());
        self.cache.load("thing").unwrap()
    }

    pub fn path(&self) -> PathBuf {
        self.cache.dir().join("thing.bin")
    }

    pub fn part(&self) -> PathBuf {
        self.cache.dir().join("thing.bin.part")
    }

    /// Bytes kept for the next pull.
    pub fn kept(&self) -> Option<u64> {
        fs::metadata(self.part()).ok().map(|part| part.len())
    }

    /// As if an earlier pull had got this far.
    pub fn has_part(&self, bytes: &[u8], from: Option<(&str, &str)>) {
        fs::create_dir_all(self.cache.dir()).unwrap();
        fs::write(self.part(), bytes).unwrap();
        if let Some((url, etag)) = from {
            let note = self.cache.dir().join("thing.bin.part.from");
            fs::write(note, format!("{url}\n{etag}\n")).unwrap();
        }
    }

    /// Names in the cache folder without the lock's.
    pub fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.cache.dir()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| !name.ends_with(".lock")).collect();
        names.sort();
        names
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}
