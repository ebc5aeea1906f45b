//! Functions of one number over slices, and norms. Written as plain loops that the compiler turns
//! into the widest vectors the processor has (`pulp` compiles each loop once per width). They are
//! written without fused multiply-adds, which plain code would have to imitate; the exponential of
//! attention is the exception.

use pulp::{Arch, Simd};

/// Adding this rounds to whole numbers, which then stand in the lowest bits.
pub(super) const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts; the first has so few digits that its multiples are exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// Taylor's factors of the exponential, from the sixth power down.
const SERIES: [f32; 7] = [
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];
/// The same for powers of 2: times powers of ln 2.
const SERIES_2: [f32; 7] = [
    1.540_353e-4,
    1.333_355_8e-3,
    9.618_129e-3,
    5.550_411e-2,
    0.240_226_5,
    std::f32::consts::LN_2,
    1.0,
];

/// exp with a relative error below 2e-7, for loops that have to become vectors.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial, 2ⁿ by the exponent's bits.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Comparisons, not `clamp`: they become one instruction each. What is no number stays so.
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let rest = (x - whole * LN_2[0]) - whole * LN_2[1];
    let mut series = SERIES[0];
    for factor in &SERIES[1..] {
        series = series * rest + factor;
    }
    let exponent = rounded.to_bits().wrapping_sub(ROUND.to_bits()) << 23;
    f32::from_bits(series.to_bits().wrapping_add(exponent))
}

/// x · Φ(x), with the error function of Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let mut series = 1.061_405_4;
    for factor in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6] {
        series = series * t + factor;
    }
    let tail = 0.5 * series * t * exp(-z * z);
    x * if x < 0.0 { tail } else { 1.0 - tail }
}

/// x · sigmoid(x).
#[inline(always)]
pub(crate) fn silu_of(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// GELU in its exact form, in place.
#[pulp::with_simd(gelu = Arch::new())]
#[inline(always)]
pub(crate) fn gelu_loop<S: Simd>(_: S, values: &mut [f32]) {
    for value in values {
        *value = gelu_of(*value);
    }
}

/// GEGLU (Shazeer 2020): values times the GELU of their gates, in place.
#[pulp::with_simd(geglu = Arch::new())]
#[inline(always)]
pub(crate) fn geglu_loop<S: Simd>(_: S, values: &mut [f32], gates: &[f32]) {
    for (value, gate) in values.iter_mut().zip(gates) {
        *value *= gelu_of(*gate);
    }
}

/// Turns scores into `exp(scale · score − peak)` and gives their sum.
#[pulp::with_simd(exponentials = Arch::new())]
#[inline(always)]
pub(crate) fn exponentials_loop<S: Simd>(
    simd: S,
    scores: &mut [f32],
    scale: f32,
    peak: f32,
) -> f32 {
    let (scale, peak) = (
        scale * std::f32::consts::LOG2_E,
        peak * std::f32::consts::LOG2_E,
    );
    let (vectors, rest) = S::as_mut_simd_f32s(scores);
    let (scales, peaks) = (simd.splat_f32s(scale), simd.splat_f32s(-peak));
    let mut sums = simd.splat_f32s(0.0);
    for vector in vectors {
        *vector = exp2(simd, simd.mul_add_e_f32s(*vector, scales, peaks));
        sums = simd.add_f32s(sums, *vector);
    }
    let mut sum = simd.reduce_sum_f32s(sums);
    for score in rest {
        *score = exp((*score * scale - peak) * std::f32::consts::LN_2);
        sum += *score;
    }
    sum
}

/// 2ˣ with a relative error below 2e-7, where attention spends a fifth of its time: with fused
/// multiply-adds if there are.
#[inline(always)]
fn exp2<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let splat = |value| simd.splat_f32s(value);
    // In this order what is no number stays so.
    let x = simd.min_f32s(splat(127.0), simd.max_f32s(splat(-126.0), x));
    let rounded = simd.add_f32s(x, splat(ROUND));
    let rest = simd.sub_f32s(x, simd.sub_f32s(rounded, splat(ROUND)));
    let mut series = splat(SERIES_2[0]);
    for factor in &SERIES_2[1..] {
        series = simd.mul_add_e_f32s(series, rest, splat(*factor));
    }
    // The shift drops what `ROUND` itself adds to the bits.
    let bits = simd.transmute_u32s_f32s(rounded);
    let exponent = simd.wrapping_dyn_shl_u32s(bits, simd.splat_u32s(23));
    let bits = simd.add_u32s(simd.transmute_u32s_f32s(series), exponent);
    simd.transmute_f32s_u32s(bits)
}

/// The largest value.
#[pulp::with_simd(largest = Arch::new())]
#[inline(always)]
pub(crate) fn largest_loop<S: Simd>(simd: S, values: &[f32]) -> f32 {
    largest_of(simd, values, |vector| vector, |value| value)
}

/// The largest magnitude.
#[pulp::with_simd(largest_magnitude = Arch::new())]
#[inline(always)]
pub(crate) fn largest_magnitude_loop<S: Simd>(simd: S, values: &[f32]) -> f32 {
    largest_of(simd, values, |vector| simd.abs_f32s(vector), f32::abs)
}

/// Four vectors at a time: a maximum takes four cycles until the next can begin with it.
#[inline(always)]
fn largest_of<S: Simd>(
    simd: S,
    values: &[f32],
    of: impl Fn(S::f32s) -> S::f32s,
    of_rest: impl Fn(f32) -> f32,
) -> f32 {
    let (vectors, rest) = S::as_simd_f32s(values);
    let (fours, vectors) = vectors.as_chunks::<4>();
    let mut peaks = [simd.splat_f32s(f32::NEG_INFINITY); 4];
    for four in fours {
        for (peak, &vector) in peaks.iter_mut().zip(four) {
            *peak = simd.max_f32s(*peak, of(vector));
        }
    }
    let [a, b, c, d] = peaks;
    let mut peak = simd.max_f32s(simd.max_f32s(a, b), simd.max_f32s(c, d));
    for &vector in vectors {
        peak = simd.max_f32s(peak, of(vector));
    }
    let rest = rest.iter().map(|&value| of_rest(value));
    rest.fold(simd.reduce_max_f32s(peak), f32::max)
}

/// `values *= factor`.
#[pulp::with_simd(scale = Arch::new())]
#[inline(always)]
pub(crate) fn scale_loop<S: Simd>(_: S, values: &mut [f32], factor: f32) {
    for value in values {
        *value *= factor;
    }
}

/// `out = factor · values`.
#[pulp::with_simd(scaled = Arch::new())]
#[inline(always)]
pub(crate) fn scaled_loop<S: Simd>(_: S, out: &mut [f32], values: &[f32], factor: f32) {
    for (out, value) in out.iter_mut().zip(values) {
        *out = value * factor;
    }
}

/// `out += factor · values`.
#[pulp::with_simd(add_scaled = Arch::new())]
#[inline(always)]
pub(crate) fn add_scaled_loop<S: Simd>(_: S, out: &mut [f32], values: &[f32], factor: f32) {
    for (out, value) in out.iter_mut().zip(values) {
        *out += value * factor;
    }
}

/// The larger of the two magnitudes, in the first.
#[pulp::with_simd(raise = Arch::new())]
#[inline(always)]
pub(crate) fn raise_loop<S: Simd>(_: S, peaks: &mut [f32], values: &[f32]) {
    for (peak, value) in peaks.iter_mut().zip(values) {
        *peak = peak.max(value.abs());
    }
}

/// Sixteen sums side by side, so that the order of additions doesn't depend on the vectors' width.
#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let (lanes, rest) = values.as_chunks::<16>();
    let mut sums = [0.0f32; 16];
    for lane in lanes {
        for (sum, value) in sums.iter_mut().zip(lane) {
            *sum += value;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

#[inline(always)]
fn sum_of_squares(values: &[f32], mean: f32) -> f32 {
    let (lanes, rest) = values.as_chunks::<16>();
    let mut sums = [0.0f32; 16];
    for lane in lanes {
        for (sum, value) in sums.iter_mut().zip(lane) {
            *sum += (value - mean) * (value - mean);
        }
    }
    let rest = rest.iter().map(|value| (value - mean) * (value - mean));
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}

/// Mean, and one over the standard deviation.
#[pulp::with_simd(moments = Arch::new())]
#[inline(always)]
pub(crate) fn moments_loop<S: Simd>(_: S, values: &[f32], eps: f32) -> (f32, f32) {
    let count = values.len() as f32;
    let mean = sum(values) / count;
    let variance = sum_of_squares(values, mean) / count;
    (mean, 1.0 / (variance + eps).sqrt())
}

/// Layer norm of one row into another, with a weight and a bias for each of its values.
#[pulp::with_simd(layer_norm = Arch::new())]
#[inline(always)]
pub(crate) fn layer_norm_loop<S: Simd>(
    simd: S,
    row: &[f32],
    out: &mut [f32],
    [weight, bias]: [&[f32]; 2],
    eps: f32,
) {
    let (mean, inverse) = moments_loop(simd, row, eps);
    for (((out, value), weight), bias) in out.iter_mut().zip(row).zip(weight).zip(bias) {
        *out = (value - mean) * inverse * weight + bias;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exp() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0;
            let wanted = f64::from(x).exp();
            let error = (f64::from(exp(x)) - wanted).abs() / wanted;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        // The factor of another base is rounded.
        let mut values: Vec<f32> = (-1740..800).map(|step| step as f32 / 40.0).collect();
        let sum = exponentials(&mut values, 2.0, 0.0);
        let all: f64 = values.iter().map(|&value| f64::from(value)).sum();
        assert!((f64::from(sum) / all - 1.0).abs() < 1e-5);
        for (got, step) in values.iter().zip(-1740..) {
            let x = f64::from(step) / 20.0;
            let error = (f64::from(*got) / x.exp() - 1.0).abs();
            assert!(error < 3e-7 + 1e-7 * x.abs(), "exp({x}) is off by {error}");
        }
        assert!(exp(-1e30) < 1e-37 && exp(1e30) > 1e38);
    }

    #[test]
    fn gelu_has_its_known_values() {
        // x · Φ(x) from tables of the normal distribution.
        let known = [
            (0.0, 0.0),
            (1.0, 0.841_344_7),
            (-1.0, -0.158_655_3),
            (3.0, 2.995_950_3),
            (-9.0, 0.0),
        ];
        let mut values = known.map(|(x, _)| x);
        gelu(&mut values);
        for (got, (x, wanted)) in values.iter().zip(known) {
            assert!((got - wanted).abs() < 1e-6, "gelu({x}) = {got}");
        }
    }
}
