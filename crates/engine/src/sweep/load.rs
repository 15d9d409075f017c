use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Layout, Spec, Study, axis_infos,
    figures::{context, defaults, figure_problems, measured, read_figures, resolved},
    folds::Folded,
    grid::Grid,
    kind::kind_of,
    labels,
    remedies::with_remedies,
    sections::{require_plain, require_question, require_same_data, require_sections},
    source, trials,
};
use crate::{
    digest::grammar::is_line,
    escape,
    experiment::Kind,
    figure::Figure,
    spec::{
        About, SpecError, Texts, limits,
        problem::{Code, Problem},
        read, recovery, set,
        sweeping::Sweeping,
        tree::{self, Node, Value},
    },
};

/// Reads and checks the specification at `path`, with `sets` (`key=value`) applied; the file name names the study.
///
/// # Errors
/// The file cannot be read, or the specification is invalid.
pub fn load(path: &Path, sets: &[String]) -> Result<Study, SpecError> {
    let text = source::read(path)?;
    // The copy in a results folder has the name of the folder.
    let kept = is_kept(path);
    if !kept {
        require_name(path)?;
    }
    let folder =
        fs::canonicalize(path).ok().filter(|_| kept).and_then(|path| Some(path.parent()?.file_name()?.to_owned()));
    let name = folder.as_deref().or(path.file_stem()).and_then(OsStr::to_str);
    let name = name.filter(|name| !matches!(*name, "." | "..")).ok_or_else(|| {
        let message = format!("{} does not give the study a name", path.display());
        SpecError::file(Code::StudyName, message, "rename the file; its name is that of the study")
    })?;
    if !is_line(name) {
        let message = format!("a study cannot be named {name:?}");
        return Err(SpecError::file(
            Code::StudyName,
            message,
            "rename the file: its name must be one line without control characters",
        ));
    }
    parse(name, path, &text, sets)
}

/// Refuses a file name that cannot name a new study; existing results folders stay readable.
fn require_name(path: &Path) -> Result<(), SpecError> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let reason = match &name {
        name if !escape::is_seen(name) => {
            "holds a character that is not seen: a control, a line break, or one that turns the direction of a line or has no width"
        }
        name if name.starts_with('.') && path.extension().is_none() => "is nothing but an ending",
        name if name.starts_with('-') => "begins with `-`, which commands take for an option",
        _ => return Ok(()),
    };
    let message = format!("a study cannot be named {:?}: it {reason}", name);
    Err(SpecError::file(
        Code::StudyName,
        message,
        "rename the file; its name is that of the study and of its results folder",
    ))
}

/// Reads and checks the specification `text` of the study `name`; `file` is its path, which need not exist.
///
/// # Errors
/// The specification is invalid.
pub fn parse(name: &str, file: &Path, text: &str, sets: &[String]) -> Result<Study, SpecError> {
    let texts = Texts::new(file, text, sets);
    let folder = file.parent().map(PathBuf::from).unwrap_or_default();
    study(name, &folder, text, sets, is_kept(file)).map_err(|problems| texts.error(problems))
}

/// Whether the file is the copy of a specification in a results folder.
fn is_kept(file: &Path) -> bool {
    let results = ["manifest.json", "segments"];
    file.file_name().is_some_and(|name| name == "study.toml")
        && results.iter().any(|name| file.with_file_name(name).exists())
}

/// Reads and checks an additional figure of a study: `curves = { metric = "error", by = "model.hidden" }`.
///
/// # Errors
/// The figure is invalid for this study.
pub fn figure(study: &Study, text: &str) -> Result<Figure, SpecError> {
    let text = format!("[figures.this]\n{text}\n");
    let texts = Texts::new(Path::new("figure"), &text, &[]);
    let root = tree::document(&text, 0).map_err(|problem| texts.error(vec![problem]))?;
    let one = |problem: Problem| texts.error(vec![with_remedies(&*study.kind, problem, &root)]);
    limits::require_short(&root, "").map_err(one)?;
    require_plain(&root, String::new()).map_err(one)?;
    let figure = read_figures(&root).map_err(one)?.remove("this");
    let figure = figure.ok_or_else(|| one(Problem::new(Code::NoChoice, "there is no figure")))?;
    let (axes, measurements) = (study.axis_infos(), measured(&*study.kind, &study.trials[0]));
    let context = context(&*study.kind, &study.trials[0], &axes, &measurements);
    let figure = resolved(&figure, &context);
    let problems = figure_problems("this", &figure, &context, &root);
    if problems.is_empty() {
        return Ok(figure);
    }
    Err(texts.error(problems.into_iter().map(|problem| with_remedies(&*study.kind, problem, &root)).collect()))
}

fn study(name: &str, folder: &Path, text: &str, sets: &[String], kept: bool) -> Result<Study, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let mut root = tree::document(text, 0).map_err(one)?;
    set::apply(&mut root, sets).map_err(one)?;
    if !kept {
        limits::require_short(&root, "").map_err(one)?;
    }
    let kind = kind_of(&root, folder, kept)?;
    let mut found = Vec::new();
    loop {
        let problems = match study_of(name, folder, &root, kept, &kind) {
            Ok(study) if found.is_empty() => return Ok(study),
            Ok(_) => return Err(found),
            Err(problems) => problems,
        };
        // Remedies refer to the text as written, so they precede the repair.
        let is_many = found.len() >= recovery::MOST;
        found.extend(problems.iter().map(|problem| with_remedies(&*kind, problem.clone(), &root)));
        let is_repaired = matches!(&problems[..], [one] if !is_many && recovery::repair(&mut root, one));
        if !is_repaired {
            return Err(found);
        }
    }
}

fn study_of(name: &str, folder: &Path, root: &Node, kept: bool, kind: &Arc<dyn Kind>) -> Result<Study, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    require_sections(root, &**kind).map_err(one)?;
    require_plain(root, String::new()).map_err(one)?;
    let about: About = read::read(root.get("study").unwrap_or(root), "study").map_err(one)?;
    require_question(&about, root).map_err(one)?;
    let mut base = root.clone();
    let Value::Table(table) = &mut base.value else {
        return Err(one(Problem::value(Code::WrongType, "", root, "a table")));
    };
    let sweeping = Sweeping::read(table.take("sweep").as_ref(), kind.sections()).map_err(one)?;
    table.0.retain(|entry| kind.sections().contains(&entry.key));
    require_same_data(&**kind, &sweeping, root).map_err(one)?;
    // Figures first: there may be many trials to check.
    let mut figures = read_figures(root).map_err(one)?;
    let grid = Grid::new(&sweeping, kind.catalog()).map_err(one)?;
    let folded = Folded::of(&**kind, &base, &grid).map_err(one)?;
    if let Some(folded) = &folded {
        folded.require_few(grid.count(), sweeping.seeds.len()).map_err(one)?;
    }
    let checked = trials::check(&**kind, &grid, folded.as_ref(), &base, folder)?;
    let folds = folded.as_ref().map_or(1, |folded| folded.count);
    if let Some((confirm, span)) = sweeping.confirm {
        let compared = checked.trials.len() / folds;
        confirm.check(compared, folds, &sweeping.seeds, span, sweeping.seeds_span).map_err(one)?;
    }
    let first = checked.trials[0].clone();
    let (infos, measurements) = (axis_infos(&checked.axes, folds), measured(&**kind, &first));
    let context = context(&**kind, &first, &infos, &measurements);
    figures.values_mut().for_each(|figure| *figure = resolved(figure, &context));
    let written = figures.clone();
    let of_files = checked.axes.iter().zip(&checked.literals).zip(&checked.of_files).filter(|(_, of_files)| **of_files);
    for ((axis, literals), _) in of_files {
        let paths: Vec<_> = literals.iter().filter_map(|path| path.as_str().map(str::to_owned)).collect();
        figures.values_mut().for_each(|figure| *figure = labels::fixed(figure, axis, &paths, folder, kept));
    }
    if figures.is_empty() {
        figures = defaults(&context);
    }
    let mut problems = Vec::new();
    for (name, figure) in &figures {
        problems.extend(figure_problems(name, figure, &context, root));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut layout = Layout::new(grid, checked.literals);
    if kept {
        layout.kept = written.into_iter().filter(|(name, figure)| figures[name] != *figure).collect();
    }
    Ok(Study {
        name: name.into(),
        kind: Arc::clone(kind),
        spec: Spec { study: about, settings: first.settings, figures },
        axes: checked.axes,
        trials: checked.trials,
        folds,
        seeds: sweeping.seeds,
        confidence: sweeping.confidence,
        confirm: sweeping.confirm.map(|(confirm, _)| confirm),
        layout,
    })
}
