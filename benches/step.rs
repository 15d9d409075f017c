//! The time of one step of one run, by the derivation and by the trainer.
//!
//! ```text
//! cargo bench --profile dev --bench step
//! ```
//!
//! Every iteration makes a million steps in all lanes together: **read milliseconds as nanoseconds per step and run**.
//! Drawing the order is part of a step; the measurements at both ends of a run are not, and take at most a fiftieth of
//! the time.

use divan::{Bencher, counter::ItemsCount};
use restudy::{
    math,
    model::Params,
    seed::{Draws, Seed, Stream},
    train::{Every, Simd},
};

mod problem;

use problem::{Problem, Shape, shapes};

const STEPS: u64 = 1_000_000;
const POINTS: usize = 1000;

fn main() {
    divan::main();
}

/// The trainer with the instructions that every processor of the target has.
#[divan::bench(args = shapes(), consts = [1, 4, 8, 16], max_time = 0.3)]
fn portable<const L: usize>(bencher: Bencher<'_, '_>, shape: Shape) {
    lanes::<L>(bencher, Simd::Portable, shape);
}

/// The trainer with 256-bit vectors, if the processor has them.
#[cfg(target_arch = "x86_64")]
#[divan::bench(args = shapes(), consts = [8, 16], max_time = 0.3)]
fn avx2<const L: usize>(bencher: Bencher<'_, '_>, shape: Shape) {
    if let Some(simd) = Simd::all().find(|simd| matches!(simd, Simd::Avx2(_))) {
        lanes::<L>(bencher, simd, shape);
    }
}

/// The trainer with the best SIMD variant of this processor.
#[divan::bench(args = shapes(), consts = [1, 4, 8, 16], max_time = 0.3)]
fn best<const L: usize>(bencher: Bencher<'_, '_>, shape: Shape) {
    lanes::<L>(bencher, Simd::best(), shape);
}

fn lanes<const L: usize>(bencher: Bencher<'_, '_>, simd: Simd, shape: Shape) {
    let epochs = STEPS / (POINTS * L) as u64;
    let problem = Problem::new(shape, [POINTS, 2], epochs, Every::Epochs(epochs));
    bencher.counter(ItemsCount::new(STEPS)).bench_local(|| problem.train::<L>(simd));
}

/// The derivation as a plain loop over scalars, without allocation.
#[divan::bench(args = shapes(), max_time = 0.3)]
fn scalar(bencher: Bencher<'_, '_>, shape: Shape) {
    let problem = Problem::new(shape, [POINTS, 2], STEPS / POINTS as u64, Every::Steps(STEPS));
    let descend = if shape.d == 2 { descend::<2> } else { descend::<30> };
    assert_eq!(descend(&problem), problem.train::<1>(Simd::best())[0], "the plain loop and the trainer differ");
    bencher.counter(ItemsCount::new(STEPS)).bench_local(|| descend(&problem));
}

fn descend<const D: usize>(Problem { setting, split }: &Problem) -> Params {
    let h = setting.model.hidden as usize;
    let rate = setting.train.learning_rate;
    let mut params = setting.model.initial(D, Seed(0));
    let mut order = Draws::new(Seed(0), Stream::Order);
    let [wi, bi, wo, bo] = params.blocks_mut();
    let (bi, wo, hidden) = (&mut bi[..h], &mut wo[..h], &mut vec![0.0; h][..h]);
    for _ in 0..STEPS {
        let i = order.below(POINTS as u32) as usize;
        let (x, y) = (&split.train.x[i * D..][..D], split.train.y[i]);
        let mut output = bo[0];
        for j in 0..h {
            let mut a = bi[j];
            for k in 0..D {
                a += wi[j * D + k] * x[k];
            }
            hidden[j] = if a > 0.0 { a } else { 0.0 };
            output += wo[j] * hidden[j];
        }
        let s = rate * (-y * math::sigmoid(-(y * output)));
        bo[0] -= s;
        for j in 0..h {
            let t = if hidden[j] > 0.0 { s * wo[j] } else { 0.0 };
            wo[j] -= s * hidden[j];
            bi[j] -= t;
            for k in 0..D {
                wi[j * D + k] -= t * x[k];
            }
        }
    }
    params
}
