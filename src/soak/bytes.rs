//! Bytes from outside, as somebody's file, link or message may hold them: refused with a sentence or taken, and nothing
//! else. The fuzz targets call this with what the fuzzer makes up, the tests with the corpus that came of it.

use crate::analysis::query::Query;
use crate::engine::EmergencySystem;
use crate::engine::command::ExecutorSpec;
use crate::playback::Player;
use crate::scenario::{
    self, Scenario,
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
}

impl Input {
    /// All of them; a fuzz target and a folder of the corpus have its name.
    pub const ALL: [(&'static str, Input); 5] = [
        ("scenario", Input::Scenario),
        ("run", Input::Run),
        ("command", Input::Command),
        ("query", Input::Query),
        ("link", Input::Link),
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
        };
        if let Some(reason) = &refusal {
            assert!(!reason.trim().is_empty(), "refused without a reason");
        }
        refusal.is_none()
    }
}

fn scenario(text: &str) -> Result<(), String> {
    let scenario = scenario::parse(text).map_err(|errors| errors.to_string())?;
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
    let command = scenario::parse_command(text)?;
    let library = scenario::library();
    let Some(entry) = library.first() else {
        return Ok(());
    };
    let built_in = scenario::parse(entry.json).map_err(|errors| errors.to_string())?;
    let mut system = EmergencySystem::new(built_in.setup());
    system.run_until(1_000_000);
    let asked = system.apply(&command.principal, &command.action);
    for _ in 0..STEPS {
        system.step();
    }
    asked.map_err(|rejection| rejection.to_string())
}

fn is_small(scenario: &Scenario) -> bool {
    let slots = |spec: &ExecutorSpec| u32::from(spec.capacity);
    scenario.executors.len() <= EXECUTORS_MAX
        && scenario.executors.iter().map(slots).sum::<u32>() <= SLOTS_MAX
}
