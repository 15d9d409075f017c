//! The tools of a forger: recomputes everything that needs no broken hash.

use restudy::{
    digest::{self, Digest, Value},
    seed::Seed,
    train::Observation,
};
use serde_json::Value as Json;

use crate::workspace::Workspace;

/// The proof of the run that the words name.
pub fn proof(place: &Workspace, run: &str) -> Json {
    let answer = place.run_words(&["proof", run, "results/moons", "-o", "-"]).ends(0);
    serde_json::from_str(&answer.out).unwrap()
}

/// The text with a valid seal.
pub fn sealed(mut proof: Json) -> String {
    let fields = proof.as_object_mut().unwrap();
    let place = fields.keys().position(|key| key == "seal");
    fields.shift_remove("seal");
    let text = Json::Object(fields.clone()).to_string();
    let seal = Digest::of(format!("restudy/proof\n{text}").as_bytes()).to_string();
    fields.shift_insert(place.unwrap_or(fields.len()), "seal".into(), seal.into());
    serde_json::to_string_pretty(&proof).unwrap() + "\n"
}

/// The value of a setting in an identity.
pub fn line(value: &Json) -> Value<'_> {
    match value {
        Json::Number(number) => number.as_u64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        other => Value::String(other.as_str().unwrap_or_default().into()),
    }
}

/// Recomputes the identity from the settings and the seed.
pub fn identify(proof: &mut Json) {
    let mut settings: Vec<_> = proof["run"]["settings"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, value)| (path.as_str(), line(value)))
        .collect();
    settings.sort_by_key(|(path, _)| path.as_bytes());
    let seed = Seed(proof["run"]["seed"].as_u64().unwrap_or_default());
    let id = digest::run_id(settings, seed).to_string();
    proof["run"]["id"] = id.into();
}

/// Recomputes the digest of the run from its numbers, metrics in the order of the settings, and the outcome.
pub fn conclude(proof: &mut Json) {
    let last = &proof["final"];
    let number = |value: &Json| value.as_f64().unwrap_or(f64::INFINITY);
    let names = (0..).map_while(|place| proof["run"]["settings"].get(format!("evaluate.metrics.{place}"))?.as_str());
    let names: Vec<_> = names.collect();
    let part = |part: &str| names.iter().filter_map(|name| last[part].get(*name)).map(number).collect::<Vec<_>>();
    let point = Observation {
        epoch: last["epoch"].as_u64().unwrap_or_default(),
        step: last["step"].as_u64().unwrap_or_default(),
        values: [part("train"), part("validation")].concat(),
    };
    let parameters: Option<Vec<f64>> =
        last.get("parameters").and_then(Json::as_array).map(|all| all.iter().map(number).collect());
    let Some(previous) = last["previous"].as_str().and_then(|text| text.parse().ok()) else { return };
    let link = digest::last_link(previous, &point, parameters.as_deref());
    let digest = digest::run_digest(link, proof["outcome"].as_str().unwrap_or_default()).to_string();
    proof["digest"] = digest.into();
}

/// Recomputes the root from identity, digest and path.
pub fn climb(proof: &mut Json) {
    let read = |value: &Json| value.as_str().and_then(|text| text.parse::<Digest>().ok());
    let (Some(id), Some(digest)) = (read(&proof["run"]["id"]), read(&proof["digest"])) else { return };
    let Ok(path) = serde_json::from_value::<Vec<digest::Beside>>(proof["path"].clone()) else { return };
    proof["root"] = digest::climb(digest::leaf(id, digest), &path).to_string().into();
}
