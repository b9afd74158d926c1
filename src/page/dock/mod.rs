//! The dock below the stage: tabs that look at the run from other sides.

mod audit;
mod clocks;
mod compare;
mod cut;
mod diagram;
mod gantt;
mod latency;
mod log;
mod overview;
mod slots;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::language::say;
use crate::page::desk::Desk;
use crate::page::later;
use crate::page::parts::{dynamic, effect, live, press};
use crate::page::storage;

use self::audit::Audit;
use self::clocks::Clocks;
use self::compare::Compare;
pub use self::diagram::TOP_PX;
use self::latency::Latency;
use self::log::{Log, LogState};
use self::slots::Slots;

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

/// Room beside the chosen tab in which its neighbours show, in CSS pixels.
const TAB_BESIDE_PX: i32 = 36;
/// Under this name the view is remembered.
const NAME: &str = "triage.view";
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
        if let Some(view) = storage::recall(NAME).and_then(|name| DockView::of(&name)) {
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

    fn words(self) -> &'static str {
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

/// The dock.
#[component]
pub fn Dock() -> impl IntoView {
    let screen = expect_context::<Desk>().screen;
    let (chosen, part) = (screen.dock, screen.part);
    let log = LogState::new();
    let tab_list = NodeRef::<Div>::new();
    effect(move || {
        let id = chosen.get().id();
        storage::remember(NAME, id);
        part.track();
        // On a phone there is not room for all tabs: the chosen one is in sight, once the dock itself is.
        request_animation_frame(move || {
            let list = tab_list.try_get_untracked().flatten();
            if let (Some(list), Some(tab)) = (list, tab(id)) {
                let begin = tab.offset_left() - list.offset_left() - TAB_BESIDE_PX;
                let end = begin + tab.offset_width() + 2 * TAB_BESIDE_PX;
                let scrolled = list.scroll_left();
                list.set_scroll_left(scrolled.max(end - list.client_width()).min(begin.max(0)));
            }
        });
    });
    let tabs = DockView::ALL.map(|view| {
        let is_chosen = move || chosen.get() == view;
        view! {
            <button
                class="tab"
                role="tab"
                id=format!("tab-{}", view.id())
                data-testid=format!("tab-{}", view.id())
                aria-selected=live(move || is_chosen().to_string())
                aria-controls="dock-view"
                tabindex=live(move || if is_chosen() { "0" } else { "-1" })
                on:click=press(move || chosen.set(view))
                on:keydown=move |event| {
                    if let Some(next) = neighbour(view, &event.key()) {
                        event.prevent_default();
                        event.stop_propagation();
                        chosen.set(next);
                        focus(next);
                    }
                }
            >
                {view.words()}
            </button>
        }
    });
    view! {
        <section class="panel dock" data-testid="dock" aria-label=say("Views of the run")>
            <div class="dock-head">
                <div class="tabs" role="tablist" aria-label=say("Views") data-later="" node_ref=tab_list>{tabs}</div>
            </div>
            <div
                class="dock-view"
                id="dock-view"
                role="tabpanel"
                aria-labelledby=live(move || format!("tab-{}", chosen.get().id()))
            >
                {dynamic(move || match chosen.get() {
                    DockView::Diagram => view! { <diagram::Diagram /> }.into_any(),
                    DockView::Log => view! { <Log state=log /> }.into_any(),
                    view => later::view(move || closed_at_first(view)),
                })}
            </div>
        </section>
    }
    .into_any()
}

/// The views that are not open at first: a door into the later part of the program, `tests/e2e/later.txt`.
#[inline(never)]
fn closed_at_first(view: DockView) -> AnyView {
    match view {
        DockView::Audit => view! { <Audit /> }.into_any(),
        DockView::Clocks => view! { <Clocks /> }.into_any(),
        DockView::Slots => view! { <Slots /> }.into_any(),
        DockView::Compare => view! { <Compare /> }.into_any(),
        DockView::Latency => view! { <Latency /> }.into_any(),
        DockView::Overview => overview::overview(expect_context::<Desk>()),
        DockView::Diagram | DockView::Log => ().into_any(),
    }
}

/// The tab that an arrow key leads to.
fn neighbour(view: DockView, key: &str) -> Option<DockView> {
    let at = DockView::ALL.iter().position(|other| *other == view)?;
    let count = DockView::ALL.len();
    match key {
        "ArrowRight" => DockView::ALL.get((at + 1) % count).copied(),
        "ArrowLeft" => DockView::ALL.get((at + count - 1) % count).copied(),
        _ => None,
    }
}

fn tab(id: &str) -> Option<HtmlElement> {
    let tab = document().get_element_by_id(&["tab-", id].concat())?;
    tab.dyn_into().ok()
}

fn focus(view: DockView) {
    if let Some(tab) = tab(view.id()) {
        let _ = tab.focus();
    }
}
