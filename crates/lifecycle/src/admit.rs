//! Whatever somebody sent becomes a picture of ours, or an error they can act on.

use imaging::{DecodeError, Limits};
use zeroize::{Zeroize, Zeroizing};

/// Decodes within bounds and encodes anew: names, places, thumbnails and whatever else was in the
/// file end here. The result is a PNG.
pub(crate) fn admit(upload: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, DecodeError> {
    let mut picture = imaging::decode(&upload, &Limits::default())?;
    let png = Zeroizing::new(imaging::encode_png(&picture));
    picture.rgba.zeroize();
    Ok(png)
}
