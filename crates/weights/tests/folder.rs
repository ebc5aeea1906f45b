//! Weights that are a folder of several files: pulled, imported, converted by somebody.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use weights::{CATALOGUE, Cache, Entry, Instead, Network, PinnedFile, Source, State, WeightsError};

#[path = "pull/bench.rs"]
#[allow(dead_code, reason = "the other test uses the rest")]
mod bench;
#[path = "pull/server.rs"]
#[allow(dead_code, reason = "the other test uses the rest")]
mod server;

use server::{Answer, Server, raw};

const CONFIG: &[u8] = b"size: 3 # as published\n";
const OWN_CONFIG: &str = "size: 3\n";
const WEIGHTS: &[u8] = b"PK\x03\x04 a checkpoint, as published";
/// Eight bytes of length and the beginning of JSON.
const CONVERTED: &[u8] = b"\x02\0\0\0\0\0\0\0{}";

fn hex(content: &[u8]) -> &'static str {
    let digest = Sha256::digest(content);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.leak()
}

fn file(path: &'static str, content: &[u8], instead: Instead) -> PinnedFile {
    let name = path.rsplit('/').next().unwrap();
    PinnedFile {
        path,
        bytes: content.len() as u64,
        sha256: hex(content),
        sources: Box::leak(Box::new([Source::Hub {
            repo: "owner/net",
            revision: "abc",
            path: name,
        }])),
        instead: Some(instead),
    }
}

fn catalogue() -> &'static [Entry] {
    let files = Box::leak(Box::new([
        file("net/config.yaml", CONFIG, Instead::Text(OWN_CONFIG)),
        file(
            "net/model.ckpt",
            WEIGHTS,
            Instead::Converted("net/model.safetensors"),
        ),
    ]));
    Box::leak(Box::new([Entry {
        name: "net",
        purpose: "tests",
        licence: "MIT",
        limits: None,
        files,
    }]))
}

struct Place {
    folder: TempDir,
    cache: Cache,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::with_catalogue(folder.path().join("models"), catalogue());
        Self { folder, cache }
    }

    fn own(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.cache.dir().join("net")) else {
            return Vec::new();
        };
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    fn import(&self, paths: &[PathBuf]) -> Result<State, String> {
        self.import_if(paths, Ok(()))
    }

    fn import_if(&self, paths: &[PathBuf], fits: Result<(), String>) -> Result<State, String> {
        let imported = self.cache.import("net", paths, &|_| fits.clone());
        imported.map(|i| i.state).map_err(|error| error.to_string())
    }

    fn pull(&self, hub: String) -> Result<(), String> {
        let network = Network {
            hub,
            ..bench::network()
        };
        let go_on = &mut |_: weights::Progress<'_>| ControlFlow::Continue(());
        let pulled = self.cache.pull("net", &network, go_on);
        pulled.map(|_| ()).map_err(|error| error.to_string())
    }
}

/// A hub with both files, or without the large one.
fn hub(whole: bool) -> Server {
    Server::start(WEIGHTS, move |request, _| match request.path.as_str() {
        "/owner/net/resolve/abc/config.yaml" => raw("200 OK", CONFIG),
        "/owner/net/resolve/abc/model.ckpt" if whole => Answer::Serve,
        _ => raw("404 Not Found", b""),
    })
}

#[test]
fn a_folder_counts_as_installed_when_everything_is_there() {
    let place = Place::new();
    let said = place.pull(hub(false).url("")).unwrap_err();
    assert!(
        said.contains("model.ckpt") && said.contains("404"),
        "{said}"
    );
    assert_eq!(place.names(), ["config.yaml"]);
    assert!(!place.cache.installed("net").unwrap());
    assert!(!place.cache.is_there("net").unwrap());
    let missing = place.cache.folder("net").unwrap_err();
    assert!(matches!(missing, WeightsError::Missing { name: "net" }));

    let hub = hub(true);
    place.pull(hub.url("")).unwrap();
    assert_eq!(place.names(), ["config.yaml", "model.ckpt"]);
    assert_eq!(
        place.cache.folder("net").unwrap(),
        place.cache.dir().join("net")
    );
    assert_eq!(place.cache.verify("net").unwrap(), State::Installed);
    assert_eq!(
        hub.requests().len(),
        1,
        "what was there isn't fetched again"
    );
}

#[test]
fn a_plan_names_what_is_lacking_and_changes_nothing() {
    let place = Place::new();
    let network = Network {
        hub: "https://mirror.example".into(),
        ..bench::network()
    };
    let plan = place.cache.plan("net", &network).unwrap();
    let from: Vec<_> = plan.files.iter().map(|file| file.from.as_str()).collect();
    assert_eq!(
        from,
        [
            "https://mirror.example/owner/net/resolve/abc/config.yaml",
            "https://mirror.example/owner/net/resolve/abc/model.ckpt"
        ]
    );
    assert_eq!(plan.bytes(), (CONFIG.len() + WEIGHTS.len()) as u64);
    assert!(!place.cache.dir().exists());

    fs::create_dir_all(place.cache.dir().join("net")).unwrap();
    fs::write(place.cache.dir().join("net/config.yaml"), CONFIG).unwrap();
    fs::write(place.cache.dir().join("net/model.ckpt.part"), &WEIGHTS[..9]).unwrap();
    let plan = place.cache.plan("net", &network).unwrap();
    let [file] = plan.files.as_slice() else {
        panic!("{plan:?}")
    };
    assert_eq!((file.file.name(), file.kept), ("model.ckpt", 9));
    assert_eq!(plan.bytes(), WEIGHTS.len() as u64 - 9);
}

#[test]
fn weights_alone_are_enough_to_import() {
    let place = Place::new();
    let weights = place.own("downloaded (1).bin", WEIGHTS);
    assert_eq!(place.import(&[weights]).unwrap(), State::Installed);
    let config = fs::read_to_string(place.cache.dir().join("net/config.yaml")).unwrap();
    assert_eq!(config, OWN_CONFIG);
    assert_eq!(place.cache.verify("net").unwrap(), State::Installed);
    // What stands for the published configuration isn't fetched.
    let hub = hub(true);
    place.pull(hub.url("")).unwrap();
    assert!(hub.requests().is_empty());
}

#[test]
fn both_files_in_any_order_keep_the_published_configuration() {
    let place = Place::new();
    let (weights, config) = (place.own("a", WEIGHTS), place.own("b", CONFIG));
    assert_eq!(place.import(&[weights, config]).unwrap(), State::Installed);
    let kept = fs::read(place.cache.dir().join("net/config.yaml")).unwrap();
    assert_eq!(kept, CONFIG);
}

#[test]
fn a_configuration_alone_is_taken_and_the_rest_named() {
    let place = Place::new();
    let config = place.own("config.yaml", CONFIG);
    let imported = place.cache.import("net", &[config], &|_| Ok(())).unwrap();
    assert_eq!(imported.missing, ["model.ckpt"]);
    assert!(!place.cache.installed("net").unwrap());
}

#[test]
fn conversions_are_taken_if_they_fit_noted_and_said_to_be_unpinned() {
    let place = Place::new();
    let converted = place.own("model.safetensors", CONVERTED);
    let said = place
        .import_if(
            std::slice::from_ref(&converted),
            Err("tensor a.b has shape [1], expected [2]".into()),
        )
        .unwrap_err();
    assert!(said.contains("tensor a.b has shape [1]"), "{said}");
    assert!(place.names().is_empty());

    assert_eq!(place.import(&[converted]).unwrap(), State::Unpinned);
    let names = [
        "config.yaml",
        "model.safetensors",
        "model.safetensors.sha256",
    ];
    assert_eq!(place.names(), names);
    assert!(place.cache.folder("net").is_ok());
    assert_eq!(place.cache.verify("net").unwrap(), State::Unpinned);

    // A changed bit is found although nothing pins it.
    let path = place.cache.dir().join("net/model.safetensors");
    fs::write(&path, [CONVERTED, b" "].concat()).unwrap();
    assert!(matches!(
        place.cache.verify("net"),
        Err(WeightsError::Damaged { .. })
    ));
    // Nobody imported this one.
    fs::remove_file(place.cache.dir().join("net/model.safetensors.sha256")).unwrap();
    assert!(matches!(
        place.cache.verify("net"),
        Err(WeightsError::Damaged { .. })
    ));
}

#[test]
fn the_last_weights_that_were_installed_are_the_only_ones() {
    let place = Place::new();
    let weights = place.own("a", WEIGHTS);
    let converted = place.own("b", CONVERTED);
    assert_eq!(
        place.import(std::slice::from_ref(&converted)).unwrap(),
        State::Unpinned
    );
    place.pull(hub(true).url("")).unwrap();
    assert_eq!(place.names(), ["config.yaml", "model.ckpt"]);
    assert_eq!(
        place.import(std::slice::from_ref(&converted)).unwrap(),
        State::Unpinned
    );
    assert!(!place.names().contains(&"model.ckpt".to_owned()));
    assert_eq!(place.import(&[weights]).unwrap(), State::Installed);
    assert_eq!(place.names(), ["config.yaml", "model.ckpt"]);
}

#[test]
fn other_files_install_nothing() {
    let place = Place::new();
    let mut changed = WEIGHTS.to_vec();
    changed[10] ^= 1;
    for (content, reason) in [
        (
            &b"PK\x03\x04 another checkpoint, cut"[..],
            "its size differs",
        ),
        (&changed, "its SHA-256 differs"),
        (b"size: 4\n", "its size differs"),
        (b"", "its size differs"),
    ] {
        let own = place.own("own", content);
        let said = place.import(&[own]).unwrap_err();
        assert!(said.contains(reason), "{said}");
        assert!(said.contains("owner/net at abc"), "{said}");
        assert!(place.names().is_empty());
    }
    let nothing = place.folder.path().join("nothing");
    assert!(place.import(&[nothing]).unwrap_err().contains("nothing"));
    let folder = place.folder.path().to_owned();
    assert!(place.import(&[folder]).unwrap_err().contains("can't read"));
}

#[test]
fn removing_takes_all_of_it_and_leaves_what_is_yours() {
    let place = Place::new();
    place.import(&[place.own("a", WEIGHTS)]).unwrap();
    let mine = place.cache.dir().join("net/notes.txt");
    fs::write(&mine, "mine").unwrap();
    assert!(place.cache.remove("net").unwrap());
    assert_eq!(place.names(), ["notes.txt"]);
    assert!(!place.cache.remove("net").unwrap());

    fs::remove_file(mine).unwrap();
    place.import(&[place.own("b", CONVERTED)]).unwrap();
    assert!(place.cache.remove("net").unwrap());
    assert!(!place.cache.dir().join("net").exists());
}

#[test]
fn a_folder_is_not_loaded_as_one_file() {
    let place = Place::new();
    let error = place.cache.load("net").unwrap_err();
    assert!(matches!(error, WeightsError::Several { name: "net" }));
}

/// The published file is pinned by what several independent projects say of it; the text in its
/// place must not be another length, or a file of that length would be taken for the published.
#[test]
fn triposr_is_in_the_catalogue_with_both_files() {
    let entry = CATALOGUE
        .iter()
        .find(|entry| entry.name == "triposr")
        .unwrap();
    assert_eq!(entry.licence, "MIT");
    assert!(entry.limits.is_none());
    let [config, weights] = entry.files else {
        panic!()
    };
    assert_eq!((config.bytes, weights.bytes), (987, 1_677_246_742));
    let Some(Instead::Text(text)) = config.instead else {
        panic!()
    };
    assert_ne!(text.len() as u64, config.bytes);
    let network = Network {
        hub: "https://hub".into(),
        ..bench::network()
    };
    assert_eq!(
        network.url(&weights.sources[0]).unwrap(),
        "https://hub/stabilityai/TripoSR/resolve/5b521936b01fbe1890f6f9baed0254ab6351c04a/model.ckpt"
    );
}
