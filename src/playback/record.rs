//! A run as it was played, as a scenario: what was done by hand stands among its commands.
//!
//! A scenario has whole microseconds, and of what is due at the same moment it lets happen first what was scheduled
//! first. By hand a command can be given between two events of one moment, or within a microsecond. So a time is chosen
//! at which the command has the same events before it, if there is one within a microsecond, and then the scenario is
//! played: the result says whether the same happens, and if not, from when on it differs.

use super::Player;
use triage_engine::command::Command;
use triage_engine::record::Record;
use triage_engine::time::{MICROSECOND_NS, from_us, to_us};
use triage_engine::trace::{Event, Recorder};
use triage_language::{say, tr};
use triage_scenario::bounds::DURATION_US_MAX;
use triage_scenario::{FORMAT, Scenario, validate};

/// A moment of the scenario is at most this much later or earlier than that of the run, in ns.
const NEAR_NS: u64 = MICROSECOND_NS;

/// A scenario made of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// What was played, with the commands given by hand on the current branch.
    pub scenario: Scenario,
    /// Commands that no scenario may contain, such as the crash of a process that is nowhere: what and why, a sentence
    /// each. Where the run has the events of their denial, the scenario has none.
    pub left_out: Vec<String>,
    /// How well it repeats the run.
    pub fidelity: RepeatAccuracy,
}

/// How well a scenario repeats the run that it was made of, as far as that is recorded. That the first event names the
/// scenario is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatAccuracy {
    /// Every event is the same.
    Exact,
    /// The same events in the same order with the same causes, each within a microsecond of its time.
    Near,
    /// Something else happens from this moment of the run on, in µs.
    Until(u64),
}

impl Recording {
    /// The file of the scenario.
    pub fn json(&self) -> String {
        serde_json::to_string(&self.scenario)
            .unwrap_or_else(|_| unreachable!("plain values can be serialised"))
    }

    /// What a person should know about it, in sentences.
    pub fn in_words(&self) -> Vec<String> {
        let mut words = vec![match self.fidelity {
            RepeatAccuracy::Exact => say("Played from the start, it gives the same events at the same times.").to_owned(),
            RepeatAccuracy::Near => {
                say("Played from the start, it gives the same events in the same order. Times differ by at most 1 µs, because a scenario uses whole microseconds.").to_owned()
            }
            RepeatAccuracy::Until(t_us) => {
                tr!("Played from the start, it gives the same events until {} µs. Then the runs differ.", t_us)
            }
        }];
        words.extend(self.left_out.iter().cloned());
        words
    }
}

impl Player {
    /// What was played on the current branch as a scenario of its own, to the end of what was done.
    ///
    /// # Errors
    /// Says what is wrong with the title, or that this is the log of another system.
    pub fn recorded(&self, title: &str) -> Result<Recording, String> {
        if self.world.is_log() {
            return Err(say(
                "This is the log of another system: it cannot be saved as a scenario.",
            )
            .to_owned());
        }
        let title = title.trim();
        let mut scenario = self.scenario.clone();
        scenario.format = FORMAT;
        scenario.title = title.to_owned();
        scenario.name = name_of(title);
        scenario.duration_us = self.end_us().min(DURATION_US_MAX);
        let written = scenario.commands.len();
        scenario.commands.extend(self.commands_by_hand());
        let left_out = leave_out(&mut scenario, written);
        if let Some(problem) = validate::problems(&scenario).into_iter().next() {
            return Err(problem);
        }
        let fidelity = self.fidelity(&scenario);
        Ok(Recording {
            scenario,
            left_out,
            fidelity,
        })
    }

    /// The commands given by hand, each at a time that has the same events before it where there is one.
    fn commands_by_hand(&self) -> Vec<Command> {
        let mut again = Player::new(self.scenario.clone());
        again.given.clone_from(&self.given);
        // The moment of the last step of the world, if there was one.
        let mut last_step_ns = None;
        let mut commands: Vec<Command> = Vec::with_capacity(self.given.len());
        while let Some(given) = again.next_given().cloned() {
            if given.steps != again.world.steps() {
                if !again.run_one() {
                    debug_assert!(false, "the run made this many steps before the command");
                    break;
                }
                last_step_ns = Some(again.world.now_ns());
                continue;
            }
            let mut at_us = to_us(given.t_ns);
            // Of equal times, what was scheduled earlier comes first: often the command.
            if last_step_ns.is_some_and(|last_ns| from_us(at_us) <= last_ns) {
                at_us += 1;
            }
            let least_us = commands.last().map_or(0, |command| command.at_us);
            commands.push(Command {
                at_us: at_us.max(least_us),
                principal: given.principal,
                action: given.action,
            });
            again.run_one();
        }
        commands
    }

    /// Plays a scenario as far as this run is recorded, and holds it against it.
    fn fidelity(&self, scenario: &Scenario) -> RepeatAccuracy {
        let mut again = Player::new(scenario.clone());
        again.stop_us = again.stop_us.max(self.recorded_us());
        again.seek_us(self.recorded_us());
        let mut fidelity = RepeatAccuracy::Exact;
        let both = self.trace.iter_from(0).zip(again.trace.iter_from(0));
        for ((_, ours), (_, theirs)) in both {
            if ours == theirs || matches!(ours.record, Record::RunStarted(_)) {
                continue;
            }
            if !is_near(ours, theirs) {
                return RepeatAccuracy::Until(to_us(ours.t_ns));
            }
            fidelity = RepeatAccuracy::Near;
        }
        // At the very end one of both may be an event ahead, by less than a microsecond.
        let (ours, theirs) = (self.trace.count(), again.trace.count());
        let longer = if ours > theirs {
            &self.trace
        } else {
            &again.trace
        };
        match longer.get(ours.min(theirs)) {
            Some(event) if event.t_ns.saturating_add(2 * NEAR_NS) < self.recorded_ns => {
                RepeatAccuracy::Until(to_us(event.t_ns))
            }
            Some(_) => RepeatAccuracy::Near,
            None => fidelity,
        }
    }
}

/// The same but for less than a microsecond. What else an event says follows from what came before it.
fn is_near(one: &Event, other: &Event) -> bool {
    one.form == other.form
        && one.process() == other.process()
        && one.record.kind() == other.record.kind()
        && one.t_ns.abs_diff(other.t_ns) <= NEAR_NS
}

/// Takes out what no scenario may contain, and says what and why. What is written stays: it was read.
fn leave_out(scenario: &mut Scenario, written: usize) -> Vec<String> {
    let mut left_out = Vec::new();
    // One that is taken out may have named what a later one needs.
    let mut index = written;
    while index < scenario.commands.len() {
        match validate::command_problem(scenario, index) {
            Some(problem) => {
                let command = scenario.commands.remove(index);
                left_out.push(tr!(
                    "Left out, because a scenario cannot contain it: {what} at {time} µs ({problem}).",
                    what = triage_labels::action(&command.action),
                    time = command.at_us,
                    problem = problem
                ));
                index = written;
            }
            None => index += 1,
        }
    }
    left_out
}

/// A name for files and traces: the letters and digits of the title.
fn name_of(title: &str) -> String {
    let mut name = String::new();
    for letter in title.chars() {
        if name.len() >= 40 {
            break;
        }
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "recorded" } else { name }.to_owned()
}
