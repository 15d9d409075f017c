//! The arithmetic of the step and of the measurement, for `L` networks of one shape side by side.
//!
//! Lane `l` is the l-th network: every loop `for l in 0..L` does the same operation on all of them, which the compiler turns
//! into vector instructions. No operation ever mixes two lanes and every sum inside a lane goes in order, so the number of
//! lanes and the width of the registers change no bit. Batch-1 descent is a serial chain; lanes are what fills the machine.
//!
//! A measurement walks through the units with `W` lanes at a time, where `L` is a multiple of it: as many as a register holds, so that all of
//! a unit and the sums of several points find room in the registers. Without vectors of four it is faster to take all lanes together, and
//! so it is in a step, which has fewer numbers to hold.
//!
//! The loops count indices rather than zip iterators, since the constructors of the latter are not always inlined in the dev
//! profile; and they work on copies of the rows, since the compiler does not make vectors of rows that might be the same.

use alloc::{vec, vec::Vec};

use super::{
    advance::{Steps, advance, advance_two},
    evaluate::{POINTS, measure},
    indices::indices,
    lanes::Lanes,
};
use crate::{data::Dataset, metric::Metric, seed::Words};

/// Points in the plane are the common case: with `d` a constant the loops over inputs unroll, and inputs stay in registers.
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

/// The same for two blocks.
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
            let room = || [(); 2].map(|()| vec![[0.0; L]; d]);
            let inputs = data.map(|data| move |l: usize, i: usize| &data[l].x[i * d..][..d]);
            advance_two(steps, [room(), room()], inputs.each_ref());
        }
    }
}

/// The points as pairs, each of which is found to exist by one comparison.
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

/// [`Metric::add`], compiled by itself: among other loops its constants would not stay in registers.
fn add<const L: usize>(metric: Metric, margins: &[[f64; L]], terms: &mut [[f64; L]], sums: &mut [f64; L]) {
    metric.add(margins, terms, sums);
}

/// Compiles the kernel once for every set of instructions, and chooses among them.
macro_rules! kernels {
    ($($(#[$doc:meta])* $name:ident($proof:ident, $module:ident: $width:literal, $features:literal, $($feature:tt)+);)+) => {
        /// Which instructions the kernel is compiled to. All give the same bits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Simd {
            /// What every processor of the target has.
            Portable,
            $($(#[$doc])* #[cfg(target_arch = "x86_64")] $name($proof),)+
        }

        $(
            /// The proof that this processor has the instructions; only [`Simd::all`] makes one.
            #[cfg(target_arch = "x86_64")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $proof(());

            #[cfg(target_arch = "x86_64")]
            mod $module {
                use super::*;

                cpufeatures::new!(has, $($feature),+);

                pub fn simd() -> Option<Simd> {
                    has::get().then_some(Simd::$name($proof(())))
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
                    $module::simd(),
                )+ Some(Self::Portable)];
                known.into_iter().flatten()
            }

            /// The steps of two blocks at the same time.
            pub(super) fn advance_two<const L: usize>(self, steps: [Steps<'_, L>; 2]) {
                match self {
                    Self::Portable => advance_two_any(steps),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::advance_two(steps) },
                    )+
                }
            }

            /// The steps of a block, on every lane.
            pub(super) fn advance<const L: usize>(self, steps: Steps<'_, L>) {
                match self {
                    Self::Portable => advance_any(steps),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::advance(steps) },
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
                    Self::Portable => measure_any::<L, 8>(lanes, data, metrics, add),
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
    Avx512(Avx512, avx512: 8, "avx512f,avx512dq,avx512vl,avx512bw", "avx512f" "avx512dq" "avx512vl" "avx512bw");
    /// 256-bit vectors of x86-64. Never fused multiply-add.
    Avx2(Avx2, avx2: 4, "avx2", "avx2");
}

impl Simd {
    /// Whether two blocks of lanes at the same time find room in the registers.
    pub(super) const fn is_roomy(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return matches!(self, Self::Avx512(_));
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }
}
