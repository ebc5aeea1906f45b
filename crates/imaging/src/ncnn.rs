//! Weight files of the ncnn runtime: the layers' numbers one after the other, little-endian, and
//! nothing that says what they belong to. Source: ncnn's own documentation, "ncnn model file
//! structure".

use crate::network::Convolution;

/// Before a layer's weights: they are 16-bit floats, padded to four bytes.
const HALF: u32 = 0x0130_6B47;
/// Before a layer's weights: they are 32-bit floats.
const SINGLE: u32 = 0;

/// A file's numbers, in order.
pub(crate) struct Blobs<'a> {
    rest: &'a [u8],
}

impl<'a> Blobs<'a> {
    pub(crate) fn of(file: &'a [u8]) -> Self {
        Self { rest: file }
    }

    /// The weights of a layer, of either length.
    pub(crate) fn weights(&mut self, count: usize) -> Result<Vec<f32>, &'static str> {
        let tag = self.take(4)?;
        match u32::from_le_bytes([tag[0], tag[1], tag[2], tag[3]]) {
            HALF => {
                let bytes = &self.take((2 * count).next_multiple_of(4))?[..2 * count];
                let halves = bytes.chunks_exact(2);
                Ok(halves
                    .map(|b| half(u16::from_le_bytes([b[0], b[1]])))
                    .collect())
            }
            SINGLE => self.floats(count),
            _ => Err("a layer is stored in an unknown way"),
        }
    }

    /// 32-bit floats without a tag: a layer's biases.
    pub(crate) fn floats(&mut self, count: usize) -> Result<Vec<f32>, &'static str> {
        let singles = self.take(4 * count)?.chunks_exact(4);
        Ok(singles
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect())
    }

    /// A convolution with its bias: outputs, inputs and the kernel's side.
    pub(crate) fn convolution(&mut self, shape: [usize; 3]) -> Result<Convolution, &'static str> {
        let [outputs, inputs, side] = shape;
        let kernel = self.weights(outputs * inputs * side * side)?;
        Ok(Convolution::new(shape, kernel, self.floats(outputs)?))
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), &'static str> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err("the file goes on after the last layer")
        }
    }

    fn take(&mut self, bytes: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) =
            (self.rest.split_at_checked(bytes)).ok_or("the file ends before the last layer")?;
        self.rest = rest;
        Ok(taken)
    }
}

/// A 16-bit float of IEEE 754 as a 32-bit one.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    sign * match exponent {
        0 => fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_what_the_standard_says() {
        let known = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65_504.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, value) in known {
            assert_eq!(half(bits), value, "{bits:#06x}");
        }
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn both_lengths_are_read_with_their_padding() {
        let file = [
            &HALF.to_le_bytes()[..],
            // 1, −2, 0.5 and two bytes of padding.
            &[0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38, 0, 0],
            &0.25_f32.to_le_bytes(),
            &SINGLE.to_le_bytes(),
            &3.5_f32.to_le_bytes(),
        ]
        .concat();
        let mut blobs = Blobs::of(&file);
        assert_eq!(blobs.weights(3).unwrap(), [1.0, -2.0, 0.5]);
        assert_eq!(blobs.floats(1).unwrap(), [0.25]);
        assert_eq!(blobs.weights(1).unwrap(), [3.5]);
        assert!(blobs.finish().is_ok());
    }
}
