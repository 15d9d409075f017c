//! The text of a proof of the network, which has one form: that in which restudy writes it, but for blanks and ends of lines between its parts.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value as Json, error::Category};

use super::{PROOF, RunProof};
use crate::{
    digest::grammar::seen,
    results::proof::{Unreadable, difference},
    store::json,
};

/// What any proof has, of whatever version.
#[derive(Deserialize)]
struct Head {
    proof: Option<Json>,
}

impl RunProof {
    /// The proof in a text; whether what it says holds, [`faults`](Self::validate) says.
    ///
    /// There is one text for what a proof says: one order of its keys and settings, each once, one spelling of every number and text. Blanks and ends of lines between
    /// them are free, for editors and version control change those.
    ///
    /// # Errors
    /// It is not the text of a proof: what is wrong, with line and column.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        // It may quote the text.
        let said = |error: &serde_json::Error| seen(&error.to_string());
        let spoilt = |error: serde_json::Error| Unreadable::Invalid(vec![format!("text: {}", said(&error))]);
        json::from_slice::<IgnoredAny>(text.as_bytes()).map_err(|error| match error.classify() {
            Category::Data => spoilt(error),
            _ => Unreadable::Other(said(&error)),
        })?;
        let head: Head = serde_json::from_str(text).map_err(|error| Unreadable::Other(said(&error)))?;
        let version = head.proof.ok_or_else(|| Unreadable::Other("it has no key `proof`".into()))?;
        let proof: Self = serde_json::from_str(text).map_err(|error| match version.as_u64() {
            Some(version) if version != u64::from(PROOF) => Unreadable::Version { found: version, checked: PROOF },
            _ => spoilt(error),
        })?;
        let own = serde_json::to_string(&proof).expect("a proof is plain data");
        match difference(text, &own) {
            Some(difference) => Err(Unreadable::Invalid([vec![difference], proof.validate()].concat())),
            None => Ok(proof),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_proof_is_not_called_a_spoilt_one() {
        for text in ["", "{", "[]", "{}", "7", "\"proof\"", "{\"proof\": 1", "{\"nbformat\": 4}", "nan"] {
            assert!(matches!(RunProof::parse(text), Err(Unreadable::Other(_))), "{text}");
        }
        assert_eq!(RunProof::parse("{\"proof\": 2, \"new\": 1}"), Err(Unreadable::Version { found: 2, checked: 1 }));
        for text in ["{\"proof\": 1}", "{\"proof\": \"1\"}", "{\"proof\": 1, \"proof\": 1}", "{\"proof\": 1.0}"] {
            assert!(matches!(RunProof::parse(text), Err(Unreadable::Invalid(_))), "{text}");
        }
    }
}
