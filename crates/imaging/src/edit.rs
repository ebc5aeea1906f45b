//! Everything that can be done to a picture in one go, in a fixed order.
//!
//! The order is that of [`Edit`]'s fields: first what the picture shows, then its noise, its light,
//! what is behind the object, and at last what makes pixels up.

use crate::network::{NetworkError, Tell};
use crate::{
    Adjustments, Area, Background, GeometryError, Limits, Matte, MatteError, Picture, Removal,
    Style, adjust, geometry, remove_background, sharpen,
};

/// How many times larger along a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enlarge {
    /// Faithful: waifu2x.
    Twice,
    /// Sharpest, and made up: Real-ESRGAN.
    FourTimes,
}

impl Enlarge {
    /// Pixels along a side for one.
    pub fn factor(self) -> u32 {
        match self {
            Self::Twice => 2,
            Self::FourTimes => 4,
        }
    }
}

/// What becomes of what is behind the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behind {
    /// It becomes transparent.
    Nothing,
    /// It is replaced.
    Instead(Background),
}

/// What is to be done. The default does nothing.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Quarters clockwise.
    pub rotate: u8,
    /// See [`geometry::perspective`]. Here and below, coordinates are those of the picture as the steps
    /// before have left it.
    pub perspective: Option<[[f32; 2]; 4]>,
    /// Degrees clockwise, [`geometry::STRAIGHTEN_DEGREES`].
    pub straighten: f32,
    /// What to keep.
    pub crop: Option<Area>,
    /// Standard deviation of the noise, [`crate::NOISE`].
    pub denoise: Option<f32>,
    /// Light and colour.
    pub adjustments: Adjustments,
    /// The object is found unless the picture is a cut-out already.
    pub background: Option<Behind>,
    /// Repaint it.
    pub style: Option<Style>,
    /// Enlarge it.
    pub enlarge: Option<Enlarge>,
    /// 0–100 per cent.
    pub sharpen: f32,
}

/// Why an edit ended without a picture. Carries no content.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Something doesn't lie in the picture.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Enlarged it would be larger than any picture that is taken.
    #[error(
        "enlarged {factor} times the picture would have {width}×{height} pixels, more than {} megapixels or {} on a side: crop it or make it smaller first",
        limits.max_pixels / 1_000_000, limits.max_side
    )]
    TooLarge {
        /// How many times.
        factor: u32,
        /// Columns it would have.
        width: u32,
        /// Rows it would have.
        height: u32,
        /// What is allowed.
        limits: Limits,
    },
    /// Nothing to cut out.
    #[error(
        "no object stands out in the picture: crop it closer, or mark the object by hand with `ai3dgen matte --keep`"
    )]
    NoObject,
    /// The background could not be removed.
    #[error(transparent)]
    Matte(#[from] MatteError),
    /// A network could not be loaded or run.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

/// The networks that edits need, loaded when first asked for.
pub trait Networks {
    /// Finds the object.
    ///
    /// # Errors
    /// [`MatteError`].
    fn matte(&self, picture: &Picture) -> Result<Matte, MatteError>;

    /// Takes noise out.
    ///
    /// # Errors
    /// [`NetworkError`], also in what follows.
    fn denoise(
        &self,
        picture: &Picture,
        sigma: f32,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError>;

    /// Repaints.
    fn restyle(
        &self,
        picture: &Picture,
        style: Style,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError>;

    /// Enlarges.
    fn enlarge(
        &self,
        picture: &Picture,
        by: Enlarge,
        tell: &mut Tell<'_>,
    ) -> Result<Picture, NetworkError>;
}

/// Does all of it.
///
/// # Errors
/// [`EditError`] of the first step that fails.
pub fn edit(
    picture: Picture,
    edit: &Edit,
    networks: &dyn Networks,
    tell: &mut Tell<'_>,
) -> Result<Picture, EditError> {
    let mut picture = shaped(picture, edit)?;
    check_size(&picture, edit.enlarge)?;
    let mut slow = Slow::steps(edit, tell);
    if let Some(sigma) = edit.denoise {
        picture = slow.step(|tell| networks.denoise(&picture, sigma, tell))?;
    }
    picture = adjust::adjust(picture, &edit.adjustments);
    if let Some(behind) = &edit.background {
        let wanted = Removal {
            behind: Some(behind),
            ..Removal::default()
        };
        (picture, _) = remove_background(picture, &wanted, |picture| networks.matte(picture))?;
    }
    if let Some(style) = edit.style {
        picture = slow.step(|tell| networks.restyle(&picture, style, tell))?;
    }
    if let Some(by) = edit.enlarge {
        picture = slow.step(|tell| networks.enlarge(&picture, by, tell))?;
    }
    if edit.sharpen > 0.0 {
        picture = sharpen::sharpen(&picture, edit.sharpen);
    }
    Ok(picture)
}

/// What moves pixels.
fn shaped(mut picture: Picture, edit: &Edit) -> Result<Picture, GeometryError> {
    if !edit.rotate.is_multiple_of(4) {
        picture = geometry::rotate(&picture, edit.rotate);
    }
    if let Some(corners) = edit.perspective {
        picture = geometry::perspective(&picture, corners)?;
    }
    if edit.straighten != 0.0 {
        picture = geometry::straighten(&picture, edit.straighten);
    }
    if let Some(area) = edit.crop {
        picture = geometry::crop(&picture, area)?;
    }
    Ok(picture)
}

/// Before anything slow is done.
fn check_size(picture: &Picture, enlarge: Option<Enlarge>) -> Result<(), EditError> {
    let Some(by) = enlarge else {
        return Ok(());
    };
    let limits = Limits::default();
    let factor = by.factor();
    let [width, height] = [picture.width, picture.height].map(|side| side.saturating_mul(factor));
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > limits.max_side || pixels > limits.max_pixels {
        return Err(EditError::TooLarge {
            factor,
            width,
            height,
            limits,
        });
    }
    Ok(())
}

/// Tells how much of all slow steps is done.
struct Slow<'a, 'b> {
    count: usize,
    done: usize,
    tell: &'a mut Tell<'b>,
}

impl<'a, 'b> Slow<'a, 'b> {
    fn steps(edit: &Edit, tell: &'a mut Tell<'b>) -> Self {
        let steps = [
            edit.denoise.is_some(),
            edit.style.is_some(),
            edit.enlarge.is_some(),
        ];
        Self {
            count: steps.into_iter().filter(|&wanted| wanted).count(),
            done: 0,
            tell,
        }
    }

    fn step<T>(&mut self, run: impl FnOnce(&mut Tell<'_>) -> T) -> T {
        let (done, count) = (self.done as f32, self.count as f32);
        self.done += 1;
        let tell = &mut *self.tell;
        run(&mut |fraction| tell((done + fraction) / count))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::ops::ControlFlow;

    use super::*;

    /// Writes down what is asked of it.
    #[derive(Default)]
    struct Recorder(RefCell<Vec<String>>);

    impl Recorder {
        fn record(&self, what: String, picture: &Picture, tell: &mut Tell<'_>) -> Picture {
            let _ = tell(0.5);
            let size = format!("{what} {}x{}", picture.width, picture.height);
            self.0.borrow_mut().push(size);
            picture.clone()
        }
    }

    impl Networks for Recorder {
        fn matte(&self, picture: &Picture) -> Result<Matte, MatteError> {
            self.record("matte".into(), picture, &mut |_| ControlFlow::Continue(()));
            let (width, height) = (picture.width, picture.height);
            // The left half is the object.
            let alpha = (0..width * height).map(|i| if i % width < width / 2 { 255 } else { 0 });
            Ok(Matte {
                width,
                height,
                alpha: alpha.collect(),
            })
        }

        fn denoise(
            &self,
            picture: &Picture,
            sigma: f32,
            tell: &mut Tell<'_>,
        ) -> Result<Picture, NetworkError> {
            Ok(self.record(format!("denoise {sigma}"), picture, tell))
        }

        fn restyle(
            &self,
            picture: &Picture,
            style: Style,
            tell: &mut Tell<'_>,
        ) -> Result<Picture, NetworkError> {
            Ok(self.record(format!("restyle {}", style.name()), picture, tell))
        }

        fn enlarge(
            &self,
            picture: &Picture,
            by: Enlarge,
            tell: &mut Tell<'_>,
        ) -> Result<Picture, NetworkError> {
            Ok(self.record(format!("enlarge {}", by.factor()), picture, tell))
        }
    }

    fn picture(width: u32, height: u32) -> Picture {
        let pixels = width * height;
        Picture::new(
            width,
            height,
            (0..pixels).flat_map(|i| [i as u8, 90, 30, 255]).collect(),
        )
    }

    #[test]
    fn steps_come_in_their_order_and_progress_goes_through_the_slow_ones() {
        let all = Edit {
            sharpen: 20.0,
            enlarge: Some(Enlarge::Twice),
            style: Style::named("mist"),
            background: Some(Behind::Nothing),
            denoise: Some(12.0),
            crop: Some(Area {
                left: 0,
                top: 10,
                width: 30,
                height: 40,
            }),
            rotate: 1,
            ..Edit::default()
        };
        let networks = Recorder::default();
        let mut told = Vec::new();
        let result = edit(picture(60, 40), &all, &networks, &mut |fraction| {
            told.push(fraction);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(
            networks.0.into_inner(),
            [
                "denoise 12 30x40",
                "matte 30x40",
                "restyle mist 30x40",
                "enlarge 2 30x40"
            ]
        );
        assert_eq!(told, [0.5 / 3.0, 0.5, 2.5 / 3.0]);
        assert!(result.has_cutout());
    }

    #[test]
    fn a_cut_out_needs_no_network_to_get_a_background() {
        let mut cut = picture(20, 20);
        cut.rgba
            .chunks_exact_mut(4)
            .take(100)
            .for_each(|pixel| pixel[3] = 0);
        let blue = Edit {
            background: Some(Behind::Instead(Background::Colour([0, 0, 255]))),
            ..Edit::default()
        };
        let networks = Recorder::default();
        let result = edit(cut, &blue, &networks, &mut |_| ControlFlow::Continue(())).unwrap();
        assert!(networks.0.into_inner().is_empty());
        assert_eq!(result.rgba[..4], [0, 0, 255, 255]);
    }

    #[test]
    fn what_would_be_too_large_is_refused_before_anything_slow() {
        let large = Edit {
            denoise: Some(5.0),
            enlarge: Some(Enlarge::FourTimes),
            ..Edit::default()
        };
        let networks = Recorder::default();
        let long = picture(5000, 1);
        let error = edit(long, &large, &networks, &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert!(error.to_string().contains("20000×4 pixels"), "{error}");
        assert!(networks.0.into_inner().is_empty());
    }

    #[test]
    fn nothing_to_do_gives_the_same_picture() {
        let networks = Recorder::default();
        let same = edit(picture(9, 7), &Edit::default(), &networks, &mut |_| {
            ControlFlow::Break(())
        });
        assert_eq!(same.unwrap(), picture(9, 7));
    }
}
