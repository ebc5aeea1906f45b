//! A whole picture through a network that multiplies its pixels.

use rten_tensor::Tensor;

use crate::network::{NetworkError, Tell};
use crate::picture::AlphaRole;
use crate::tiles::Tiles;
use crate::{Picture, Plane};

/// The picture at `tiles.scale` times its size: colours by the network, alpha resampled.
pub(crate) fn enlarged(
    picture: &Picture,
    tiles: &Tiles,
    network: impl FnMut(Tensor<f32>) -> Result<Tensor<f32>, String>,
    tell: &mut Tell<'_>,
) -> Result<Picture, NetworkError> {
    let scale = tiles.scale as u32;
    let (width, height) = (picture.width * scale, picture.height * scale);
    let mut large = picture.resized(width, height, AlphaRole::Channel);
    let bled = (!picture.is_opaque()).then(|| visible_colours(picture));
    let columns = picture.width as usize;
    tiles.run(
        [columns, picture.height as usize],
        |x, y| match &bled {
            Some(colours) => colours[(x, y)],
            None => picture.colour(x, y),
        },
        |_| true,
        network,
        |x, y, pixel| large.set_colour(x, y, pixel),
        tell,
    )?;
    Ok(large)
}

/// Colours that go on under what is transparent, so that whatever is hidden there doesn't reach
/// the edge of a cut-out.
fn visible_colours(picture: &Picture) -> Plane<3> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let colours = Plane::from_fn(width, height, |x, y| picture.colour(x, y));
    let weight = Plane::from_fn(width, height, |x, y| {
        [f32::from(picture.rgba[(y * width + x) * 4 + 3]) / 255.0]
    });
    colours.extended(&weight)
}
