//! Computes runs several times, plainly or under varied conditions, and compares the computations with each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::AtomicBool,
};

use serde_json::json;

use super::{
    Share, agreement,
    note::{Note, Written},
};
use crate::{
    cli::{CliError, Code, Common, Exit, signal, text},
    digest::{Digest, Record},
    experiment::Promise,
    results::{
        ComputeError, Manifest, sample,
        verdict::{Done, Found},
        verify::{Agreement, Compared, agreement as agreements},
    },
    run::{self, Condition, DataOverrides, Event, PrepareOptions, Prepared, Task},
    sweep::Study,
};

/// The number of plain computations before conditions are varied.
const PLAIN: usize = 3;

/// The default number of runs whose conditions are varied.
const FEW: usize = 2;

type Records = BTreeMap<Digest, Record>;

/// Computes the runs of one study again and again.
pub(super) struct Repeater<'a> {
    pub study: &'a Study,
    pub folder: &'a Path,
    pub manifest: &'a Manifest,
    pub common: &'a Common,
    pub data_overrides: DataOverrides,
    pub share: Option<Share>,
    pub word: Option<&'a str>,
    pub note: Option<Note<'a>>,
}

impl Repeater<'_> {
    /// Computes runs `times` times, and says whether all computations are the same.
    pub fn repeat(&self, times: usize) -> Result<Exit, CliError> {
        let tasks = self.tasks(None)?;
        let stop = signal::stop_flag()?;
        let Some(first) = self.compute(&tasks, &[], &part(1, times), &stop)? else { return Ok(stopped()) };
        let mut worst: Option<Agreement> = None;
        let (mut others, mut within, mut compared) = (0, true, Compared::default());
        for time in 1..times {
            let Some(next) = self.compute(&tasks, &[], &part(time + 1, times), &stop)? else { return Ok(stopped()) };
            let agreement = agreements::of(self.study, &tasks, &first, &next, self.folder);
            if worst.is_none() {
                compared = Compared::of_two(agreement.clone(), &first, &next);
            }
            if !agreement.is_same() {
                others += 1;
                within &= agreement.is_accepted(self.study);
                worst.get_or_insert(agreement);
            }
        }
        let written = self.noted(compared, worst.is_some(), within, times)?;
        let runs = text::count(tasks.len(), "run");
        if self.common.json() {
            let mut object = json!({
                "study": self.study.name, "runs": tasks.len(), "times": times, "same": worst.is_none(), "agreement": worst,
            });
            if let Some(note) = &written {
                object["note"] = note.json();
            }
            text::say_json(object);
        } else if let Some(worst) = &worst {
            agreement::print(worst);
            let within = matches!(self.study.declaration().promise, Promise::Tolerance(_)) && worst.within;
            let within = if within { "; the first of these is within the tolerance" } else { "" };
            text::say(format!("NOT deterministic here: {runs}, {times} times each; {others} of {} repeats differ from the first computation{within}", times - 1));
        } else if !self.common.quiet {
            text::say(format!("deterministic here: {runs}, {times} times each, with the same bits every time"));
            text::say("that says nothing about another machine, or about conditions that were the same each time; --vary changes some of them");
        }
        written.iter().filter(|_| !self.common.json() && !self.common.quiet).for_each(Written::say);
        Ok(if worst.is_none() { Exit::Done } else { Exit::Difference })
    }

    /// Writes the verdict of repeats, if one is asked for.
    fn noted(&self, compared: Compared, differs: bool, within: bool, times: usize) -> Result<Option<Written>, CliError> {
        let Some(note) = &self.note else { return Ok(None) };
        let done = Done::Repeat { runs: compared.runs, of: self.manifest.runs.len(), times };
        let result = match (differs || compared.different > 0, within) {
            (false, _) => Found::Same,
            (true, true) => Found::Within,
            (true, false) => Found::Differs,
        };
        note.write(done, result, compared).map(Some)
    }

    /// Varies the conditions of runs one at a time and together, and names those that change the results.
    pub fn vary(&self) -> Result<Exit, CliError> {
        let conditions = run::conditions(self.study);
        if conditions.is_empty() {
            return Err(CliError::usage(
                Code::VerifyNothingToVary,
                "the results of this experiment depend on no condition of a process: there is nothing to vary",
                "--vary is for programs, which a specification declares under [command]; verify this study without it",
            ));
        }
        let tasks = self.tasks(Some(FEW))?;
        let stop = signal::stop_flag()?;
        let compute = |varied: &[&Condition], part: &str| self.compute(&tasks, varied, part, &stop);
        let plain = |time| format!("plain, {}", part(time, PLAIN));
        let Some(first) = compute(&[], &plain(1))? else { return Ok(stopped()) };
        let changed = |records: &Records| agreements::of(self.study, &tasks, &first, records, self.folder).changed();
        for time in 1..PLAIN {
            let Some(again) = compute(&[], &plain(time + 1))? else { return Ok(stopped()) };
            let differing = changed(&again);
            if !differing.is_empty() {
                return Ok(self.not_deterministic(&tasks, &agreements::of(self.study, &tasks, &first, &again, self.folder)));
            }
        }
        let (able, unable): (Vec<&Condition>, Vec<&Condition>) =
            conditions.iter().partition(|condition| condition.obstacle.is_none());
        let mut causes: Vec<(Vec<&Condition>, Vec<String>)> = Vec::new();
        for condition in &able {
            let Some(records) = compute(&[condition], &varying(&[condition]))? else { return Ok(stopped()) };
            let names = changed(&records);
            if !names.is_empty() {
                causes.push((vec![condition], names));
            }
        }
        // What no condition changes alone, several together may.
        let known: BTreeSet<String> = causes.iter().flat_map(|(_, names)| names.clone()).collect();
        let together = format!("varying all {} together", able.len());
        let Some(records) = compute(&able, &together)? else { return Ok(stopped()) };
        for name in changed(&records).into_iter().filter(|name| !known.contains(name)) {
            let Some(together) = self.fewest(&tasks, &first, able.clone(), &name, &stop)? else {
                return Ok(stopped());
            };
            match causes.iter_mut().find(|(conditions, _)| *conditions == together) {
                Some((_, names)) => names.push(name),
                None => causes.push((together, vec![name])),
            }
        }
        self.say_causes(&tasks, &causes, (&able, &unable));
        Ok(if causes.is_empty() { Exit::Done } else { Exit::Difference })
    }

    /// The fewest of `conditions` that change `name`, by bisection; `None` if it was stopped.
    fn fewest<'b>(
        &self,
        tasks: &[Task],
        first: &Records,
        mut conditions: Vec<&'b Condition>,
        name: &str,
        stop: &AtomicBool,
    ) -> Result<Option<Vec<&'b Condition>>, CliError> {
        let mut size = conditions.len().div_ceil(2);
        while conditions.len() > 1 {
            let mut place = 0;
            let mut is_smaller = false;
            while place < conditions.len() {
                let end = (place + size).min(conditions.len());
                let rest: Vec<_> = conditions[..place].iter().chain(&conditions[end..]).copied().collect();
                let Some(records) = self.compute(tasks, &rest, &varying(&rest), stop)? else { return Ok(None) };
                let changed = agreements::of(self.study, tasks, first, &records, self.folder).changed();
                if !rest.is_empty() && changed.iter().any(|own| own == name) {
                    conditions = rest;
                    is_smaller = true;
                } else {
                    place = end;
                }
            }
            match (is_smaller, size) {
                (false, 1) => break,
                _ => size = size.div_ceil(2).min(conditions.len().max(1)),
            }
        }
        Ok(Some(conditions))
    }

    fn say_causes(
        &self,
        tasks: &[Task],
        causes: &[(Vec<&Condition>, Vec<String>)],
        (able, unable): (&[&Condition], &[&Condition]),
    ) {
        let ours = |condition: &&Condition| condition.title.clone();
        if self.common.json() {
            let causes: Vec<_> = causes
                .iter()
                .map(|(conditions, names)| json!({ "conditions": conditions.iter().map(|own| &own.name).collect::<Vec<_>>(), "changes": names }))
                .collect();
            text::say_json(json!({
                "study": self.study.name, "runs": tasks.len(), "deterministic": true, "causes": causes,
                "varied": able.iter().map(|own| &own.name).collect::<Vec<_>>(),
                "not-varied": unable.iter().map(|own| json!({ "condition": own.name, "why": own.obstacle })).collect::<Vec<_>>(),
            }));
            return;
        }
        for (conditions, names) in causes {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            let verb = if names.len() == 1 { "depends" } else { "depend" };
            let both = if conditions.len() > 1 { ", varied together" } else { "" };
            text::say(format!("{} {verb} on {}{both}", names.join(", "), conditions.iter().map(ours).collect::<Vec<_>>().join(" and ")));
        }
        let runs = text::count(tasks.len(), "run");
        if causes.is_empty() {
            text::say(format!("no varied condition changes a bit of {runs}: {}", able.iter().map(ours).collect::<Vec<_>>().join(", ")));
        }
        for condition in unable {
            text::say(format!("not varied: {}, because {}", condition.title, condition.obstacle.as_deref().unwrap_or_default()));
        }
        text::say("not varied, since restudy cannot: the processor, the system and its libraries, the clock, the network");
    }

    fn not_deterministic(&self, tasks: &[Task], found: &Agreement) -> Exit {
        let runs = text::count(tasks.len(), "run");
        if self.common.json() {
            text::say_json(json!({ "study": self.study.name, "runs": tasks.len(), "deterministic": false, "agreement": found }));
        } else {
            agreement::print(found);
            text::say(format!("NOT deterministic here: plain repeats of {runs} differ from each other, so no condition can be named as the cause"));
        }
        Exit::Difference
    }

    /// The runs to repeat; `default` is their number without --sample.
    fn tasks(&self, default: Option<usize>) -> Result<Vec<Task>, CliError> {
        let network = self.prepare(&[])?;
        self.note.as_ref().map_or(Ok(()), |note| note.require_listed(&*network))?;
        let tasks = network.tasks();
        let most = match (self.share, default) {
            (Some(share), _) => share.size(tasks.len()),
            (None, Some(default)) => default.min(tasks.len()),
            (None, None) => tasks.len(),
        };
        Ok(sample(&tasks, most, crate::results::claims(self.manifest), self.word))
    }

    fn prepare(&self, varied: &[&Condition]) -> Result<Box<dyn Prepared + '_>, CliError> {
        let options = PrepareOptions {
            data_overrides: self.data_overrides.clone(),
            varied: varied.iter().map(|condition| condition.name.clone()).collect(),
            ..PrepareOptions::default()
        };
        Ok(run::prepare(self.study, &options)?)
    }

    /// Computes runs, with progress as `part` of the whole; `None` if it was stopped.
    fn compute(&self, tasks: &[Task], varied: &[&Condition], part: &str, stop: &AtomicBool) -> Result<Option<Records>, CliError> {
        let network = self.prepare(varied)?;
        let progress = self.common.mode().start_part(self.study, part);
        let events = |event: Event<'_>| progress.event(&event);
        let steps = tasks.iter().map(|task| network.steps(task)).sum();
        let cost = tasks.iter().map(|task| network.cost(task)).sum();
        events(Event::Started { runs: tasks.len(), cached: 0, steps, cost });
        let done = std::sync::Mutex::new(Records::new());
        let keep = |records: Vec<Record>| {
            let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            done.extend(records.into_iter().map(|record| (record.id, record)));
            Ok::<_, ComputeError>(())
        };
        let complete = self.common.on_threads(|| run::verify(&*network, tasks, &keep, &events, stop))??;
        events(Event::Stopped);
        let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(complete.then_some(done))
    }
}

/// One of several equal computations, for progress.
fn part(time: usize, times: usize) -> String {
    format!("computation {time} of {times}")
}

/// A computation under other conditions, for progress.
fn varying(conditions: &[&Condition]) -> String {
    let titles: Vec<_> = conditions.iter().map(|condition| condition.title.as_str()).collect();
    format!("varying {}", titles.join(" and "))
}

fn stopped() -> Exit {
    text::warn("interrupted: nothing is known yet");
    Exit::Interrupted
}
