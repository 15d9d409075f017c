//! Notebooks as people run them: the real program, the real kernel, and Jupyter as a witness.
//!
//! Slow, and therefore ignored unless asked for; `.ci/notebooks` sets up what they need and asks for them:
//!
//! ```sh
//! cargo run -- notebook install
//! python3 -m venv target/jupyter && target/jupyter/bin/pip install -r tests/notebook/requirements.txt
//! PATH="$PWD/target/jupyter/bin:$PATH" cargo test --test notebook -- --ignored
//! ```
//!
//! A test that finds its kernel or program absent fails and says so: it was asked for, and nothing was tested.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod bad_kernels;
mod failures;
mod forgeries;
mod installed;
mod orders;
mod place;
mod shipped;
mod witnesses;
