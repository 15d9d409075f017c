//! Compares the network with values computed in 60 digits: overflow, saturation, the kink; and whole trajectories of
//! training.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use restudy::{
    data::{Dataset, SplitData},
    math,
    model::{Params, course, forward, gradient, literal, literal::Matrix, loss},
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Vectors<T> {
    cases: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Network {
    wi: Vec<Vec<f64>>,
    #[serde(rename = "bi")]
    bi: Vec<f64>,
    wo: Vec<f64>,
    #[serde(rename = "bo")]
    bo: f64,
}

impl Network {
    /// The vectors have `Wi` as d rows of h: the transpose.
    fn params(&self) -> Params {
        let (d, h) = (self.wi.len(), self.bi.len());
        let wi = (0..h).flat_map(|j| (0..d).map(move |k| self.wi[k][j])).collect();
        Params { d, wi, bi: self.bi.clone(), wo: self.wo.clone(), bo: self.bo }
    }

    /// The gradient by the function of the exercise, which has the layout of the vectors: nothing is transposed.
    fn gradient_nn(&self, x: &[f64], y: f64) -> Params {
        let row = |entries: &[f64]| Matrix::new(1, entries.len(), entries.to_vec());
        let wi = Matrix::new(self.wi.len(), self.bi.len(), self.wi.concat());
        let found = course::gradient_nn(&row(x), y, &wi, &row(&self.bi), &row(&self.wo), self.bo);
        let wi = found.wi.entries.chunks(self.bi.len()).map(<[f64]>::to_vec).collect();
        Self { wi, bi: found.bi.entries, wo: found.wo.entries, bo: found.bo }.params()
    }
}

#[derive(Deserialize)]
struct GradientCase {
    id: u32,
    category: String,
    #[serde(rename = "X")]
    x: Vec<f64>,
    #[serde(rename = "Y")]
    y: f64,
    #[serde(flatten)]
    network: Network,
    expected: Expected,
    tol_output_abs: f64,
    tol_loss_rel: f64,
    tol_prob_rel: f64,
    tol_grad_rel: f64,
    #[serde(rename = "tol_grad_Wo_rel")]
    tol_grad_wo_rel: f64,
}

#[derive(Deserialize)]
struct Expected {
    loss: f64,
    output: f64,
    prob: f64,
    #[serde(rename = "grad_Wi")]
    wi: Vec<Vec<f64>>,
    #[serde(rename = "grad_bi")]
    bi: Vec<f64>,
    #[serde(rename = "grad_Wo")]
    wo: Vec<f64>,
    #[serde(rename = "grad_bo")]
    bo: f64,
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * b.abs() + 1e-300
}

#[test]
fn gradients_of_sixty_digits() {
    let vectors: Vectors<GradientCase> = serde_json::from_str(include_str!("vectors/gradients.json")).unwrap();
    assert!(vectors.cases.len() >= 30);
    for case in vectors.cases {
        let GradientCase { id, category, x, y, expected, .. } = &case;
        let at = |what: &str| format!("case {id} ({category}): {what}");
        let params = case.network.params();
        let output = forward(&params, x).output;
        assert!((output - expected.output).abs() <= case.tol_output_abs, "{}", at("output"));
        assert!(close(loss(output, *y), expected.loss, case.tol_loss_rel), "{}", at("loss"));
        // The vectors give the probability of class +1.
        assert!(close(math::sigmoid(output), expected.prob, case.tol_prob_rel), "{}", at("probability"));
        let wanted =
            Network { wi: expected.wi.clone(), bi: expected.bi.clone(), wo: expected.wo.clone(), bo: expected.bo };
        let wanted = wanted.params();
        let forms = [
            ("analytic", gradient(&params, x, *y)),
            ("literal", literal::gradient(&params, x, *y)),
            ("course's", case.network.gradient_nn(x, *y)),
        ];
        for (form, found) in forms {
            for ((block, _, found), (_, _, wanted)) in found.blocks().into_iter().zip(wanted.blocks()) {
                let tolerance = if block == "Wo" { case.tol_grad_wo_rel } else { case.tol_grad_rel };
                for (a, b) in found.iter().zip(wanted) {
                    let exact = *b != 0.0 || *a == 0.0;
                    assert!(
                        exact && close(*a, *b, tolerance),
                        "{}",
                        at(&format!("{form} gradient of {block}: {a:e} for {b:e}"))
                    );
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct Trajectory {
    id: u32,
    lr: f64,
    snapshots: Vec<Snapshot>,
}

#[derive(Deserialize)]
struct Snapshot {
    step: usize,
    #[serde(flatten)]
    network: Network,
    train_error_percent: f64,
    train_mean_loss: f64,
    val_error_percent: f64,
    recommended_tol_abs: f64,
}

/// The course's data is beside the checkout, not in it: it has no license to be copied under.
fn course_data() -> Option<SplitData> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        let rows = text.lines().skip(1).map(|line| line.split(',').map(|field| field.parse().unwrap()).collect());
        let rows: Vec<Vec<f64>> = rows.collect();
        let x = rows.iter().flat_map(|row| row[..2].to_vec()).collect();
        Some(Dataset { d: 2, x, y: rows.iter().map(|row| row[2]).collect() })
    };
    Some(SplitData { train: read("double_moon_train1000.csv")?, validation: read("double_moon_val1000.csv")? })
}

#[test]
fn trajectories_on_the_course_s_data() {
    let Some(split) = course_data() else {
        // Not eprintln!, which the test harness captures.
        let notice =
            "SKIPPED: trajectories need the course's data, ../shared/data/double_moon_*.csv, which is not here\n";
        std::io::Write::write_all(&mut std::io::stderr(), notice.as_bytes()).unwrap();
        return;
    };
    let text = include_str!("vectors/trajectories.json");
    let vectors: Vectors<Trajectory> = serde_json::from_str(text).unwrap();
    let all: Value = serde_json::from_str(text).unwrap();
    let order: Vec<usize> = serde_json::from_value(all["index_sequences"]["moon"].clone()).unwrap();
    for case in vectors.cases {
        let mut params = case.snapshots[0].network.params();
        let mut done = 0;
        for snapshot in &case.snapshots {
            for &i in &order[done..snapshot.step] {
                let gradient = gradient(&params, split.train.point(i), split.train.y[i]);
                for (block, slope) in params.blocks_mut().into_iter().zip(gradient.blocks()) {
                    block.iter_mut().zip(slope.2).for_each(|(p, g)| *p -= case.lr * g);
                }
            }
            done = snapshot.step;
            let (id, tolerance) = (case.id, snapshot.recommended_tol_abs);
            for (found, wanted) in params.values().zip(snapshot.network.params().values()) {
                assert!((found - wanted).abs() <= tolerance, "case {id}, step {done}: {found} for {wanted}");
            }
            let error = |data: &Dataset| {
                let wrong = |&i: &usize| data.y[i] * forward(&params, data.point(i)).output <= 0.0;
                100.0 * (0..data.len()).filter(wrong).count() as f64 / data.len() as f64
            };
            assert!((error(&split.train) - snapshot.train_error_percent).abs() < 1e-9, "case {id}, step {done}");
            assert!((error(&split.validation) - snapshot.val_error_percent).abs() < 1e-9, "case {id}, step {done}");
            let losses: Vec<f64> =
                (0..1000).map(|i| loss(forward(&params, split.train.point(i)).output, split.train.y[i])).collect();
            assert!((math::mean(&losses) - snapshot.train_mean_loss).abs() <= 1e-9, "case {id}, step {done}");
        }
    }
}
