//! The neural network as an experiment: its settings, its measurements and its objective.

use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    data::{Data, Source},
    digest::ARRAYS,
    experiment::{Declaration, Folds, Kind, Promise, Settings},
    metric::Metric,
    model::Model,
    spec::{self, About, Problem, catalog::Catalog, read, tree::Node},
    sweep::Trial,
    train::{Evaluate, Setting, Stop, Train},
    validation::{SettingError, SettingErrors},
};

mod template;

pub use template::template;

/// The name of the experiment, which is the default: a specification need not give it.
pub const NAME: &str = "network";

/// Settings added after the first published results: they enter an identity only if they differ from their default.
const LATER: [&str; 15] = [
    "data.csv.labels.negative",
    "data.csv.labels.positive",
    "data.csv.header",
    "data.csv.missing",
    "data.csv.encode",
    "data.csv.stratified",
    "data.csv.fold",
    "data.mat.fold",
    "data.mat.stratified",
    "data.mat.negative",
    "data.mat.positive",
    "data.mat.labels.negative",
    "data.mat.labels.positive",
    "data.mat.validation-x",
    "data.mat.validation-y",
];

/// The settings of a trial: one table each in a specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Sections {
    /// The data set, one table named after it: `[data.double-moon]`.
    pub data: Data,
    /// The network.
    #[serde(default)]
    pub model: Model,
    /// The trainer.
    #[serde(default)]
    pub train: Train,
    /// What is measured, and when.
    #[serde(default)]
    pub evaluate: Evaluate,
    /// What ends a run early.
    #[serde(default)]
    pub stop: Stop,
}

impl Sections {
    /// Returns data and setting.
    pub fn into_parts(self) -> (Data, Setting) {
        let Self { data, model, train, evaluate, stop } = self;
        (data, Setting { model, train, evaluate, stop })
    }
}

/// Data and setting of a trial, in the form the trainer takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parts {
    pub data: Data,
    pub setting: Setting,
}

impl Serialize for Parts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { data, setting: Setting { model, train, evaluate, stop } } = self.clone();
        Sections { data, model, train, evaluate, stop }.serialize(serializer)
    }
}

impl From<Sections> for Parts {
    fn from(sections: Sections) -> Self {
        let (data, setting) = sections.into_parts();
        Self { data, setting }
    }
}

#[derive(Debug)]
pub(crate) struct Network {
    declaration: Declaration,
    catalog: Catalog,
    sections: Vec<String>,
}

/// The network as an experiment of the engine.
pub(crate) fn kind() -> Arc<dyn Kind> {
    static KIND: LazyLock<Arc<Network>> = LazyLock::new(|| {
        let settings = spec::inline::<Sections>();
        let under =
            |key: &str, files: &[&str]| files.iter().map(|file| format!("data.{key}.{file}")).collect::<Vec<_>>();
        Arc::new(Network {
            catalog: Catalog::of(&settings),
            sections: ["data", "model", "train", "evaluate", "stop"].map(str::to_owned).into(),
            declaration: Declaration {
                name: NAME.into(),
                version: 1,
                about: "A network of one hidden layer of ReLU units, trained by stochastic gradient descent on the logistic loss.".into(),
                measurements: Metric::ALL.iter().map(|metric| metric.measurement()).collect(),
                objective: Metric::objective(),
                keeps: ARRAYS.map(str::to_owned).into(),
                promise: Promise::Bits,
                files: ["csv", "mat"].iter().flat_map(|key| under(key, &crate::data::FILES)).collect(),
                later: LATER.map(str::to_owned).into(),
                aside: Vec::new(),
                external: false,
contained: false,
                folds: ["csv", "mat"].map(folds).into(),
                settings,
            },
        })
    });
    Arc::<Network>::clone(&KIND)
}

/// The settings for the number of folds and for the held-out fold.
fn folds(data: &str) -> Folds {
    Folds { count: format!("data.{data}.validation.folds"), fold: format!("data.{data}.fold") }
}

fn parts(settings: &dyn Settings) -> &Parts {
    settings.as_any().downcast_ref::<Parts>().expect("settings of the network")
}

impl Kind for Network {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn sections(&self) -> &[String] {
        &self.sections
    }

    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
        let sections: Sections = read::read(tree, "")?;
        Ok(Arc::new(Parts::from(sections)))
    }

    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>> {
        let sections: Sections = serde_json::from_value(json.clone()).ok()?;
        Some(Arc::new(Parts::from(sections)))
    }

    fn validate(&self, settings: &dyn Settings) -> Vec<SettingError> {
        let Parts { data, setting } = parts(settings);
        let mut errors = SettingErrors::new();
        errors.under("data", data.validate());
        [errors.found(), setting.validate()].concat()
    }

    fn measured(&self, settings: &dyn Settings) -> Vec<usize> {
        let place = |metric: &Metric| Metric::ALL.iter().position(|other| other == metric);
        parts(settings).setting.evaluate.metrics.iter().filter_map(place).collect()
    }

    fn files(&self, settings: &dyn Settings) -> Vec<(String, String)> {
        let data = &parts(settings).data;
        let names = data.clone().files_mut().into_iter().map(|name| name.clone()).collect::<Vec<_>>();
        let path = |file: &str| format!("data.{}.{file}", data.key());
        crate::data::FILES.iter().map(|file| path(file)).zip(names).collect()
    }

    fn with_files(&self, settings: &Arc<dyn Settings>, rewrite: &dyn Fn(&str) -> String) -> Arc<dyn Settings> {
        let mut changed = parts(&**settings).clone();
        changed.data.files_mut().into_iter().for_each(|name| *name = rewrite(name));
        Arc::new(changed)
    }

    fn kept_rows(&self, settings: &dyn Settings) -> Option<usize> {
        Some(parts(settings).setting.model.hidden as usize)
    }

    fn dimension(&self, settings: &dyn Settings) -> Option<usize> {
        parts(settings).data.dimension()
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn is_default(&self) -> bool {
        true
    }

    fn schema(&self) -> Json {
        spec::schema::<Spec>(
            &self.catalog,
            &self.declaration.measurements,
            &self.declaration.objective,
            &restudy_engine::figure::schema,
        )
    }
}

/// A whole specification of the network, for its schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is read")]
struct Spec {
    /// What is asked.
    study: About,
    /// The data set, one table named after it: `[data.double-moon]`.
    data: Data,
    /// The network.
    #[serde(default)]
    model: Model,
    /// The trainer.
    #[serde(default)]
    train: Train,
    /// What is measured, and when.
    #[serde(default)]
    evaluate: Evaluate,
    /// What ends a run early.
    #[serde(default)]
    stop: Stop,
}

/// Access to the network's settings of a trial.
pub trait OfNetwork {
    /// Returns the data set.
    fn data(&self) -> &Data;

    /// Returns model, trainer, measurements and stopping rules.
    fn setting(&self) -> &Setting;

    /// Returns the trial with a changed setting.
    #[must_use]
    fn with_setting(&self, change: impl FnOnce(&mut Setting)) -> Self;

    /// Returns the trial with another data set.
    #[must_use]
    fn with_data(&self, data: Data) -> Self;
}

/// Panics on trials of other experiments.
impl OfNetwork for Trial {
    fn data(&self) -> &Data {
        &parts(&*self.settings).data
    }

    fn setting(&self) -> &Setting {
        &parts(&*self.settings).setting
    }

    fn with_setting(&self, change: impl FnOnce(&mut Setting)) -> Self {
        let mut changed = parts(&*self.settings).clone();
        change(&mut changed.setting);
        Self { settings: Arc::new(changed), values: self.values.clone() }
    }

    fn with_data(&self, data: Data) -> Self {
        let changed = Parts { data, ..parts(&*self.settings).clone() };
        Self { settings: Arc::new(changed), values: self.values.clone() }
    }
}

/// Whether settings belong to the network.
pub(crate) fn is(settings: &dyn Settings) -> bool {
    settings.as_any().is::<Parts>()
}
