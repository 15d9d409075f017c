//! Tables and the summary: another number or name in a valid file, and in half of the forgeries also its digest in the
//! manifest.

use polars::prelude::{
    Column, DataFrame, DataType, Float64Chunked, IntoColumn, NewChunkedArray, StringChunked, UInt64Chunked,
};
use restudy::{digest::Digest, table};

use crate::{Forgery, random::Random, workspace::Workspace};

/// Notices on a table that is not the manifest's.
const NOTICES: &[&str] = &[
    "not match the manifest",
    "is not the table that the manifest lists",
    "differs from the stored records",
    "not those in the manifest",
];

/// A forged table, or `summary.csv`.
pub fn forge(random: &mut Random, place: &Workspace) -> Option<Forgery> {
    // The study draws no points.
    let name = ["runs", "metrics", "weights", "summary.csv"][random.below(4)];
    let covered = random.below(2) == 0;
    let what = if name == "summary.csv" { summary(random, place)? } else { cell(random, place, name)? };
    if covered {
        let mut manifest = place.manifest();
        if name == "summary.csv" {
            manifest.files.insert(name.into(), Digest::of(&place.read("results/moons/summary.csv")));
        } else {
            let forged = table::read(&place.read(&format!("results/moons/{name}.parquet"))).unwrap();
            manifest.tables.get_mut(name)?.digest = table::logical_digest(&forged);
        }
        place.write("results/moons/manifest.json", manifest.to_text());
    }
    let mut commands = vec!["verify results/moons --progress none".to_owned()];
    // Commands that show a file, and a sample, report a digest that differs from the manifest's; if the manifest was
    // forged, too, commands that compute the file again report it.
    let others =
        ["verify results/moons --progress none --sample 1", "show results/moons --runs", "status results/moons"];
    if covered {
        commands.push("verify results/moons --progress none --sample 6".to_owned());
        commands.push("verify results/moons --progress none --sample 1 --files".to_owned());
        // The root binds the stored records, and the list of digests the measurements that sparklines show.
        commands.extend((name == "runs").then(|| "show results/moons --runs".to_owned()));
        commands.extend((name == "metrics").then(|| "show results/moons".to_owned()));
    } else {
        commands.extend(others.map(str::to_owned));
    }
    let covered = if covered { " and its digest" } else { "" };
    Some(Forgery { what: format!("{name}{covered}: {what}"), commands, notices: NOTICES })
}

/// Changes one number of the summary.
fn summary(random: &mut Random, place: &Workspace) -> Option<String> {
    let text = place.text("results/moons/summary.csv");
    let mut lines: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let line = 1 + random.below(lines.len() - 1);
    let column = random.below(lines[line].len());
    let own = lines[line][column].clone();
    let forged = ["0", "0.05", "1", "7"][random.below(4)];
    if own.parse::<f64>() == forged.parse() {
        return None;
    }
    lines[line][column] = forged.into();
    let text: String = lines.iter().map(|cells| cells.join(",") + "\n").collect();
    place.write("results/moons/summary.csv", text);
    Some(format!("line {line}, column {column}: {own} to {forged}"))
}

/// Changes one cell of a table.
fn cell(random: &mut Random, place: &Workspace, name: &str) -> Option<String> {
    let path = format!("results/moons/{name}.parquet");
    let whole = table::read(&place.read(&path)).unwrap();
    let (at, row) = (random.below(whole.width()), random.below(whole.height()));
    let mut columns = whole.columns().to_vec();
    columns[at] = altered(random, &columns[at], row);
    let forged = DataFrame::new(whole.height(), columns).unwrap();
    if table::logical_digest(&forged) == table::logical_digest(&whole) {
        return None;
    }
    place.write(&path, table::write(&forged));
    Some(format!("row {row}, column {}", whole.columns()[at].name()))
}

fn altered(random: &mut Random, column: &Column, row: usize) -> Column {
    let name = column.name().clone();
    match column.dtype() {
        DataType::UInt64 => {
            let mut values: Vec<u64> = column.u64().unwrap().iter().flatten().collect();
            values[row] = random.below(12) as u64;
            UInt64Chunked::from_vec(name, values).into_column()
        }
        DataType::Float64 => {
            let mut values: Vec<f64> = column.f64().unwrap().iter().flatten().collect();
            values[row] = [0.0, -0.0, 0.05, 1.0, f64::NAN, values[row].next_up()][random.below(6)];
            Float64Chunked::from_vec(name, values).into_column()
        }
        _ => {
            let mut values: Vec<String> = column.str().unwrap().iter().flatten().map(str::to_owned).collect();
            values[row] = values[random.below(values.len())].clone();
            StringChunked::from_iter_values(name, values.iter().map(String::as_str)).into_column()
        }
    }
}
