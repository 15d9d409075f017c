//! Runs in a container, by podman or apptainer.
//!
//! The folder of the run has the same path inside. The image is read-only, `/tmp` is empty and writable, and there is
//! no network. A container of podman is no child of restudy: it has a name by which it is ended, and the reaper finds
//! its processes by their environment. Podman itself does not have these variables, so that it can clean up after them.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{self, Stdio},
    thread,
    time::Duration,
};

use super::{environment, process::Exit, reaper};
use crate::{engine_run::RunError, spec::Container};

/// The home folder in a container, unless the specification sets another one.
pub(super) const HOME: &str = "/tmp";

const POLL: Duration = Duration::from_millis(20);

/// A program that runs containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Podman,
    Apptainer,
}

impl Engine {
    const ALL: [Self; 2] = [Self::Podman, Self::Apptainer];

    fn name(self) -> &'static str {
        match self {
            Self::Podman => "podman",
            Self::Apptainer => "apptainer",
        }
    }

    /// The program of this machine: podman, or without it apptainer.
    ///
    /// # Errors
    /// There is none.
    pub fn found() -> Result<Self, RunError> {
        let found = Self::ALL.into_iter().find(|engine| environment::on_path(engine.name()).is_some());
        found.ok_or_else(|| RunError::Source {
            code: "program.missing",
            message: "the program runs in a container, and neither `podman` nor `apptainer` is in any folder of PATH"
                .into(),
            help: "install one of them, or remove command.container".into(),
        })
    }
}

/// What starts in a container.
#[derive(Debug)]
pub(super) struct Contained<'a> {
    pub container: &'a Container,
    /// The program and its arguments.
    pub words: &'a [String],
    pub variables: &'a BTreeMap<OsString, OsString>,
    /// The folders that it sees, the first of which it starts in.
    pub folders: &'a [&'a Path],
    /// Whether files are created with other permissions than usual.
    pub other_umask: bool,
}

/// A command of this machine, with its environment.
#[derive(Debug)]
pub(super) struct Launch {
    pub words: Vec<String>,
    pub variables: BTreeMap<OsString, OsString>,
}

/// A container that was started, or could not be. It is ended when it is dropped.
#[derive(Debug)]
pub(super) struct Running {
    engine: Engine,
    image: String,
    name: String,
    /// The file that podman writes once the container has started.
    started: PathBuf,
    is_over: bool,
}

/// Returns the command that runs a program in a container, named after the first of its folders.
pub(super) fn launch(contained: &Contained<'_>) -> Result<(Launch, Running), RunError> {
    let engine = Engine::found()?;
    let folder = contained.folders[0];
    if let Some(odd) = contained.folders.iter().find(|folder| folder.to_string_lossy().contains([':', ','])) {
        return Err(failed(
            format!("the folder {} cannot be shown in a container: its path has a colon or a comma", odd.display()),
            "set TMPDIR to another folder".into(),
        ));
    }
    let end = folder.file_name().unwrap_or_default().to_string_lossy();
    let running = Running {
        engine,
        image: contained.container.reference(),
        name: format!("{}-{end}", reaper::token()),
        started: reaper::base().join(format!("{end}.pid")),
        is_over: false,
    };
    let mut launch = match engine {
        Engine::Podman => podman(contained, Some(&running)),
        Engine::Apptainer => apptainer(contained),
    };
    // The sign by which the reaper knows what stands for a container.
    launch.variables.insert(reaper::CONTAINERS.into(), reaper::token().into());
    Ok((launch, running))
}

/// The variables of this process, without those of restudy: a run may itself start restudy.
fn own_variables() -> BTreeMap<OsString, OsString> {
    let own = env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("RESTUDY_"));
    // Without this locale, podman refuses folders whose names are not ASCII.
    own.chain([("LC_ALL".into(), "C.UTF-8".into())]).collect()
}

fn podman(contained: &Contained<'_>, running: Option<&Running>) -> Launch {
    let Contained { container, words: program, variables, folders, other_umask } = contained;
    // The image is pulled once, before the first run. Output goes to restudy alone. The user is that of restudy, who
    // can remove what the program has written: root in the container of another user is this user outside.
    let fixed = "podman run --rm --init --pull=never --log-driver=none --network=none --read-only --user=0:0 \
                 --hostname=restudy --security-opt=label=disable --entrypoint=";
    let mut words: Vec<String> = fixed.split_whitespace().map(str::to_owned).collect();
    if let Some(Running { name, started, .. }) = running {
        words.extend([format!("--name={name}"), format!("--pidfile={}", started.display())]);
    }
    if *other_umask {
        words.push("--umask=0027".into());
    }
    words.extend(folders.iter().map(|folder| format!("--volume={0}:{0}", folder.display())));
    words.extend(folders.first().map(|folder| format!("--workdir={}", folder.display())));
    let of =
        |(name, value): (&OsString, &OsString)| format!("--env={}={}", name.to_string_lossy(), value.to_string_lossy());
    words.extend(variables.iter().map(of));
    words.push(container.reference());
    words.extend_from_slice(program);
    Launch { words, variables: own_variables() }
}

fn apptainer(contained: &Contained<'_>) -> Launch {
    let Contained { container, words: program, variables, folders, other_umask } = contained;
    let mut words: Vec<String> = Vec::new();
    if *other_umask {
        words.extend(["sh", "-c", "umask 027; exec \"$@\"", "sh"].map(str::to_owned));
    }
    let fixed = "apptainer --quiet exec --containall --no-eval --net --network=none";
    words.extend(fixed.split_whitespace().map(str::to_owned));
    words.extend(folders.iter().map(|folder| format!("--bind={0}:{0}", folder.display())));
    words.extend(folders.first().map(|folder| format!("--pwd={}", folder.display())));
    words.push(format!("docker://{}", container.reference()));
    words.extend_from_slice(program);
    let mut all = own_variables();
    all.extend(variables.iter().map(|(name, value)| {
        let mut inside = OsString::from("APPTAINERENV_");
        inside.push(name);
        (inside, value.clone())
    }));
    Launch { words, variables: all }
}

impl Running {
    /// Whether its processes are no children of what was started here.
    pub fn is_elsewhere(&self) -> bool {
        self.engine == Engine::Podman
    }

    /// Asks the program to end.
    pub fn request_end(&self) {
        quietly(&["kill", "--signal=TERM", &self.name]);
    }

    /// Ends the container with all of its processes, if it is elsewhere.
    pub fn kill(&self) {
        if self.is_elsewhere() {
            quietly(&["kill", "--signal=KILL", &self.name]);
            quietly(&["rm", "--force", "--ignore", &self.name]);
        }
    }

    /// Says that the container has ended.
    pub fn has_ended(&mut self) {
        self.is_over = true;
    }

    /// Refuses an end that is none of the program: the container could not be started, or does not have the program.
    /// `errors` is the end of standard error.
    ///
    /// # Errors
    /// No run can be started.
    pub fn require_start(&self, program: &str, exit: Option<Exit>, errors: &str) -> Result<(), RunError> {
        let last = errors.lines().last().unwrap_or("it printed no error");
        let is_missing = |line: &&str| {
            // The first process of the container, which podman puts there.
            line.starts_with("ERROR (catatonit:") && line.contains("failed to exec")
                || line.starts_with("FATAL:") && line.contains("executable file not found")
        };
        if exit != Some(Exit::Code(0)) && errors.lines().any(|line| is_missing(&line)) {
            return Err(RunError::Source {
                code: "program.missing",
                message: format!("the image {} has no program `{program}`", self.image),
                help:
                    "correct the first word of command.run, or take another image; a program of your own is an input, \
                       and is written \"./NAME\""
                        .into(),
            });
        }
        let is_started = match self.engine {
            Engine::Podman => self.started.exists(),
            Engine::Apptainer => {
                exit != Some(Exit::Code(255)) || !errors.lines().any(|line| line.starts_with("FATAL:"))
            }
        };
        if is_started || exit == Some(Exit::Code(0)) {
            return Ok(());
        }
        let name = self.engine.name();
        Err(failed(
            format!("{name} cannot start a container of {}: {last}", self.image),
            format!("check that `{name}` works here; stored runs are safe, and the same command continues"),
        ))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            self.kill();
        }
        let _ = fs::remove_file(&self.started);
    }
}

fn quietly(words: &[&str]) {
    let mut command = process::Command::new("podman");
    command.args(words).env_clear().envs(own_variables()).current_dir("/");
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Pulls the image if podman does not have it; apptainer does so as it starts. Returns whether it is there: not if
/// `stopped` became true before.
///
/// # Errors
/// There is no program for containers, or the image cannot be pulled.
pub(super) fn pull(container: &Container, stopped: &mut dyn FnMut() -> bool) -> Result<bool, RunError> {
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
                // Podman removes its temporary files at the end of a short command.
                None if words[0] == "pull" && stopped() => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Ok(false);
                }
                None => thread::sleep(POLL),
            }
        };
        let errors = reader.join().unwrap_or_default();
        if stopped() {
            return Ok(false);
        }
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
pub(super) fn describing(container: &Container, words: &[String]) -> Result<Launch, RunError> {
    pull(container, &mut || false)?;
    let none = BTreeMap::new();
    let contained = Contained { container, words, variables: &none, folders: &[], other_umask: false };
    Ok(match Engine::found()? {
        Engine::Podman => podman(&contained, None),
        Engine::Apptainer => apptainer(&contained),
    })
}

fn failed(message: String, help: String) -> RunError {
    RunError::Source { code: "program.container", message, help }
}
