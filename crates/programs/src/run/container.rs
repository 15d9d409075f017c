//! Runs in a container, by podman or apptainer.
//!
//! The folder of the run has the same path inside. The image is read-only, `/tmp` is empty and writable, and there is
//! no network. A container of podman is no child of restudy: it has a name by which it is ended, and the reaper finds
//! its processes by their environment. Podman itself does not have these variables, so that it can clean up after them.

mod image;

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{self, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{environment, process::Exit, reaper};
use crate::{engine_run::RunError, spec::Container};
pub(super) use image::{describing, pull};

/// The home folder in a container, unless the specification sets another one.
pub(super) const HOME: &str = "/tmp";

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
        started: folder.with_extension("pid"),
        is_over: false,
    };
    let launch = match engine {
        Engine::Podman => {
            let launch = podman(contained, Some(&running));
            reaper::has_containers();
            launch
        }
        Engine::Apptainer => apptainer(contained),
    };
    Ok((launch, running))
}

/// The variables of this process, without those of restudy, since a run may itself start restudy; and the sign by which
/// the reaper knows what stands for a container.
fn own_variables() -> BTreeMap<OsString, OsString> {
    // With the word there is a folder, which the reaper removes.
    reaper::watch();
    let own = env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("RESTUDY_"));
    own.chain([(reaper::CONTAINERS.into(), reaper::token().into())]).collect()
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
    /// Ends the container with all of its processes.
    pub fn kill(&self) {
        if self.engine == Engine::Podman {
            remove(&self.name);
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

/// Removes all containers whose names begin with a word, also those that are just being started.
pub(super) fn remove_all(word: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    let mut quiet = 0;
    while quiet < 3 && Instant::now() < until {
        let filter = format!("name=^{word}-");
        let mut command = process::Command::new("podman");
        command.args(["ps", "--all", "--quiet", "--filter", &filter]).current_dir("/");
        let found = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
        let found = found.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).into_owned());
        quiet = if found.trim().is_empty() { quiet + 1 } else { 0 };
        found.split_whitespace().for_each(remove);
        thread::sleep(Duration::from_millis(300));
    }
}

fn remove(name: &str) {
    quietly(&["kill", "--signal=KILL", name]);
    quietly(&["rm", "--force", "--ignore", name]);
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

fn failed(message: String, help: String) -> RunError {
    RunError::Source { code: "program.container", message, help }
}
