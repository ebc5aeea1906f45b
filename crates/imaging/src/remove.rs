//! Background removal from a picture to a picture: find the object, correct by hand, cut out, put
//! something behind.

use crate::edit::{Behind, EditError};
use crate::{Mask, Matte, MatteError, Picture};

/// How the background is to go. The default leaves nothing behind the object.
#[derive(Clone, Copy, Debug, Default)]
pub struct Removal<'a> {
    /// Look for the object even in a picture that is a cut-out already.
    pub always: bool,
    /// What belongs to the object whatever the network says.
    pub keep: Option<&'a Mask>,
    /// What doesn't; where both are marked, it goes.
    pub erase: Option<&'a Mask>,
    /// What comes behind it.
    pub behind: Option<&'a Behind>,
}

/// The object before what is wanted behind it, and how much each pixel belongs to it. `find` is the
/// network; a picture that is a cut-out already needs none. Panics unless the masks have the picture's
/// size: see [`Mask::check`].
///
/// # Errors
/// [`EditError::NoObject`], or [`EditError::Matte`] if `find` fails.
pub fn remove_background(
    picture: Picture,
    wanted: &Removal<'_>,
    find: impl FnOnce(&Picture) -> Result<Matte, MatteError>,
) -> Result<(Picture, Matte), EditError> {
    let is_cut = picture.has_cutout() && !wanted.always;
    let mut matte = match is_cut {
        true => Matte::from_alpha(&picture),
        false => find(&picture)?,
    };
    if let Some(keep) = wanted.keep {
        matte = matte.kept(keep, &picture);
    }
    if let Some(erase) = wanted.erase {
        matte = matte.erased(erase, &picture);
    }
    if matte.is_empty() {
        return Err(EditError::NoObject);
    }
    let cut = match is_cut {
        // Its colours are the object's own already.
        true => picture.with_alpha(&matte),
        false => picture.cut_out(&matte),
    };
    let picture = match wanted.behind {
        None | Some(Behind::Nothing) => cut,
        Some(Behind::Instead(background)) => cut.before(background),
    };
    Ok((picture, matte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves() -> Picture {
        let pixel = |at: u32| {
            if at % 40 < 20 {
                [200, 90, 40, 255]
            } else {
                [0; 4]
            }
        };
        Picture::new(40, 40, (0..1600).flat_map(pixel).collect())
    }

    fn nothing_found(picture: &Picture) -> Result<Matte, MatteError> {
        let (width, height) = (picture.width, picture.height);
        let alpha = vec![0; (width * height) as usize];
        Ok(Matte {
            width,
            height,
            alpha,
        })
    }

    #[test]
    fn a_cut_out_needs_no_network_unless_it_is_always_asked() {
        let kept = remove_background(halves(), &Removal::default(), nothing_found);
        assert!(kept.unwrap().0 == halves(), "its own outline");
        let always = Removal {
            always: true,
            ..Removal::default()
        };
        let found = remove_background(halves(), &always, nothing_found);
        assert!(matches!(found, Err(EditError::NoObject)));
    }

    #[test]
    fn a_picture_that_is_clear_everywhere_has_no_object() {
        let clear = Picture::new(40, 40, vec![0; 40 * 40 * 4]);
        let found = remove_background(clear, &Removal::default(), nothing_found);
        assert!(matches!(found, Err(EditError::NoObject)));
    }
}
