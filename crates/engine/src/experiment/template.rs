//! Writes a commented specification with which a study of an experiment can begin.

use super::Kind;
use crate::spec::{
    self,
    catalog::{Catalog, Kind as Value, SettingInfo},
    write::literal,
};

/// Returns a commented specification of an experiment: every setting with its default, or with a placeholder if it has
/// none.
#[must_use]
pub fn template(kind: &dyn Kind) -> String {
    let declaration = kind.declaration();
    let settings = kind.catalog();
    let head = format!(
        "\n# The experiment that it is for.\n[experiment]\nname = {}\nversion = {}\n",
        literal(&declaration.name.as_str().into()),
        declaration.version
    );
    let mut sections = Vec::new();
    for section in kind.sections() {
        tables(settings, section, &mut sections);
    }
    let axis = |values: fn(&SettingInfo) -> Option<String>| {
        settings.axes().find_map(|path| {
            let (section, _) = path.rsplit_once('.')?;
            let known = settings.get(path).filter(|_| sections.iter().any(|shown| shown == section))?;
            values(known).map(|values| format!("{} = {values}", literal(&path.into())))
        })
    };
    let objective = &declaration.objective.measurement;
    let swept = axis(choices);
    let question = match swept.as_ref().and_then(|line| line.split('"').nth(1)) {
        Some(path) => format!("How does {objective} depend on {path}?"),
        None => format!("What is {objective}?"),
    };
    let shown = axis(numbers).unwrap_or_else(|| "\"settings.NAME\" = [1, 2]".into());
    let path = swept.as_ref().unwrap_or(&shown).split('"').nth(1).unwrap_or_default().to_owned();
    let line = swept.unwrap_or_else(|| format!("# {shown}"));
    let number = shown.split('"').nth(1).unwrap_or_default();
    let sweep = format!(
        r#"
# What is swept: the path of a setting in quotes, and its values. Every combination is a trial.
[sweep]
{line}
# A list, or a range on a linear or logarithmic scale:
# "{number}" = {{ from = 1, to = 1000, steps = 4, scale = "log" }}
# The seeds that every trial runs under: a count, a list, or {{ from = 100, count = 30 }}.
seeds = 10

# Figures, one table each; without any, the study draws what its axes allow.
# [figures.{objective}]
# curves = {{ metric = "{objective}", by = "{path}" }}
"#
    );
    spec::template(settings, &question, &head, &sections, &sweep)
}

/// The tables of a section that a specification can have together: of alternatives, the first.
fn tables(settings: &Catalog, section: &str, all: &mut Vec<String>) {
    let is_choice = |path: &str| settings.get(path).is_some_and(|known| known.kind == Value::Group);
    let mut inner: Vec<String> = Vec::new();
    for path in &settings.order {
        let Some((key, _)) = path.strip_prefix(section).and_then(|rest| rest.strip_prefix('.')?.split_once('.')) else {
            continue;
        };
        let table = format!("{section}.{key}");
        // Items of a list are not tables, and a choice inside a section is written on one line.
        if settings.get(&table).is_none() && !inner.contains(&table) {
            inner.push(table);
        }
    }
    if is_choice(section) {
        let direct = settings.inside(section).next().is_some();
        match inner.first() {
            Some(first) if !direct => tables(settings, first, all),
            _ => all.push(section.to_owned()),
        }
        return;
    }
    if settings.inside(section).next().is_some() {
        all.push(section.to_owned());
    }
    inner.iter().for_each(|table| tables(settings, table, all));
}

/// All values of a setting with few values.
fn choices(known: &SettingInfo) -> Option<String> {
    let names = || known.choices.iter().map(|value| literal(&value.as_str().into())).collect::<Vec<_>>().join(", ");
    match known.kind {
        Value::Bool => Some("[false, true]".into()),
        Value::String if known.choices.len() > 1 => Some(format!("[{}]", names())),
        _ => None,
    }
}

/// The default of a number and twice its value, as an example.
fn numbers(known: &SettingInfo) -> Option<String> {
    let default = known.default.as_ref()?;
    match known.kind {
        Value::Int => default.as_u64().map(|whole| format!("[{whole}, {}]", whole.saturating_mul(2).max(1))),
        Value::Number => default.as_f64().map(|number| format!("[{number:?}, {:?}]", 2.0 * number)),
        _ => None,
    }
}
