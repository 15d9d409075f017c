//! The reports, through the interface of the engine.

use rayon::join;
use restudy_engine::results::page::{Page, Writer};

use super::{Input, MOST_RUNS, Picture, Trained, html, markdown, seed::Seed};

/// Renders the reports of this program.
#[derive(Debug)]
pub struct Pages;

impl Writer for Pages {
    fn names(&self) -> &'static [&'static str] {
        &["report.html", "report.md"]
    }

    fn pages(&self, page: &Page<'_>) -> Vec<(&'static str, String)> {
        let Page { study, summary, pictures, tables, manifest, beside, unfinished } = page;
        // Runs of an unfinished study are not compared with those that the page computes.
        let few = tables.filter(|_| unfinished.is_none() && manifest.runs.len() <= MOST_RUNS);
        let trained = few.map(|tables| Trained {
            runs: &tables["runs"],
            metrics: &tables["metrics"],
            weights: &tables["weights"],
            points: &tables["points"],
            traces: manifest
                .runs
                .iter()
                .filter(|run| !study.confirms(Seed(run.seed)))
                .map(|run| run.trace.as_str())
                .collect(),
            network: manifest.experiment.is_none() && manifest.declared.is_none(),
        });
        let figures = pictures.iter().map(|picture| Picture {
            name: picture.name,
            caption: picture.caption.clone(),
            svg: std::str::from_utf8(picture.file("svg")).unwrap_or_default(),
            png: picture.file("png"),
        });
        let input = Input {
            study,
            summary,
            figures: figures.collect(),
            kept: beside.kept.as_ref(),
            data: &manifest.data,
            trained,
            root: manifest.root,
            specification: manifest.specification,
            version: &manifest.restudy,
            experiment: manifest.experiment.as_deref(),
            adoptions: Some(&beside.adoptions),
            runs: manifest.runs.iter().map(|run| run.id).collect(),
            verdicts: &beside.attachments.verdicts,
            installed: &beside.attachments.installed,
            unfinished: *unfinished,
        };
        let (html, markdown) = join(|| html(&input), || markdown(&input));
        vec![("report.html", html), ("report.md", markdown)]
    }
}
