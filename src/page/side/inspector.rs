//! The process that is looked at: what is believed of it, what is true, its jobs and its clock by name.

use leptos::prelude::*;

use crate::engine::job::Class;
use crate::page::desk::Desk;
use crate::page::parts::{dynamic, either, live, text, when};
use crate::page::screen::NodeRow;
use crate::page::stage::card::Summary;
use crate::page::stage::strip;
use crate::page::words;
use crate::view::stage::{ClockCell, Condition, NodeView, Role};

/// Jobs and entries drawn before the rest becomes a number.
const JOBS_MAX: usize = 24;
const ENTRIES_MAX: usize = 200;

/// The inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let selected = move || {
        desk.screen.keys.track();
        desk.screen
            .selected
            .get()
            .and_then(|index| Some((index, desk.row(index)?)))
    };
    view! {
        <section class="group inspector" data-testid="inspector">
            <h2>"Selected process"</h2>
            {dynamic(move || match selected() {
                Some((index, row)) => process(index, row),
                None => view! { <p class="dim">"Click a process on the stage."</p> }.into_any(),
            })}
        </section>
    }
    .into_any()
}

fn process(index: u16, row: NodeRow) -> AnyView {
    let node = row.view;
    let read = move |part: fn(&NodeView) -> String| Memo::new(move |_| node.with(part));
    let name = read(|node| node.name.to_string());
    let role = read(|node| words::role(node.role).to_owned());
    let health = Memo::new(move |_| node.with(|node| words::health(node.health)));
    let truth = read(|node| match node.condition {
        Condition::Up => "up".to_owned(),
        other => words::truth(other),
    });
    let up = Memo::new(move |_| node.with(|node| node.condition == Condition::Up));
    let executor = Memo::new(move |_| node.with(|node| node.role == Role::Executor));
    view! {
        <div class=format!("inspected hue-{} pattern-{}", index % 8, index / 8 % 4)>
            <p class="inspected-head">
                <b>{text(move || name.get())}</b>
                <span class="dim">{text(move || role.get())}</span>
            </p>
            <dl class="facts">
                <div>
                    <dt>"Believed"</dt>
                    <dd data-health=live(move || health.get())>
                        <span class="health"></span>
                        {text(move || health.get())}
                    </dd>
                </div>
                <div>
                    <dt>"In truth"</dt>
                    <dd class:untrue=move || !up.get()>{text(move || truth.get())}</dd>
                </div>
                {when(move || executor.get(), move || executor_facts(row))}
            </dl>
            {either(move || executor.get(), move || jobs(row), move || summary(row))}
            <h3>"Vector clock"</h3>
            {entries(row)}
        </div>
    }
    .into_any()
}

fn summary(row: NodeRow) -> AnyView {
    view! { <p class="summary"><Summary node=row.view /></p> }.into_any()
}

fn executor_facts(row: NodeRow) -> AnyView {
    let node = row.view;
    let fact = move |name: &'static str, read: fn(&NodeView) -> String| {
        let value = Memo::new(move |_| node.with(read));
        view! { <div><dt>{name}</dt><dd>{text(move || value.get())}</dd></div> }.into_any()
    };
    let level =
        Memo::new(move |_| node.with(|node| words::level_class(node.mode.unwrap_or_default())));
    view! {
        <div>
            <dt>"Mode"</dt>
            <dd>
                <span class="badge" data-level=live(move || level.get())>
                    {text(move || node.with(|node| node.mode.map_or("unknown", |level| level.name())))}
                </span>
            </dd>
        </div>
        {fact("Slots", |node| {
            let busy = node.slots.iter().flatten().count();
            format!("{busy} of {} busy", node.slots.len() + usize::from(node.slots_hidden))
        })}
        {fact("Completed", |node| node.completed.to_string())}
        {fact("Membership", |node| {
            if node.draining { "draining".to_owned() } else { "member".to_owned() }
        })}
    }
    .into_any()
}

/// What it has: running first, then paused, then waiting; each as shape, name, state.
fn jobs(row: NodeRow) -> AnyView {
    let lines = Memo::new(move |_| row.view.with(job_lines));
    let list = move || {
        let all = lines.get();
        let more = all.len().saturating_sub(JOBS_MAX);
        let shown = all.into_iter().take(JOBS_MAX).map(|(class, name, state)| {
            view! {
                <li>
                    <span class=class aria-hidden="true"></span>
                    <span class="job-name">{name}</span>
                    <span class="job-state">{state}</span>
                </li>
            }
        });
        view! {
            {shown.collect_view()}
            {(more > 0).then(|| view! { <li class="dim">{format!("and {more} more")}</li> })}
        }
        .into_any()
    };
    view! {
        <h3>"Jobs here"</h3>
        <ul class="jobs">
            {dynamic(list)}
            {when(move || lines.with(Vec::is_empty), move || view! { <li class="dim">"none"</li> })}
        </ul>
    }
    .into_any()
}

fn job_lines(node: &NodeView) -> Vec<(String, String, String)> {
    let mut lines = Vec::new();
    for slot in node.slots.iter().flatten() {
        let class = match slot.class {
            Class::Normal => "mark normal".to_owned(),
            Class::Emergency => format!("mark emergency {}", words::level_class(slot.level)),
        };
        let state = if slot.frozen_at.is_some() {
            "stands still"
        } else {
            "running"
        };
        let attempt = if slot.attempt > 1 {
            format!(" #{}", slot.attempt)
        } else {
            String::new()
        };
        let name = if *slot.name == *slot.job.to_string() {
            slot.name.to_string()
        } else {
            format!("{} {}", slot.job, slot.name)
        };
        lines.push((class, name, format!("{state}{attempt}")));
    }
    let waiting = [
        ("mark paused", &node.paused, "paused"),
        ("mark emergency", &node.queue_emergency, "queued"),
        ("mark normal", &node.queue_normal, "queued"),
    ];
    for (class, jobs, state) in waiting {
        lines.extend(
            jobs.iter()
                .map(|job| (class.to_owned(), job.to_string(), state.to_owned())),
        );
    }
    lines
}

/// The clock strip unfolded: every entry with the name of its process.
fn entries(row: NodeRow) -> AnyView {
    let desk = expect_context::<Desk>();
    let cells = Memo::new(move |_| row.view.with(|node| node.clock.cells.len()));
    let entry = move |at: usize| {
        let cell = Memo::new(move |_| row.view.with(|node| node.clock.cells.get(at).copied()));
        let class = move || cell.get().as_ref().map_or_else(String::new, strip::class);
        let value = move || cell.get().map_or(0, |cell: ClockCell| cell.value);
        let name = move || {
            let name = cell
                .get()
                .map_or_else(String::new, |cell| desk.name(cell.process));
            if name.is_empty() {
                "(gone)".to_owned()
            } else {
                name
            }
        };
        view! {
            <li>
                <span class=class>{text(value)}</span>
                <span class="entry-name">{text(name)}</span>
            </li>
        }
    };
    view! {
        <ul class="entries">
            {dynamic(move || (0..cells.get().min(ENTRIES_MAX)).map(entry).collect_view())}
        </ul>
    }
    .into_any()
}
