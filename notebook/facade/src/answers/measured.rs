//! Parses the names of measurements.

use restudy::{
    measure::{Direction, Measurement},
    metric::Metric,
    sweep::Study,
    table::Split,
};

use crate::{
    error::{Error, Result},
    single::{measured, unrecorded},
};

/// The measurement that a text names.
pub(super) struct Named {
    pub part: Split,
    pub name: String,
    pub better: Direction,
}

/// Parses `"validation error"` of the network, or `"distance"` of an experiment without splits.
pub(super) fn named(study: &Study, text: &str) -> Result<Named> {
    if study.kind.is_default() {
        let (part, metric) = measured(text)?;
        return Ok(Named { part, name: metric.name().into(), better: metric.direction() });
    }
    let measurements = study.measurements();
    let each = || measurements.iter().flat_map(|own| own.parts().iter().map(move |part| (*part, own)));
    let is = |(part, own): &(Split, &Measurement)| {
        [part.of(&own.name), part.joined(' ', &own.name), part.joined('.', &own.name)]
            .iter()
            .any(|name| name == text.trim())
    };
    let found = each().find(is).ok_or_else(|| {
        let names: Vec<_> = each().map(|(part, own)| format!("{:?}", part.joined(' ', &own.name))).collect();
        let name = &study.declaration().name;
        Error::new(format!("the experiment `{name}` measures no {text:?}"), format!("it measures {}", names.join(", ")))
    })?;
    Ok(Named { part: found.0, name: found.1.name.clone(), better: found.1.direction })
}

/// The error for a metric that was not recorded.
pub(super) fn absent(name: &str, recorded: impl Fn(&Metric) -> bool) -> Error {
    let recorded: Vec<Metric> = Metric::ALL.iter().copied().filter(recorded).collect();
    match Metric::ALL.iter().find(|metric| metric.name() == name) {
        Some(metric) => unrecorded(*metric, &recorded),
        None => Error::new(format!("{name:?} was not measured"), ""),
    }
}
