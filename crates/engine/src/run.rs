//! One run, top to bottom: matte → shape → surface → texture → export.

use std::sync::Arc;

use imaging::{Frame, MatteModel, Upscale};
use mesh::{Model, raster};

use crate::enlarge;
use crate::events::Stages;
use crate::model::{ShapeModel, Tell};
use crate::networks::{Builtin, Inflate};
use crate::paint::{self, OtherPhoto};
use crate::pose::{PhotoCamera, Pose};
use crate::shape::Shape;
use crate::surface::Sculpture;
use crate::views::{self, Found, Look, Views};
use crate::{EngineError, Ground, Notice, Options, Shaper, Sink, Stage, Tier, object};

/// Side of the square cut relative to the object's longer side: the networks want some air.
pub const MARGIN: f32 = 1.1;
/// Side of the preview in pixels.
const PREVIEW_PX: u32 = 768;
/// From where the preview looks: enough to the side to show depth, the front still in view.
const PREVIEW_AZIMUTH_DEG: f32 = 30.0;

/// What a run leaves behind.
pub struct Artifacts {
    /// The model itself, for whoever wants to measure or export it further.
    pub model: Model,
    /// Where the front picture was taken from.
    pub camera: PhotoCamera,
    /// The model as a binary glTF file.
    pub glb: Vec<u8>,
    /// A rendering of it, PNG.
    pub preview_png: Vec<u8>,
}

/// The networks, ready to run. One engine serves any number of runs and threads.
pub struct Engine {
    matte: Option<Arc<dyn MatteModel>>,
    builtin: Arc<dyn ShapeModel>,
    triposr: Option<Arc<dyn ShapeModel>>,
    upscale: Option<Arc<dyn Upscale>>,
}

impl Engine {
    /// An engine with the built-in shape network; `matte` is `None` where its weights are missing.
    pub fn new(matte: Option<Arc<dyn MatteModel>>) -> Self {
        Self::with_shape_model(Arc::new(Builtin::default()), matte)
    }

    /// An engine with another network in the built-in one's place. Tests bring a tiny one.
    pub fn with_shape_model(
        builtin: Arc<dyn ShapeModel>,
        matte: Option<Arc<dyn MatteModel>>,
    ) -> Self {
        Self {
            matte,
            builtin,
            triposr: None,
            upscale: None,
        }
    }

    /// The engine with a network that enlarges small photographs for Pro's and Ultra's textures.
    pub fn with_upscale(self, upscale: Arc<dyn Upscale>) -> Self {
        Self {
            upscale: Some(upscale),
            ..self
        }
    }

    /// The engine with TripoSR, installed or not: [`crate::TripoSr`], or what opens one when it is
    /// first needed.
    pub fn with_triposr(self, triposr: Arc<dyn ShapeModel>) -> Self {
        Self {
            triposr: Some(triposr),
            ..self
        }
    }

    /// Which network these options ask for, never [`Shaper::Auto`].
    ///
    /// # Errors
    /// [`EngineError::TripoSrMissing`] where it was named and isn't installed.
    pub fn shaper(&self, options: &Options) -> Result<Shaper, EngineError> {
        let installed = self.triposr.as_ref().is_some_and(|it| it.is_installed());
        match options.shaper {
            Shaper::Auto if installed && options.tier != Tier::Base => Ok(Shaper::TripoSr),
            Shaper::Auto => Ok(Shaper::Builtin),
            Shaper::TripoSr if !installed => Err(EngineError::TripoSrMissing),
            named => Ok(named),
        }
    }

    /// Loads the built-in network, so that the first run doesn't have to.
    pub fn prepare(&self) {
        self.builtin.prepare();
    }

    /// Runs every stage on one picture, or on [`Views`] of one object, telling `sink` about each;
    /// blocks for seconds, so give it a thread of its own in a server.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] as soon as `sink` answers `Break`; otherwise the reason.
    pub fn generate<'a>(
        &self,
        views: impl Into<Views<'a>>,
        options: &Options,
        sink: &mut Sink,
    ) -> Result<Artifacts, EngineError> {
        let views = views.into();
        let shaper = self.network(options)?;
        let mut stages = Stages { sink };
        let (found, notices) = stages.run(Stage::Matte, || self.find_objects(&views, options))?;
        stages.notices(notices)?;
        let looks = stages.run_told(Stage::Shape, |tell| look(shaper, found, options, tell))?;
        let (sculpture, pose, looks, notices) =
            stages.run(Stage::Surface, || sculpt(looks, &views, options))?;
        stages.notices(notices)?;
        let (model, camera) = stages.run(Stage::Texture, || {
            let photo = enlarge::photo(&looks[0].found, self.upscale.as_deref(), options)?;
            Ok(texture(sculpture, &pose, &looks, &photo, options))
        })?;
        let made_by = if looks[0].shape.inflated {
            &Inflate
        } else {
            shaper
        };
        stages.run(Stage::Export, || {
            export(model, camera, made_by.name(), options)
        })
    }

    /// The object in every picture, and what is unusual about any of them.
    fn find_objects<'a>(
        &self,
        views: &Views<'a>,
        options: &Options,
    ) -> Result<(Vec<Found<'a>>, Vec<Notice>), EngineError> {
        let mut notices = Vec::new();
        let find = |(from, picture)| {
            let object = object::find(picture, self.matte.as_deref(), options);
            let object = object.map_err(|error: EngineError| error.of(from))?;
            for notice in object.notices {
                if !notices.contains(&notice) {
                    notices.push(notice);
                }
            }
            Ok(Found {
                from,
                picture,
                framing: object.framing,
            })
        };
        let found: Result<Vec<Found>, EngineError> = views.pictures().map(find).collect();
        Ok((found?, notices))
    }

    fn network(&self, options: &Options) -> Result<&dyn ShapeModel, EngineError> {
        Ok(match (self.shaper(options)?, &self.triposr) {
            (Shaper::TripoSr, Some(triposr)) => triposr.as_ref(),
            (Shaper::Inflate, _) => &Inflate,
            _ => self.builtin.as_ref(),
        })
    }
}

/// What the network makes of each picture, one after another.
fn look<'a>(
    shaper: &dyn ShapeModel,
    found: Vec<Found<'a>>,
    options: &Options,
    tell: &mut Tell<'_>,
) -> Result<Vec<Look<'a>>, EngineError> {
    let count = found.len() as f32;
    let look = |(nth, found): (usize, Found<'a>)| {
        let mut tell = |fraction: f32| tell((nth as f32 + fraction) / count);
        let shape = Shape::guess(shaper, |side| found.cut(side), options.seed, &mut tell);
        let shape = shape.map_err(|error| error.of(found.from))?;
        Ok(Look::new(found, shape))
    };
    found.into_iter().enumerate().map(look).collect()
}

/// The surface in the front camera's frame, how that lies in the world, the views it was made from,
/// and what to say about them.
fn sculpt<'a>(
    looks: Vec<Look<'a>>,
    views: &Views,
    options: &Options,
) -> Result<(Sculpture, Pose, Vec<Look<'a>>, Vec<Notice>), EngineError> {
    let (mut looks, fused) = views::agree(looks, options)?;
    let mut notices = Vec::new();
    for (from, _) in views.pictures() {
        if looks.iter().all(|look| look.found.from != from) {
            notices.push(Notice::LeftOut(from));
        }
    }
    let mut fine = if let Some(fused) = fused {
        fused
    } else {
        let Look { found, shape, .. } = &mut looks[0];
        let (outline, thickened) = found.cut(options.tier.grid_side()).with_inside();
        notices.extend(thickened.then_some(Notice::Thickened));
        shape.surface(&outline.alpha, options, |side| found.cut(side))?
    };
    let inflated = looks.iter().any(|look| look.shape.inflated);
    notices.extend(inflated.then_some(Notice::Inflated));
    let pose = Pose::of(&fine, looks[0].shape.guess.up);
    if options.ground == Ground::Flat {
        pose.press(&mut fine);
    }
    if options.print {
        pose.cut_base(&mut fine);
    }
    let (sculpture, notice) = Sculpture::of(fine, options)?;
    notices.extend(notice);
    Ok((sculpture, pose, looks, notices))
}

/// Paints the surface with the front's photograph and the other pictures it was made from, and
/// stands it upright.
fn texture(
    sculpture: Sculpture,
    pose: &Pose,
    looks: &[Look],
    photo: &Frame,
    options: &Options,
) -> (Model, PhotoCamera) {
    // Four of them share the sheet.
    let most = options.texture_goal() / 2;
    let front = &looks[0];
    let others: Vec<OtherPhoto> = looks[1..]
        .iter()
        .map(|other| OtherPhoto {
            view: other.shape.view(),
            placement: other.placement.seen_by(&front.placement),
            photo: (other.found).cut(other.found.framing.side(MARGIN).min(most) as usize),
        })
        .collect();
    let mut model = paint::paint(
        &sculpture,
        front.shape.view(),
        photo,
        &others,
        &front.shape.guess,
        options,
    );
    let camera = pose.stand(&mut model, front.shape.view(), options);
    (model, camera)
}

fn export(
    model: Model,
    camera: PhotoCamera,
    made_by: &str,
    options: &Options,
) -> Result<Artifacts, EngineError> {
    let file_options = formats::WriteOptions {
        name: "model".into(),
        generator: concat!("ai3dgen ", env!("CARGO_PKG_VERSION")).into(),
        extras: [
            ("engine".to_owned(), made_by.into()),
            ("tier".to_owned(), options.tier.name().into()),
            ("seed".to_owned(), options.seed.into()),
        ]
        .into_iter()
        .collect(),
        ..formats::WriteOptions::default()
    };
    // Most of writing is compressing pictures, one after another on one thread.
    let (glb, preview) = rayon::join(
        || formats::glb::write(&model, &file_options),
        || preview(&model),
    );
    let glb = glb.map_err(|error| EngineError::Shape(error.to_string()))?;
    let preview_png = preview.map_err(|error| EngineError::Shape(error.to_string()))?;
    Ok(Artifacts {
        model,
        camera,
        glb,
        preview_png,
    })
}

/// The model as it stands, seen a little from the side, as PNG.
fn preview(model: &Model) -> Result<Vec<u8>, formats::png::PixelCount> {
    let view = raster::View::from_azimuth(PREVIEW_AZIMUTH_DEG);
    let image = raster::render(model, &view, PREVIEW_PX);
    formats::png::encode_rgba(image.width, image.height, &image.rgba)
}
