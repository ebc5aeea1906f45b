//! One run, top to bottom: matte → shape → surface → texture → export.

use std::sync::Arc;

use imaging::{Frame, Framing, MatteModel, Picture};
use mesh::{Model, Surface, raster};

use crate::model::ShapeModel;
use crate::networks::{Builtin, Inflate};
use crate::shape::Shape;
use crate::{EngineError, Event, Notice, Options, Shaper, Sink, Stage, object, paint, pose};

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
    /// The model as a binary glTF file.
    pub glb: Vec<u8>,
    /// A rendering of it, PNG.
    pub preview_png: Vec<u8>,
}

/// The networks, ready to run. One engine serves any number of runs and threads.
pub struct Engine {
    matte: Option<Arc<dyn MatteModel>>,
    builtin: Arc<dyn ShapeModel>,
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
        Self { matte, builtin }
    }

    /// Runs every stage, telling `sink` about each; blocks for seconds, so give it a thread of
    /// its own in a server.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] as soon as `sink` answers `Break`; otherwise the reason.
    pub fn generate(
        &self,
        picture: &Picture,
        options: &Options,
        sink: &mut Sink,
    ) -> Result<Artifacts, EngineError> {
        let mut stages = Stages { sink };
        let object = stages.run(Stage::Matte, || {
            object::find(picture, self.matte.as_deref(), options)
        })?;
        stages.notices(object.notices)?;
        let framing = object.framing;
        let cut = |side: usize| framing.cut(picture, MARGIN, side);
        let shaper = self.shaper(options);
        let mut shape = stages.run(Stage::Shape, || Shape::guess(shaper, cut, options.seed))?;
        let (surface, thickened) = stages.run(Stage::Surface, || {
            let (outline, thickened) = cut(options.tier.grid_side()).with_inside();
            let surface = shape.surface(&outline.alpha, options.face_goal(), cut)?;
            Ok((surface, thickened))
        })?;
        stages.notices(thickened.then_some(Notice::Thickened))?;
        stages.notices(shape.inflated.then_some(Notice::Inflated))?;
        let model = stages.run(Stage::Texture, || {
            Ok(texture(&surface, &shape, &framing, picture, options))
        })?;
        let made_by = if shape.inflated { &Inflate } else { shaper };
        stages.run(Stage::Export, || export(model, made_by.name(), options))
    }

    fn shaper(&self, options: &Options) -> &dyn ShapeModel {
        match options.shaper {
            Shaper::Builtin => self.builtin.as_ref(),
            Shaper::Inflate => &Inflate,
        }
    }
}

fn texture(
    surface: &Surface,
    shape: &Shape,
    framing: &Framing,
    picture: &Picture,
    options: &Options,
) -> Model {
    let texture_px = options.texture_goal();
    let photo: Frame = framing.cut(
        picture,
        MARGIN,
        framing.side(MARGIN).min(texture_px) as usize,
    );
    let mut model = paint::paint(surface, shape.view(), &photo, &shape.guess, texture_px);
    pose::stand_upright(&mut model, shape.guess.up);
    model
}

fn export(model: Model, made_by: &str, options: &Options) -> Result<Artifacts, EngineError> {
    let file_options = formats::glb::GlbOptions {
        name: "model".into(),
        generator: concat!("ai3dgen ", env!("CARGO_PKG_VERSION")).into(),
        extras: [
            ("engine".to_owned(), made_by.into()),
            ("tier".to_owned(), options.tier.name().into()),
            ("seed".to_owned(), options.seed.into()),
        ]
        .into_iter()
        .collect(),
    };
    let glb = formats::glb::write(&model, &file_options)
        .map_err(|error| EngineError::Shape(error.to_string()))?;
    let preview = raster::render(
        &model,
        &raster::View::from_azimuth(PREVIEW_AZIMUTH_DEG),
        PREVIEW_PX,
    );
    let preview_png = formats::png::encode_rgba(preview.width, preview.height, &preview.rgba)
        .map_err(|error| EngineError::Shape(error.to_string()))?;
    Ok(Artifacts {
        model,
        glb,
        preview_png,
    })
}

/// Tells the sink what happens, and stops where it says so.
struct Stages<'a, 'b> {
    sink: &'a mut Sink<'b>,
}

impl Stages<'_, '_> {
    fn tell(&mut self, event: Event) -> Result<(), EngineError> {
        if (self.sink)(event).is_break() {
            Err(EngineError::Cancelled)
        } else {
            Ok(())
        }
    }

    fn run<T>(
        &mut self,
        stage: Stage,
        work: impl FnOnce() -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        self.tell(Event::Started(stage))?;
        let result = work()?;
        self.tell(Event::Finished(stage))?;
        Ok(result)
    }

    fn notices(&mut self, notices: impl IntoIterator<Item = Notice>) -> Result<(), EngineError> {
        notices
            .into_iter()
            .try_for_each(|notice| self.tell(Event::Notice(notice)))
    }
}
