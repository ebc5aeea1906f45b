//! What is made of the sealed result on demand: other formats, a report about printing a model. In
//! memory only, wiped afterwards, and no longer than the result itself may be read.

use std::sync::Arc;
use std::time::Duration;

use domain::{Id, UnixMillis};
use engine::Shaper;
use formats::{Format, Limits, WriteOptions};
use imaging::{Background, DecodeError, MediaKind, PictureFormat};
use mesh::check::{self, Report};
use mesh::{Model, Surface, measure};
use store::JobRow;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use vault::{Plaintext, Vault};
use worker::{wipe, wipe_positions};
use zeroize::Zeroize;

use crate::download::Sealed;
use crate::{Artifact, Download, Findings, Lifecycle, ReadError, StorageError};

/// How long a request waits for others to be done before it is asked to come again.
const PATIENCE: Duration = Duration::from_secs(20);
/// When to come again.
const RETRY_AFTER_SECS: u32 = 10;

pub(crate) async fn export(
    lifecycle: &Lifecycle,
    id: Id,
    format: Format,
    longest_side: Option<f32>,
) -> Result<Download, ReadError> {
    let (bytes, expires_at) = derive(lifecycle, id, move |opened| {
        if let Some(longest_side) = longest_side {
            resize(&mut opened.model, longest_side);
        }
        let mut options = opened.file_options(format)?;
        let written = formats::write(&opened.model, format, &options);
        options.thumbnail_png.zeroize();
        Ok(Plaintext::from(written?.zipped()?))
    })
    .await?;
    Ok(Download { bytes, expires_at })
}

pub(crate) async fn report(
    lifecycle: &Lifecycle,
    id: Id,
    longest_side: f32,
) -> Result<Findings, ReadError> {
    let checked = derive(lifecycle, id, move |opened| {
        Ok(opened.check(longest_side, |_, report| report))
    });
    let (report, expires_at) = checked.await?;
    Ok(Findings { report, expires_at })
}

pub(crate) async fn report_picture(
    lifecycle: &Lifecycle,
    id: Id,
    longest_side: f32,
) -> Result<Download, ReadError> {
    let drawn = derive(lifecycle, id, move |opened| {
        Ok(opened.check(longest_side, |surface, report| draw(surface, &report)))
    });
    let (bytes, expires_at) = drawn.await?;
    Ok(Download { bytes, expires_at })
}

/// The picture of a tool in another format.
pub(crate) async fn picture(
    lifecycle: &Lifecycle,
    id: Id,
    format: PictureFormat,
) -> Result<Download, ReadError> {
    let encoded = open(lifecycle, id, Artifact::Edited, move |png, _, _| {
        // Nothing but what our own encoder writes is decoded in this process.
        let decoded = match MediaKind::sniff(&png) {
            Some(MediaKind::Png) => imaging::decode(&png, &imaging::Limits::default()),
            _ => Err(DecodeError::NotAPicture),
        };
        let mut picture = decoded.map_err(StorageError::Picture)?;
        if format == PictureFormat::Jpeg && !picture.is_opaque() {
            let white = picture.before(&Background::Colour([255; 3]));
            std::mem::replace(&mut picture, white).rgba.zeroize();
        }
        let encoded = imaging::encode(&picture, format);
        picture.rgba.zeroize();
        Ok(Plaintext::from(encoded.map_err(|_| ReadError::TooLong)?))
    });
    let (bytes, expires_at) = encoded.await?;
    Ok(Download { bytes, expires_at })
}

/// Unpacks the model and does something with it.
async fn derive<T: Send + 'static>(
    lifecycle: &Lifecycle,
    id: Id,
    work: impl FnOnce(&mut Opened) -> Result<T, ReadError> + Send + 'static,
) -> Result<(T, UnixMillis), ReadError> {
    open(lifecycle, id, Artifact::Model, move |glb, row, vault| {
        let model = formats::read(&glb, &|_| None, &Limits::default())?.model;
        work(&mut Opened { model, row, vault })
    })
    .await
}

/// Opens a result on a blocking thread, when its turn has come, and does something with it.
async fn open<T: Send + 'static>(
    lifecycle: &Lifecycle,
    id: Id,
    artifact: Artifact,
    work: impl FnOnce(Plaintext, JobRow, Arc<Vault>) -> Result<T, ReadError> + Send + 'static,
) -> Result<(T, UnixMillis), ReadError> {
    let row = lifecycle.readable_row(id).await?;
    let sealed = Sealed::of(&row, artifact)?;
    let turn = timeout(PATIENCE, lifecycle.derivations.clone().acquire_owned()).await;
    let turn = turn.map_err(|_| ReadError::Busy {
        retry_after_secs: RETRY_AFTER_SECS,
    })?;
    let vault = lifecycle.vault.clone();
    let expires_at = row.expires_at;
    let derived = spawn_blocking(move || {
        // Held here, since the thread goes on when the client has left.
        let _turn = turn;
        work(sealed.open(&vault)?, row, vault)
    })
    .await??;
    // What was destroyed meanwhile is not handed out.
    lifecycle.readable_row(id).await?;
    Ok((derived, expires_at))
}

/// A model in memory, wiped when it is let go, and where it came from.
struct Opened {
    model: Model,
    row: JobRow,
    vault: Arc<Vault>,
}

impl Opened {
    /// What the file tells beside the shape: how it was made, and what it looks like.
    fn file_options(&self, format: Format) -> Result<WriteOptions, ReadError> {
        let made_with = &self.row.options;
        // Where nobody named an engine, the row doesn't say which was taken.
        let named = made_with.shaper != Shaper::Auto.name();
        let engine = named.then(|| ("engine".to_owned(), made_with.shaper.as_str().into()));
        let others = [
            ("tier".to_owned(), made_with.tier.as_str().into()),
            ("seed".to_owned(), made_with.seed.into()),
        ];
        let thumbnail_png = match format {
            Format::ThreeMf => {
                let preview = Sealed::of(&self.row, Artifact::Preview)?;
                Some(preview.open(&self.vault)?.to_vec())
            }
            _ => None,
        };
        Ok(WriteOptions {
            name: "model".into(),
            generator: concat!("ai3dgen ", env!("CARGO_PKG_VERSION")).into(),
            extras: engine.into_iter().chain(others).collect(),
            thumbnail_png,
        })
    }

    fn check<T>(&self, longest_side: f32, look: impl FnOnce(&Surface, Report) -> T) -> T {
        let mut surface = self.model.surface();
        let options = check::Options {
            longest_side: Some(longest_side),
            ..check::Options::default()
        };
        let report = check::check(&surface, &options);
        let seen = look(&surface, report);
        wipe_positions(&mut surface.positions);
        seen
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        wipe(&mut self.model);
    }
}

fn draw(surface: &Surface, report: &Report) -> Plaintext {
    let drawn = check::picture(surface, report);
    let mut picture = imaging::Picture::new(drawn.width, drawn.height, drawn.rgba);
    let png = Plaintext::from(imaging::encode_png(&picture));
    picture.rgba.zeroize();
    png
}

/// Scales about the middle of the plate, so that the model keeps standing where it stood.
fn resize(model: &mut Model, longest_side: f32) {
    let (low, high) = measure::bounds(&model.positions);
    let scale = longest_side / (high - low).max_element().max(f32::MIN_POSITIVE);
    for position in &mut model.positions {
        *position *= scale;
    }
}
