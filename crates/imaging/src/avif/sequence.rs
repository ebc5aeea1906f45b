//! The AV1 sequence header (AV1 bitstream specification 5.5): the size that the decoder is going
//! to allocate, and how colour is coded. Read here because both must be known before, and the
//! decoder's interface panics on reserved colour codes.

/// What is needed of a sequence header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sequence {
    pub max_width: u32,
    pub max_height: u32,
    /// H.273 `ColourPrimaries`.
    pub primaries: u8,
    /// H.273 `MatrixCoefficients`.
    pub matrix: u8,
    pub full_range: bool,
}

/// OBU type of a sequence header.
const OBU_SEQUENCE_HEADER: u32 = 1;
/// H.273 code for "not said".
const UNSPECIFIED: u8 = 2;

impl Sequence {
    /// Finds and reads the first sequence header; `None` if there is none or it is cut off.
    pub fn read(bitstream: &[u8]) -> Option<Self> {
        let mut rest = bitstream;
        loop {
            let mut bits = Bits { bytes: rest, at: 0 };
            bits.skip(1)?;
            let kind = bits.take(4)?;
            let has_extension = bits.flag()?;
            let has_size = bits.flag()?;
            bits.skip(1)?;
            if has_extension {
                bits.skip(8)?;
            }
            let size = if has_size { Some(bits.leb128()?) } else { None };
            let payload = &rest[bits.at / 8..];
            let size = size.unwrap_or(payload.len());
            if kind == OBU_SEQUENCE_HEADER {
                return Self::read_payload(Bits {
                    bytes: payload.get(..size)?,
                    at: 0,
                });
            }
            rest = payload.get(size..)?;
        }
    }

    fn read_payload(mut bits: Bits<'_>) -> Option<Self> {
        let profile = bits.take(3)?;
        bits.skip(1)?; // still_picture
        let reduced = bits.flag()?;
        if reduced {
            bits.skip(5)?; // seq_level_idx
        } else {
            skip_operating_points(&mut bits)?;
        }
        let width_bits = bits.take(4)? + 1;
        let height_bits = bits.take(4)? + 1;
        let max_width = bits.take(width_bits)? + 1;
        let max_height = bits.take(height_bits)? + 1;
        if !reduced && bits.flag()? {
            bits.skip(4 + 3)?; // frame id lengths
        }
        bits.skip(3)?; // superblock size, filter_intra, intra_edge_filter
        if !reduced {
            skip_inter_tools(&mut bits)?;
        }
        bits.skip(3)?; // superres, cdef, restoration

        // color_config()
        let high_bit_depth = bits.flag()?;
        if profile == 2 && high_bit_depth {
            bits.skip(1)?; // twelve_bit
        }
        let monochrome = profile != 1 && bits.flag()?;
        let (primaries, transfer, matrix) = if bits.flag()? {
            (
                bits.take(8)? as u8,
                bits.take(8)? as u8,
                bits.take(8)? as u8,
            )
        } else {
            (UNSPECIFIED, UNSPECIFIED, UNSPECIFIED)
        };
        // The one combination that implies full range: sRGB in the planes themselves.
        let is_srgb = !monochrome && (primaries, transfer, matrix) == (1, 13, 0);
        let full_range = is_srgb || bits.flag()?;
        Some(Self {
            max_width,
            max_height,
            primaries,
            matrix,
            full_range,
        })
    }
}

fn skip_operating_points(bits: &mut Bits<'_>) -> Option<()> {
    let mut delay_bits = None;
    if bits.flag()? {
        bits.skip(32 + 32)?; // timing_info
        if bits.flag()? {
            bits.skip_uvlc()?;
        }
        if bits.flag()? {
            delay_bits = Some(bits.take(5)? + 1);
            bits.skip(32 + 5 + 5)?; // rest of decoder_model_info
        }
    }
    let has_display_delay = bits.flag()?;
    let count = bits.take(5)? + 1;
    for _ in 0..count {
        bits.skip(12)?; // operating_point_idc
        if bits.take(5)? > 7 {
            bits.skip(1)?; // seq_tier
        }
        if let Some(delay_bits) = delay_bits
            && bits.flag()?
        {
            bits.skip(2 * delay_bits + 1)?;
        }
        if has_display_delay && bits.flag()? {
            bits.skip(4)?;
        }
    }
    Some(())
}

fn skip_inter_tools(bits: &mut Bits<'_>) -> Option<()> {
    bits.skip(4)?; // interintra, masked compound, warped motion, dual filter
    let has_order_hint = bits.flag()?;
    if has_order_hint {
        bits.skip(2)?;
    }
    let choose_screen_content = bits.flag()?;
    let may_force_integer_mv = choose_screen_content || bits.flag()?;
    if may_force_integer_mv && !bits.flag()? {
        bits.skip(1)?;
    }
    if has_order_hint {
        bits.skip(3)?;
    }
    Some(())
}

/// Reads bits from the most significant down.
struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl Bits<'_> {
    fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    /// Up to 32 bits.
    fn take(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |value, _| Some(value << 1 | u32::from(self.flag()?)))
    }

    fn skip(&mut self, count: u32) -> Option<()> {
        self.at += count as usize;
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// `leb128()`: 7 bits a byte, least significant first, at most 8 bytes.
    fn leb128(&mut self) -> Option<usize> {
        let mut value = 0u64;
        for group in 0..8 {
            let more = self.flag()?;
            value |= u64::from(self.take(7)?) << (7 * group);
            if !more {
                return usize::try_from(value).ok();
            }
        }
        None
    }

    fn skip_uvlc(&mut self) -> Option<()> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
        }
        self.skip(if zeros < 32 { zeros } else { 0 })
    }
}
