//! The overview: every executor with what it is doing, and the sums.

use leptos::prelude::*;

use crate::engine::job::Class;
use crate::page::desk::Desk;
use crate::page::words;
use crate::view::stage::{Health, NodeView, Role};

/// Rows drawn; a crowd beyond that is only in the sums.
const ROWS_MAX: usize = 100;

/// The overview.
#[component]
pub fn Overview() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let keys = move || {
        let mut keys = desk.screen.keys.get();
        keys.retain(|(_, index)| {
            desk.row(*index)
                .is_some_and(|row| row.view.with_untracked(|node| node.role == Role::Executor))
        });
        keys
    };
    let hidden = move || keys().len().saturating_sub(ROWS_MAX);
    view! {
        <div class="overview" data-testid="overview" tabindex="0" role="region" aria-label="Overview">
            <Sums />
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Executor"</th>
                        <th scope="col">"Believed"</th>
                        <th scope="col">"Mode"</th>
                        <th scope="col">"Running"</th>
                        <th scope="col">"Queued"</th>
                        <th scope="col">"Paused"</th>
                        <th scope="col">"Completed"</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || keys().into_iter().take(ROWS_MAX)
                        key=|key| *key
                        children=move |(_, index)| row(desk, index)
                    />
                </tbody>
            </table>
            <Show when=move || { hidden() > 0 }>
                <p class="dim">{move || format!("and {} more", hidden())}</p>
            </Show>
        </div>
    }
    .into_any()
}

fn queued(node: &NodeView) -> usize {
    node.queue_emergency.len() + node.queue_normal.len()
}

fn row(desk: Desk, index: u16) -> AnyView {
    let Some(row) = desk.row(index) else {
        return ().into_any();
    };
    let node = row.view;
    let text = move |read: fn(&NodeView) -> String| Memo::new(move |_| node.with(read));
    let running = text(|node| {
        let emergency = node
            .slots
            .iter()
            .flatten()
            .filter(|slot| slot.class == Class::Emergency)
            .count();
        let all = node.slots.iter().flatten().count();
        let slots = node.slots.len() + usize::from(node.slots_hidden);
        format!("{all} of {slots}, {emergency} emergency")
    });
    let name = text(|node| node.name.to_string());
    let health = Memo::new(move |_| node.with(|node| words::health(node.health)));
    let mode = text(|node| node.mode.map_or("–", |level| level.name()).to_owned());
    let queued = text(|node| queued(node).to_string());
    let paused = text(|node| node.paused.len().to_string());
    let completed = text(|node| node.completed.to_string());
    view! {
        <tr class=format!("hue-{} pattern-{}", index % 8, index / 8 % 4)>
            <th scope="row">
                <button class="row-name" on:click=move |_| desk.select(index)>{move || name.get()}</button>
            </th>
            <td data-health=move || health.get()>
                <span class="health"></span>
                {move || health.get()}
            </td>
            <td>{move || mode.get()}</td>
            <td>{move || running.get()}</td>
            <td>{move || queued.get()}</td>
            <td>{move || paused.get()}</td>
            <td>{move || completed.get()}</td>
        </tr>
    }
    .into_any()
}

/// The whole system in one line.
#[component]
fn Sums() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = move || {
        let mut healths = [0; 3];
        let (mut running, mut waiting, mut paused, mut completed) = (0, 0, 0, 0);
        for (_, index) in desk.screen.keys.get() {
            let Some(row) = desk.row(index) else { continue };
            row.view.with(|node| {
                if node.role != Role::Executor {
                    return;
                }
                match node.health {
                    Health::Healthy => healths[0] += 1,
                    Health::Suspected => healths[1] += 1,
                    Health::Failed => healths[2] += 1,
                    Health::Joining | Health::Removed => {}
                }
                running += node.slots.iter().flatten().count();
                waiting += queued(node);
                paused += node.paused.len();
                completed += node.completed;
            });
        }
        format!(
            "{} healthy · {} suspected · {} failed — {running} running · {waiting} queued · {paused} paused · {completed} completed",
            healths[0], healths[1], healths[2]
        )
    };
    view! { <p class="sums" data-testid="sums">{words}</p> }.into_any()
}
