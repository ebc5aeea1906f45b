//! USDZ for Apple's viewers: a USD layer in text and its textures in one uncompressed archive.
//!
//! Layout: OpenUSD, "Usdz File Format Specification" 1.3: the layer first, every file's data at a
//! multiple of 64 bytes.

use mesh::Model;

use super::textures::{Image, Images};
use super::{Companion, WriteError, WriteOptions, file_stem, usda};
use crate::archive::{Packing, zip};

pub(super) fn write(model: &Model, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
    let images = Images::of(model)?;
    let path =
        |image: &Option<Image>| Some(format!("textures/{}", image.as_ref()?.file_name("model")));
    let textures = usda::Textures {
        base_colour: path(&images.base_colour),
        normal: path(&images.normal),
        orm: path(&images.orm),
    };
    let mut entries = vec![Companion {
        name: format!("{}.usda", file_stem(&options.name)),
        bytes: usda::layer(model, options, &textures).into_bytes(),
    }];
    entries.extend(images.into_vec().into_iter().map(|image| Companion {
        name: format!("textures/{}", image.file_name("model")),
        bytes: image.png,
    }));
    zip(&entries, Packing::Mapped)
}
