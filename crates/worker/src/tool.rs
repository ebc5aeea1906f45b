//! The image tools on the pictures of a job.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use imaging::{
    Background, Behind, EditError, FillError, GeometryError, Mask, MaskError, MatteError,
    NetworkError, Networks, Picture, Removal, edit, fill, remove_background,
};

use crate::bundle::Role;
use crate::error::Trouble;
use crate::job::Stopped;
use crate::recipe::{Backdrop, Recipe};

/// Does what the recipe says to [`Role::Picture`]. `tell` hears which share is done, 0–1.
///
/// # Errors
/// [`Stopped`].
pub(crate) fn apply(
    recipe: &Recipe,
    pictures: &mut BTreeMap<Role, Picture>,
    networks: &dyn Networks,
    tell: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Picture, Stopped> {
    let mut take = |role| pictures.remove(&role).ok_or(Trouble::PictureLost);
    let picture = take(Role::Picture)?;
    match recipe {
        Recipe::Matte(backdrop) => {
            let behind = behind(*backdrop, &mut take)?;
            let mut mask = |role| painted(&picture, take(role).ok());
            let (keep, erase) = (mask(Role::Keep)?, mask(Role::Remove)?);
            let wanted = Removal {
                always: false,
                keep: keep.as_ref(),
                erase: erase.as_ref(),
                behind: Some(&behind),
            };
            let (picture, _) =
                remove_background(picture, &wanted, |picture| networks.matte(picture))?;
            Ok(picture)
        }
        Recipe::Edit { steps, backdrop } => {
            let mut steps = steps.clone();
            let behind = backdrop.map(|backdrop| behind(backdrop, &mut take));
            steps.background = behind.transpose()?;
            Ok(edit(picture, &steps, networks, tell)?)
        }
        Recipe::Erase { seed } => {
            let mask = Mask::painted(&take(Role::Mask)?);
            Ok(fill(&picture, &mask, *seed, tell)?)
        }
    }
}

fn behind(
    backdrop: Backdrop,
    take: &mut impl FnMut(Role) -> Result<Picture, Trouble>,
) -> Result<Behind, Trouble> {
    Ok(match backdrop {
        Backdrop::Nothing => Behind::Nothing,
        Backdrop::Colour(colour) => Behind::Instead(Background::Colour(colour)),
        Backdrop::Picture => Behind::Instead(Background::Picture(take(Role::Background)?)),
    })
}

/// A mask of the picture's size, if one was sent.
fn painted(picture: &Picture, mask: Option<Picture>) -> Result<Option<Mask>, Stopped> {
    let mask = mask.map(|mask| Mask::painted(&mask));
    if let Some(mask) = &mask {
        mask.check(picture)?;
    }
    Ok(mask)
}

impl From<EditError> for Stopped {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Geometry(error) => error.into(),
            EditError::TooLarge { .. } => Trouble::TooLarge.into(),
            EditError::NoObject => Trouble::NoObject.into(),
            EditError::Matte(MatteError::Missing(_)) => Trouble::ToolMissing.into(),
            EditError::Matte(_) => Trouble::ToolBroken.into(),
            EditError::Network(NetworkError::Missing { .. }) => Trouble::ToolMissing.into(),
            EditError::Network(NetworkError::Cancelled) => Self::Halted,
            EditError::Network(_) => Trouble::ToolBroken.into(),
        }
    }
}

impl From<GeometryError> for Stopped {
    fn from(_: GeometryError) -> Self {
        Trouble::Outside.into()
    }
}

impl From<MaskError> for Stopped {
    fn from(_: MaskError) -> Self {
        Trouble::Mask.into()
    }
}

impl From<FillError> for Stopped {
    fn from(error: FillError) -> Self {
        match error {
            FillError::Cancelled => Self::Halted,
            FillError::Mask(_) | FillError::NothingLeft => Trouble::Mask.into(),
        }
    }
}
