//! The front's photograph for the texture, enlarged where the texture has room for more.

use imaging::{Frame, NetworkError, Upscale};

use crate::views::Found;
use crate::{EngineError, MARGIN, Options, Tier};

/// Texels of the whole texture per pixel of the cut, along a side, above which enlarging shows:
/// the front gets somewhat more than half of the texture's side.
const ROOM: u32 = 3;

/// Pixels of the cut up to which it is enlarged, so that the tier keeps its pace.
fn most_pixels(tier: Tier) -> u32 {
    match tier {
        Tier::Base => 0,
        Tier::Pro => 400_000,
        Tier::Ultra => 1_000_000,
    }
}

/// The square around the object, at most as large as the texture; at twice its size where there
/// is room and a network for it.
///
/// # Errors
/// [`EngineError::Upscale`] if the network is there but does not work.
pub(crate) fn photo(
    found: &Found,
    upscale: Option<&dyn Upscale>,
    options: &Options,
) -> Result<Frame, EngineError> {
    let texture_px = options.texture_goal();
    let side = found.framing.side(MARGIN).min(texture_px);
    let frame = found.cut(side as usize);
    let wanted = ROOM * side < texture_px && side * side <= most_pixels(options.tier);
    let Some(upscale) = upscale.filter(|_| wanted) else {
        return Ok(frame);
    };
    // Without its background, whose colours would reach in as far as the network looks.
    match upscale.double(&frame.object_colour(), &frame.alpha) {
        Ok(colour) => Ok(Frame {
            colour,
            alpha: found.cut(2 * side as usize).alpha,
        }),
        Err(NetworkError::Missing { .. }) => Ok(frame),
        Err(error) => Err(EngineError::Upscale(error)),
    }
}
