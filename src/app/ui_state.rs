//! The signals that the components read: one place, so that a frame can write them together.

use reactive_graph::prelude::*;

use super::dock_view::DockView;
use super::lessons::Lessons;
use super::preferences;
use crate::Platform;
use reactive_graph::owner::LocalStorage;
use reactive_graph::signal::RwSignal;
use triage_edit::Kind;
use triage_language::mark;
use triage_playback::{Branch, Pace, StepUnit};
use triage_view::audit::ExternalAudit;
use triage_view::inspect::Inspectable;
use triage_view::layout::Density;
use triage_view::scrubber::ScrubberMarks;
use triage_view::stage::{EmergencyView, NodeView};
use triage_view::targets::TargetView;

/// One node: a signal each, so that a change in one card disturbs no other.
#[derive(Clone, Copy)]
pub struct NodeRow {
    /// What it shows.
    pub view: RwSignal<NodeView, LocalStorage>,
    /// With how much detail.
    pub density: RwSignal<Density>,
    /// The room for its clock, in CSS pixels: the same on every card.
    pub strip_px: RwSignal<f64>,
}

/// Which part a phone shows; a wide screen shows all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The stage.
    Stage,
    /// The log and its neighbours.
    Dock,
    /// The inspector and the targets.
    Side,
}

/// The panels: the names in the attribute that the style sheet reads, and what is on the screen under them.
pub const PANELS: [(&str, &str); 3] = [
    ("commands", mark!("Commands")),
    ("dock", mark!("Views")),
    ("side", mark!("Inspector and targets")),
];

/// A row with an identity: a node by the load it belongs to and its process index, a line of the log by its
/// epoch and its place in the trace.
pub type Key = (u32, u32);

/// Everything that can change on the screen, apart from tokens and progress rings.
#[derive(Clone, Copy)]
pub struct UiState {
    /// Who is on the stage, in the fixed order.
    pub keys: RwSignal<Vec<Key>>,
    /// Active emergencies, oldest first.
    pub emergencies: RwSignal<Vec<EmergencyView>>,
    /// Jobs that nobody can take, each with its reason, in words.
    pub waiting: RwSignal<Vec<String>>,
    /// What is wrong with the network, in words.
    pub network: RwSignal<Vec<String>>,
    /// The four targets.
    pub targets: RwSignal<Vec<TargetView>>,
    /// Branches of the run.
    pub branches: RwSignal<Vec<Branch>>,
    /// Whether the run is the log of another system, which has events but no processes to command.
    pub is_log: RwSignal<bool>,
    /// Whether there is something to undo, and to redo.
    pub undo_redo: RwSignal<(bool, bool)>,
    /// Bands and marks of the scrubber.
    pub marks: RwSignal<ScrubberMarks>,
    /// Counts changes of the language.
    pub language: RwSignal<u32>,
    /// Counts changes of the colours.
    pub colours: RwSignal<u32>,
    /// The cursor, in µs.
    pub now_us: RwSignal<f64>,
    /// The right end of the scrubber, in µs.
    pub end_us: RwSignal<u64>,
    /// Simulated seconds per second.
    pub rate: RwSignal<f64>,
    /// Whether time goes on.
    pub playing: RwSignal<bool>,
    /// What time follows.
    pub pace: RwSignal<Pace>,
    /// The multiplier chosen.
    pub speed: RwSignal<f64>,
    /// What one step is.
    pub unit: RwSignal<StepUnit>,
    /// Which entry of the library runs; `None` for a scenario from elsewhere.
    pub library_index: RwSignal<Option<usize>>,
    /// The title of the scenario.
    pub title: RwSignal<String>,
    /// What the scenario is about.
    pub description: RwSignal<String>,
    /// Which process is looked at.
    pub selected: RwSignal<Option<u16>>,
    /// What the inspector shows.
    pub inspected: RwSignal<Option<Inspectable>>,
    /// Counts the changes of the run: everything but the progress of messages and jobs.
    pub revision: RwSignal<u64>,
    /// The same for what is read, not watched: while the run plays it counts at most ten times a second.
    pub text_revision: RwSignal<u64>,
    /// Which event is looked at, by its place in the trace; a message is looked at by its send.
    pub event: RwSignal<Option<u32>>,
    /// Another event to compare it with, by its place in the trace.
    pub second: RwSignal<Option<u32>>,
    /// Which job is looked at, by its number.
    pub job: RwSignal<Option<u32>>,
    /// What the log and the diagram look for.
    pub query: RwSignal<String>,
    /// A cut through the run: how many events of each process lie before it.
    pub cut: RwSignal<Option<Vec<u32>>>,
    /// An audit that is looked at in place of the run's own: an altered copy, or one from a file.
    pub foreign_audit: RwSignal<Option<ExternalAudit>>,
    /// As whom a person gives commands, if the scenario knows them.
    pub acting: RwSignal<String>,
    /// The executor that faults are aimed at.
    pub target: RwSignal<Option<u16>>,
    /// Crowd members that get a full card, most deserving first.
    pub detailed: RwSignal<Vec<u16>>,
    /// The lesson.
    pub lessons: Lessons,
    /// Which view the dock shows.
    pub dock: RwSignal<DockView>,
    /// The dock's share of the middle column, in percent; 0 for the ordinary one.
    pub dock_share: RwSignal<u32>,
    /// The panels that are closed on a wide screen, by their names with spaces between.
    pub closed: RwSignal<String>,
    /// What a phone shows.
    pub part: RwSignal<Part>,
    /// Whether a phone's sheet of commands is open.
    pub sheet: RwSignal<bool>,
    /// What the editor is asked to open on; the editor takes it.
    pub editor: RwSignal<Option<Kind>>,
    /// Whether the help is open.
    pub help: RwSignal<bool>,
    /// Whether single letters are keys.
    pub letters: RwSignal<bool>,
    /// Whether the person asked for less motion: then nothing travels.
    pub still: RwSignal<bool>,
    /// Why the last command was rejected, or a warning; empty for none.
    pub notice: RwSignal<String>,
    /// The text of the live region.
    pub announcement: RwSignal<String>,
}

impl UiState {
    /// An empty screen.
    pub(crate) fn new(platform: &dyn Platform) -> UiState {
        UiState {
            keys: RwSignal::new(Vec::new()),
            emergencies: RwSignal::new(Vec::new()),
            waiting: RwSignal::new(Vec::new()),
            network: RwSignal::new(Vec::new()),
            targets: RwSignal::new(Vec::new()),
            branches: RwSignal::new(Vec::new()),
            is_log: RwSignal::new(false),
            undo_redo: RwSignal::new((false, false)),
            marks: RwSignal::new(ScrubberMarks::default()),
            language: RwSignal::new(0),
            colours: RwSignal::new(0),
            now_us: RwSignal::new(0.0),
            end_us: RwSignal::new(1),
            rate: RwSignal::new(0.0),
            playing: RwSignal::new(false),
            pace: RwSignal::new(Pace::Event),
            speed: RwSignal::new(1.0),
            unit: RwSignal::new(StepUnit::Event),
            library_index: RwSignal::new(Some(0)),
            title: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            selected: RwSignal::new(None),
            inspected: RwSignal::new(None),
            revision: RwSignal::new(0),
            text_revision: RwSignal::new(0),
            event: RwSignal::new(None),
            second: RwSignal::new(None),
            job: RwSignal::new(None),
            query: RwSignal::new(String::new()),
            cut: RwSignal::new(None),
            foreign_audit: RwSignal::new(None),
            acting: RwSignal::new(preferences::acting(platform)),
            target: RwSignal::new(None),
            detailed: RwSignal::new(Vec::new()),
            lessons: Lessons::new(),
            dock: RwSignal::new(DockView::first(platform)),
            dock_share: RwSignal::new(preferences::dock_share(platform)),
            closed: RwSignal::new(preferences::closed(platform)),
            part: RwSignal::new(Part::Stage),
            sheet: RwSignal::new(false),
            editor: RwSignal::new(None),
            help: RwSignal::new(false),
            letters: RwSignal::new(preferences::letters(platform)),
            still: RwSignal::new(false),
            notice: RwSignal::new(String::new()),
            announcement: RwSignal::new(String::new()),
        }
    }
}

/// Sets a signal only when that changes something, so that nothing redraws for nothing.
pub fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
