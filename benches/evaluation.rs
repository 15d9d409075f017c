//! The time to measure one point for one run: forward pass, loss and error.
//!
//! ```text
//! cargo bench --profile dev --bench evaluation
//! ```
//!
//! Every iteration measures a million points in all lanes together: **read milliseconds as nanoseconds per point and
//! run**. It uses the trainer, with a single step between two measurements.

use std::hint::black_box;

use divan::{Bencher, counter::ItemsCount};
use restudy::{
    metric::{Error, Loss, Mean},
    model::Params,
    seed::Seed,
    train::{Every, Simd},
};

mod problem;

use problem::{Problem, Shape, shapes};

const MEASURED: usize = 1_000_000;
/// The points of both splits together.
const POINTS: usize = 1250;

fn main() {
    divan::main();
}

/// The trainer with the instructions that every processor of the target has.
#[divan::bench(args = shapes(), consts = [1, 4, 8], max_time = 0.3)]
fn portable<const L: usize>(bencher: Bencher<'_, '_>, shape: Shape) {
    lanes::<L>(bencher, Simd::Portable, shape);
}

/// The trainer with 256-bit vectors, if the processor has them.
#[cfg(target_arch = "x86_64")]
#[divan::bench(args = shapes(), consts = [8], max_time = 0.3)]
fn avx2<const L: usize>(bencher: Bencher<'_, '_>, shape: Shape) {
    if let Some(simd) = Simd::all().find(|simd| matches!(simd, Simd::Avx2(_))) {
        lanes::<L>(bencher, simd, shape);
    }
}

/// The trainer with the best SIMD variant of this processor.
#[divan::bench(args = shapes(), consts = [1, 4, 8], max_time = 0.3)]
fn best<const L: usize>(bencher: Bencher<'_, '_>, shape: Shape) {
    lanes::<L>(bencher, Simd::best(), shape);
}

fn lanes<const L: usize>(bencher: Bencher<'_, '_>, simd: Simd, shape: Shape) {
    // One epoch, with a measurement after every step.
    let train = MEASURED / (POINTS * L) - 1;
    let problem = Problem::new(shape, [train, POINTS - train], 1, Every::Steps(1));
    bencher.counter(ItemsCount::new(MEASURED)).bench_local(|| problem.train::<L>(simd));
}

/// The definitions as an ordinary loop over scalars.
#[divan::bench(args = shapes(), max_time = 0.3)]
fn scalar(bencher: Bencher<'_, '_>, shape: Shape) {
    let problem = Problem::new(shape, [POINTS, 2], 1, Every::Epochs(1));
    let measure = if shape.d == 2 { measure::<2> } else { measure::<30> };
    let params = problem.setting.model.initial(shape.d, Seed(0));
    bencher.counter(ItemsCount::new(MEASURED)).bench_local(|| {
        for _ in 0..MEASURED / POINTS {
            black_box(measure(black_box(&params), &problem));
        }
    });
}

fn measure<const D: usize>(params: &Params, Problem { split, .. }: &Problem) -> [f64; 2] {
    let data = &split.train;
    let mut sums = [0.0; 2];
    for i in 0..POINTS {
        let (x, y) = (&data.x[i * D..][..D], data.y[i]);
        let mut output = params.bo;
        for j in 0..params.bi.len() {
            let weights = &params.wi[j * D..][..D];
            let mut a = params.bi[j];
            for k in 0..D {
                a += weights[k] * x[k];
            }
            output += params.wo[j] * if a > 0.0 { a } else { 0.0 };
        }
        sums[0] += Loss::point(y * output);
        sums[1] += Error::point(y * output);
    }
    sums.map(|sum| sum / POINTS as f64)
}
