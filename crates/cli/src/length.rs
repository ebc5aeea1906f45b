//! Lengths as people write them.

/// Metres per unit. Longer names first, so that mm is not taken for m.
const UNITS: [(&str, f32); 4] = [("mm", 1e-3), ("cm", 1e-2), ("in", 0.0254), ("m", 1.0)];
/// From a grain of sand to a tower: beyond, programs that open the file lose precision.
const METRES: std::ops::RangeInclusive<f32> = 1e-4..=1e3;

/// A length with its unit, in metres.
///
/// # Errors
/// What to write instead.
pub fn metres(text: &str) -> Result<f32, String> {
    let text = text.trim().to_ascii_lowercase();
    let (number, unit) = UNITS
        .into_iter()
        .find_map(|(name, metres)| Some((text.strip_suffix(name)?, metres)))
        .ok_or("write a number and its unit: 80mm, 8cm, 0.08m or 3in")?;
    let metres = number
        .trim()
        .parse::<f32>()
        .map_err(|_| "write a number and its unit: 80mm, 8cm, 0.08m or 3in")?
        * unit;
    if METRES.contains(&metres) {
        Ok(metres)
    } else {
        Err("choose a length from 0.1mm to 1000m".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_with_their_units() {
        for (text, expected) in [
            ("80mm", 0.08),
            (" 8 cm", 0.08),
            ("2M", 2.0),
            ("10in", 0.254),
        ] {
            assert!((metres(text).unwrap() - expected).abs() < 1e-6, "{text}");
        }
        for wrong in [
            "80", "mm", "-3cm", "nanm", "infm", "5000m", "1e-9m", "3 feet",
        ] {
            assert!(metres(wrong).is_err(), "{wrong}");
        }
    }
}
