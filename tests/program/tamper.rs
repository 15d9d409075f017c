//! Every change in a results folder is found and named.

use std::fs;

use polars::prelude::{
    Column, DataFrame, DataType, Float64Chunked, IntoColumn, NewChunkedArray, StringChunked, UInt64Chunked,
};
use restudy::{
    digest::Digest,
    results::{self, Attachments, Manifest, Rendered, verify},
    run::{NetworkExperiment, Task},
    store, sweep,
    table::{self, RunRow},
    train::Simd,
};

use crate::workspace::{Workspace, with};

const TABLES: [&str; 4] = ["metrics", "points", "runs", "weights"];

pub(crate) fn read_table(place: &Workspace, name: &str) -> DataFrame {
    table::read(&place.read(&format!("results/moons/{name}.parquet"))).unwrap()
}

pub(crate) fn write_table(place: &Workspace, name: &str, table: &DataFrame) {
    place.write(&format!("results/moons/{name}.parquet"), table::write(table));
}

/// A column with the smallest change of the value in one row.
fn altered(column: &Column, row: usize) -> Column {
    let name = column.name().clone();
    match column.dtype() {
        DataType::UInt64 => {
            let mut values: Vec<u64> = column.u64().unwrap().iter().flatten().collect();
            values[row] += 1;
            UInt64Chunked::from_vec(name, values).into_column()
        }
        DataType::Float64 => {
            let mut values: Vec<f64> = column.f64().unwrap().iter().flatten().collect();
            values[row] = if values[row].is_nan() { 1.0 } else { values[row].next_up() };
            Float64Chunked::from_vec(name, values).into_column()
        }
        _ => {
            let mut values: Vec<String> = column.str().unwrap().iter().flatten().map(str::to_owned).collect();
            values[row].push('0');
            StringChunked::from_iter_values(name, values.iter().map(String::as_str)).into_column()
        }
    }
}

fn rebuilt(columns: Vec<Column>) -> DataFrame {
    DataFrame::new(columns[0].len(), columns).unwrap()
}

/// Writes the digest of a changed table into the manifest, as a forger would.
fn cover(place: &Workspace, name: &str) {
    let mut manifest = place.manifest();
    manifest.tables.get_mut(name).unwrap().digest = table::logical_digest(&read_table(place, name));
    put(place, &manifest);
}

/// Writes the digest of any other changed file into the manifest.
fn cover_file(place: &Workspace, path: &str) {
    let mut manifest = place.manifest();
    manifest.files.insert(path.into(), Digest::of(&place.read(&format!("results/moons/{path}"))));
    put(place, &manifest);
}

pub(crate) fn put(place: &Workspace, manifest: &Manifest) {
    place.write("results/moons/manifest.json", manifest.to_text());
}

/// Verifies in full and by sample; both must find a difference, and the first must name `what`.
#[track_caller]
fn found(place: &Workspace, what: &str) {
    place.run("verify results/moons --progress none").ends(4).says(what);
    place.run("verify results/moons --progress none --sample 5").ends(4);
}

/// Runs `work` on the study of a folder and its runs.
fn with_runs<T>(place: &Workspace, work: impl FnOnce(&NetworkExperiment<'_>, &[RunRow<'_>]) -> T) -> T {
    let folder = place.path("results/moons");
    let study = sweep::load(&folder.join("study.toml"), &[]).unwrap();
    let study = sweep::Study { name: "moons".into(), ..study };
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let (records, _) = store::load(&folder).unwrap();
    let row = |task: &Task| RunRow { trial: task.trial, seed: task.seed, record: &records[&task.id] };
    work(&network, &network.tasks().iter().map(row).collect::<Vec<_>>())
}

/// All files of a folder, computed from its runs.
fn rendered(place: &Workspace) -> Rendered {
    let folder = place.path("results/moons");
    with_runs(place, |network, rows| {
        results::render(network, rows, &folder, &Attachments::default(), place.manifest().maker()).unwrap()
    })
}

/// The differences in files that a full verification finds: its own comparison, without training each time.
fn differences(place: &Workspace, rendered: &Rendered) -> Vec<String> {
    let verify::Files { found, .. } = verify::files(&place.path("results/moons"), rendered);
    found.iter().map(ToString::to_string).collect()
}

/// The differences in files that a verification by sample finds if every run is in the sample.
fn sampled(place: &Workspace) -> Vec<String> {
    let (folder, manifest) = (place.path("results/moons"), place.manifest());
    let verify::Files { found, .. } =
        with_runs(place, |network, rows| verify::sampled_files(&folder, &manifest, network, rows).unwrap());
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn any_value_of_any_table() {
    let place = Workspace::new(&with("strip =", "boundary = { by = \"model.hidden\" }\n[figures.more]\nstrip ="));
    place.run("sweep moons.toml --quiet").ends(0);
    let rendered = rendered(&place);
    assert_eq!(differences(&place, &rendered), Vec::<String>::new());
    let manifest = place.manifest();
    for name in TABLES {
        let whole = read_table(&place, name);
        assert!(whole.height() > 5 && whole.width() > 4, "{name}");
        for (at, column) in whole.columns().iter().enumerate() {
            let row = (7 * at + 3) % whole.height();
            let mut columns = whole.columns().to_vec();
            columns[at] = altered(column, row);
            write_table(&place, name, &rebuilt(columns));
            let found = differences(&place, &rendered);
            let output = format!("{name}.parquet: row {}, column `{}`", row + 1, column.name());
            assert!(found.len() == 1 && found[0].starts_with(&output), "{output}: {found:?}");
            // If the manifest is made to agree, a sample with those runs still finds the change.
            cover(&place, name);
            let rows = format!("{name}.parquet: its rows differ from the recomputed runs");
            assert_eq!(sampled(&place), [rows]);
            assert_eq!(differences(&place, &rendered).len(), 2, "table and manifest");
            put(&place, &manifest);
        }
        place.run("verify results/moons --progress none").ends(4).says(&format!("{name}.parquet: row "));
        let sample = |words| place.run(&format!("verify results/moons --progress none --sample 1 {words}")).ends(4);
        sample("--files").says(&format!("{name}.parquet: row "));
        let digest = format!("{name}.parquet: its content does not match the manifest");
        sample("").says(&digest);
        fs::rename(place.path("results/moons/segments"), place.path("aside")).unwrap();
        // A clone has no stored runs to make the files from, and compares digests only.
        let sampled = sample("");
        fs::rename(place.path("aside"), place.path("results/moons/segments")).unwrap();
        sampled.says(&digest);
        write_table(&place, name, &whole);
    }
    place.run("verify results/moons").ends(0);
}

#[test]
fn added_removed_and_exchanged_rows_and_columns() {
    let place = Workspace::swept();
    let (rendered, manifest) = (rendered(&place), place.manifest());
    for name in ["metrics", "runs", "weights"] {
        let whole = read_table(&place, name);
        let mut renamed = whole.columns().to_vec();
        renamed[0] = renamed[0].clone().with_name("ran".into());
        let mut swapped = whole.columns().to_vec();
        swapped.swap(0, 1);
        let changed = [
            (whole.head(Some(whole.height() - 1)), "rows are stored"),
            (whole.vstack(&whole.tail(Some(1))).unwrap(), "rows are stored"),
            (whole.tail(Some(2)).vstack(&whole.head(Some(whole.height() - 2))).unwrap(), "row 1, column"),
            (rebuilt(whole.columns()[1..].to_vec()), "its columns are not those computed"),
            (rebuilt(renamed), "its columns are not those computed"),
            (rebuilt(swapped), "its columns are not those computed"),
        ];
        for (table, how) in changed {
            write_table(&place, name, &table);
            let found = differences(&place, &rendered);
            assert!(
                found.iter().any(|one| one.starts_with(&format!("{name}.parquet: ")) && one.contains(how)),
                "{found:?}"
            );
            cover(&place, name);
            let found = sampled(&place);
            assert!(found.len() == 1 && found[0].starts_with(&format!("{name}.parquet: its rows")), "{found:?}");
            put(&place, &manifest);
        }
        write_table(&place, name, &whole);
    }
    place.run("verify results/moons").ends(0);
}

#[test]
fn any_text_and_any_picture() {
    for (file, from, to) in [
        ("summary.csv", "0.", "1."),
        ("figures/seeds.svg", "<", " <"),
        ("report.md", "forty", "fifty"),
        ("report.html", "forty", "fifty"),
        ("study.toml", "forty", "fifty"),
        ("study.toml", "epochs = 4", "epochs = 3"),
        ("study.toml", "seed = 0", "seed = 1"),
        ("study.toml", "learning-rate = 0.02", "learning-rate = 0.020000000000000004"),
        ("study.toml", "count = 3", "count = 4"),
        ("study.toml", "[study]", "# better\n[study]"),
        ("summary.csv", "\n", "\r\n"),
    ] {
        let place = Workspace::swept();
        place.edit(file, from, to);
        found(&place, &format!("{file}: "));
        // If the manifest is made to agree, a full verification still finds the change.
        cover_file(&place, file);
        if file == "study.toml" {
            let text = place.text("results/moons/study.toml");
            let mut manifest = place.manifest();
            manifest.specification = Digest::of(text.as_bytes());
            put(&place, &manifest);
        }
        place.run("verify results/moons --progress none").ends(4);
    }
}

#[test]
fn a_picture_of_dots() {
    let place = Workspace::swept();
    let mut picture = place.read("results/moons/figures/seeds.png");
    let middle = picture.len() / 2;
    picture[middle] ^= 1;
    place.write("results/moons/figures/seeds.png", &picture);
    found(&place, "figures/seeds.png: its bytes differ");
    cover_file(&place, "figures/seeds.png");
    place.run("verify results/moons").ends(4).says("figures/seeds.png: its bytes differ").says("manifest.json: line");
}
