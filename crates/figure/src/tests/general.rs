//! Figures of an experiment that has no data, no splits and no network, and of whose measurement more is better.

use restudy_core::measure::Split;

use super::*;

fn rewards() -> Owned {
    fixture::rewarded(&[2, 4, 8], &[0.2, 1.0, 1.5], 7, 20)
}

#[test]
fn defaults_are_of_what_is_measured_and_have_no_faults() {
    let owned = rewards();
    let figures = defaults(&owned.declared(None));
    let names: Vec<&str> = figures.keys().map(String::as_str).collect();
    insta::assert_debug_snapshot!(names);
    for (name, figure) in &figures {
        assert_eq!(figure.validate(&owned.declared(None)), [], "{name}");
        let text = toml::to_string(figure).unwrap();
        assert!(!text.contains("split"), "{text}");
        assert_eq!(toml::from_str::<Figure>(&text).unwrap(), *figure, "{text}");
    }
}

#[test]
fn what_is_said_names_no_splits_and_the_better_end() {
    let owned = rewards();
    let mut said = String::new();
    for (name, figure) in defaults(&owned.declared(None)) {
        let text = texts(&svg(&figure, "?", &owned.tables()).unwrap());
        let caption = figure.caption(&owned.measurements, &owned.objective);
        assert!(!format!("{text}{caption}").to_lowercase().contains("validation"), "{text}");
        said += &format!("{name}: {caption}\n{text}\n\n");
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_best_trial_has_the_highest_median() {
    let owned = rewards();
    let (tables, mut hasher) = (owned.tables(), RowsHasher::new());
    let source = Source::new(&tables, &mut hasher);
    let best = source.select_best(Some("policy.size"), &FixedAxes::new(), usize::MAX).unwrap();
    let trials = fixture::wholes(&owned.runs, "trial");
    let rewards = fixture::floats(&owned.runs, "mean-reward");
    let median = |trial: u64| {
        let of_trial = (0..trials.len()).filter(|&row| trials[row] == trial).map(|row| rewards[row]);
        restudy_stats::median(&of_trial.collect::<Vec<_>>())
    };
    for (group, own) in best.groups.iter().zip([0..3, 3..6, 6..9]) {
        assert!(own.clone().all(|trial| median(trials[group.rows[0]]) >= median(trial)));
    }
    assert_eq!(best.best, "highest median mean reward");
}

#[test]
fn what_is_absent_is_that_of_the_objective() {
    let (network, rewards) = (study(), rewards());
    let resolved = |text: &str, owned: &Owned| {
        let mut figure: Figure = toml::from_str(text).unwrap();
        figure.resolve(&owned.declared(None));
        toml::to_string(&figure).unwrap()
    };
    assert_eq!(resolved("curves = {}", &network), "[curves]\nmetric = \"error\"\n");
    assert_eq!(resolved("strip = {}", &network), "[strip]\nmetric = \"error\"\nsplit = \"validation\"\n");
    assert_eq!(
        resolved("strip = { metric = \"loss\", split = \"train\" }", &network),
        "[strip]\nmetric = \"loss\"\nsplit = \"train\"\n"
    );
    assert_eq!(resolved("strip = { metric = \"time\" }", &rewards), "[strip]\nmetric = \"time\"\n");
    assert_eq!(
        resolved("heat-map = { x = \"policy.size\", y = \"policy.rate\" }", &rewards),
        "[heat-map]\nx = \"policy.size\"\ny = \"policy.rate\"\nmetric = \"mean-reward\"\n"
    );
    assert_eq!(toml::to_string(&Figure::Boundary(Boundary::default())).unwrap(), "[boundary]\n");
    // Before it is filled in, it is drawn in the same way.
    let bare: Figure = toml::from_str("strip = { by = \"model.hidden\" }").unwrap();
    let mut whole = bare.clone();
    whole.resolve(&network.declared(None));
    assert_eq!(svg(&bare, "?", &network.tables()).unwrap(), svg(&whole, "?", &network.tables()).unwrap());
    let captions = [&bare, &whole].map(|figure| figure.caption(&network.measurements, &network.objective));
    assert_eq!(captions[0], captions[1]);
}

#[test]
fn splits_and_boundaries_are_faults_where_there_are_none() {
    let owned = rewards();
    let faults = |text: &str| {
        let mut figure: Figure = toml::from_str(text).unwrap();
        figure.resolve(&owned.declared(Some(2)));
        let found = figure.validate(&owned.declared(Some(2)));
        found.into_iter().map(|fault| format!("{}: {}", fault.key, fault.expected)).collect::<Vec<_>>()
    };
    assert_eq!(
        faults("strip = { split = \"train\" }"),
        ["strip.split: no split: \"mean-reward\" is measured once, not on training and validation points"]
    );
    assert_eq!(
        faults("curves = { metric = \"loss\" }"),
        ["curves.metric: one of the metrics that are measured: \"mean-reward\", \"time\""]
    );
    assert_eq!(
        faults("boundary = {}"),
        ["boundary: another figure: no run of this experiment leaves a boundary behind"]
    );
    assert!(!defaults(&owned.declared(Some(2))).contains_key("boundaries"));
}

#[test]
fn the_dark_end_of_a_heat_map_is_the_better_one() {
    let owned = rewards();
    let text = "heat-map = { x = \"policy.size\", y = \"policy.rate\" }";
    let cells = |owned: &Owned| {
        let figure: Figure = toml::from_str(text).unwrap();
        let sheet = figure.draw("?", &owned.tables(), Theme::STUDY).unwrap().0;
        let fills = sheet.shapes.iter().filter(|shape| matches!(shape.geometry, canvas::Geometry::Fill(_)));
        fills.take(9).map(|shape| shape.color.rgb).collect::<Vec<_>>()
    };
    let light = |(r, g, b): (u8, u8, u8)| u32::from(r) + u32::from(g) + u32::from(b);
    let higher = cells(&owned);
    // The greatest size at the rate 1 is the best one, the least at the least rate the worst.
    assert!(light(higher[5]) < light(higher[0]), "{higher:?}");
    let mut lower = rewards();
    lower.measurements[0].direction = restudy_core::measure::Direction::Lower;
    let lower = cells(&lower);
    assert!(light(lower[5]) > light(lower[0]), "{lower:?}");
}

#[test]
fn they_fit_on_their_pages_and_are_drawn_in_every_theme() {
    for owned in [rewards(), fixture::rewarded(&[3], &[0.1], 1, 0), fixture::rewarded(&[3, 4], &[2.0], 1, 4)] {
        for figure in defaults(&owned.declared(None)).values() {
            for theme in ThemeName::ALL.map(|theme| Theme::new(theme, theme.width())).into_iter().chain([Theme::STUDY])
            {
                let drawing = figure.draw("?", &owned.tables(), theme).unwrap();
                let svg = drawing.svg();
                assert!(!svg.contains("NaN") && !svg.contains("inf") && drawing.png().is_ok(), "{figure:?}");
            }
        }
    }
}

#[test]
fn parts_are_those_of_the_measurement_beside_others() {
    // A loss on both parts beside a time that is measured once: rows of their own, NaN where something is not measured.
    let mut owned = study();
    owned
        .measurements
        .push(Measurement { unit: "s".into(), ..Measurement::new("time", restudy_core::measure::Direction::Lower) });
    let time: Vec<Option<f64>> = (0..owned.metrics.height()).map(|row| (row % 2 == 0).then_some(row as f64)).collect();
    owned.metrics.with_column(polars::prelude::Column::new("time".into(), time)).unwrap();
    let runs: Vec<f64> = (0..owned.runs.height()).map(|row| row as f64).collect();
    owned.runs.with_column(polars::prelude::Column::new("time".into(), runs)).unwrap();
    for text in ["final = { metric = \"time\" }", "strip = { metric = \"time\" }"] {
        let figure: Figure = toml::from_str(text).unwrap();
        let text = texts(&svg(&figure, "?", &owned.tables()).unwrap());
        assert!(text.contains("Final time (s") && !text.to_lowercase().contains("validation"), "{text}");
    }
    let measured = Measured::from(&owned.tables());
    assert_eq!(measured.part(measured.get("time"), None), Split::None);
    assert_eq!(measured.part(measured.get("loss"), None), Split::Validation);
    // No row of the table is one of the whole: nothing is drawn, and said.
    let curves: Figure = toml::from_str("curves = { metric = \"time\" }").unwrap();
    assert!(svg(&curves, "?", &owned.tables()).unwrap().contains("No finished runs yet."));
}
