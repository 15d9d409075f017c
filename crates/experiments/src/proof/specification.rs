//! Turns the settings of a proof into a tree and into the text of a specification.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::RunProof;
use crate::{
    digest::Digest,
    experiments::network,
    results::proof::{file_digest, put},
    spec::{catalog::Kind, write::section},
};

impl RunProof {
    /// Writes a specification of this run alone. `files` are paths of its data files, each with the digest of its
    /// bytes.
    ///
    /// # Errors
    /// Returns the digest of a data file that is missing from `files`.
    pub fn specification(&self, files: &[(Digest, String)]) -> Result<String, String> {
        let tree = tree(&self.run.settings, &|wanted| {
            let file = files.iter().find(|(digest, _)| digest.to_string() == wanted);
            file.map(|(_, file)| file.clone()).ok_or_else(|| wanted.to_owned())
        })?;
        let mut parts = vec!["[study]\nquestion = \"Is this run what its proof says?\"\n".to_owned()];
        for (name, settings) in tree.as_object().into_iter().flatten() {
            let Some(settings) = settings.as_object() else { continue };
            if name == "data" {
                let data =
                    settings.iter().filter_map(|(set, keys)| Some(section(&format!("data.{set}"), keys.as_object()?)));
                parts.extend(data);
            } else {
                parts.push(section(name, settings));
            }
        }
        parts.push(format!("[sweep]\nseeds = [{}]\n", self.run.seed));
        Ok(parts.join("\n"))
    }
}

fn is_bool(path: &str) -> bool {
    network::kind().catalog().get(path).is_some_and(|known| known.kind == Kind::Bool)
}

/// Whether a setting is the path of a file; a proof has the digest of the file instead.
pub(super) fn is_file(path: &str) -> bool {
    path.starts_with("data.") && path.ends_with(".file")
}

/// Nests settings into their sections; `file` gives the path of a file by its digest.
pub(super) fn tree(
    settings: &BTreeMap<String, Json>,
    file: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Json, String> {
    let mut tree = Json::Object(Map::new());
    for (path, value) in settings {
        let value = match file_digest(value).filter(|_| is_file(path)) {
            Some(wanted) => file(wanted)?.into(),
            // An identity has booleans as texts.
            None if is_bool(path) => (value == "true").into(),
            None => value.clone(),
        };
        put(&mut tree, path, value, settings.len());
    }
    Ok(tree)
}
