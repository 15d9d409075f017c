//! What the program can say of its own making, for `src/program.rs`: the compiler, the target, a fingerprint of the
//! sources, their commit, and the digest of what was changed since.

use std::{env, path::Path, process::Command, time::Duration};

use restudy_source as source;

fn main() {
    let folder = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let folder = Path::new(&folder);
    // A file that is missing would count as changed in every build.
    for part in source::PARTS.into_iter().filter(|part| folder.join(part).exists()) {
        println!("cargo::rerun-if-changed={part}");
    }
    let compiler = Command::new(env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output();
    let compiler = compiler.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    println!("cargo::rustc-env=RESTUDY_TOOLCHAIN={}", compiler.trim());
    println!("cargo::rustc-env=RESTUDY_TARGET={}", env::var("TARGET").unwrap_or_default());
    println!("cargo::rustc-env=RESTUDY_FINGERPRINT={}", source::fingerprint(folder).unwrap_or_default());
    let (commit, patch) = source::state(folder, Duration::from_secs(30)).unwrap_or_default();
    let patch = patch.map_or_else(String::new, |patch| blake3::hash(&patch).to_string());
    println!("cargo::rustc-env=RESTUDY_COMMIT={commit}");
    println!("cargo::rustc-env=RESTUDY_PATCH={patch}");
}
