//! A few typical points among many: k-means.

/// Rounds (Lloyd, "Least squares quantization in PCM", 1982).
const ROUNDS: usize = 8;
/// Up to `most` centres and how many of the points each stands for; fewer where no more points lie
/// `apart` from the centres found. The same points in the same order give the same centres.
pub(super) fn clusters(points: &[[f32; 3]], most: usize, apart: f32) -> Vec<([f32; 3], u32)> {
    let mut centres = first_centres(points, most, apart);
    let mut counts = vec![0_u32; centres.len()];
    for _ in 0..ROUNDS {
        let mut sums = vec![[0.0_f32; 3]; centres.len()];
        counts.fill(0);
        for point in points {
            let nearest = nearest(&centres, point);
            counts[nearest] += 1;
            (0..3).for_each(|i| sums[nearest][i] += point[i]);
        }
        for ((centre, sum), &count) in centres.iter_mut().zip(sums).zip(&counts) {
            if count > 0 {
                *centre = sum.map(|s| s / count as f32);
            }
        }
    }
    centres.into_iter().zip(counts).collect()
}

/// Centres to begin with: each the farthest from those before it.
fn first_centres(points: &[[f32; 3]], most: usize, apart: f32) -> Vec<[f32; 3]> {
    let mut centres: Vec<[f32; 3]> = points.iter().take(1).copied().collect();
    while !centres.is_empty() && centres.len() < most {
        let distance = |point: &[f32; 3]| {
            let distances = centres.iter().map(|c| squared_distance(c, point));
            distances.fold(f32::MAX, f32::min)
        };
        let Some(farthest) = points
            .iter()
            .max_by(|a, b| distance(a).total_cmp(&distance(b)))
            .filter(|farthest| distance(farthest) > apart * apart)
        else {
            break;
        };
        centres.push(*farthest);
    }
    centres
}

/// Index of the centre nearest to a point; 0 if there is none.
pub(super) fn nearest(centres: &[[f32; 3]], point: &[f32; 3]) -> usize {
    let distance = |i: &usize| squared_distance(&centres[*i], point);
    (0..centres.len())
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(0)
}

pub(super) fn squared_distance(a: &[f32; 3], b: &[f32; 3]) -> f32 {
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum()
}
