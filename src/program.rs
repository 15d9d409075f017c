//! Version, commit and compiler of this program, for the journal.
//!
//! The build script `build.rs` sets it.

use std::path::Path;

use crate::store::Program;

/// Registers this build with the store.
pub(crate) fn identify() {
    let nonempty = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let patch = option_env!("RESTUDY_PATCH").and_then(|digits| digits.parse().ok());
    Program {
        version: Some(env!("CARGO_PKG_VERSION").into()),
        tree: Path::new(env!("CARGO_MANIFEST_DIR")).into(),
        source: nonempty(option_env!("RESTUDY_FINGERPRINT")),
        commit: nonempty(option_env!("RESTUDY_COMMIT")).map(|commit| (commit, patch)),
        toolchain: nonempty(option_env!("RESTUDY_TOOLCHAIN")),
        target: nonempty(option_env!("RESTUDY_TARGET")),
    }
    .runs();
}

#[cfg(test)]
mod tests {
    use restudy_source as source;

    use super::*;
    use crate::{
        digest::Digest,
        store::{Instructions, Origin},
    };

    #[test]
    fn the_build_script_and_the_program_agree() {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR"));
        let built = option_env!("RESTUDY_COMMIT").filter(|commit| !commit.is_empty());
        let now = source::state(tree, source::PATIENCE);
        // Since the build, the very same sources may have been committed, and these commits followed by others.
        if let (Some(built), Some((commit, patch))) = (built, now)
            && commit == built
            && source::fingerprint(tree).ok().as_deref() == option_env!("RESTUDY_FINGERPRINT")
        {
            let patch = patch.map(|patch| Digest::of(&patch).to_string()).unwrap_or_default();
            assert_eq!(option_env!("RESTUDY_PATCH"), Some(patch.as_str()));
        }
        assert!(option_env!("RESTUDY_PATCH").is_none_or(|patch| patch.is_empty() || patch.parse::<Digest>().is_ok()));
    }

    #[test]
    fn the_origin_of_this_process_is_read_back() {
        identify();
        let here = Origin::of(Instructions::NONE).complete();
        assert_eq!(here.process, Some(std::process::id()));
        assert!(here.toolchain.as_ref().is_some_and(|name| name.starts_with("rustc ")), "{here:?}");
        assert!(here.source.as_ref().is_some_and(|print| print.len() == 16), "{here:?}");
        let text = serde_json::to_string(&here).unwrap();
        assert_eq!(serde_json::from_str::<Origin>(&text).unwrap(), here);
        assert_eq!(serde_json::from_str::<Origin>("{\"later\": 1}").unwrap(), Origin::default());
        assert_eq!(Origin::here(Instructions::NONE).features, Vec::<String>::new());
    }

    /// The engine writes manifests, with the version of this program.
    #[test]
    fn the_engine_has_the_version_of_the_program() {
        assert_eq!(crate::results::VERSION, env!("CARGO_PKG_VERSION"));
    }
}
