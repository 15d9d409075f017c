//! Prepares studies of programs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use crate::{
    engine_run::{
        self, CustomStudy, Described, End, ExecutableExperiment, Kept, Log, Logged, PrepareOptions, Prepared, RunError,
        Runner,
    },
    experiment::Settings,
    kind::{NAME, ProgramSettings, VERSION, of},
    run::{self, Admission, Condition, Notices, versions},
    seed::Seed,
    sweep::Study,
};

/// Prepares studies of any program.
#[derive(Debug, Clone, Copy)]
pub struct Programs;

impl Runner for Programs {
    fn of(&self) -> (&str, u64) {
        (NAME, VERSION)
    }

    fn prepare<'a>(&self, study: &'a Study, options: &PrepareOptions) -> Result<Box<dyn Prepared + 'a>, RunError> {
        let settings = of(&*study.trials[0].settings);
        run::require_program(settings)?;
        let program = Program {
            varied: options.varied.iter().filter_map(|name| Condition::named(name)).collect(),
            identity: versions::identity(&settings.command)?,
            image: Mutex::default(),
            admission: OnceLock::new(),
            unseen: unseen(settings),
            notices: Mutex::default(),
            recorded: Mutex::default(),
        };
        Ok(Box::new(CustomStudy::new(study, Arc::new(program), options)?))
    }

    fn conditions(&self, study: &Study) -> Vec<engine_run::Condition> {
        let command = &of(&*study.trials[0].settings).command;
        let condition = |own: Condition| engine_run::Condition {
            name: own.name().into(),
            title: own.title().into(),
            obstacle: own.obstacle(command),
        };
        Condition::ALL.map(condition).into()
    }

    fn described(&self, study: &Study) -> Vec<Described> {
        let command = &of(&*study.trials[0].settings).command;
        let described = |version| {
            let output = versions::output(version, command).ok().map(|output| output.text);
            Described { command: version.run.join(" "), output }
        };
        command.versions.iter().map(described).collect()
    }

    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
        let settings = of(&*study.trials[0].settings);
        if settings.command.versions.iter().any(|version| version.identity) {
            // What the commands print here says nothing about where the runs were computed.
            let runs = kept.runs.clone();
            return Ok(Box::new(CustomStudy::as_listed(study, kept, &runs)?));
        }
        Ok(Box::new(CustomStudy::without_code(study, kept)?))
    }
}

/// A program that can be run.
struct Program {
    varied: Vec<Condition>,
    identity: BTreeMap<String, String>,
    /// The parameters that no argument has, and `seed`.
    unseen: Vec<String>,
    /// Whether the image of the container is there.
    image: Mutex<bool>,
    admission: OnceLock<Admission>,
    notices: Mutex<Notices>,
    /// Whether the outputs of the commands under `versions` are stored.
    recorded: Mutex<bool>,
}

impl ExecutableExperiment for Program {
    fn steps(&self, _: &dyn Settings) -> u64 {
        1
    }

    fn counts_steps(&self) -> bool {
        false
    }

    fn run(&self, settings: &dyn Settings, seed: Seed, log: &mut Log<'_>) -> Result<Logged, RunError> {
        let settings = of(settings);
        let admission = self.admission.get_or_init(|| Admission::new(&settings.command, rayon::current_num_threads()));
        let Some(permit) = admission.wait(&mut || log.pause().is_err()) else { return Ok(Err(End::Over)) };
        {
            // The other runs wait for it.
            let is_there = &mut *self.image.lock().unwrap_or_else(PoisonError::into_inner);
            if !*is_there && !run::prepare_container(settings, &mut || log.pause().is_err())? {
                return Ok(Err(End::Over));
            }
            *is_there = true;
        }
        if let Some(folder) = log.folder() {
            let recorded = &mut *self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
            if !std::mem::replace(recorded, true) {
                versions::record(&settings.command, folder)?;
            }
        }
        let done = run::run(settings, seed, permit.device(), &self.varied, log)?;
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).add(&done.notices);
        Ok(done.end)
    }

    fn identity(&self) -> Vec<(String, String)> {
        self.identity.clone().into_iter().collect()
    }

    fn notices(&self) -> Vec<String> {
        let notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        // A sweep that has computed nothing has nothing to say.
        let Some(admission) = self.admission.get() else { return Vec::new() };
        let unseen = (!self.unseen.is_empty()).then(|| {
            format!(
                "no argument has {}: the program sees it only if it reads RESTUDY_SEED or the file RESTUDY_SETTINGS",
                self.unseen.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" and ")
            )
        });
        let shortage = admission.shortage().map(str::to_owned);
        unseen.into_iter().chain(shortage).chain(notices.sentences()).collect()
    }
}

/// The parameters and the seed, as far as no argument and no variable has them.
fn unseen(settings: &ProgramSettings) -> Vec<String> {
    let ProgramSettings { command, parameters, .. } = settings;
    let texts: Vec<&String> = command.run.iter().chain(command.environment.values()).collect();
    let names = parameters.as_object().into_iter().flat_map(|all| all.keys().map(String::as_str)).chain(["seed"]);
    let is_seen = |name: &str| texts.iter().any(|text| text.contains(&format!("{{{name}}}")));
    let has_settings = is_seen("settings");
    let reads_seed = texts.iter().any(|text| text.contains("RESTUDY_SEED"));
    let is_unseen = |name: &&str| !(has_settings || is_seen(name) || *name == "seed" && reads_seed);
    names.filter(is_unseen).map(str::to_owned).collect()
}
