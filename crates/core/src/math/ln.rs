//! Both logarithms split their argument as `2ᵏ m` with `√½ ≤ m < √2` and use, with `f = m - 1` and `s = f / (2 + f)`,
//! `ln m = f - (f²/2 - s (f²/2 + R(s²)))`, where `R(z) = z Q(z)`, `Q` of degree 6, approximates `(2 artanh(s) - 2 s) /
//! s`. Source of the method: Muller, "Elementary Functions", 3rd ed., chapter 11, and Tang, "Table-driven
//! implementation of the logarithm function", ACM TOMS 16 (1990), section 2; the coefficients are a Chebyshev fit in 60
//! digits.

use core::hint::select_unpredictable;

const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// 2⁵², whose bit pattern takes an integer below 2⁵² in its low bits.
const TWO_52: f64 = 4_503_599_627_370_496.0;
const LN2_HIGH: f64 = 0.693_147_180_559_663;
const LN2_LOW: f64 = 2.823_529_056_303_157_7e-13;
const Q: [f64; 7] = [
    0.666_666_666_666_667,
    0.399_999_999_998_992,
    0.285_714_286_261_145_2,
    0.222_222_111_121_049_48,
    0.181_828_907_780_261_3,
    0.153_316_666_765_971_75,
    0.146_171_283_998_073,
];

/// `k` and `m` of a positive normal number.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let k = f64::from_bits((shifted >> 52) | TWO_52.to_bits()) - (TWO_52 + 1023.0);
    let m = f64::from_bits((shifted & MANTISSA) + SQRT_HALF);
    (k, m)
}

/// `k ln 2 + ln(1 + f) + c` for `√½ - 1 ≤ f < √2 - 1` and a small correction `c`.
#[inline(always)]
fn assemble(k: f64, f: f64, c: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let z2 = z * z;
    let low = (Q[0] + Q[1] * z) + (Q[2] + Q[3] * z) * z2;
    let high = (Q[4] + Q[5] * z) + Q[6] * z2;
    let r = z * (low + high * (z2 * z2));
    let half_square = 0.5 * (f * f);
    k * LN2_HIGH - ((half_square - (s * (half_square + r) + (k * LN2_LOW + c))) - f)
}

/// The natural logarithm.
///
/// Domain: `x ≥ 0`, subnormal numbers included. `ln(0) = -∞`, `ln(∞) = ∞`, NaN for negative numbers and NaN.
/// Error at most 2 ulp.
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    const TWO_54: f64 = 18_014_398_509_481_984.0;
    let tiny = x < f64::MIN_POSITIVE;
    let (k, m) = split(if tiny { x * TWO_54 } else { x });
    let value = assemble(if tiny { k - 54.0 } else { k }, m - 1.0, 0.0);
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    let value = if x == f64::INFINITY { x } else { value };
    if x >= 0.0 { value } else { f64::NAN }
}

/// `ln(1 + x)`, accurate where `x` is small.
///
/// With `w = 1 + x` rounded, `ln(1 + x) = ln w + (x - (w - 1)) / w`; where `w` needs no scaling, `f = x` itself is
/// used.
///
/// Domain: `x ≥ -1`. `ln_1p(-1) = -∞`, `ln_1p(∞) = ∞`, NaN below -1 and for NaN. Error at most 2 ulp.
#[inline(always)]
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    let w = 1.0 + x;
    let (k, m) = split(w);
    let near = k == 0.0;
    let lost = if x < 1.0 { x - (w - 1.0) } else { 1.0 - (w - x) };
    let f = if near { x } else { m - 1.0 };
    let c = if near { 0.0 } else { lost / w };
    let value = assemble(k, f, c);
    let value = if w == 0.0 { f64::NEG_INFINITY } else { value };
    let value = if x == f64::INFINITY { x } else { value };
    if x >= -1.0 { value } else { f64::NAN }
}

/// [`ln_1p`] of a number from 0 to 1, with the same bits in fewer operations: `k` is 0 or 1, and there are no other
/// cases.
///
/// Below 2⁻⁶⁰ it is the number itself, to the last bit: `f²/2` is less than half a unit in the last place of `f`. The
/// polynomial then gets 2⁻⁶⁰: powers of smaller numbers would underflow, which costs a processor a hundred cycles.
#[inline(always)]
#[must_use]
pub fn ln_1p_of_fraction(x: f64) -> f64 {
    const SQRT_2: f64 = f64::from_bits(SQRT_HALF + (1 << 52));
    const SMALL: f64 = 1.0 / (1_u64 << 60) as f64;
    let large = if x < SMALL { SMALL } else { x };
    let w = 1.0 + large;
    let near = w < SQRT_2;
    // The compiler would merge plain choices into two paths through the polynomial, and vector code computes both.
    let k = select_unpredictable(near, 0.0, 1.0);
    let f = select_unpredictable(near, large, 0.5 * w - 1.0);
    let c = select_unpredictable(near, 0.0, (large - (w - 1.0)) / w);
    let value = assemble(k, f, c);
    if x < SMALL { x } else { value }
}
