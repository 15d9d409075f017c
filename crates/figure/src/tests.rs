use std::{collections::BTreeMap, thread};

use polars::prelude::DataFrame;

use super::{fixture::Owned, *};

/// Two hidden sizes by three learning rates, of which the last one diverges.
fn study() -> Owned {
    fixture::trained(&[2, 7], &[0.02, 0.2, 1e200], 5, 8, 60)
}

fn figures(owned: &Owned) -> BTreeMap<String, Figure> {
    defaults(&owned.declared(Some(2)))
}

#[test]
fn every_figure_is_drawn_here_and_its_rows_are_documented() {
    let owned = study();
    let drawn: Vec<&str> = figures(&owned).values().map(Figure::key).collect();
    let table: Vec<&str> = include_str!("rows.rs").lines().filter(|line| line.starts_with("//! |")).collect();
    for key in Figure::KEYS {
        assert!(drawn.contains(key), "no test draws {key}: add one to `figures` above");
        let documented = table.iter().any(|line| line.contains(&format!("`{key}`")));
        assert!(documented, "the table in rows.rs does not say what the digest of {key} covers");
    }
}

/// The texts in a figure.
fn texts(svg: &str) -> String {
    let lines = svg.lines().filter_map(|line| line.strip_prefix("<text")?.split_once('>')?.1.strip_suffix("</text>"));
    lines.collect::<Vec<_>>().join(" | ")
}

mod exported;
mod general;

#[test]
fn the_same_tables_give_the_same_bytes_in_any_thread() {
    let owned = study();
    let drawn =
        |figure: &Figure| (svg(figure, "?", &owned.tables()).unwrap(), png(figure, "?", &owned.tables()).unwrap());
    let figures: Vec<Figure> = figures(&owned).into_values().collect();
    let alone: Vec<_> = figures.iter().map(drawn).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| figures.iter().map(drawn).collect::<Vec<_>>())).collect();
        for thread in threads {
            assert!(thread.join().unwrap() == alone);
        }
    });
}

#[test]
fn files_are_small_and_well_formed() {
    let owned = fixture::trained(&[1, 2, 5, 7, 10, 20], &[0.2], 12, 3, 1000);
    for (name, figure) in figures(&owned) {
        let text = svg(&figure, "Is 1 < 2 & \"true\"?", &owned.tables()).unwrap();
        assert!(text.len() < 150_000, "{name}: {} bytes", text.len());
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
        assert!(text.contains("<title>Is 1 &lt; 2 &amp; &quot;true&quot;?</title>"));
        assert!(!text.contains("NaN") && !text.contains("inf"), "{name}");
        let bytes = png(&figure, "?", &owned.tables()).unwrap();
        let picture = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let width = format!("width=\"{}\"", picture.info().width / 2);
        assert!(text.contains(&width), "{name}: twice as wide as {width}");
    }
}

/// All figures of a study, in both formats.
fn draw_all(owned: &Owned) -> Vec<String> {
    let mut texts = Vec::new();
    for figure in figures(owned).values() {
        texts.push(svg(figure, "?", &owned.tables()).unwrap());
        png(figure, "?", &owned.tables()).unwrap();
    }
    texts
}

#[test]
fn one_trial_under_one_seed_is_drawn() {
    for text in draw_all(&fixture::trained(&[3], &[0.02], 1, 2, 10)) {
        assert!(text.contains("A single run.") || text.contains("Seed 0."), "{text}");
    }
}

#[test]
fn no_rows_are_said_to_be_none() {
    let mut owned = study();
    for table in [&mut owned.runs, &mut owned.metrics, &mut owned.weights, &mut owned.points] {
        *table = table.head(Some(0));
    }
    for text in draw_all(&owned) {
        assert!(text.contains("No finished runs yet."), "{text}");
    }
}

#[test]
fn values_without_runs_and_runs_without_weights_or_points_are_drawn() {
    let mut owned = study();
    owned.axes[0].values.push("100".into());
    for table in [&mut owned.weights, &mut owned.points] {
        *table = table.head(Some(0));
    }
    draw_all(&owned);
}

#[test]
fn divergence_is_said() {
    let owned = fixture::trained(&[2, 7], &[1e200], 3, 4, 20);
    let strip = Figure::Strip(Strip {
        metric: Some(MetricName::from("loss")),
        by: Some("model.hidden".into()),
        ..Strip::default()
    });
    let text = svg(&strip, "?", &owned.tables()).unwrap();
    let diverged = fixture::texts(&owned.runs, "outcome").iter().filter(|outcome| **outcome == "diverged").count();
    assert!(diverged > 0 && text.contains(&format!("{diverged} of 6 runs diverged")), "{text}");
}

#[test]
fn a_missing_column_is_named() {
    let owned = study();
    let mut tables = owned.tables();
    let metrics = owned.metrics.drop("error").unwrap();
    tables.metrics = &metrics;
    let error = svg(&Figure::Curves(Curves::default()), "?", &tables).unwrap_err();
    assert_eq!(error.to_string(), "the tables have no column \"error\" of type UInt64, Float64 or String");
    let nothing = DataFrame::default();
    tables.runs = &nothing;
    for figure in figures(&owned).values() {
        assert!(matches!(svg(figure, "?", &tables), Err(FigureError::Column { .. })));
    }
}

#[test]
fn fixed_axes_choose_runs_and_are_named() {
    let owned = study();
    let at: FixedAxes = [("train.learning-rate".to_owned(), AxisValue::Float(0.2))].into();
    let by = Some("model.hidden".to_owned());
    let fixed = Figure::Strip(Strip { by: by.clone(), at: at.clone(), ..Strip::default() });
    let text = svg(&fixed, "?", &owned.tables()).unwrap();
    assert!(text.contains("5 runs a strip") && text.contains("Learning rate η = 0.2."), "{text}");
    let pooled = svg(&Figure::Strip(Strip { by, ..Strip::default() }), "?", &owned.tables()).unwrap();
    assert!(pooled.contains("15 runs a strip") && pooled.contains("Pooled over learning rate η"), "{pooled}");
}

#[test]
fn open_axes_are_settled_by_validation_error() {
    let owned = study();
    let (tables, mut hasher) = (owned.tables(), RowsHasher::new());
    let source = Source::new(&tables, &mut hasher);
    let best = source.select_best(Some("model.hidden"), &FixedAxes::new(), usize::MAX).unwrap();
    let trials = fixture::wholes(&owned.runs, "trial");
    let errors = fixture::floats(&owned.runs, "validation_error");
    let median = |trial: u64| {
        let of_trial = (0..trials.len()).filter(|&row| trials[row] == trial).map(|row| errors[row]);
        restudy_stats::median(&of_trial.collect::<Vec<_>>())
    };
    for (group, own) in best.groups.iter().zip([0..3, 3..6]) {
        assert_eq!(group.rows.len(), 5);
        assert!(own.clone().all(|trial| median(trials[group.rows[0]]) <= median(trial)));
        assert!(own.contains(&trials[group.rows[0]]) && group.chosen.len() == 1);
    }
}

fn faults(text: &str) -> Vec<String> {
    let figure: Figure = toml::from_str(text).unwrap();
    let owned = study();
    let found = figure.validate(&owned.declared(Some(3)));
    found.into_iter().map(|fault| format!("{}: {}", fault.key, fault.expected)).collect()
}

#[test]
fn faults_name_the_key_and_what_there_is() {
    insta::assert_debug_snapshot!(
        [
            "curves = { metric = \"brier\", by = \"model.hiden\" }",
            "heat-map = { x = \"model.hidden\", y = \"model.hidden\" }",
            "final.at = { \"train.learning-rate\" = 0.5, seeds = 3 }",
            "strip = { by = \"model.hidden\", at = { \"model.hidden\" = 7 } }",
            "boundary = { seed = 1 }",
        ]
        .map(|text| (text, faults(text)))
    );
}

#[test]
fn unknown_keys_are_refused() {
    for text in ["curves = { colour = 1 }", "boundary = { seeds = 3 }", "pie = {}", "heat-map = { x = \"a\" }"] {
        assert!(toml::from_str::<Figure>(text).is_err(), "{text}");
    }
}

#[test]
fn defaults_have_no_faults_and_survive_a_specification() {
    let owned = study();
    let all = &owned.axes[..];
    for (axes, d) in [(all, Some(2)), (&all[..1], Some(30)), (&all[..0], Some(2)), (&all[..0], None)] {
        let declared = Declared { axes, ..owned.declared(d) };
        let figures = defaults(&declared);
        assert!(figures.len() >= 4);
        for (name, figure) in figures {
            assert_eq!(figure.validate(&declared), [], "{name}");
            let text = toml::to_string(&figure).unwrap();
            assert_eq!(toml::from_str::<Figure>(&text).unwrap(), figure, "{text}");
        }
    }
    let names: Vec<String> = figures(&study()).into_keys().collect();
    assert!(names.contains(&"final-error-by-hidden".into()) && names.contains(&"error-map".into()), "{names:?}");
}

#[test]
fn figures_read_only_the_networks_that_they_name() {
    let owned = study();
    let runs = fixture::texts(&owned.runs, "run");
    let mut some = 0;
    for (name, figure) in figures(&owned) {
        let whole = figure.draw("?", &owned.tables(), Theme::STUDY).unwrap().svg();
        let named: Vec<&str> = figure.networks(&owned.tables()).unwrap().into_iter().map(|row| runs[row]).collect();
        let of_run = fixture::texts(&owned.weights, "run");
        let mask: polars::prelude::BooleanChunked = of_run.iter().map(|run| Some(named.contains(run))).collect();
        let few = owned.weights.filter(&mask).unwrap();
        some += usize::from(few.height() > 0 && few.height() < owned.weights.height());
        let tables = Tables { weights: &few, ..owned.tables() };
        assert_eq!(figure.draw("?", &tables, Theme::STUDY).unwrap().svg(), whole, "{name}");
    }
    assert!(some > 0, "a figure that draws networks");
}

#[test]
fn the_schema_names_every_figure() {
    let schema = serde_json::to_string(&schemars::schema_for!(Figure)).unwrap();
    for key in Figure::KEYS {
        assert!(schema.contains(&format!("\"{key}\"")), "{schema}");
    }
}
