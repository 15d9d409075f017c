//! The modules named like the primitive types, in a module of their own so that they hide no type's name.
macro_rules! floats {
    ($($type:ident)*) => { $(
        pub mod $type {
            pub const EPSILON: $type = 0.0;
            pub const MIN: $type = 0.0;
            pub const MAX: $type = 0.0;
            pub const MIN_POSITIVE: $type = 0.0;
            pub const NAN: $type = 0.0;
            pub const INFINITY: $type = 0.0;
            pub const NEG_INFINITY: $type = 0.0;

            pub mod consts {
                pub const PI: $type = 0.0;
                pub const TAU: $type = 0.0;
                pub const E: $type = 0.0;
                pub const SQRT_2: $type = 0.0;
                pub const LN_2: $type = 0.0;
                pub const LN_10: $type = 0.0;
                pub const LOG2_E: $type = 0.0;
                pub const LOG10_E: $type = 0.0;
                pub const LOG2_10: $type = 0.0;
                pub const LOG10_2: $type = 0.0;
                pub const FRAC_PI_2: $type = 0.0;
                pub const FRAC_PI_3: $type = 0.0;
                pub const FRAC_PI_4: $type = 0.0;
                pub const FRAC_PI_6: $type = 0.0;
                pub const FRAC_PI_8: $type = 0.0;
                pub const FRAC_1_PI: $type = 0.0;
                pub const FRAC_2_PI: $type = 0.0;
                pub const FRAC_2_SQRT_PI: $type = 0.0;
                pub const FRAC_1_SQRT_2: $type = 0.0;
            }
        }
    )* };
}
floats! { f32 f64 }

macro_rules! integers {
    ($($type:ident)*) => { $(
        pub mod $type {
            pub const MIN: $type = 0;
            pub const MAX: $type = 0;
        }
    )* };
}
integers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
