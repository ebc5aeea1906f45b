//! MP4 with H.264, constrained baseline, 4:2:0, BT.709: what every player of the last fifteen
//! years shows. The index comes before the pictures, so that a browser can start at once.

mod boxes;

use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Encoder, EncoderConfig, FrameRate, Profile, QpRange, RateControlMode, VuiConfig,
};
use openh264::formats::YUVSlices;
use openh264::{Error, Timestamp};

use super::{AnimationError, Reel, Source, colours};

/// Quantisers from 0 (exact) to 51 (coarse): at these, steps in soft shadows can't be seen.
const QUANTISER: QpRange = QpRange::new(20, 22);
/// More than any film of ours needs at those quantisers: they decide, not the rate.
const BITS_PER_SECOND: u32 = 20_000_000;

/// Kinds of units in the stream (H.264, table 7-1).
const KEY_PICTURE: u8 = 5;
const SEQUENCE_PARAMETERS: u8 = 7;
const PICTURE_PARAMETERS: u8 = 8;

/// What of the stream goes into the file.
#[derive(Default)]
struct Track {
    sequence_parameters: Vec<u8>,
    picture_parameters: Vec<u8>,
    samples: Vec<Sample>,
    /// All samples, one after the other.
    data: Vec<u8>,
}

/// One compressed frame.
struct Sample {
    bytes: u32,
    /// It can be shown without those before it.
    key: bool,
}

pub(super) fn encode(reel: &Reel, source: &mut Source) -> Result<Vec<u8>, AnimationError> {
    let mut encoder = encoder(reel).map_err(AnimationError::encoder)?;
    let mut track = Track::default();
    let mut planes = Planes::new(reel);
    for index in 0..reel.frames {
        planes.fill(&source(index)?, reel);
        let at = u64::from(index) * u64::from(reel.duration_ms) / u64::from(reel.frames);
        let stream = encoder
            .encode_at(&planes.slices(reel), Timestamp::from_millis(at))
            .map_err(AnimationError::encoder)?;
        let layers = (0..stream.num_layers()).filter_map(|layer| stream.layer(layer));
        let units = layers.flat_map(|layer| {
            (0..layer.nal_count()).filter_map(move |unit| layer.nal_unit(unit).map(<[u8]>::to_vec))
        });
        track.add(units);
        // Allowed to, the encoder leaves out frames when the rate is too high; without leave, it
        // complains on standard error. The rate never is.
        if track.samples.last().is_none_or(|sample| sample.bytes == 0) {
            return Err(AnimationError::encoder("a frame was left out"));
        }
    }
    boxes::file(reel, &track)
}

fn encoder(reel: &Reel) -> Result<Encoder, Error> {
    let config = EncoderConfig::new()
        .profile(Profile::Baseline)
        .rate_control_mode(RateControlMode::Quality)
        .bitrate(BitRate::from_bps(BITS_PER_SECOND))
        .max_frame_rate(FrameRate::from_hz(
            reel.frames as f32 * 1000.0 / reel.duration_ms as f32,
        ))
        .qp(QUANTISER)
        .scene_change_detect(false)
        // The same bytes on every machine.
        .num_threads(1)
        .vui(VuiConfig::bt709());
    Encoder::with_api_config(OpenH264API::from_source(), config)
}

impl Track {
    /// Takes the units of one frame, each behind a start code of zeros and a one.
    fn add(&mut self, units: impl Iterator<Item = Vec<u8>>) {
        let (before, mut key) = (self.data.len(), false);
        for unit in units {
            let start = unit.iter().position(|&byte| byte != 0).unwrap_or(0) + 1;
            let unit = &unit[start.min(unit.len())..];
            let Some(kind) = unit.first().map(|header| header & 31) else {
                continue;
            };
            match kind {
                SEQUENCE_PARAMETERS => self.sequence_parameters = unit.to_vec(),
                PICTURE_PARAMETERS => self.picture_parameters = unit.to_vec(),
                _ => {
                    key |= kind == KEY_PICTURE;
                    self.data.extend((unit.len() as u32).to_be_bytes());
                    self.data.extend(unit);
                }
            }
        }
        self.samples.push(Sample {
            bytes: (self.data.len() - before) as u32,
            key,
        });
    }
}

/// Brightness for every pixel, two colour differences for every two by two.
struct Planes {
    y: Vec<u8>,
    cb: Vec<u8>,
    cr: Vec<u8>,
}

impl Planes {
    fn new(reel: &Reel) -> Self {
        Self {
            y: vec![0; reel.pixels()],
            cb: vec![0; reel.pixels() / 4],
            cr: vec![0; reel.pixels() / 4],
        }
    }

    /// BT.709 with its narrow range: 16–235 for brightness, 16–240 for differences.
    fn fill(&mut self, image: &mesh::raster::Image, reel: &Reel) {
        let width = reel.width as usize;
        let mut sums = vec![[0.0; 2]; self.cb.len()];
        for (at, [r, g, b]) in colours(image).enumerate() {
            let [r, g, b] = [r, g, b].map(|c| f32::from(c) / 255.0);
            let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            self.y[at] = (16.0 + 219.0 * luma).round() as u8;
            let sum = &mut sums[at / width / 2 * (width / 2) + at % width / 2];
            sum[0] += (b - luma) / 1.8556;
            sum[1] += (r - luma) / 1.5748;
        }
        let byte = |sum: f32| (128.0 + 224.0 * sum / 4.0).round() as u8;
        for (at, sum) in sums.into_iter().enumerate() {
            self.cb[at] = byte(sum[0]);
            self.cr[at] = byte(sum[1]);
        }
    }

    fn slices(&self, reel: &Reel) -> YUVSlices<'_> {
        let (width, height) = (reel.width as usize, reel.height as usize);
        YUVSlices::new(
            (&self.y, &self.cb, &self.cr),
            (width, height),
            (width, width / 2, width / 2),
        )
    }
}
