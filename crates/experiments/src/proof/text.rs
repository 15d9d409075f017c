//! Parses the text of a proof. Only the form that restudy writes is accepted; white space between tokens is free.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value as Json, error::Category};

use super::{PROOF, RunProof};
use crate::{
    digest::grammar::seen,
    results::proof::{Unreadable, difference},
    store::json,
};

/// The key that proofs of all versions have.
#[derive(Deserialize)]
struct Head {
    proof: Option<Json>,
}

impl RunProof {
    /// Parses the text of a proof. [`validate`](Self::validate) checks its content.
    ///
    /// A proof has one text: one order of its keys and settings, each once, and one spelling of every number and text.
    /// White space between them is free, because editors and version control change it.
    ///
    /// # Errors
    /// The text is not that of a proof. The error gives the reason with line and column.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        // The error may quote the text, which is untrusted.
        let message = |error: &serde_json::Error| seen(&error.to_string());
        let invalid = |error: serde_json::Error| Unreadable::Invalid(vec![format!("text: {}", message(&error))]);
        json::from_slice::<IgnoredAny>(text.as_bytes()).map_err(|error| match error.classify() {
            Category::Data => invalid(error),
            _ => Unreadable::Other(message(&error)),
        })?;
        let head: Head = serde_json::from_str(text).map_err(|error| Unreadable::Other(message(&error)))?;
        let version = head.proof.ok_or_else(|| Unreadable::Other("it has no key `proof`".into()))?;
        let proof: Self = serde_json::from_str(text).map_err(|error| match version.as_u64() {
            Some(version) if version != u64::from(PROOF) => Unreadable::Version { found: version, checked: PROOF },
            _ => invalid(error),
        })?;
        let expected = serde_json::to_string(&proof).expect("a proof is plain data");
        match difference(text, &expected) {
            Some(difference) => Err(Unreadable::Invalid([vec![difference], proof.validate()].concat())),
            None => Ok(proof),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_and_damaged_proofs_give_different_errors() {
        for text in ["", "{", "[]", "{}", "7", "\"proof\"", "{\"proof\": 1", "{\"nbformat\": 4}", "nan"] {
            assert!(matches!(RunProof::parse(text), Err(Unreadable::Other(_))), "{text}");
        }
        assert_eq!(RunProof::parse("{\"proof\": 2, \"new\": 1}"), Err(Unreadable::Version { found: 2, checked: 1 }));
        for text in ["{\"proof\": 1}", "{\"proof\": \"1\"}", "{\"proof\": 1, \"proof\": 1}", "{\"proof\": 1.0}"] {
            assert!(matches!(RunProof::parse(text), Err(Unreadable::Invalid(_))), "{text}");
        }
    }
}
