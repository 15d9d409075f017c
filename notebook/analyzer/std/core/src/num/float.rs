//! Floating-point numbers.
use super::{FpCategory, ParseFloatError};
use crate::cmp::Ordering;
use crate::str::FromStr;

macro_rules! floats {
    ($($type:ident $bits:ident $bytes:literal;)*) => { $(
        impl FromStr for $type {
            type Err = ParseFloatError;
        }

        impl $type {
            pub const RADIX: u32 = 2;
            pub const DIGITS: u32 = 0;
            pub const MANTISSA_DIGITS: u32 = 0;
            pub const EPSILON: $type = 0.0;
            pub const MIN: $type = 0.0;
            pub const MAX: $type = 0.0;
            pub const MIN_POSITIVE: $type = 0.0;
            pub const NAN: $type = 0.0;
            pub const INFINITY: $type = 0.0;
            pub const NEG_INFINITY: $type = 0.0;
            pub const fn is_nan(self) -> bool;
            pub const fn is_infinite(self) -> bool;
            pub const fn is_finite(self) -> bool;
            pub const fn is_normal(self) -> bool;
            pub const fn is_subnormal(self) -> bool;
            pub const fn classify(self) -> FpCategory;
            pub const fn is_sign_positive(self) -> bool;
            pub const fn is_sign_negative(self) -> bool;
            pub const fn next_up(self) -> $type;
            pub const fn next_down(self) -> $type;
            pub const fn recip(self) -> $type;
            pub const fn to_degrees(self) -> $type;
            pub const fn to_radians(self) -> $type;
            pub const fn max(self, other: $type) -> $type;
            pub const fn min(self, other: $type) -> $type;
            pub const fn midpoint(self, other: $type) -> $type;
            pub const fn clamp(self, min: $type, max: $type) -> $type;
            pub const fn to_bits(self) -> $bits;
            pub const fn from_bits(bits: $bits) -> $type;
            pub const fn to_be_bytes(self) -> [u8; $bytes];
            pub const fn to_le_bytes(self) -> [u8; $bytes];
            pub const fn to_ne_bytes(self) -> [u8; $bytes];
            pub const fn from_be_bytes(bytes: [u8; $bytes]) -> $type;
            pub const fn from_le_bytes(bytes: [u8; $bytes]) -> $type;
            pub const fn from_ne_bytes(bytes: [u8; $bytes]) -> $type;
            pub const fn total_cmp(&self, other: &$type) -> Ordering;
            pub const fn floor(self) -> $type;
            pub const fn ceil(self) -> $type;
            pub const fn round(self) -> $type;
            pub const fn round_ties_even(self) -> $type;
            pub const fn trunc(self) -> $type;
            pub const fn fract(self) -> $type;
            pub const fn abs(self) -> $type;
            pub const fn signum(self) -> $type;
            pub const fn copysign(self, sign: $type) -> $type;
            pub fn mul_add(self, a: $type, b: $type) -> $type;
            pub fn div_euclid(self, rhs: $type) -> $type;
            pub fn rem_euclid(self, rhs: $type) -> $type;
            pub fn powi(self, n: i32) -> $type;
            pub fn powf(self, n: $type) -> $type;
            pub fn sqrt(self) -> $type;
            pub fn cbrt(self) -> $type;
            pub fn exp(self) -> $type;
            pub fn exp2(self) -> $type;
            pub fn exp_m1(self) -> $type;
            pub fn ln(self) -> $type;
            pub fn ln_1p(self) -> $type;
            pub fn log(self, base: $type) -> $type;
            pub fn log2(self) -> $type;
            pub fn log10(self) -> $type;
            pub fn hypot(self, other: $type) -> $type;
            pub fn sin(self) -> $type;
            pub fn cos(self) -> $type;
            pub fn tan(self) -> $type;
            pub fn asin(self) -> $type;
            pub fn acos(self) -> $type;
            pub fn atan(self) -> $type;
            pub fn atan2(self, other: $type) -> $type;
            pub fn sin_cos(self) -> ($type, $type);
            pub fn sinh(self) -> $type;
            pub fn cosh(self) -> $type;
            pub fn tanh(self) -> $type;
            pub fn asinh(self) -> $type;
            pub fn acosh(self) -> $type;
            pub fn atanh(self) -> $type;
        }
    )* };
}
floats! {
    f32 u32 4;
    f64 u64 8;
}
