// Cells in which no `let` has a type. `tests/notebook/installed.rs` executes each block between lines of `// ---` as a
// cell: rust-analyzer must infer the types from the signatures, and the compiler must agree.
use restudy::prelude::*;
// ---
let moons = DoubleMoon { train: 40, validation: 20, ..Default::default() }.load(Seed(1))?;
let SplitData { train: points, validation: others } = moons.clone();
let first = points.point(0).to_vec();
let label = points.y[0];
let chosen = points.select(&[0, 1, 2]);
let how_many = chosen.len();
let digest = Digest::of_split(&moons);
let digits = digest.to_string();
// ---
let model = Model { hidden: 3, init: Init::He };
let params = model.initial(2, Seed(7));
let pass = forward(&params, &first);
let slope = gradient(&params, &first, label);
let shape = (params.d, params.h());
let blocks = params.blocks().map(|(name, columns, block)| (name.to_owned(), columns, block.to_vec()));
let largest = slope.values().fold(0.0, |most: f64, value| most.max(value.abs()));
let (mut random, x, y) = check::draw(2, 4, &mut Draws::new(Seed(3), Stream::GradientCheck));
let quotient = numerical(&random, &x, y, 1e-6);
let verdict = Check { cases: 10, ..Check::default() }.run();
let passed = verdict.passed;
let worst = verdict.blocks.iter().map(|block| block.largest).fold(0.0, f64::max);
// ---
let links = literal::chain(&params, &first, label);
let wide = row(&first).kronecker(&Matrix::identity(3));
let product = links.loss_by_output.times(&links.output_by_hidden);
let entries = wide.transposed().entries;
let corner = wide.at(0, 0);
let (wi, bi, wo) = (params.wi(), params.bi(), params.wo());
let equation = tex("Y = ").number(pass.output).matrix(&wi).then(", ").column(&first);
let probability = sigmoid(pass.output);
let surprise = loss(pass.output, label) + ln_1p(exp(-1.0)) + softplus(0.0) + sqrt(2.0) + ln(2.0);
// ---
let setting = Setting { model, train: Train { epochs: 3, ..Train::default() }, ..Setting::default() };
let run = train(&setting, &moons, Seed(4))?;
let trained = run.params().clone();
let curve = run.curve("training loss")?;
let last = run.last("validation error")?;
let epochs = curve.iter().map(|(epoch, _)| *epoch).collect::<Vec<_>>();
let falling = curve.windows(2).all(|pair| pair[1].1 <= pair[0].1);
let outcome = run.outcome.clone();
let steps = run.points().iter().map(|point| point.step).max();
let indices = order(&setting, &moons, Seed(4)).take(10).collect::<Vec<_>>();
let error = measure(&trained, &points, Metric::Error);
let picture = boundary(&trained, &points)?;
let svg = picture.svg().to_owned();
let panel = lines("epoch", "loss").line("a", curve.clone()).log_y();
// ---
let text = "[study]\nquestion = \"?\"\n[data.double-moon]\ntrain = 40\nvalidation = 20\n[train]\nepochs = 3\n[sweep]\n\"model.hidden\" = [2, 3]\nseeds = 4\n[figures.f]\nstrip = { metric = \"error\", by = \"model.hidden\" }";
let small = study_from("probes", text)?;
let variant = small.with("probes-2", ["sweep.seeds=2"])?;
let axes = small.axes.iter().map(|axis| axis.path.clone()).collect::<Vec<_>>();
let runs = small.run_count();
let answers = sweep(&small)?;
let spread = answers.spread("model.hidden=2", "training error")?;
let interval = spread.interval;
let finals = answers.finals("model.hidden=2", "training loss")?;
let paired = answers.paired("model.hidden=2", "model.hidden=3", "training loss")?;
let single = answers.run("model.hidden=2", 1)?;
let share = answers.zero_share("model.hidden=2")?;
let outcomes = answers.outcomes("model.hidden=3")?;
let few = answers.first_seeds(2)?;
let root = answers.root();
let (trials, summary) = (answers.trials(), answers.summary());
let figure = answers.figure("f")?;
let drawn = answers.draw("strip = { metric = \"loss\", by = \"model.hidden\" }")?;
let proof = answers.prove_some(2)?;
let proven = proof.proven;
// ---
let table_of_runs = answers.runs();
let columns = table_of_runs.columns();
let losses = table_of_runs.numbers("train_loss")?;
let frame = table_of_runs.frame();
let (height, width) = frame.shape();
let top = frame.head(Some(3));
let seeds = frame.column("seed")?.u64()?.into_no_null_iter().collect::<Vec<_>>();
let some = frame.select(["seed", "train_loss"])?;
let values = frame.column("train_loss")?.f64()?.iter().flatten().collect::<Vec<_>>();
let hand = table(["a", "b"]).row((1, 2.5)).row(("x", true));
// ---
let faster = own("faster", 1, |job: &Job, log: &mut Log| {
    let mut params = job.initial();
    log.measure(0, &params)?;
    for (step, i) in (1..=job.steps()).zip(job.order()) {
        let (x, y) = job.example(i);
        restudy::train::step(&mut params, x, y, 2.0 * job.rate());
        log.measure(step, &params)?;
    }
    Ok(params)
});
let theirs = sweep_own(&small, &faster)?;
let same = theirs.root() == root;
let refused = sweep_own(&small, &own("No", 1, |job: &Job, _: &mut Log| Ok(job.initial()))).map(|_| ()).unwrap_err();
let message = refused.message();
let printed = expect_panic(|| panic!("on purpose"));
let odd = sweep_own(&small, &own("odd", 1, |_: &Job, _: &mut Log| Err("no".into()))).expect_failures()?;
let failed = odd.failed();
// ---
let coin = experiment("coin", 1)
    .measures([higher("heads"), neutral("tails")])
    .succeeds("lucky", "heads", 8.0, "eight heads")
    .keeps(["sides"])
    .setting("tosses", 10)
    .about("How often the coin is tossed.")
    .setting("bias", 0.5)
    .choice("hand", ["left", "right"])
    .steps("tosses")
    .run(|settings, seed, log| {
        let (tosses, bias) = (settings.whole("tosses")?, settings.number("bias")?);
        let mut draws = Draws::own(seed, 0);
        let heads = (0..tosses).filter(|_| draws.unit() < bias).count();
        log.measure(tosses, [("heads", heads as f64), ("tails", tosses as f64 - heads as f64)])?;
        log.keep("sides", 2, &[heads as f64, tosses as f64])
    })?;
let coin_version = coin.version();
let question = coin.asks("probes-coin", "How often?").axis("tosses", [10, 20]).with("hand", "right").seeds(3);
let specification = question.text();
let tosses = question.study()?;
let tossed = sweep(&tosses)?;
let lucky = tossed.success_share("tosses=20")?;
let toss_curve = tossed.curve("tosses=10", 2, "heads")?;
let sides = tossed.kept("tosses=10", 2, "sides")?;
// ---
let numbers = (1..=10).map(|n| n * n).collect::<Vec<u64>>();
let sum = numbers.iter().sum::<u64>();
let mean = numbers.iter().map(|n| *n as f64).sum::<f64>() / numbers.len() as f64;
let mut sorted = numbers.clone();
let even = numbers.iter().copied().filter(|n| n % 2 == 0).collect::<Vec<_>>();
let most = numbers.iter().copied().max().unwrap_or(0);
let place = numbers.iter().position(|n| *n == 49);
let pairs = numbers.iter().copied().zip(even.clone()).collect::<Vec<_>>();
let words = "a b c".split_whitespace().map(str::to_owned).collect::<Vec<_>>();
let joined = words.join("-");
let parsed = "3.5".parse::<f64>()?;
let nested = vec![vec![0.0; 3]; 2];
let by_name = std::collections::BTreeMap::from([("a", 1), ("b", 2)]);
let set = std::collections::BTreeSet::from([3, 1]);
let counts = words.iter().map(|word| (word.clone(), word.len())).collect::<std::collections::HashMap<_, _>>();
let looked_up = by_name.get("a").copied();
let half = if most > 3 { Some(0.5) } else { None };
let chosen_half = match half { Some(value) => value, None => 0.0 };
let array = [1.0, 2.0, 3.0].map(|value| value * 2.0);
let formatted = format!("{sum} {mean:.2}");
let chunk_sums = numbers.chunks(3).map(|chunk| chunk.iter().sum::<u64>()).collect::<Vec<_>>();
let reversed = numbers.iter().rev().copied().collect::<Vec<_>>();
let rounded = mean.round().abs().powi(2).max(1.0).to_bits();
let content = std::fs::read_to_string("probes.txt").unwrap_or_default();
