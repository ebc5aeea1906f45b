//! One run, top to bottom: matte → shape → surface → texture → export.

use std::sync::Arc;

use imaging::{Framing, Matte, MatteModel, Picture};
use mesh::{Model, Surface, raster};

use crate::field::{self, ViewField};
use crate::model::ShapeModel;
use crate::networks::{Builtin, Inflate};
use crate::paint::{self, OtherPhoto};
use crate::views::{self, Found, Look, Views};
use crate::{EngineError, Event, Notice, Options, Shaper, Sink, Stage, pose, surface};

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
        let mut stages = Stages { sink };
        let found = stages.run(Stage::Matte, || self.find_objects(&views, options))?;
        stages.notices(&found, options)?;
        let looks = stages.run(Stage::Shape, || self.look(found, options))?;
        let (surface, looks) = stages.run(Stage::Surface, || self.surface(looks, options))?;
        stages.left_out(&views, &looks)?;
        let model = stages.run(Stage::Texture, || Ok(texture(&surface, &looks, options)))?;
        stages.run(Stage::Export, || export(model, options))
    }

    fn find_objects<'a>(
        &self,
        views: &Views<'a>,
        options: &Options,
    ) -> Result<Vec<Found<'a>>, EngineError> {
        let find = |(from, picture)| {
            let framing = self.find_object(picture, options);
            let framing = framing.map_err(|error| error.of(from))?;
            Ok(Found {
                from,
                picture,
                framing,
            })
        };
        views.pictures().map(find).collect()
    }

    fn find_object(&self, picture: &Picture, options: &Options) -> Result<Framing, EngineError> {
        let matte = if picture.has_cutout() {
            Matte::from_alpha(picture)
        } else if options.keep_background {
            Matte {
                width: picture.width,
                height: picture.height,
                alpha: opaque(picture),
            }
        } else {
            self.matte
                .as_ref()
                .ok_or(EngineError::MatteMissing)?
                .matte(picture)?
        };
        Framing::find(&matte).ok_or(EngineError::NoForeground)
    }

    fn shaper(&self, options: &Options) -> &dyn ShapeModel {
        match options.shaper {
            Shaper::Builtin => self.builtin.as_ref(),
            Shaper::Inflate => &Inflate,
        }
    }

    fn look<'a>(
        &self,
        found: Vec<Found<'a>>,
        options: &Options,
    ) -> Result<Vec<Look<'a>>, EngineError> {
        let shaper = self.shaper(options);
        let look = |found: Found<'a>| {
            let guess = shaper.guess(&found.cut(shaper.input_side()), options.seed);
            let guess = guess.map_err(|error| error.of(found.from))?;
            Ok(Look::new(found, guess))
        };
        found.into_iter().map(look).collect()
    }

    /// The surface in the front camera's frame, and the views it was made from.
    fn surface<'a>(
        &self,
        looks: Vec<Look<'a>>,
        options: &Options,
    ) -> Result<(Surface, Vec<Look<'a>>), EngineError> {
        let looks = views::register(looks);
        let fields: Vec<ViewField> = looks.iter().map(|look| self.fuse(look, options)).collect();
        let surface = match (&looks[..], &fields[..]) {
            ([front], [field]) => surface::build(field, front.view(), options.face_goal()),
            _ => views::surface(&looks, &fields, options),
        };
        Ok((surface?, looks))
    }

    fn fuse(&self, look: &Look, options: &Options) -> ViewField {
        field::fuse(
            &look.guess,
            &look.found.cut(self.shaper(options).input_side()).alpha,
            &look.found.cut(options.tier.grid_side()).alpha,
        )
    }
}

/// Paints the surface with the pictures it was made from and stands it upright.
fn texture(surface: &Surface, looks: &[Look], options: &Options) -> Model {
    let texture_px = options.texture_goal();
    let photo = |look: &Look, most: u32| {
        let side = look.found.framing.side(MARGIN).min(most);
        look.found.cut(side as usize)
    };
    let front = &looks[0];
    let others: Vec<OtherPhoto> = looks[1..]
        .iter()
        .map(|other| OtherPhoto {
            view: other.view(),
            placement: other.placement.seen_by(&front.placement),
            // Four of them share the sheet.
            photo: photo(other, texture_px / 2),
        })
        .collect();
    let mut model = paint::paint(
        surface,
        front.view(),
        &photo(front, texture_px),
        &others,
        &front.guess,
        texture_px,
    );
    pose::stand_upright(&mut model.positions, &mut model.normals, front.guess.up);
    model
}

fn opaque(picture: &Picture) -> Vec<u8> {
    vec![255; picture.width as usize * picture.height as usize]
}

fn export(model: Model, options: &Options) -> Result<Artifacts, EngineError> {
    let file_options = formats::glb::GlbOptions {
        name: "model".into(),
        generator: concat!("ai3dgen ", env!("CARGO_PKG_VERSION")).into(),
        extras: [
            ("engine".to_owned(), options.shaper.name().into()),
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

    fn notices(&mut self, found: &[Found], options: &Options) -> Result<(), EngineError> {
        if options.keep_background {
            return self.tell(Event::Notice(Notice::WholePicture));
        }
        if found.iter().any(|found| found.framing.touches_border) {
            self.tell(Event::Notice(Notice::TouchesBorder))?;
        }
        if found.iter().any(|found| found.framing.objects > 1) {
            self.tell(Event::Notice(Notice::SeveralObjects))?;
        }
        Ok(())
    }

    fn left_out(&mut self, views: &Views, used: &[Look]) -> Result<(), EngineError> {
        for (from, _) in views.pictures() {
            if used.iter().all(|look| look.found.from != from) {
                self.tell(Event::Notice(Notice::LeftOut(from)))?;
            }
        }
        Ok(())
    }
}
