//! The overview: every executor with what it is doing, and the sums.

use leptos::prelude::*;

use crate::engine::job::Class;
use crate::page::desk::Desk;
use crate::page::parts::{live, press, rows, text, when};
use crate::page::words;
use crate::view::overview::sums;
use crate::view::stage::{NodeView, Role};

/// Rows drawn; a crowd beyond that is only in the sums.
const ROWS_MAX: usize = 100;

/// The overview.
#[component]
pub fn Overview() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let keys = move || {
        let mut keys = desk.screen.keys.get();
        keys.retain(|(_, index)| {
            desk.row(*index as u16)
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
                        <th scope="col">"In truth"</th>
                        <th scope="col">"Mode"</th>
                        <th scope="col">"Running"</th>
                        <th scope="col">"Queued"</th>
                        <th scope="col">"Paused"</th>
                        <th scope="col">"Completed"</th>
                    </tr>
                </thead>
                <tbody>
                    {rows(move || keys().into_iter().take(ROWS_MAX).collect(), move |(_, index)| row(desk, index as u16))}
                </tbody>
            </table>
            {when(
                move || hidden() > 0,
                move || view! { <p class="dim">{text(move || format!("and {} more", hidden()))}</p> },
            )}
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
    let read = move |part: fn(&NodeView) -> String| Memo::new(move |_| node.with(part));
    let running = read(|node| {
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
    let name = read(|node| node.name.to_string());
    let health = Memo::new(move |_| node.with(|node| words::health(node.health)));
    let truth = read(|node| match words::truth(node.condition) {
        words if words.is_empty() => "up".to_owned(),
        words => words,
    });
    let mode = read(|node| node.mode.map_or("–", |level| level.name()).to_owned());
    let queued = read(|node| queued(node).to_string());
    let paused = read(|node| node.paused.len().to_string());
    let completed = read(|node| node.completed.to_string());
    view! {
        <tr class=format!("hue-{} pattern-{}", index % 8, index / 8 % 4)>
            <th scope="row">
                <button class="row-name" on:click=press(move || desk.select(index))>{text(move || words::short(&name.get(), 26))}</button>
            </th>
            <td data-health=live(move || health.get())>
                <span class="health"></span>
                {text(move || health.get())}
            </td>
            <td>{text(move || truth.get())}</td>
            <td>{text(move || mode.get())}</td>
            <td>{text(move || running.get())}</td>
            <td>{text(move || queued.get())}</td>
            <td>{text(move || paused.get())}</td>
            <td>{text(move || completed.get())}</td>
        </tr>
    }
    .into_any()
}

/// The whole system in three lines: emergencies, jobs, executors.
#[component]
fn Sums() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let lines = Memo::new(move |_| {
        desk.screen.revision.track();
        desk.with(|player| sums(&player.world().overview()))
    });
    let line = move |at: usize| text(move || lines.with(|lines| lines[at].clone()));
    view! {
        <div class="sums" data-testid="sums">
            <p>{line(0)}</p>
            <p>{line(1)}</p>
            <p>{line(2)}</p>
        </div>
    }
    .into_any()
}
