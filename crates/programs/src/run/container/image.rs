//! The image of a container: whether it is there, and what commands print in it.

use std::{
    collections::BTreeMap,
    io::Read,
    process::{self, Stdio},
    thread,
    time::Duration,
};

use super::{Contained, Engine, Launch, apptainer, failed, own_variables, podman};
use crate::{engine_run::RunError, spec::Container};

const POLL: Duration = Duration::from_millis(20);

/// Pulls the image if podman does not have it; apptainer does so as it starts. Returns whether it is there: not if
/// `stopped` became true before.
///
/// # Errors
/// There is no program for containers, or the image cannot be pulled.
pub(in crate::run) fn pull(container: &Container, stopped: &mut dyn FnMut() -> bool) -> Result<bool, RunError> {
    if Engine::found()? == Engine::Apptainer {
        return Ok(true);
    }
    let image = container.reference();
    let wrong = |reason: &str| {
        failed(
            format!("podman does not have the image {image}, and cannot pull it: {reason}"),
            format!(
                "run `podman pull {image}` to see what is wrong; a short name may need its registry, as in docker.io/library/python"
            ),
        )
    };
    let start = |words: &[&str]| {
        let mut command = process::Command::new("podman");
        command.args(words).arg(&image).env_clear().envs(own_variables()).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().map_err(|error| wrong(&error.to_string()))
    };
    for words in [&["image", "exists"][..], &["pull", "--quiet"]] {
        let mut child = start(words)?;
        let mut errors = child.stderr.take();
        let reader = thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = errors.as_mut().map(|pipe| pipe.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let status = loop {
            match child.try_wait().map_err(|error| wrong(&error.to_string()))? {
                Some(status) => break status,
                None if stopped() => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Ok(false);
                }
                None => thread::sleep(POLL),
            }
        };
        let errors = reader.join().unwrap_or_default();
        if status.success() {
            return Ok(true);
        }
        if words[0] == "pull" {
            return Err(wrong(&restudy_escape::line(errors.lines().last().unwrap_or("it printed no error"))));
        }
    }
    Ok(true)
}

/// Returns a command that describes the machine, as one in the container.
///
/// # Errors
/// As [`pull`].
pub(in crate::run) fn describing(container: &Container, words: &[String]) -> Result<Launch, RunError> {
    pull(container, &mut || false)?;
    let none = BTreeMap::new();
    let contained = Contained { container, words, variables: &none, folders: &[], other_umask: false };
    Ok(match Engine::found()? {
        Engine::Podman => podman(&contained, None),
        Engine::Apptainer => apptainer(&contained),
    })
}
