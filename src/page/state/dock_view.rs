//! The views of the dock, and which of them is open.

use leptos::prelude::window;

use super::preferences;
use crate::language::say;
use crate::page::storage;

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

/// Up to this width in pixels the page is a phone's, where the log is easier to read than the diagram.
const PHONE_PX: f64 = 920.0;

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

    /// The one that is open at first: as on the last visit.
    pub fn first() -> DockView {
        if let Some(view) =
            storage::recall(preferences::DOCK_VIEW).and_then(|name| DockView::of(&name))
        {
            return view;
        }
        let width = window().inner_width().ok();
        let width = width.and_then(|width| width.as_f64());
        if width.is_some_and(|width| width <= PHONE_PX) {
            DockView::Log
        } else {
            DockView::Diagram
        }
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
