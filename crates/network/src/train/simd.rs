//! The SIMD variants of the step and of the measurement, for `L` networks of one shape at once.
//!
//! Lane `l` is the l-th network: every loop `for l in 0..L` does the same operation on all of them, which the compiler
//! turns into vector instructions. No operation mixes two lanes and every sum inside a lane is in order, so neither the
//! number of lanes nor the vector width changes a bit. Descent with one example in each step is a serial chain; only
//! the lanes make it parallel.
//!
//! A measurement processes `W` lanes at a time if `L` is a multiple of `W`, the vector width, so that all of a unit and
//! the sums of several points fit into the registers. Without vectors of four, all lanes together are faster; so they
//! are in a step, which needs fewer registers.
//!
//! The loops use indices rather than zipped iterators, whose constructors are not always inlined in the dev profile;
//! and they copy the rows, since the compiler does not vectorize rows that might alias.

use alloc::{vec, vec::Vec};

use super::{
    advance::{Steps, advance, advance_two},
    evaluate::{POINTS, measure},
    indices::indices,
    lanes::Lanes,
};
use crate::{data::Dataset, metric::Metric, seed::Words};

/// Points in the plane are the common case: with a constant `d` the loops over inputs unroll, and inputs stay in
/// registers.
#[inline(always)]
fn advance_any<const L: usize>(steps: Steps<'_, L>) {
    let data = steps.data;
    match steps.lanes.d {
        2 => {
            let pairs = pairs(data);
            advance(steps, [[[0.0; L]; 2]; 2], &|l, i| pairs[l][i].as_slice());
        }
        d => advance(steps, [(); 2].map(|()| vec![[0.0; L]; d]), &|l, i| &data[l].x[i * d..][..d]),
    }
}

#[inline(always)]
fn advance_two_any<const L: usize>(steps: [Steps<'_, L>; 2]) {
    let data = [steps[0].data, steps[1].data];
    match steps[0].lanes.d {
        2 => {
            let pairs = data.map(pairs);
            let inputs = pairs.each_ref().map(|pairs| move |l: usize, i: usize| pairs[l][i].as_slice());
            advance_two(steps, [[[[0.0; L]; 2]; 2]; 2], inputs.each_ref());
        }
        d => {
            let buffers = || [(); 2].map(|()| vec![[0.0; L]; d]);
            let inputs = data.map(|data| move |l: usize, i: usize| &data[l].x[i * d..][..d]);
            advance_two(steps, [buffers(), buffers()], inputs.each_ref());
        }
    }
}

/// The points as pairs: one bounds check for each point.
#[inline(always)]
fn pairs<'a, const L: usize>(data: &[&'a Dataset; L]) -> [&'a [[f64; 2]]; L] {
    data.map(|data| data.x.as_chunks().0)
}

#[inline(always)]
fn measure_any<const L: usize, const W: usize>(
    lanes: &Lanes<L>,
    data: &[&Dataset; L],
    metrics: &[Metric],
    add: impl Fn(Metric, &[[f64; L]], &mut [[f64; L]], &mut [f64; L]),
) -> Vec<[f64; L]> {
    match lanes.d {
        2 => measure::<L, W>(lanes, 2, &mut [[0.0; L]; 2 * POINTS], data, metrics, add),
        d => measure::<L, W>(lanes, d, &mut vec![[0.0; L]; d * POINTS], data, metrics, add),
    }
}

/// [`Metric::add`], compiled as a separate function: inlined among other loops, its constants would not stay in
/// registers.
fn add<const L: usize>(metric: Metric, margins: &[[f64; L]], terms: &mut [[f64; L]], sums: &mut [f64; L]) {
    metric.add(margins, terms, sums);
}

/// Compiles the loops once for every instruction set, and dispatches among these variants.
macro_rules! simd_variants {
    ($($(#[$doc:meta])* $name:ident($detected:ident, $module:ident: $width:literal, $features:literal, $($feature:tt)+);)+) => {
        /// A SIMD variant: the instruction set that the loops use. All variants give the same bits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Simd {
            /// The instructions that every processor of the target has.
            Portable,
            $($(#[$doc])* #[cfg(target_arch = "x86_64")] $name($detected),)+
        }

        $(
            /// The evidence that this processor has the instructions; only [`Simd::all`] creates one.
            #[cfg(target_arch = "x86_64")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $detected(());

            #[cfg(target_arch = "x86_64")]
            mod $module {
                use super::*;

                cpufeatures::new!(has, $($feature),+);

                pub fn detect() -> Option<Simd> {
                    has::get().then_some(Simd::$name($detected(())))
                }

                #[target_feature(enable = $features)]
                pub fn advance<const L: usize>(steps: Steps<'_, L>) {
                    advance_any(steps);
                }

                #[target_feature(enable = $features)]
                pub fn advance_two<const L: usize>(steps: [Steps<'_, L>; 2]) {
                    advance_two_any(steps);
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
                    measure_any::<L, $width>(lanes, data, metrics, |metric, margins, terms, sums| add(metric, margins, terms, sums))
                }

                #[inline(never)]
                #[target_feature(enable = $features)]
                fn add<const L: usize>(metric: Metric, margins: &[[f64; L]], terms: &mut [[f64; L]], sums: &mut [f64; L]) {
                    metric.add(margins, terms, sums);
                }
            }
        )+

        impl Simd {
            /// Returns the name of the instruction set.
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

            /// Returns the instructions beyond those that every processor of the target has, separated by commas.
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

            /// Returns the variants that this processor supports, the fastest first.
            pub fn all() -> impl Iterator<Item = Self> {
                let detected = [$(
                    #[cfg(target_arch = "x86_64")]
                    $module::detect(),
                )+ Some(Self::Portable)];
                detected.into_iter().flatten()
            }

            /// Trains the steps of two blocks in parallel.
            pub(super) fn advance_two<const L: usize>(self, steps: [Steps<'_, L>; 2]) {
                match self {
                    Self::Portable => advance_two_any(steps),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the variant exists only if the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::advance_two(steps) },
                    )+
                }
            }

            /// Trains the steps of a block.
            pub(super) fn advance<const L: usize>(self, steps: Steps<'_, L>) {
                match self {
                    Self::Portable => advance_any(steps),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the variant exists only if the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::advance(steps) },
                    )+
                }
            }

            /// Draws the indices of the next points of every lane, and returns the lanes that must draw them one by
            /// one.
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
                        #[expect(unsafe_code, reason = "the variant exists only if the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::indices(words, points, first, rows) },
                    )+
                }
            }

            /// Computes the metrics of every lane.
            pub(super) fn measure<const L: usize>(
                self,
                lanes: &Lanes<L>,
                data: &[&Dataset; L],
                metrics: &[Metric],
            ) -> Vec<[f64; L]> {
                match self {
                    Self::Portable => measure_any::<L, 8>(lanes, data, metrics, add),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the variant exists only if the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::measure(lanes, data, metrics) },
                    )+
                }
            }
        }
    };
}

simd_variants! {
    /// 512-bit vectors of x86-64. Never fused multiply-add.
    Avx512(Avx512, avx512: 8, "avx512f,avx512dq,avx512vl,avx512bw", "avx512f" "avx512dq" "avx512vl" "avx512bw");
    /// 256-bit vectors of x86-64. Never fused multiply-add.
    Avx2(Avx2, avx2: 4, "avx2", "avx2");
}

impl Simd {
    /// Whether two blocks of lanes fit into the registers.
    pub(super) const fn fits_two_blocks(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return matches!(self, Self::Avx512(_));
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    /// Returns the fastest variant that this processor supports.
    #[must_use]
    pub fn best() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }
}
