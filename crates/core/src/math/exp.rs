/// The exponential function.
///
/// `x = k ln 2 + r` with integer `k` and `|r| ≤ (ln 2) / 2`; then `exp(x) = 2ᵏ (1 + (r + r² P(r)))`, `P` of degree 9.
/// The power of two is applied in two factors, so that results down to the smallest subnormal and up to overflow are
/// right.
///
/// Domain: all numbers. `exp(-∞) = 0`, `exp(x) = ∞` above 709.78, NaN stays NaN. Error at most 1 ulp for normal
/// results. Source of the method: Muller, "Elementary Functions", 3rd ed., chapter 11; the coefficients are a Chebyshev
/// fit in 60 digits.
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let (value, rounded) = reduced(x);
    let biased = rounded.to_bits() & 0xfff; // k + 2048
    let half = biased >> 1;
    let first = f64::from_bits((half - 1) << 52); // 2^(half - 1024)
    let second = f64::from_bits((biased - half - 1) << 52);
    value * first * second
}

/// [`exp`] of a number that is not positive, with the same bits in fewer operations: the power of two is applied as
/// `2^(k + 60) 2^-60`, whose first factor is normal for every such `k`.
///
/// A result below every subnormal is multiplied by zero: a product that underflows costs a processor a hundred cycles.
#[inline(always)]
#[must_use]
pub fn exp_of_negative(x: f64) -> f64 {
    const LAST: f64 = 1.0 / (1_u64 << 60) as f64;
    let last = if x < -746.0 { 0.0 } else { LAST };
    let x = if x < -746.0 { -746.0 } else { x };
    let (value, rounded) = reduced(x);
    let first = f64::from_bits(rounded.to_bits().wrapping_sub(2048 - 1023 - 60) << 52);
    value * first * last
}

/// `exp(x - k ln 2)`, and the number whose low bits are `k + 2048`.
#[inline(always)]
fn reduced(x: f64) -> (f64, f64) {
    const LOG2_E: f64 = core::f64::consts::LOG2_E;
    /// 2⁵² + 2⁵¹ + 2048: adding it rounds to the nearest integer with `k + 2048` in the low bits.
    const ROUND: f64 = 6_755_399_441_057_792.0;
    /// The 41 leading bits of ln 2, so that `k * LN2_HIGH` is exact, and the rest.
    const LN2_HIGH: f64 = 0.693_147_180_559_663;
    const LN2_LOW: f64 = 2.823_529_056_303_157_7e-13;
    const P: [f64; 10] = [
        0.500_000_000_000_000_1,
        0.166_666_666_666_666_69,
        0.041_666_666_666_624_06,
        0.008_333_333_333_330_055,
        0.001_388_888_891_725_875_9,
        0.000_198_412_698_630_882_55,
        2.480_152_122_598_643_2e-5,
        2.755_726_840_619_079_5e-6,
        2.762_012_171_738_193_3e-7,
        2.510_041_108_201_49e-8,
    ];
    let rounded = x * LOG2_E + ROUND;
    let k = rounded - ROUND;
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let r2 = r * r;
    let r4 = r2 * r2;
    let low = (P[0] + P[1] * r) + (P[2] + P[3] * r) * r2;
    let high = (P[4] + P[5] * r) + (P[6] + P[7] * r) * r2;
    let p = (low + high * r4) + (P[8] + P[9] * r) * (r4 * r4);
    (1.0 + (r + r2 * p), rounded)
}
