//! What a person may hand over as a model: the published kinds of file, and what isn't one.

use std::fs;
use std::path::Path;

use checkpoint::Checkpoint;
use triposr::{Config, Error, Model, shapes};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

fn config() -> Config {
    let vit = include_str!("data/dino_vit_config.json");
    Config::from_text(include_str!("data/config.yaml"), Some(vit)).unwrap()
}

fn torch() -> Vec<u8> {
    fs::read(Path::new(DATA).join("model.ckpt")).unwrap()
}

fn open(bytes: &[u8]) -> Result<Model, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, bytes).unwrap();
    Model::from_file(&path, &config())
}

fn message(bytes: &[u8]) -> String {
    open(bytes)
        .err()
        .expect("it should have been refused")
        .to_string()
}

#[test]
fn a_file_from_torch_has_every_tensor_and_the_pooler_nobody_uses() {
    let checkpoint = Checkpoint::open(&Path::new(DATA).join("model.ckpt")).unwrap();
    let found: Vec<_> = checkpoint
        .shapes()
        .map(|(n, s)| (n.to_owned(), s.to_vec()))
        .collect();
    assert_eq!(found, shapes::expected(&config()));
}

#[test]
fn damaged_files_end_in_an_error() {
    let whole = torch();
    for length in [0, 3, 4, 100, whole.len() / 2, whole.len() - 1] {
        open(&whole[..length]).err().expect("a cut file was taken");
    }
    // The zip's directory is at the end; its entries are where it says or nowhere.
    for at in (whole.len() - 9000..whole.len()).step_by(37) {
        let mut odd = whole.clone();
        odd[at] ^= 0x55;
        let _ = open(&odd);
    }
}

#[test]
fn other_weights_are_told_by_the_first_tensor_that_differs() {
    let path = Path::new(DATA).join("model.ckpt");
    let mut wide = config();
    wide.decoder.neurons = 32;
    let error = Model::from_file(&path, &wide).err().unwrap();
    assert_eq!(
        error.to_string(),
        "tensor decoder.layers.0.bias has shape [16], expected [32]"
    );
    let mut deep = config();
    deep.backbone.layers = 3;
    let said = Model::from_file(&path, &deep).err().unwrap().to_string();
    assert!(
        said.contains("backbone.transformer_blocks.2.attn1.to_k.weight"),
        "{said}"
    );
    assert!(said.contains("[64, 64]"), "{said}");
}

#[test]
fn safetensors_in_three_kinds_of_numbers_open_and_odd_ones_do_not() {
    for (kind, bytes) in [("F32", 4), ("F16", 2), ("BF16", 2)] {
        assert!(open(&safetensors(kind, bytes)).is_ok(), "{kind}");
    }
    let whole = safetensors("F32", 4);
    for length in [7, 8, 100, whole.len() - 1] {
        assert!(open(&whole[..length]).is_err());
    }
    let said = message(&safetensors("I32", 4));
    assert!(said.contains("have no tensor backbone.norm.bias"), "{said}");
}

/// All tensors the configuration asks for, zero.
fn safetensors(kind: &str, bytes: usize) -> Vec<u8> {
    let mut end = 0;
    let entries = shapes::expected(&config())
        .into_iter()
        .map(|(name, shape)| {
            let start = end;
            end += bytes * shape.iter().product::<usize>();
            format!(
                r#""{name}":{{"dtype":"{kind}","shape":{shape:?},"data_offsets":[{start},{end}]}}"#
            )
        });
    let header = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), &vec![0; end]].concat()
}

#[test]
fn a_folder_without_a_file_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let said = Model::open(folder.path()).err().unwrap().to_string();
    assert!(said.starts_with("config.yaml can't be read"), "{said}");
    fs::copy(
        Path::new(DATA).join("config.yaml"),
        folder.path().join("config.yaml"),
    )
    .unwrap();
    let said = Model::open(folder.path()).err().unwrap().to_string();
    assert!(said.contains("pretrained_model_name_or_path"), "{said}");
    fs::copy(
        Path::new(DATA).join("dino_vit_config.json"),
        folder.path().join("dino_vit_config.json"),
    )
    .unwrap();
    let said = Model::open(folder.path()).err().unwrap().to_string();
    assert!(
        said.starts_with("model.safetensors can't be read"),
        "{said}"
    );
}
