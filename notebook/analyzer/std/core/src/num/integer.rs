//! Integers.
use super::ParseIntError;
use crate::str::FromStr;

macro_rules! integers {
    ($($type:ident $unsigned:ident $signed:ident $bytes:literal;)*) => { $(
        impl FromStr for $type {
            type Err = ParseIntError;
        }

        impl $type {
            pub const MIN: $type = 0;
            pub const MAX: $type = 0;
            pub const BITS: u32 = 0;
            pub const fn from_str_radix(text: &str, radix: u32) -> Result<$type, ParseIntError>;
            pub const fn count_ones(self) -> u32;
            pub const fn count_zeros(self) -> u32;
            pub const fn leading_zeros(self) -> u32;
            pub const fn trailing_zeros(self) -> u32;
            pub const fn leading_ones(self) -> u32;
            pub const fn trailing_ones(self) -> u32;
            pub const fn rotate_left(self, n: u32) -> $type;
            pub const fn rotate_right(self, n: u32) -> $type;
            pub const fn swap_bytes(self) -> $type;
            pub const fn reverse_bits(self) -> $type;
            pub const fn to_be(self) -> $type;
            pub const fn to_le(self) -> $type;
            pub const fn checked_add(self, rhs: $type) -> Option<$type>;
            pub const fn checked_sub(self, rhs: $type) -> Option<$type>;
            pub const fn checked_mul(self, rhs: $type) -> Option<$type>;
            pub const fn checked_div(self, rhs: $type) -> Option<$type>;
            pub const fn checked_rem(self, rhs: $type) -> Option<$type>;
            pub const fn checked_neg(self) -> Option<$type>;
            pub const fn checked_shl(self, rhs: u32) -> Option<$type>;
            pub const fn checked_shr(self, rhs: u32) -> Option<$type>;
            pub const fn checked_pow(self, exponent: u32) -> Option<$type>;
            pub const fn saturating_add(self, rhs: $type) -> $type;
            pub const fn saturating_sub(self, rhs: $type) -> $type;
            pub const fn saturating_mul(self, rhs: $type) -> $type;
            pub const fn saturating_pow(self, exponent: u32) -> $type;
            pub const fn wrapping_add(self, rhs: $type) -> $type;
            pub const fn wrapping_sub(self, rhs: $type) -> $type;
            pub const fn wrapping_mul(self, rhs: $type) -> $type;
            pub const fn wrapping_div(self, rhs: $type) -> $type;
            pub const fn wrapping_rem(self, rhs: $type) -> $type;
            pub const fn wrapping_neg(self) -> $type;
            pub const fn wrapping_shl(self, rhs: u32) -> $type;
            pub const fn wrapping_shr(self, rhs: u32) -> $type;
            pub const fn wrapping_pow(self, exponent: u32) -> $type;
            pub const fn overflowing_add(self, rhs: $type) -> ($type, bool);
            pub const fn overflowing_sub(self, rhs: $type) -> ($type, bool);
            pub const fn overflowing_mul(self, rhs: $type) -> ($type, bool);
            pub const fn pow(self, exponent: u32) -> $type;
            pub const fn isqrt(self) -> $type;
            pub const fn div_euclid(self, rhs: $type) -> $type;
            pub const fn rem_euclid(self, rhs: $type) -> $type;
            pub const fn ilog(self, base: $type) -> u32;
            pub const fn ilog2(self) -> u32;
            pub const fn ilog10(self) -> u32;
            pub const fn abs_diff(self, other: $type) -> $unsigned;
            pub const fn to_be_bytes(self) -> [u8; $bytes];
            pub const fn to_le_bytes(self) -> [u8; $bytes];
            pub const fn to_ne_bytes(self) -> [u8; $bytes];
            pub const fn from_be_bytes(bytes: [u8; $bytes]) -> $type;
            pub const fn from_le_bytes(bytes: [u8; $bytes]) -> $type;
            pub const fn from_ne_bytes(bytes: [u8; $bytes]) -> $type;
        }
    )* };
}
integers! {
    u8 u8 i8 1;
    u16 u16 i16 2;
    u32 u32 i32 4;
    u64 u64 i64 8;
    u128 u128 i128 16;
    usize usize isize 8;
    i8 u8 i8 1;
    i16 u16 i16 2;
    i32 u32 i32 4;
    i64 u64 i64 8;
    i128 u128 i128 16;
    isize usize isize 8;
}

macro_rules! signed {
    ($($type:ident $unsigned:ident;)*) => { $(
        impl $type {
            pub const fn abs(self) -> $type;
            pub const fn signum(self) -> $type;
            pub const fn is_positive(self) -> bool;
            pub const fn is_negative(self) -> bool;
            pub const fn unsigned_abs(self) -> $unsigned;
            pub const fn checked_abs(self) -> Option<$type>;
            pub const fn wrapping_abs(self) -> $type;
            pub const fn cast_unsigned(self) -> $unsigned;
            pub const fn checked_add_unsigned(self, rhs: $unsigned) -> Option<$type>;
        }
    )* };
}
signed! { i8 u8; i16 u16; i32 u32; i64 u64; i128 u128; isize usize; }

macro_rules! unsigned {
    ($($type:ident $signed:ident;)*) => { $(
        impl $type {
            pub const fn is_power_of_two(self) -> bool;
            pub const fn next_power_of_two(self) -> $type;
            pub const fn checked_next_power_of_two(self) -> Option<$type>;
            pub const fn div_ceil(self, rhs: $type) -> $type;
            pub const fn next_multiple_of(self, rhs: $type) -> $type;
            pub const fn is_multiple_of(self, rhs: $type) -> bool;
            pub const fn cast_signed(self) -> $signed;
            pub const fn checked_add_signed(self, rhs: $signed) -> Option<$type>;
            pub const fn wrapping_add_signed(self, rhs: $signed) -> $type;
            pub const fn saturating_add_signed(self, rhs: $signed) -> $type;
            pub const fn checked_signed_diff(self, rhs: $type) -> Option<$signed>;
        }
    )* };
}
unsigned! { u8 i8; u16 i16; u32 i32; u64 i64; u128 i128; usize isize; }

impl u8 {
    pub const fn is_ascii(&self) -> bool;
    pub const fn is_ascii_alphabetic(&self) -> bool;
    pub const fn is_ascii_alphanumeric(&self) -> bool;
    pub const fn is_ascii_digit(&self) -> bool;
    pub const fn is_ascii_whitespace(&self) -> bool;
    pub const fn to_ascii_lowercase(&self) -> u8;
    pub const fn to_ascii_uppercase(&self) -> u8;
}
