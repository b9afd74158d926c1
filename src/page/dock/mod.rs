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

use crate::app::Session;
use crate::app::{DockView, preferences};
use crate::language::say;
use crate::page::parts::{dynamic, effect, live, press};
use crate::page::storage;

use self::audit::Audit;
use self::clocks::Clocks;
use self::compare::Compare;
use self::latency::Latency;
use self::log::{Log, LogState};
use self::slots::Slots;

/// Room beside the chosen tab in which its neighbours show, in CSS pixels.
const TAB_BESIDE_PX: i32 = 36;
/// The dock.
#[component]
pub fn Dock() -> impl IntoView {
    let ui = expect_context::<Session>().ui;
    let (chosen, part) = (ui.dock, ui.part);
    let log = LogState::new();
    let tab_list = NodeRef::<Div>::new();
    effect(move || {
        let id = chosen.get().id();
        storage::remember(preferences::DOCK_VIEW, id);
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
                {view.label()}
            </button>
        }
    });
    view! {
        <section class="panel dock" data-testid="dock" aria-label=say("Views of the run")>
            <div class="dock-head">
                <div class="tabs" role="tablist" aria-label=say("Views") node_ref=tab_list>{tabs}</div>
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
                    DockView::Audit => view! { <Audit /> }.into_any(),
                    DockView::Clocks => view! { <Clocks /> }.into_any(),
                    DockView::Slots => view! { <Slots /> }.into_any(),
                    DockView::Compare => view! { <Compare /> }.into_any(),
                    DockView::Latency => view! { <Latency /> }.into_any(),
                    DockView::Overview => overview::overview(expect_context::<Session>()),
                })}
            </div>
        </section>
    }
    .into_any()
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
