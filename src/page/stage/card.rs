//! A process on the stage: a button that selects it, drawn with as much detail as there is room for.

use leptos::html::Button;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::cell::Cell;
use super::marks::Queues;
use super::slots::Slots;
use crate::app::Session;
use crate::engine::emergency::Level;
use crate::engine::job::Class;
use crate::language::{say, tr};
use crate::page::browser::SceneHandle;
use crate::page::clock_strip::Strip;
use crate::page::parts::{dynamic, effect, live, text, thing_under, when};
use crate::page::words;
use crate::view::format::split_name;
use crate::view::inspect::Inspectable;
use crate::view::layout::Density;
use crate::view::stage::{NodeView, Role};

/// A process on the stage.
#[component]
pub fn Card(index: u16) -> impl IntoView {
    let session = expect_context::<Session>();
    let Some(row) = session.row(index) else {
        return ().into_any();
    };
    let scene = expect_context::<SceneHandle>();
    let button = NodeRef::<Button>::new();
    effect(move || {
        if let Some(element) = button.get() {
            scene.update_value(|scene| scene.set_card(index, element.dyn_into().ok()));
        }
    });
    on_cleanup(move || {
        let _ = scene.try_update_value(|scene| scene.set_card(index, None));
    });
    // What tests and styles read, written in one go when the node changes.
    effect(move || {
        if let Some(element) = button.get() {
            row.view.with(|node| describe(&element, node));
        }
    });
    let density = row.density;
    let is_cell = Memo::new(move |_| density.get() == Density::Cell);
    view! {
        <button
            class=format!("node {}", words::hue(index))
            node_ref=button
            data-density=live(move || density.get().name())
            aria-pressed=live(move || (session.ui.selected.get() == Some(index)).to_string())
            on:click=move |event| {
                // A job in a slot is looked at by itself.
                let job = thing_under(&event, "data-look");
                session.look(job.unwrap_or(Inspectable::Process(index)));
            }
        >
            {dynamic(move || {
                if is_cell.get() { view! { <Cell row=row /> }.into_any() } else { detail(index) }
            })}
        </button>
    }
    .into_any()
}

/// The attributes of a node.
fn describe(element: &web_sys::Element, node: &NodeView) {
    let running = |class: Class| {
        node.slots
            .iter()
            .flatten()
            .filter(|slot| slot.class == class)
            .count()
            .to_string()
    };
    let queued = node.queue_emergency.len() + node.queue_normal.len();
    let attributes = [
        ("data-testid", format!("node-{}", node.name)),
        ("data-role", words::role(node.role).to_owned()),
        ("data-health", words::health(node.health).to_owned()),
        (
            "data-condition",
            words::condition(node.condition).to_owned(),
        ),
        ("data-mode", node.mode.map_or("", Level::name).to_owned()),
        ("data-running-normal", running(Class::Normal)),
        ("data-running-emergency", running(Class::Emergency)),
        ("data-queued", queued.to_string()),
        ("data-paused", node.paused.len().to_string()),
        ("data-completed", node.completed.to_string()),
        ("data-draining", node.draining.to_string()),
        ("aria-label", words::node(node)),
        ("title", node.name.to_string()),
    ];
    for (name, value) in attributes {
        if element.get_attribute(name).as_deref() != Some(&value) {
            let _ = element.set_attribute(name, &value);
        }
    }
}

/// Everything a card says when it is more than a cell.
fn detail(index: u16) -> AnyView {
    let session = expect_context::<Session>();
    let Some(row) = session.row(index) else {
        return ().into_any();
    };
    let node = row.view;
    let read = move |part: fn(&NodeView) -> String| Memo::new(move |_| node.with(part));
    let name = read(|node| node.name.to_string());
    let truth = read(|node| words::truth(node.condition));
    let level = Memo::new(move |_| node.with(|node| node.mode.unwrap_or_default()));
    let draining = Memo::new(move |_| node.with(|node| node.draining));
    let held = Memo::new(move |_| node.with(|node| node.held));
    let executor = Memo::new(move |_| node.with(|node| node.role == Role::Executor));
    view! {
        <span class="chips">
            {when(
                move || truth.with(|words| !words.is_empty()),
                move || view! { <span class="chip truth">{text(move || truth.get())}</span> },
            )}
            {when(move || draining.get(), move || view! { <span class="chip draining">{say("draining")}</span> })}
            {when(
                move || held.get() > 0,
                move || view! {
                    <span class="chip held" data-testid="held">
                        {text(move || tr!("{} held back", held.get()))}
                    </span>
                },
            )}
        </span>
        <span class="node-head">
            <span class="health"></span>
            <span class="node-name halves">
                <span>{text(move || name.with(|name| split_name(name).0.to_owned()))}</span>
                {text(move || name.with(|name| split_name(name).1.to_owned()))}
            </span>
            {when(
                move || level.get() != Level::None,
                move || view! {
                    <span class="badge" data-level=live(move || words::level_class(level.get()))>
                        <span class="level-mark"></span>
                        <span class="long">{text(move || level.get().name())}</span>
                        <span class="short">{text(move || words::level_short(level.get()))}</span>
                    </span>
                },
            )}
        </span>
        <span class="node-body">
            {dynamic(move || {
                if executor.get() {
                    view! {
                        <Slots index=index node=node />
                        <Queues node=node />
                    }
                        .into_any()
                } else {
                    view! { <Summary node=node /> }.into_any()
                }
            })}
        </span>
        <Strip row=row />
    }
    .into_any()
}

/// One or two lines about a process that is not an executor.
#[component]
pub fn Summary(node: RwSignal<NodeView, LocalStorage>) -> impl IntoView {
    let lines = Memo::new(move |_| node.with(|node| node.summary.clone()));
    let lines = move || {
        lines
            .get()
            .into_iter()
            .map(|line| view! { <span>{line}</span> })
            .collect_view()
            .into_any()
    };
    view! { <span class="summary">{dynamic(lines)}</span> }.into_any()
}
