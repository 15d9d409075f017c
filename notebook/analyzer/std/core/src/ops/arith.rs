//! Operators, for every pair of numbers and of references to numbers.
macro_rules! operators {
    ($($trait:ident $name:ident $lang:literal, $assign:ident $assign_name:ident $assign_lang:literal: $($type:ty)*;)*) => { $(
        #[lang = $lang]
        pub trait $trait<Rhs = Self> {
            type Output;
            fn $name(self, rhs: Rhs) -> Self::Output;
        }

        #[lang = $assign_lang]
        pub trait $assign<Rhs = Self> {
            fn $assign_name(&mut self, rhs: Rhs);
        }

        $(
            impl $trait for $type { type Output = $type; }
            impl $trait<&$type> for $type { type Output = $type; }
            impl $trait<$type> for &$type { type Output = $type; }
            impl $trait<&$type> for &$type { type Output = $type; }
            impl $assign for $type {}
            impl $assign<&$type> for $type {}
        )*
    )* };
}
operators! {
    Add add "add", AddAssign add_assign "add_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    Sub sub "sub", SubAssign sub_assign "sub_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    Mul mul "mul", MulAssign mul_assign "mul_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    Div div "div", DivAssign div_assign "div_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    Rem rem "rem", RemAssign rem_assign "rem_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    BitAnd bitand "bitand", BitAndAssign bitand_assign "bitand_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool;
    BitOr bitor "bitor", BitOrAssign bitor_assign "bitor_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool;
    BitXor bitxor "bitxor", BitXorAssign bitxor_assign "bitxor_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool;
    Shl shl "shl", ShlAssign shl_assign "shl_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
    Shr shr "shr", ShrAssign shr_assign "shr_assign": u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize;
}

#[lang = "not"]
pub trait Not {
    type Output;
    fn not(self) -> Self::Output;
}

#[lang = "neg"]
pub trait Neg {
    type Output;
    fn neg(self) -> Self::Output;
}

macro_rules! unary {
    ($($trait:ident: $($type:ty)*;)*) => { $( $(
        impl $trait for $type { type Output = $type; }
        impl $trait for &$type { type Output = $type; }
    )* )* };
}
unary! {
    Not: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize bool;
    Neg: i8 i16 i32 i64 i128 isize f32 f64;
}

// A shift by another integer type: the amount is most often an i32 or a u32.
macro_rules! shifts {
    ($($amount:ty: $($type:ty)*;)*) => { $( $(
        impl Shl<$amount> for $type { type Output = $type; }
        impl Shr<$amount> for $type { type Output = $type; }
        impl ShlAssign<$amount> for $type {}
        impl ShrAssign<$amount> for $type {}
    )* )* };
}
shifts! {
    i32: u8 u16 u32 u64 u128 usize i8 i16 i64 i128 isize;
    u32: u8 u16 u64 u128 usize i8 i16 i32 i64 i128 isize;
    usize: u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 isize;
}
