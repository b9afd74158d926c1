//! Bytes from outside, as somebody's file, link or message may hold them: refused with a sentence or taken, and nothing
//! else. The fuzz targets call this with what the fuzzer makes up, the tests with the corpus that came of it.

use std::rc::Rc;

use triage_analysis::query::Query;
use triage_engine::EmergencySystem;
use triage_engine::command::ExecutorSpec;
use triage_engine::id::ProcessIndex;
use triage_engine::time::from_us;
use triage_engine::trace::Recorder;
use triage_import::alerts::Alert;
use triage_import::log::{self, LogEntry, LogFile, executions_from_json};
use triage_import::{cap, nws, story};
use triage_lesson::{Lesson, problems};
use triage_playback::Player;
use triage_scenario::{
    Scenario,
    json::{Json, parse},
    link::{Link, Source},
    saved::SavedRun,
};

/// A run that takes more than this is not worth the fuzzer's time.
const EXECUTORS_MAX: usize = 64;
const SLOTS_MAX: u32 = 4096;
const RUN_NS_MAX: u64 = 30_000_000_000;
const STEPS: usize = 400;

/// What bytes can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A scenario file.
    Scenario,
    /// A saved run.
    Run,
    /// A command, as a host page or a scenario gives it.
    Command,
    /// A query over events.
    Query,
    /// A link: as it stands in an address, or what is packed in it, for nobody guesses its checksum.
    Link,
    /// A lesson file.
    Lesson,
    /// A log of another system: as a file whose events take two lines, or as the page's parser hands it over.
    Log,
    /// Alerts in the Common Alerting Protocol.
    Cap,
    /// Alerts of the National Weather Service.
    Nws,
}

impl Input {
    /// All of them; a fuzz target and a folder of the corpus have its name.
    pub const ALL: [(&'static str, Input); 9] = [
        ("scenario", Input::Scenario),
        ("run", Input::Run),
        ("command", Input::Command),
        ("query", Input::Query),
        ("link", Input::Link),
        ("lesson", Input::Lesson),
        ("log", Input::Log),
        ("cap", Input::Cap),
        ("nws", Input::Nws),
    ];

    /// Takes bytes; says whether they were accepted.
    ///
    /// # Panics
    /// When they break something, or are refused without a word: that is what the fuzzer looks for.
    pub fn take(self, bytes: &[u8]) -> bool {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) if self == Input::Link => "",
            Err(_) => return false, // readers are given text
        };
        let refusal = match self {
            Input::Scenario => scenario(text).err(),
            Input::Run => run(text).err(),
            Input::Command => command(text).err(),
            Input::Query => Query::parse(text).err().map(|error| error.to_string()),
            Input::Link if text.starts_with("1.") => link(Link::parse(text)).err(),
            Input::Link => link(Link::parse_unpacked(bytes)).err(),
            Input::Lesson => lesson(text).err(),
            Input::Log => recorded(text).err(),
            Input::Cap => cap::read(text).and_then(|(alerts, _)| told(alerts)).err(),
            Input::Nws => nws::read(text).and_then(told).err(),
        };
        if let Some(reason) = &refusal {
            assert!(!reason.trim().is_empty(), "refused without a reason");
        }
        refusal.is_none()
    }
}

fn scenario(text: &str) -> Result<(), String> {
    let scenario = triage_scenario::parse(text).map_err(|errors| errors.to_string())?;
    if is_small(&scenario) {
        let mut system = EmergencySystem::new(scenario.setup());
        for _ in 0..STEPS {
            system.step();
        }
    }
    Ok(())
}

fn run(text: &str) -> Result<(), String> {
    let run = SavedRun::parse(text)?;
    if is_short(&run) {
        Player::from_saved(&run)?;
    }
    Ok(())
}

fn link(read: Result<Link, String>) -> Result<(), String> {
    let link = read?;
    if is_short(&link.run) {
        let shared = Player::from_link(&link);
        assert!(
            shared.is_same || shared.warning.is_some(),
            "not the same, and not a word"
        );
    }
    // What was read can be handed on, but for a digest of a scenario that is not ours.
    let fragment = link.fragment();
    let letters = fragment.split_once('=').map_or("", |(_, letters)| letters);
    let is_changed = link.source == (Source::BuiltIn { is_same: false });
    if let Ok(again) = Link::parse(letters)
        && !is_changed
    {
        assert!(again == link, "a link changes on its way");
    }
    Ok(())
}

fn lesson(text: &str) -> Result<(), String> {
    let lesson = Lesson::parse(text)?;
    let scenario = triage_scenario::parse(&lesson.scenario).map_err(|errors| errors.to_string())?;
    if is_small(&scenario) && from_us(scenario.duration_us) <= RUN_NS_MAX {
        let silent = |problem: &String| problem.trim().is_empty();
        assert!(
            !problems(&lesson).iter().any(silent),
            "wrong without a word"
        );
    }
    Ok(())
}

fn recorded(text: &str) -> Result<(), String> {
    let executions = if text.starts_with('[') {
        executions_from_json(text)?
    } else {
        Vec::new()
    };
    let entries = match executions.into_iter().next() {
        Some(first) => first.entries,
        None => entries(LogFile::split(text).body),
    };
    let log = log::read(&entries).map_err(|problems| problems.to_string())?;
    if log.hosts.len() > EXECUTORS_MAX || log.events.len() > STEPS {
        return Ok(());
    }
    let lines: Vec<u32> = log.events.iter().map(|one| one.logged.line).collect();
    let mut player = Player::of_log("log", Rc::new(log));
    player.record_ahead(u32::MAX);
    let trace = player.trace();
    assert_eq!(trace.count() as usize, lines.len(), "an event is lost");
    // What the page says an event knows is what its line says.
    for (seq, line) in lines.into_iter().enumerate() {
        let mut candidates = entries.iter().filter(|entry| entry.line == line);
        let entry = candidates.next();
        if candidates.next().is_some() {
            return Ok(()); // lines as nobody counts them
        }
        let Some(Ok(Json::Object(clock))) = entry.map(|entry| parse(&entry.clock)) else {
            panic!("an event without a clock was taken");
        };
        let stamp = trace.stamp(seq as u32);
        for (place, name) in trace.names().enumerate() {
            let mut entries = clock.iter().filter(|(host, _)| **host == **name);
            let said = entries.next();
            assert!(
                entries.next().is_none(),
                "line {line}: two entries of {name} were taken"
            );
            let said = match said {
                Some((_, Json::Whole(count))) => *count,
                _ => 0,
            };
            let known = stamp.vector.get(ProcessIndex(place as u16));
            assert_eq!(u64::from(known), said, "line {line}, {name}");
        }
    }
    Ok(())
}

/// What the usual expression finds where every event has its two lines.
fn entries(body: &str) -> Vec<LogEntry> {
    let lines: Vec<&str> = body.lines().collect();
    let pair = |(place, pair): (usize, &[&str])| {
        let [event, rest] = pair else { return None };
        let (host, clock) = rest.split_once(' ')?;
        Some(LogEntry {
            line: place as u32 * 2 + 1,
            last_line: place as u32 * 2 + 2,
            event: (*event).to_owned(),
            host: host.to_owned(),
            clock: clock.to_owned(),
            fields: Vec::new(),
        })
    };
    lines.chunks(2).enumerate().filter_map(pair).collect()
}

fn told(alerts: Vec<Alert>) -> Result<(), String> {
    let story = story::of(alerts, "alerts")?;
    let json = serde_json::to_string(&story.scenario).map_err(|error| error.to_string())?;
    let again = triage_scenario::parse(&json);
    let again = again.unwrap_or_else(|errors| panic!("a story is no scenario: {errors}"));
    assert!(
        again.title.to_lowercase().contains("exercise"),
        "it is not marked as one"
    );
    Ok(())
}

/// Whether a run is played in a moment, with all that was watched of it.
fn is_short(run: &SavedRun) -> bool {
    let acts = run
        .versions
        .iter()
        .filter_map(|version| version.act.as_ref());
    let latest_ns = acts.map(|act| act.at.t_ns).fold(run.cursor.t_ns, u64::max);
    latest_ns <= RUN_NS_MAX && is_small(&run.scenario)
}

fn command(text: &str) -> Result<(), String> {
    let command = triage_scenario::parse_command(text)?;
    let library = triage_scenario::library();
    let Some(entry) = library.first() else {
        return Ok(());
    };
    let built_in = triage_scenario::parse(entry.json).map_err(|errors| errors.to_string())?;
    let mut system = EmergencySystem::new(built_in.setup());
    system.run_until(1_000_000);
    let asked = system.apply(&command.principal, &command.action);
    for _ in 0..STEPS {
        system.step();
    }
    asked.map_err(|rejection| rejection.code().to_owned())
}

fn is_small(scenario: &Scenario) -> bool {
    let slots = |spec: &ExecutorSpec| u32::from(spec.capacity);
    scenario.executors.len() <= EXECUTORS_MAX
        && scenario.executors.iter().map(slots).sum::<u32>() <= SLOTS_MAX
}
