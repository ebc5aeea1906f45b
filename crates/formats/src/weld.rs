//! Seams closed again: equal vectors stored once.

use std::collections::HashMap;

/// Distinct vectors in the order of their first appearance, and which of them each input is.
/// Equal means equal numbers: -0 is 0.
pub(crate) fn distinct<const N: usize>(
    vectors: impl IntoIterator<Item = [f32; N]>,
) -> (Vec<[f32; N]>, Vec<u32>) {
    let mut distinct = Vec::new();
    let mut numbers: HashMap<[u32; N], u32> = HashMap::new();
    let index = vectors
        .into_iter()
        .map(|vector| {
            let vector = vector.map(|c| c + 0.0);
            *numbers.entry(vector.map(f32::to_bits)).or_insert_with(|| {
                distinct.push(vector);
                distinct.len() as u32 - 1
            })
        })
        .collect();
    (distinct, index)
}

#[cfg(test)]
mod tests {
    #[test]
    fn equal_vectors_get_one_number() {
        let (distinct, index) = super::distinct([[0.0, 1.0], [2.0, 3.0], [-0.0, 1.0]]);
        assert_eq!(distinct, [[0.0, 1.0], [2.0, 3.0]]);
        assert_eq!(index, [0, 1, 0]);
    }
}
