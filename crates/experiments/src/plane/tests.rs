//! Pins figures of trained networks to the last bit.

use std::{collections::BTreeMap, io::Cursor};

use polars::prelude::DataFrame;

use super::{fixture::Owned, *};
use crate::{
    digest::Digest,
    figure::{
        AxisValue, Boundary, Curves, Declared, Figure, FixedAxes, MetricName, Strip, Theme, ThemeName, defaults, svg,
    },
    model::Model,
    seed::Seed,
    table,
};

#[test]
fn blocks_that_fit_make_a_network() {
    let params = Model::default().initial(2, Seed(1));
    let bo = [params.bo];
    let blocks = [("Wi", &params.wi[..]), ("bi", &params.bi), ("Wo", &params.wo), ("bo", &bo)];
    let whole = field(&blocks).unwrap();
    assert_eq!((whole.inputs(), whole.units(), whole.is_finite()), (2, 7, true));
    assert_eq!(whole.output([0.3, -2.0]), forward(&params, &[0.3, -2.0]).output);
    let short = [("Wi", &params.wi[1..]), blocks[1], blocks[2], blocks[3]];
    let empty = blocks.map(|(name, _)| (name, &[][..]));
    for wrong in [&blocks[..3], &short, &empty, &[]] {
        assert!(field(wrong).is_none());
    }
}

/// Two hidden sizes by three learning rates, of which the last one diverges.
fn study() -> Owned {
    fixture::trained(&[2, 7], &[0.02, 0.2, 1e200], 5, 8, 60)
}

fn figures(owned: &Owned) -> BTreeMap<String, Figure> {
    let Owned { axes, measurements, objective, .. } = owned;
    defaults(&Declared { axes, dimension: Some(2), fields: true, measurements, objective })
}

/// The texts of a figure.
fn texts(svg: &str) -> String {
    let lines = svg.lines().filter_map(|line| line.strip_prefix("<text")?.split_once('>')?.1.strip_suffix("</text>"));
    lines.collect::<Vec<_>>().join(" | ")
}

/// The decoded bytes of a picture.
fn pixels(png: &[u8]) -> Vec<u8> {
    let mut picture = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut bytes = vec![0; picture.output_buffer_size().unwrap()];
    picture.next_frame(&mut bytes).unwrap();
    bytes
}

fn short(bytes: &[u8]) -> String {
    Digest::of(bytes).short()
}

#[test]
fn value_stability() {
    let owned = study();
    let mut pinned = String::new();
    for (name, figure) in figures(&owned) {
        let svg = svg(&figure, "Which is best?", &owned.tables()).unwrap();
        let drawing = figure.draw("Which is best?", &owned.tables(), Theme::STUDY).unwrap();
        let (vectors, pixels) = (short(svg.as_bytes()), short(&pixels(&drawing.png().unwrap())));
        pinned += &format!("{name}: svg {vectors}, pixels {pixels}\n{}\n\n", texts(&svg));
    }
    insta::assert_snapshot!(pinned);
}

#[test]
fn value_stability_in_every_theme_and_format() {
    let owned = study();
    let mut pinned = String::new();
    for theme in ThemeName::ALL {
        for (name, figure) in figures(&owned) {
            let drawing = figure.draw("Which is best?", &owned.tables(), Theme::new(theme, theme.width())).unwrap();
            let (svg, pdf) = (short(drawing.svg().as_bytes()), short(&drawing.pdf()));
            let pixels = short(&pixels(&drawing.png().unwrap()));
            pinned += &format!("{theme} {name}: svg {svg}, pdf {pdf}, pixels {pixels}\n");
            if theme == ThemeName::Paper {
                pinned += &format!("  {}\n", drawing.caption());
            }
        }
    }
    insta::assert_snapshot!(pinned);
}

/// Computes the digest of rows with polars and `table`, as the documentation of `rows` describes it.
#[test]
fn the_digest_of_rows_is_as_documented() {
    let owned = study();
    let part = |whole: &DataFrame, columns: &[&str], keep: &dyn Fn(usize) -> bool| {
        let mask: polars::prelude::BooleanChunked = (0..whole.height()).map(|row| Some(keep(row))).collect();
        let part = whole.filter(&mask).unwrap().select(columns.iter().copied()).unwrap();
        table::logical_digest(&part)
    };
    let documented = |parts: &[(&str, Digest)]| {
        let mut bytes = b"restudy/figure".to_vec();
        for (name, digest) in parts {
            bytes.extend((name.len() as u64).to_le_bytes());
            bytes.extend(name.bytes());
            bytes.extend(digest.0);
        }
        Digest::of(&bytes)
    };
    let rows = |figure: &Figure| figure.draw("?", &owned.tables(), Theme::STUDY).unwrap().rows().unwrap();
    let which = ["run", "model.hidden", "train.learning-rate", "seed", "outcome"];
    let runs = table::texts(&owned.runs, "run").unwrap();
    let of_run = |table: &DataFrame, keep: &dyn Fn(usize) -> bool| {
        let kept: Vec<String> = (0..runs.len()).filter(|&row| keep(row)).map(|row| runs[row].to_owned()).collect();
        let names: Vec<String> = table::texts(table, "run").unwrap().into_iter().map(str::to_owned).collect();
        move |row: usize| kept.contains(&names[row])
    };

    let columns = [&which[..], &["validation_loss"]].concat();
    let strip = Figure::Strip(Strip {
        metric: Some(MetricName::from("loss")),
        by: Some("model.hidden".into()),
        ..Strip::default()
    });
    assert_eq!(rows(&strip), documented(&[("runs", part(&owned.runs, &columns, &|_| true))]));

    // The second rate alone: runs 5 to 9 and 20 to 24.
    let at: FixedAxes = [("train.learning-rate".to_owned(), AxisValue::Float(0.2))].into();
    let second = |row: usize| (5..10).contains(&row) || (20..25).contains(&row);
    let curves = Figure::Curves(Curves { by: Some("model.hidden".into()), at: at.clone(), ..Curves::default() });
    let metrics = part(&owned.metrics, &["run", "epoch", "step", "split", "error"], &of_run(&owned.metrics, &second));
    assert_eq!(rows(&curves), documented(&[("runs", part(&owned.runs, &which, &second)), ("metrics", metrics)]));

    let first = |row: usize| row == 5 || row == 20;
    let boundary = Figure::Boundary(Boundary { by: Some("model.hidden".into()), at, ..Boundary::default() });
    let splits = table::texts(&owned.points, "split").unwrap();
    let columns = [&which[..], &["validation_error"]].concat();
    let weights = part(&owned.weights, &["run", "block", "row", "column", "value"], &of_run(&owned.weights, &first));
    let points = part(&owned.points, &["data", "index", "x1", "x2", "y"], &|row| splits[row] == "validation");
    let runs = part(&owned.runs, &columns, &first);
    assert_eq!(rows(&boundary), documented(&[("runs", runs), ("weights", weights), ("points", points)]));
}
