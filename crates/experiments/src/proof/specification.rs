//! The settings of a proof of the network as trees and texts that are read as any specification is.

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
    /// A specification of this run alone. `files` are usable paths of its data files, each with the digest of its bytes.
    ///
    /// # Errors
    /// The digest of a data file that is needed and not among them.
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
                    settings.iter().filter_map(|(set, own)| Some(section(&format!("data.{set}"), own.as_object()?)));
                parts.extend(data);
            } else {
                parts.push(section(name, settings));
            }
        }
        parts.push(format!("[sweep]\nseeds = [{}]\n", self.run.seed));
        Ok(parts.join("\n"))
    }
}

/// Whether a setting is true or false.
fn is_flag(path: &str) -> bool {
    network::kind().catalog().get(path).is_some_and(|known| known.kind == Kind::Bool)
}

/// Whether a setting is the path of a file, in whose place its digest stands.
pub(super) fn is_file(path: &str) -> bool {
    path.starts_with("data.") && path.ends_with(".file")
}

/// Settings by their paths as the sections that they are of; `file` gives the path of a file by its digest.
pub(super) fn tree(
    settings: &BTreeMap<String, Json>,
    file: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Json, String> {
    let mut tree = Json::Object(Map::new());
    for (path, value) in settings {
        let value = match file_digest(value).filter(|_| is_file(path)) {
            Some(wanted) => file(wanted)?.into(),
            // Settings that are true or false: an identity has them as texts.
            None if is_flag(path) => (value == "true").into(),
            None => value.clone(),
        };
        put(&mut tree, path, value, settings.len());
    }
    Ok(tree)
}
