use std::{ops::ControlFlow, time::Instant};
use restudy::{data::{DoubleMoon, Source}, digest::*, seed::Seed, train::*};
fn main() {
    let split = DoubleMoon::default().load(Seed(2014)).unwrap();
    let mut total = 0.0;
    for h in [1, 2, 5, 7, 10, 100] {
        let mut setting = Setting::default();
        setting.model.hidden = h;
        for every in [1, 100] {
            setting.evaluate.every = Every::Epochs(every);
            let t = Instant::now();
            let jobs: Vec<_> = (0..8).map(|s| Job { setting: &setting, split: &split, seed: Seed(s) }).collect();
            let r = record(Kernel::best(), &jobs, &[Digest([0; 32]); 8], &mut |_, _| ControlFlow::Continue(())).unwrap();
            let e = t.elapsed().as_secs_f64();
            if every == 1 { total += e * 15.0; }
            println!("h {h} every {every}: {:.2} ns/step/run  err {:?} {}", e * 1e9 / 800_000.0, r[0].points.last().unwrap().train, r[0].digest().short());
        }
    }
    println!("grid {total}");
}
