//! How large to print a model.

use std::ops::RangeInclusive;

use crate::problem::Problem;

/// The longest side if nobody says otherwise, millimetres: fits every printer.
pub const USUAL_MM: f32 = 100.0;

/// Longest sides that are taken, millimetres.
pub const RANGE_MM: RangeInclusive<f32> = 1.0..=10_000.0;

const MM_PER_METRE: f32 = 1000.0;

/// The field `size_mm` as metres; `None` if it is missing or empty.
pub fn longest_side(size_mm: Option<&str>) -> Result<Option<f32>, Problem> {
    let text = size_mm.unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    let size_mm = text.parse().ok().filter(|size| RANGE_MM.contains(size));
    let size_mm: f32 = size_mm.ok_or_else(Problem::unknown_size)?;
    Ok(Some(size_mm / MM_PER_METRE))
}
