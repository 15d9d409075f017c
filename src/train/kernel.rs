//! The arithmetic of the step and of the measurement, for `L` networks of one shape side by side.
//!
//! Lane `l` is the l-th network: every loop `for l in 0..L` does the same operation on all of them, which the compiler turns
//! into vector instructions. No operation ever mixes two lanes and every sum inside a lane goes in order, so the number of
//! lanes and the width of the registers change no bit. Batch-1 descent is a serial chain; lanes are what fills the machine.
//!
//! The loops count indices rather than zip iterators, since the constructors of the latter are not always inlined in the dev
//! profile; and they work on copies of the rows, since the compiler does not make vectors of rows that might be the same.

use alloc::{vec, vec::Vec};

use super::{
    advance::advance,
    evaluate::{POINTS, measure},
    indices::indices,
    lanes::Lanes,
};
use crate::{data::Dataset, metric::Metric, seed::Words};

/// Points in the plane are the common case: with `d` a constant the loops over inputs unroll, and inputs stay in registers.
#[inline(always)]
fn advance_any<const L: usize>(lanes: &mut Lanes<L>, data: &[&Dataset; L], rate: &[f64; L], order: &[[u32; L]]) {
    match lanes.d {
        2 => advance(lanes, [&mut [[0.0; L]; 2], &mut [[0.0; L]; 2]], data, rate, order),
        d => advance(lanes, [&mut vec![[0.0; L]; d], &mut vec![[0.0; L]; d]], data, rate, order),
    }
}

#[inline(always)]
fn measure_any<const L: usize>(lanes: &Lanes<L>, data: &[&Dataset; L], metrics: &[Metric]) -> Vec<[f64; L]> {
    match lanes.d {
        2 => measure(lanes, 2, &mut [[0.0; L]; 2 * POINTS], data, metrics),
        d => measure(lanes, d, &mut vec![[0.0; L]; d * POINTS], data, metrics),
    }
}

/// Compiles the kernel once for every set of instructions, and chooses among them.
macro_rules! kernels {
    ($($(#[$doc:meta])* $name:ident($proof:ident, $module:ident: $features:literal, $($feature:tt)+);)+) => {
        /// Which instructions the kernel is compiled to. All give the same bits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kernel {
            /// What every processor of the target has.
            Portable,
            $($(#[$doc])* #[cfg(target_arch = "x86_64")] $name($proof),)+
        }

        $(
            /// The proof that this processor has the instructions; only [`Kernel::all`] makes one.
            #[cfg(target_arch = "x86_64")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $proof(());

            #[cfg(target_arch = "x86_64")]
            mod $module {
                use super::*;

                cpufeatures::new!(has, $($feature),+);

                pub fn kernel() -> Option<Kernel> {
                    has::get().then_some(Kernel::$name($proof(())))
                }

                #[target_feature(enable = $features)]
                pub fn advance<const L: usize>(
                    lanes: &mut Lanes<L>,
                    data: &[&Dataset; L],
                    rate: &[f64; L],
                    order: &[[u32; L]],
                ) {
                    advance_any(lanes, data, rate, order);
                }

                #[target_feature(enable = $features)]
                pub fn indices<const L: usize>(
                    words: &Words<L>,
                    points: u32,
                    first: u64,
                    rows: &mut [[u32; L]],
                ) -> [bool; L] {
                    super::indices(words, points, first, rows)
                }

                #[target_feature(enable = $features)]
                pub fn measure<const L: usize>(
                    lanes: &Lanes<L>,
                    data: &[&Dataset; L],
                    metrics: &[Metric],
                ) -> Vec<[f64; L]> {
                    measure_any(lanes, data, metrics)
                }
            }
        )+

        impl Kernel {
            /// The name of the set of instructions.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Portable => "portable",
                    $(
                        #[cfg(target_arch = "x86_64")]
                        Self::$name(_) => stringify!($module),
                    )+
                }
            }

            /// The instructions it uses besides those that every processor of the target has, between commas.
            #[must_use]
            pub const fn features(self) -> &'static str {
                match self {
                    Self::Portable => "",
                    $(
                        #[cfg(target_arch = "x86_64")]
                        Self::$name(_) => $features,
                    )+
                }
            }

            /// Those that this processor has, the fastest first.
            pub fn all() -> impl Iterator<Item = Self> {
                let known = [$(
                    #[cfg(target_arch = "x86_64")]
                    $module::kernel(),
                )+ Some(Self::Portable)];
                known.into_iter().flatten()
            }

            /// The steps of `order`, on every lane.
            pub(super) fn advance<const L: usize>(
                self,
                lanes: &mut Lanes<L>,
                data: &[&Dataset; L],
                rate: &[f64; L],
                order: &[[u32; L]],
            ) {
                match self {
                    Self::Portable => advance_any(lanes, data, rate, order),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::advance(lanes, data, rate, order) },
                    )+
                }
            }

            /// The indices of the next points of every lane, and which lanes must draw them one by one.
            pub(super) fn indices<const L: usize>(
                self,
                words: &Words<L>,
                points: u32,
                first: u64,
                rows: &mut [[u32; L]],
            ) -> [bool; L] {
                match self {
                    Self::Portable => indices(words, points, first, rows),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::indices(words, points, first, rows) },
                    )+
                }
            }

            /// The metrics of every lane.
            pub(super) fn measure<const L: usize>(
                self,
                lanes: &Lanes<L>,
                data: &[&Dataset; L],
                metrics: &[Metric],
            ) -> Vec<[f64; L]> {
                match self {
                    Self::Portable => measure_any(lanes, data, metrics),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::measure(lanes, data, metrics) },
                    )+
                }
            }
        }
    };
}

kernels! {
    /// 512-bit vectors of x86-64. Never fused multiply-add.
    Avx512(Avx512, avx512: "avx512f,avx512dq,avx512vl,avx512bw", "avx512f" "avx512dq" "avx512vl" "avx512bw");
    /// 256-bit vectors of x86-64. Never fused multiply-add.
    Avx2(Avx2, avx2: "avx2", "avx2");
}

impl Kernel {
    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }
}
