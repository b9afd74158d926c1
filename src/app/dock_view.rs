//! The views of the dock, and which of them is open.

use crate::{Platform, preferences};
use triage_language::say;

/// The views of the dock, in the order of their tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DockView {
    /// The space–time diagram.
    Diagram,
    /// Who knows what.
    Clocks,
    /// Who runs what, where and when.
    Slots,
    /// Figures over time.
    Latency,
    /// What happened, in sentences.
    Log,
    /// Who asked for what, in a hash chain.
    Audit,
    /// The whole system in one table.
    Overview,
    /// This run and another.
    Compare,
}

impl DockView {
    /// All of them.
    pub const ALL: [DockView; 8] = [
        DockView::Diagram,
        DockView::Clocks,
        DockView::Slots,
        DockView::Latency,
        DockView::Log,
        DockView::Audit,
        DockView::Overview,
        DockView::Compare,
    ];

    /// The one that is open at first: as on the last visit, or else the log on a phone, where it is easier to read than
    /// the diagram.
    pub fn first(platform: &dyn Platform) -> DockView {
        let last = platform.recall(preferences::DOCK_VIEW);
        last.and_then(|name| DockView::of(&name))
            .unwrap_or(if platform.is_narrow() {
                DockView::Log
            } else {
                DockView::Diagram
            })
    }

    /// The view of a name.
    pub fn of(name: &str) -> Option<DockView> {
        DockView::ALL.into_iter().find(|view| view.id() == name)
    }

    /// Its name, in addresses too.
    pub fn id(self) -> &'static str {
        match self {
            DockView::Diagram => "diagram",
            DockView::Clocks => "clocks",
            DockView::Slots => "slots",
            DockView::Compare => "compare",
            DockView::Latency => "latency",
            DockView::Log => "log",
            DockView::Audit => "audit",
            DockView::Overview => "overview",
        }
    }

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            DockView::Diagram => say("Space–time"),
            DockView::Clocks => say("Clocks"),
            DockView::Slots => say("Slots"),
            DockView::Compare => say("Compare"),
            DockView::Latency => say("Latency"),
            DockView::Log => say("Log"),
            DockView::Audit => say("Audit"),
            DockView::Overview => say("Overview"),
        }
    }
}
