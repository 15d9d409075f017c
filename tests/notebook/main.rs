//! Notebooks in the real program and the real kernel, compared with Jupyter.
//!
//! The tests are slow, and therefore ignored by default; `.ci/notebooks` installs what they need and runs them:
//!
//! ```sh
//! cargo run -- notebook install
//! python3 -m venv target/jupyter && target/jupyter/bin/pip install -r tests/notebook/requirements.txt
//! PATH="$PWD/target/jupyter/bin:$PATH" cargo test --test notebook -- --ignored
//! ```
//!
//! A test that misses its kernel or program fails and names it.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod bad_kernels;
mod failures;
mod forgeries;
mod installed;
mod orders;
mod other_runners;
mod place;
mod shipped;
