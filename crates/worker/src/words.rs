//! The project's own words as bytes: what may be asked for, what a run tells, why a picture is
//! refused. Names where names are stable, so that a word in the middle of a list can be added.

use engine::{Event, Ground, Notice, Options, Shaper, Stage, Symmetry, Tier, Topology};
use imaging::{DecodeError, MediaKind};

use crate::codec::{Malformed, Packer, Unpacker};

/// The formats that are decoded, and so those that can be cut off or damaged.
const DECODED: [MediaKind; 7] = [
    MediaKind::Png,
    MediaKind::Jpeg,
    MediaKind::WebP,
    MediaKind::Gif,
    MediaKind::Bmp,
    MediaKind::Tiff,
    MediaKind::Avif,
];

/// Longest name of a format in a refusal, in bytes.
const FORMAT_LEN: usize = 64;

impl Packer {
    pub(crate) fn options(self, options: &Options) -> Self {
        // Named one by one, so that a new option can't be forgotten here.
        let Options {
            tier,
            shaper,
            seed,
            faces,
            texture_px,
            topology,
            symmetry,
            size_metres,
            ground,
            print,
            keep_background,
        } = *options;
        self.text(tier.name())
            .text(shaper.name())
            .u64(seed)
            .optional(faces, Self::u32)
            .optional(texture_px, Self::u32)
            .text(topology.name())
            .text(symmetry.name())
            .optional(size_metres, Self::f32)
            .text(ground.name())
            .flag(print)
            .flag(keep_background)
    }

    pub(crate) fn event(self, event: Event) -> Self {
        match event {
            Event::Started(stage) => self.u8(0).text(stage.name()),
            Event::Progress(stage, fraction) => self.u8(1).text(stage.name()).f32(fraction),
            Event::Finished(stage) => self.u8(2).text(stage.name()),
            Event::Notice(notice) => self
                .u8(3)
                .text(notice.name())
                .u32(notice.number().unwrap_or(0)),
        }
    }

    pub(crate) fn refusal(self, error: &DecodeError) -> Self {
        match *error {
            DecodeError::Empty => self.u8(0),
            DecodeError::NotAPicture => self.u8(1),
            DecodeError::Unsupported { ref format } => self.u8(2).text(format),
            DecodeError::Truncated { format } => self.u8(3).text(format),
            DecodeError::Corrupt { format } => self.u8(4).text(format),
            DecodeError::TooManyBytes { bytes, limit } => self.u8(5).u64(bytes).u64(limit),
            DecodeError::TooLong {
                width,
                height,
                limit,
            } => self.u8(6).u32(width).u32(height).u32(limit),
            DecodeError::TooManyPixels {
                width,
                height,
                limit,
            } => self.u8(7).u32(width).u32(height).u64(limit),
            DecodeError::TooSmall {
                width,
                height,
                limit,
            } => self.u8(8).u32(width).u32(height).u32(limit),
            DecodeError::TooMuchMemory { limit } => self.u8(9).u64(limit),
        }
    }
}

impl Unpacker<'_> {
    pub(crate) fn options(&mut self) -> Result<Options, Malformed> {
        Ok(Options {
            tier: self.named(&Tier::ALL, Tier::name)?,
            shaper: self.named(&Shaper::ALL, Shaper::name)?,
            seed: self.u64()?,
            faces: self.optional(Self::u32)?,
            texture_px: self.optional(Self::u32)?,
            topology: self.named(&Topology::ALL, Topology::name)?,
            symmetry: self.named(&Symmetry::ALL, Symmetry::name)?,
            size_metres: self.optional(Self::f32)?,
            ground: self.named(&Ground::ALL, Ground::name)?,
            print: self.flag()?,
            keep_background: self.flag()?,
        })
    }

    pub(crate) fn event(&mut self) -> Result<Event, Malformed> {
        Ok(match self.u8()? {
            0 => Event::Started(self.stage()?),
            1 => Event::Progress(self.stage()?, self.f32()?.clamp(0.0, 1.0)),
            2 => Event::Finished(self.stage()?),
            3 => {
                let name = self.text(64)?;
                Event::Notice(Notice::from_name(name, self.u32()?).ok_or(Malformed)?)
            }
            _ => return Err(Malformed),
        })
    }

    fn stage(&mut self) -> Result<Stage, Malformed> {
        self.named(&Stage::ALL, Stage::name)
    }

    pub(crate) fn refusal(&mut self) -> Result<DecodeError, Malformed> {
        Ok(match self.u8()? {
            0 => DecodeError::Empty,
            1 => DecodeError::NotAPicture,
            2 => DecodeError::Unsupported {
                format: self.printable()?.to_owned(),
            },
            3 => DecodeError::Truncated {
                format: self.format()?,
            },
            4 => DecodeError::Corrupt {
                format: self.format()?,
            },
            5 => DecodeError::TooManyBytes {
                bytes: self.u64()?,
                limit: self.u64()?,
            },
            6 => DecodeError::TooLong {
                width: self.u32()?,
                height: self.u32()?,
                limit: self.u32()?,
            },
            7 => DecodeError::TooManyPixels {
                width: self.u32()?,
                height: self.u32()?,
                limit: self.u64()?,
            },
            8 => DecodeError::TooSmall {
                width: self.u32()?,
                height: self.u32()?,
                limit: self.u32()?,
            },
            9 => DecodeError::TooMuchMemory { limit: self.u64()? },
            _ => return Err(Malformed),
        })
    }

    fn format(&mut self) -> Result<&'static str, Malformed> {
        self.named(&DECODED, MediaKind::name).map(MediaKind::name)
    }

    /// A text that ends up on a page.
    fn printable(&mut self) -> Result<&str, Malformed> {
        let text = self.text(FORMAT_LEN)?;
        match text.chars().any(char::is_control) {
            true => Err(Malformed),
            false => Ok(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::Viewpoint;

    use super::*;

    fn unpacked<T>(
        message: &[u8],
        unpack: impl FnOnce(&mut Unpacker) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let mut unpacker = Unpacker::of(message);
        let value = unpack(&mut unpacker)?;
        unpacker.end().map(|()| value)
    }

    #[test]
    fn every_option_arrives() {
        let asked = Options {
            tier: Tier::Ultra,
            shaper: Shaper::Inflate,
            seed: u64::MAX - 7,
            faces: Some(123),
            texture_px: None,
            topology: Topology::Quad,
            symmetry: Symmetry::X,
            size_metres: Some(0.08),
            ground: Ground::Centre,
            print: true,
            keep_background: true,
        };
        for options in [asked, Options::default()] {
            let message = Packer::default().options(&options).done();
            let arrived = unpacked(&message, |unpacker| unpacker.options());
            assert_eq!(arrived.unwrap(), options);
        }
    }

    #[test]
    fn every_event_arrives() {
        for event in [
            Event::Started(Stage::Matte),
            Event::Progress(Stage::Shape, 0.25),
            Event::Finished(Stage::Export),
            Event::Notice(Notice::Thickened),
            Event::Notice(Notice::SeveralObjects { count: 3 }),
            Event::Notice(Notice::LeftOut(Viewpoint::Back)),
        ] {
            let message = Packer::default().event(event).done();
            let arrived = unpacked(&message, |unpacker| unpacker.event());
            assert_eq!(arrived, Ok(event));
        }
    }

    #[test]
    fn every_refusal_arrives_with_its_text() {
        let (width, height) = (20_000, 7);
        for error in [
            DecodeError::Empty,
            DecodeError::NotAPicture,
            DecodeError::Unsupported {
                format: "JPEG with this encoding".into(),
            },
            DecodeError::Truncated { format: "WebP" },
            DecodeError::Corrupt { format: "AVIF" },
            DecodeError::TooManyBytes { bytes: 9, limit: 8 },
            DecodeError::TooLong {
                width,
                height,
                limit: 16_384,
            },
            DecodeError::TooManyPixels {
                width,
                height,
                limit: 64_000_000,
            },
            DecodeError::TooSmall {
                width,
                height,
                limit: 16,
            },
            DecodeError::TooMuchMemory { limit: 512 << 20 },
        ] {
            let message = Packer::default().refusal(&error).done();
            let arrived = unpacked(&message, |unpacker| unpacker.refusal()).unwrap();
            assert_eq!(arrived, error);
            assert_eq!(arrived.to_string(), error.to_string());
        }
    }

    #[test]
    fn words_that_do_not_exist_are_malformed() {
        let foreign = Packer::default().u8(4).text("a text of their own").done();
        assert!(unpacked(&foreign, |unpacker| unpacker.refusal()).is_err());
        let control = Packer::default().u8(2).text("\x1b[2J").done();
        assert!(unpacked(&control, |unpacker| unpacker.refusal()).is_err());
        let stage = Packer::default().u8(0).text("polish").done();
        assert!(unpacked(&stage, |unpacker| unpacker.event()).is_err());
        let not_a_number = Packer::default().u8(1).text("shape").f32(f32::NAN).done();
        assert!(unpacked(&not_a_number, |unpacker| unpacker.event()).is_err());
    }
}
