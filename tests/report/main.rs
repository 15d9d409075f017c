//! The report: the command that writes it, the WebAssembly module in it, and (slow, run by name) the page in a browser.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use restudy::{
    digest,
    experiments::OfNetwork,
    model,
    run::NetworkExperiment,
    seed::{Draws, Seed, Stream},
    train::{Job, Simd},
};
use tempfile::TempDir;

mod commands;
mod module;

/// Every kind of setting: another data set, other points for every seed, both ways to sample, every metric, an early
/// stop, divergence, points of a file.
const SPECS: [(&str, &str); 3] = [
    (
        "moons",
        r#"[study]
question = "Which width </script> and rate?"
[data.double-moon]
train = 60
validation = 50
offset = [0.5, -1.25]
[model]
init = "he"
[train]
epochs = 6
sampling = "shuffle"
[stop]
zero-error-epochs = 2
[evaluate]
every = { steps = 40 }
metrics = ["loss", "error", "brier", "auc"]
[sweep]
"model.hidden" = [1, 8]
"train.learning-rate" = [0.05, 1e200]
seeds = 3
[figures.seeds]
strip = { metric = "error", by = "model.hidden" }
"#,
    ),
    (
        "circles",
        r#"[study]
question = "Circles?"
[data.circles]
train = 40
validation = 40
seed = "per-run"
[train]
epochs = 300
[sweep]
"model.init" = ["uniform", "normal", "glorot"]
seeds = [3, 18446744073709551615]
"#,
    ),
    (
        "petals",
        r#"[study]
question = "Petals?"
[data.csv]
file = "experiments/data/iris_petals.csv"
standardise = true
validation = { share = 0.3 }
[train]
epochs = 5
[sweep]
"model.hidden" = [2, 5]
seeds = 2
[figures.boundaries]
boundary = { by = "model.hidden" }
"#,
    ),
];

struct Place(TempDir);

impl Place {
    fn swept() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(place.path("experiments/data")).unwrap();
        fs::copy(source("experiments/data/iris_petals.csv"), place.path("experiments/data/iris_petals.csv")).unwrap();
        for (name, spec) in SPECS {
            fs::write(place.path(&format!("{name}.toml")), spec).unwrap();
            assert!(place.run(&["sweep", &format!("{name}.toml"), "--quiet"]).status.success());
        }
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_restudy")).args(words).current_dir(self.0.path()).output().unwrap()
    }

    fn page(&self, study: &str) -> PathBuf {
        self.path(&format!("results/{study}/report.html"))
    }

    fn edit(&self, study: &str, change: impl FnOnce(String) -> String) {
        let page = self.page(study);
        fs::write(&page, change(fs::read_to_string(&page).unwrap())).unwrap();
    }
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The output of Node on the page; `None` without Node.
fn node(arguments: &[&Path]) -> Option<Output> {
    let output = Command::new("node").arg(source("web/check.mjs")).args(arguments).output();
    match output {
        Ok(output) => Some(output),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "node cannot be started: {error}");
            None
        }
    }
}

#[test]
fn the_module_has_the_bits_of_the_library_and_finds_changes() {
    let place = Place::swept();
    for (name, spec) in SPECS {
        let page = place.page(name);
        let expected = place.path("expected");
        fs::write(&expected, outputs(name, spec)).unwrap();
        let Some(output) = node(&[&page, Path::new("12"), &expected]) else { return };
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("1000 outputs"));
    }
    // Change one digit of a digest, of a trace, of a setting.
    let original = fs::read_to_string(place.page("moons")).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path("results/moons/manifest.json")).unwrap()).unwrap();
    let run = &manifest["runs"][0];
    for piece in ["digest", "trace"].map(|key| run[key].as_str().unwrap().to_owned()).into_iter().chain(["u60".into()])
    {
        let last = if piece.ends_with('0') { '1' } else { '0' };
        let other = format!("{}{last}", &piece[..piece.len() - 1]);
        place.edit("moons", |_| original.replacen(&format!("\"{piece}\""), &format!("\"{other}\""), 1));
        let output = node(&[&place.page("moons"), Path::new("12")]).unwrap();
        assert_eq!(output.status.code(), Some(4), "{piece} was changed, but the check passed");
    }
}

/// The data of a page.
fn data(page: &Path) -> serde_json::Value {
    let page = fs::read_to_string(page).unwrap();
    let start = page.find("id=\"data\">").unwrap() + 10;
    serde_json::from_str(&page[start..start + page[start..].find('<').unwrap()]).unwrap()
}

#[test]
fn a_page_without_the_points_of_a_file_has_a_notice() {
    let place = Place::swept();
    let (moons, petals) = (data(&place.page("moons")), data(&place.page("petals")));
    assert_eq!((&moons["again"], &petals["again"]), (&true.into(), &true.into()));
    assert_eq!((moons["sets"].as_array().unwrap().len(), petals["sets"].as_array().unwrap().len()), (0, 1));
    // A diverged network has no picture; the window is that of the course where the moons are.
    assert_eq!(moons["nets"]["of"].as_object().unwrap().keys().collect::<Vec<_>>(), ["0", "2"]);
    assert_eq!((moons["window"].is_null(), petals["window"].is_null()), (true, true));
    assert_eq!(data(&place.page("circles"))["nets"]["of"].as_object().unwrap().len(), 3);
    // Without the figure, no table contains the points.
    let spec = SPECS[2].1.split("[figures").next().unwrap();
    fs::write(place.path("bare.toml"), spec).unwrap();
    assert!(place.run(&["sweep", "bare.toml", "--quiet"]).status.success());
    let bare = data(&place.page("bare"));
    assert_eq!((&bare["again"], &bare["sets"]), (&false.into(), &serde_json::json!([])));
    assert!(bare["obstacle"].as_str().unwrap().contains("come from a file"));
}

#[test]
fn a_copy_of_the_page_names_who_computed_what() {
    let place = Place::swept();
    let copy = |name: &str| {
        let output = place.run(&["report", "results/moons", "--journal", name]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read_to_string(place.path(name)).unwrap()
    };
    let page = fs::read_to_string(place.page("moons")).unwrap();
    let history = |copy: &str| {
        let start = copy.find("<section id=\"history\"").unwrap();
        let end = start + copy[start..].find("</section>\n").unwrap() + 11;
        let rest = [&copy[..start], &copy[end..]].concat();
        assert_eq!(rest.lines().count(), page.lines().count());
        let changed: Vec<_> = rest.lines().zip(page.lines()).filter(|(one, other)| one != other).collect();
        let [(says, silent), (foot, _)] = changed[..] else { panic!("two lines speak of the journal: {changed:?}") };
        assert!(says.contains("This copy lists them") && silent.contains("does not list them"), "{says}");
        assert!(foot.starts_with("<footer>") && foot.contains("from the journal"), "{foot}");
        copy[start..end].to_owned()
    };
    let once = history(&copy("once.html"));
    assert!(once.contains("0 of 12 runs were computed by more than one process"), "{once}");
    assert!(place.run(&["sweep", "moons.toml", "--quiet", "--results", "elsewhere"]).status.success());
    assert!(place.run(&["merge", "results/moons", "elsewhere/moons", "--quiet"]).status.success());
    let twice = history(&copy("twice.html"));
    assert!(twice.contains("12 of 12 runs were computed by more than one process"), "{twice}");
    assert!(twice.contains("model.hidden = 8, train.learning-rate = 0.05: seeds 0 to 2"), "{twice}");
    assert_eq!(twice.matches("<tr><th scope=\"row\">process ").count(), 2, "{twice}");
}

/// The outputs of the first run's last network at 1000 points, as bits: `x1 x2 output`.
fn outputs(name: &str, spec: &str) -> String {
    let study = restudy::sweep::parse(name, Path::new("study.toml"), spec, &[]).unwrap();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let task = network.tasks()[0];
    let split = network.split(task.trial, task.seed).unwrap();
    let job = Job { setting: study.trials[task.trial].setting(), split: &split, seed: task.seed };
    let record = digest::record(Simd::best(), &[job], &[task.id], &mut |_, _| std::ops::ControlFlow::Continue(()));
    let params = digest::params(&record.unwrap().remove(0).kept).unwrap();
    let mut draws = Draws::new(Seed(6), Stream::Validation);
    (0..1000).fold(String::new(), |mut text, _| {
        let x = [(); 2].map(|()| 8.0 * draws.unit() - 4.0);
        let output = model::forward(&params, &x).output;
        let _ = writeln!(text, "{:016x} {:016x} {:016x}", x[0].to_bits(), x[1].to_bits(), output.to_bits());
        text
    })
}

/// The page in a browser: no error and no request, sorting, the explorer, the keyboard, contrast, a phone, paper, ten
/// runs trained again, and changed pages.
#[test]
#[ignore = "takes a minute and needs Chromium and Playwright; .ci/report runs it by name"]
fn the_page_works_in_a_browser() {
    let place = tempfile::tempdir().unwrap();
    for study in ["hidden", "grid", "breast-cancer"] {
        let spec = source(&format!("experiments/{study}.toml"));
        let restudy = Command::new(env!("CARGO_BIN_EXE_restudy"))
            .args(["sweep", "--quiet", "--results"])
            .arg(place.path())
            .arg(spec)
            .status();
        assert!(restudy.unwrap().success());
        let page = place.path().join(study).join("report.html");
        assert!(fs::metadata(&page).unwrap().len() < 3_000_000, "the page is light");
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
        let output = Command::new(python)
            .arg(source("tests/report/browser.py"))
            .arg(&page)
            .arg(place.path().join(format!("shots-{study}")))
            .output()
            .unwrap();
        assert!(output.status.success(), "{study}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
