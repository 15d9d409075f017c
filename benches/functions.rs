//! Compares the portable functions with those of the standard library (of the platform) and of the `libm` crate.
//!
//! ```text
//! cargo bench --profile dev --bench functions
//! ```
//!
//! Every iteration maps a thousand values: **read microseconds as nanoseconds per value**. `ours` and `ours_avx2` give
//! the same bits everywhere; the others do not promise that.
#![expect(clippy::disallowed_methods, reason = "the comparison needs the standard library")]

use std::hint::black_box;

use divan::{Bencher, counter::ItemsCount};
use restudy::{
    math,
    seed::{Draws, Seed, Stream},
};

const VALUES: usize = 1000;

fn main() {
    divan::main();
}

/// Values uniform from `from` to `to`.
fn values(from: f64, to: f64) -> [f64; VALUES] {
    let mut draws = Draws::new(Seed(0), Stream::Training);
    std::array::from_fn(|_| from + (to - from) * draws.unit())
}

/// One loop over values. It is a macro, since the body must be compiled with the instructions of its caller.
macro_rules! map {
    ($bencher:ident, $input:expr, $function:expr) => {{
        let (input, mut output) = ($input, [0.0; VALUES]);
        $bencher.counter(ItemsCount::new(VALUES)).bench_local(|| {
            apply!(black_box(&input), &mut output, $function);
            black_box(&output);
        });
    }};
}

macro_rules! apply {
    ($input:expr, $output:expr, $function:expr) => {{
        let (input, output): (&[f64; VALUES], &mut [f64; VALUES]) = ($input, $output);
        for i in 0..VALUES {
            output[i] = $function(input[i]);
        }
    }};
}

/// Declares a module for each function, with all its versions.
macro_rules! peers {
    ($($name:ident on $range:expr => ours $ours:expr, std $std:expr, libm $libm:expr;)+) => {
        $(mod $name {
            use super::*;

            fn input() -> [f64; VALUES] {
                let (from, to) = $range;
                values(from, to)
            }

            #[divan::bench]
            fn ours(bencher: Bencher<'_, '_>) {
                map!(bencher, input(), $ours);
            }

            #[cfg(target_arch = "x86_64")]
            #[divan::bench(ignore = !is_x86_feature_detected!("avx2"))]
            fn ours_avx2(bencher: Bencher<'_, '_>) {
                #[target_feature(enable = "avx2")]
                fn wide(input: &[f64; VALUES], output: &mut [f64; VALUES]) {
                    apply!(input, output, $ours);
                }
                #[expect(unsafe_code, reason = "ignored where the processor has no AVX2")]
                let wide = |input: &_, output: &mut _| unsafe { wide(input, output) };
                let (input, mut output) = (input(), [0.0; VALUES]);
                bencher.counter(ItemsCount::new(VALUES)).bench_local(|| {
                    wide(black_box(&input), &mut output);
                    black_box(&output);
                });
            }

            #[divan::bench]
            fn std(bencher: Bencher<'_, '_>) {
                map!(bencher, input(), $std);
            }

            #[divan::bench]
            fn libm(bencher: Bencher<'_, '_>) {
                map!(bencher, input(), $libm);
            }
        })+
    };
}

peers! {
    exp on (-30.0, 30.0) => ours math::exp, std f64::exp, libm ::libm::exp;
    ln on (1e-3, 1e3) => ours math::ln, std f64::ln, libm ::libm::log;
    ln_1p on (0.0, 1.0) => ours math::ln_1p, std f64::ln_1p, libm ::libm::log1p;
    sigmoid on (-30.0, 30.0) =>
        ours math::sigmoid,
        std |z: f64| 1.0 / (1.0 + (-z).exp()),
        libm |z: f64| 1.0 / (1.0 + ::libm::exp(-z));
    softplus on (-30.0, 30.0) =>
        ours math::softplus,
        std |z: f64| z.max(0.0) + (-z.abs()).exp().ln_1p(),
        libm |z: f64| z.max(0.0) + ::libm::log1p(::libm::exp(-z.abs()));
}
