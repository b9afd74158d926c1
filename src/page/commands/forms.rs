//! What is filled in on the commands panel, and the commands that come of it: buttons and keys share them.

use std::rc::Rc;

use leptos::prelude::*;

use crate::app::Session;
use crate::engine::command::{Action, ExecutorSpec, JobRequest};
use crate::engine::emergency::{EmergencyType, Level};
use crate::engine::id::check_name;
use crate::language::{say, tr};
use crate::view::stage::Condition;

/// The fields of the panel.
#[derive(Clone, Copy)]
pub struct Forms {
    /// Work of a normal job, in ms.
    pub normal_ms: RwSignal<String>,
    /// Type of an emergency job.
    pub job_type: RwSignal<String>,
    /// Work of an emergency job, in ms.
    pub emergency_ms: RwSignal<String>,
    /// Type of an emergency to declare.
    pub declare_type: RwSignal<String>,
    /// Its place, in words.
    pub place: RwSignal<String>,
    /// The level declared last.
    pub level: RwSignal<Level>,
    /// Which active emergency changes and clearing are about; empty means the latest.
    pub active: RwSignal<String>,
    /// How many times slower a slow executor works.
    pub factor: RwSignal<String>,
    /// Sender of the links that are degraded; `*` for everybody.
    pub link_from: RwSignal<String>,
    /// Their receiver; `*` for everybody.
    pub link_to: RwSignal<String>,
    /// How many messages they lose, in percent.
    pub loss: RwSignal<String>,
    /// How many they deliver twice, in percent.
    pub duplicate: RwSignal<String>,
    /// How many leave their order, in percent.
    pub reorder: RwSignal<String>,
    /// What they add to the latency, in ms.
    pub delay_ms: RwSignal<String>,
    /// Names of one side of a split, with commas.
    pub group: RwSignal<String>,
    /// Name of an executor to add.
    pub add_name: RwSignal<String>,
    /// Its slots.
    pub add_capacity: RwSignal<String>,
    /// What it is good at, with commas.
    pub add_capabilities: RwSignal<String>,
}

impl Forms {
    /// Filled in so that every button works at once.
    pub fn new() -> Forms {
        let text = |value: &str| RwSignal::new(value.to_owned());
        Forms {
            normal_ms: text("2000"),
            job_type: text("medical"),
            emergency_ms: text("1000"),
            declare_type: text("fire"),
            place: text("harbour district"),
            level: RwSignal::new(Level::Critical),
            active: text(""),
            factor: text("4"),
            link_from: text("*"),
            link_to: text("*"),
            loss: text("20"),
            duplicate: text("0"),
            reorder: text("0"),
            delay_ms: text("0"),
            group: text(""),
            add_name: text(""),
            add_capacity: text("2"),
            add_capabilities: text("general"),
        }
    }

    /// Submits a normal job.
    pub fn submit_normal(self, session: Session) {
        accept(session, work_us(self.normal_ms), |work_us| {
            session.act(Action::SubmitNormalJob(JobRequest {
                work_us,
                ..JobRequest::default()
            }));
        });
    }

    /// Submits the emergency job.
    pub fn submit_emergency(self, session: Session) {
        let filled =
            work_us(self.emergency_ms).and_then(|work_us| Ok((work_us, kind(self.job_type)?)));
        accept(session, filled, |(work_us, kind)| {
            let job = JobRequest {
                work_us,
                ..JobRequest::default()
            };
            session.act(Action::SubmitEmergencyJob { kind, job });
        });
    }

    /// Declares an emergency.
    pub fn declare(self, session: Session, level: Level) {
        self.level.set(level);
        accept(session, kind(self.declare_type), |kind| {
            let place = self.place.get_untracked();
            let place = (!place.trim().is_empty()).then(|| Rc::from(place.trim()));
            let declaration = Action::DeclareEmergency {
                kind,
                level,
                place,
                location: None,
                radius_m: None,
            };
            if session.act(declaration) {
                // What was just declared is what a person means next.
                let latest = session
                    .ui
                    .emergencies
                    .with_untracked(|all| all.last().map(|one| one.id.clone()));
                self.active.set(latest.unwrap_or_default());
            }
        });
    }

    /// The emergency that changes are about: the chosen one while it is active, else the latest.
    pub fn chosen(self, session: Session) -> Option<String> {
        let chosen = self.active.get();
        session.ui.emergencies.with(|all| {
            let found = all.iter().find(|one| one.id == chosen).or(all.last());
            found.map(|one| one.id.clone())
        })
    }

    /// Gives the chosen emergency another level.
    pub fn change(self, session: Session, level: Level) {
        let emergency = untrack(|| self.chosen(session)).map(Rc::from);
        session.act(Action::ChangeEmergency { emergency, level });
    }

    /// Ends the chosen emergency.
    pub fn clear(self, session: Session) {
        let emergency = untrack(|| self.chosen(session)).map(Rc::from);
        session.act(Action::ClearEmergency { emergency });
    }

    /// A digit: another level for the active emergency, or the first emergency.
    pub fn level_key(self, session: Session, level: Level) {
        if session.ui.emergencies.with_untracked(Vec::is_empty) {
            self.declare(session, level);
        } else {
            self.change(session, level);
        }
    }

    /// Crashes the chosen process, or restarts it.
    pub fn crash(self, session: Session) {
        self.fault(session, |condition, process| match condition {
            Condition::Crashed => Action::Restart { process },
            _ => Action::Crash { process },
        });
    }

    /// Freezes the chosen process, or lets it go on.
    pub fn hang(self, session: Session) {
        self.fault(session, |condition, process| match condition {
            Condition::Hung => Action::Resume { process },
            _ => Action::Hang { process },
        });
    }

    /// Slows the chosen executor, or lets it work at its own speed.
    pub fn slow(self, session: Session) {
        accept(
            session,
            number(self.factor, say("Slowdown factor"), 2, 100),
            |factor| {
                self.fault(session, |condition, process| match condition {
                    Condition::Slow { .. } => Action::Slow { process, factor: 1 },
                    _ => Action::Slow {
                        process,
                        factor: factor as u32,
                    },
                });
            },
        );
    }

    /// Cuts the chosen process off, or connects it again.
    pub fn partition(self, session: Session) {
        self.fault(session, |condition, process| match condition {
            Condition::Partitioned => Action::Heal { process },
            _ => Action::Partition { process },
        });
    }

    /// Makes the chosen links treat messages badly.
    pub fn degrade(self, session: Session) {
        let percent = |field, what| number(field, what, 0, 100).map(|percent| percent as u32);
        let filled = (|| {
            Ok(Action::DegradeLink {
                from: self.link_from.get_untracked().into(),
                to: self.link_to.get_untracked().into(),
                loss_percent: percent(self.loss, say("Loss"))?,
                duplicate_percent: percent(self.duplicate, say("Duplicates"))?,
                reorder_percent: percent(self.reorder, say("Reordering"))?,
                delay_us: number(self.delay_ms, say("Delay in ms"), 0, 60_000)? * 1000,
            })
        })();
        accept(session, filled, |action| {
            session.act(action);
        });
    }

    /// Undoes that.
    pub fn restore(self, session: Session) {
        session.act(Action::RestoreLink {
            from: self.link_from.get_untracked().into(),
            to: self.link_to.get_untracked().into(),
        });
    }

    /// Forges the clock of the next message between the chosen ends.
    pub fn forge_clock(self, session: Session) {
        let (from, to) = (self.link_from.get_untracked(), self.link_to.get_untracked());
        if [&from, &to].contains(&&"*".to_owned()) {
            let reason = say(
                "Choose one sender and one receiver: you can forge a clock only on a single link.",
            );
            return session.notices.reject(reason.to_owned());
        }
        let (from, to) = (from.into(), to.into());
        session.act(Action::ForgeClock { from, to });
    }

    /// Splits the named group from the others.
    pub fn split(self, session: Session) {
        let group = words(&self.group.get_untracked());
        session.act(Action::Split { group });
    }

    /// Has the chosen executor finish and leave.
    pub fn drain(self, session: Session) {
        self.fault(session, |_, executor| Action::DrainExecutor { executor });
    }

    /// Removes the chosen executor by force.
    pub fn remove(self, session: Session) {
        self.fault(session, |_, executor| Action::RemoveExecutor { executor });
    }

    fn fault(self, session: Session, action: impl FnOnce(Condition, Rc<str>) -> Action) {
        let row = session
            .ui
            .target
            .get_untracked()
            .and_then(|index| session.row(index));
        match row {
            Some(row) => {
                let (condition, name) = row
                    .view
                    .with_untracked(|node| (node.condition, node.name.clone()));
                session.act(action(condition, name));
            }
            None => session
                .notices
                .reject(say("There is no executor to choose: add one first.").to_owned()),
        }
    }

    /// Adds an executor; without a name it gets the next unused one.
    pub fn add_executor(self, session: Session) {
        let filled = self.executor_spec(session);
        accept(session, filled, |spec| {
            if session.act(Action::AddExecutor(spec)) {
                self.add_name.set(String::new());
            }
        });
    }

    fn executor_spec(self, session: Session) -> Result<ExecutorSpec, String> {
        let typed = self.add_name.get_untracked();
        let name = if typed.trim().is_empty() {
            session.unused_name()
        } else {
            typed.trim().to_owned()
        };
        check_name(&name).map_err(|reason| crate::labels::violation(&reason))?;
        let capacity = number(self.add_capacity, say("Slots"), 1, 1024)? as u16;
        let capabilities = self.add_capabilities.get_untracked();
        let wanted = words(&capabilities);
        for capability in &wanted {
            check_name(capability).map_err(|reason| crate::labels::violation(&reason))?;
        }
        if wanted.len() > 16 {
            return Err(tr!(
                "An executor can have at most 16 capabilities, not {count}.",
                count = wanted.len()
            ));
        }
        Ok(ExecutorSpec {
            id: name.into(),
            capacity,
            capabilities: wanted,
            location: None,
        })
    }
}

/// Words with commas between.
fn words(list: &str) -> Vec<Rc<str>> {
    let words = list.split(',').map(str::trim);
    words
        .filter(|word| !word.is_empty())
        .map(Rc::from)
        .collect()
}

/// Goes on with what was filled in, or says what is wrong with it.
fn accept<T>(session: Session, filled: Result<T, String>, go_on: impl FnOnce(T)) {
    match filled {
        Ok(value) => go_on(value),
        Err(problem) => session.notices.reject(problem),
    }
}

fn number(field: RwSignal<String>, what: &str, min: u64, max: u64) -> Result<u64, String> {
    let text = field.get_untracked();
    match text.trim().parse::<u64>() {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        _ => Err(tr!(
            "{what}: \"{text}\" is not a whole number from {min} to {max}.",
            what,
            text = text.trim(),
            min,
            max
        )),
    }
}

fn work_us(field: RwSignal<String>) -> Result<u64, String> {
    Ok(number(field, say("Work in ms"), 1, 3_600_000)? * 1000)
}

fn kind(field: RwSignal<String>) -> Result<EmergencyType, String> {
    EmergencyType::try_from(field.get_untracked())
        .map_err(|reason| crate::labels::violation(&reason))
}
