//! Writes a study as the text of a specification.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Study, axis::is_logarithmic, grid::Grid, settings::sections};
use crate::{
    figure::Figure,
    seed::Seed,
    spec::{Confirm, catalog::Kind, problem::quoted, write::section},
    stats,
};

/// How the axes combine into trials; [`Study::to_toml`] needs it in addition to the axes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// The distinct values of every axis, as written in a specification.
    literals: Vec<Vec<Json>>,
    /// The list of every axis, as indices of its distinct values.
    lists: Vec<Vec<u32>>,
    /// Groups of zipped axes.
    zips: Vec<Vec<usize>>,
    /// Exclusions: axes, each with the index of a value.
    excludes: Vec<Vec<(usize, u32)>>,
    /// Figures of a results folder that name files as an older version did, as written there.
    pub(super) kept: BTreeMap<String, Figure>,
}

impl Layout {
    pub(super) fn new(grid: Grid, literals: Vec<Vec<Json>>) -> Self {
        Self {
            literals,
            lists: grid.axes.into_iter().map(|axis| axis.list).collect(),
            zips: grid.groups.into_iter().filter(|group| group.len() > 1).collect(),
            excludes: grid.excludes.into_iter().map(|exclude| exclude.setting).collect(),
            kept: BTreeMap::new(),
        }
    }

    pub(super) fn literals(&self, axis: usize) -> &[Json] {
        &self.literals[axis]
    }
}

/// Writes the text; `file` converts the paths of files.
pub(super) fn write(study: &Study, file: &dyn Fn(&str) -> String) -> String {
    let (sections, literals) = with_paths(study, file);
    let mut parts = Vec::new();
    for (name, mut settings) in sections {
        study.axes.iter().for_each(|axis| omit(&mut settings, &name, &axis.path));
        let is_section = study.kind.is_default() && study.kind.sections().contains(&name);
        let is_optional = is_section && study.kind.catalog().required(&name).next().is_none();
        if !settings.is_empty() || !is_optional {
            parts.push(section(&name, &settings));
        }
    }
    parts.push(section_sweep(study, &literals));
    for (name, figure) in &study.spec.figures {
        let figure = study.layout.kept.get(name).unwrap_or(figure);
        parts.push(section(&format!("figures.{}", quoted(name)), &object(json!(figure))));
    }
    parts.join("\n")
}

type Section = (String, Map<String, Json>);

/// The sections except `[sweep]`, and the values of the axes, with the paths of files converted. A choice among tables
/// is written as the chosen table: `[data.double-moon]`.
fn with_paths(study: &Study, file: &dyn Fn(&str) -> String) -> (Vec<Section>, Vec<Vec<Json>>) {
    let settings = study.kind.with_files(&study.spec.settings, &|name| file(name));
    let files = study.kind.files(&*study.spec.settings);
    let is_file = |path: &str| files.iter().any(|(file, _)| file == path);
    let literals = study.axes.iter().zip(&study.layout.literals).map(|(axis, values)| {
        let converted = |value: &Json| value.as_str().map_or_else(|| value.clone(), |path| file(path).into());
        if is_file(&axis.path) { values.iter().map(converted).collect() } else { values.clone() }
    });
    let literals = literals.collect();
    let mut json = sections(&*study.kind, &*settings);
    let mut sections = vec![("study".to_owned(), object(json!(study.spec.study)))];
    let declaration = study.declaration();
    if !study.kind.is_default() {
        sections.push((
            "experiment".to_owned(),
            object(json!({ "name": declaration.name, "version": declaration.version })),
        ));
    }
    for name in study.kind.sections() {
        let settings = object(json[name].take());
        if study.kind.catalog().get(name).is_some_and(|known| known.kind == Kind::Group) {
            sections
                .extend(settings.into_iter().map(|(key, table)| (format!("{name}.{}", quoted(&key)), object(table))));
        } else {
            sections.push((name.clone(), settings));
        }
    }
    (sections, literals)
}

/// Removes the swept setting at `path`: it is written in `[sweep]` only.
fn omit(settings: &mut Map<String, Json>, section: &str, path: &str) {
    let Some(rest) = path.strip_prefix(section).and_then(|rest| rest.strip_prefix('.')) else { return };
    match rest.split_once('.') {
        None => {
            settings.shift_remove(rest);
        }
        Some((key, inner)) => {
            if let Some(Json::Object(entries)) = settings.get_mut(key) {
                omit(entries, key, &format!("{key}.{inner}"));
                if entries.is_empty() {
                    settings.shift_remove(key);
                }
            }
        }
    }
}

fn section_sweep(study: &Study, literals: &[Vec<Json>]) -> String {
    let layout = &study.layout;
    let mut sweep = Map::new();
    for ((axis, literals), list) in study.axes.iter().zip(literals).zip(&layout.lists) {
        let values: Json = list.iter().map(|&value| literals[value as usize].clone()).collect();
        let scale = if axis.log { "log" } else { "linear" };
        let is_default = axis.log == is_logarithmic(&axis.values);
        sweep.insert(axis.path.clone(), if is_default { values } else { json!({ "values": values, "scale": scale }) });
    }
    sweep.insert("seeds".into(), seeds(&study.seeds));
    if study.confidence != stats::CONFIDENCE {
        sweep.insert("confidence".into(), json!(study.confidence));
    }
    if let Some(Confirm { best, seeds, from }) = study.confirm {
        sweep.insert("confirm".into(), json!({ "best": best, "seeds": seeds, "from": from }));
    }
    if !layout.zips.is_empty() {
        let path = |axis: &usize| study.axes[*axis].path.clone();
        let zips = layout.zips.iter().map(|group| group.iter().map(path).collect::<Vec<_>>());
        sweep.insert("zip".into(), json!(zips.collect::<Vec<_>>()));
    }
    if !layout.excludes.is_empty() {
        let value =
            |&(axis, value): &(usize, u32)| (study.axes[axis].path.clone(), literals[axis][value as usize].clone());
        let excludes = layout.excludes.iter().map(|exclude| exclude.iter().map(value).collect::<Map<_, _>>());
        sweep.insert("exclude".into(), excludes.map(Json::Object).collect());
    }
    section("sweep", &sweep)
}

/// Consecutive seeds as a range, others as a list.
fn seeds(seeds: &[Seed]) -> Json {
    let range = seeds.windows(2).all(|pair| pair[0].0.checked_add(1) == Some(pair[1].0));
    match seeds.first() {
        Some(first) if range => json!({ "from": first.0, "count": seeds.len() }),
        _ => seeds.iter().map(|seed| Json::from(seed.0)).collect(),
    }
}

fn object(value: Json) -> Map<String, Json> {
    if let Json::Object(entries) = value { entries } else { Map::new() }
}
