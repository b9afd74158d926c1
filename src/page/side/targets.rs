//! The four latency targets: the worst value so far against its bound.

use leptos::prelude::*;

use crate::app::Session;
use crate::language::{say, tr};
use crate::page::parts::{dynamic, live, text, when};
use crate::page::words::span;
use crate::view::targets::TargetView;

/// The targets.
#[component]
pub fn Targets() -> impl IntoView {
    let targets = expect_context::<Session>().ui.targets;
    let count = Memo::new(move |_| targets.with(Vec::len));
    view! {
        <section class="group targets-group" data-testid="targets">
            <h2>{say("Targets")}</h2>
            <p class="dim small">{say("Worst value so far, and the limit it must stay below")}</p>
            <ul class="targets">
                {dynamic(move || (0..count.get()).map(|at| target(targets, at)).collect_view())}
            </ul>
        </section>
    }
    .into_any()
}

fn target(targets: RwSignal<Vec<TargetView>>, at: usize) -> AnyView {
    let read = move |read: fn(&TargetView) -> String| {
        Memo::new(move |_| targets.with(|all| all.get(at).map(read).unwrap_or_default()))
    };
    let name = read(|target| say(target.name).to_owned());
    let what = read(|target| {
        tr!(
            "{what} ({n} measurements)",
            what = target.what,
            n = target.count
        )
    });
    let id = read(|target| {
        format!(
            "target-{}",
            target.name.to_ascii_lowercase().replace(' ', "-")
        )
    });
    let worst = read(|target| target.worst_us.map_or("–".to_owned(), span));
    let bound = read(|target| format!("< {}", span(target.bound_us)));
    let met = read(|target| target.is_met().to_string());
    let part = read(|target| {
        let part = target.worst_us.unwrap_or(0) as f64 / target.bound_us.max(1) as f64;
        format!("{}%", (part * 100.0).clamp(0.0, 100.0).round() as u32)
    });
    view! {
        <li class="target" data-testid=live(move || id.get()) data-met=live(move || met.get()) title=live(move || what.get())>
            <span class="target-name">{text(move || name.get())}</span>
            <span class="target-worst">{text(move || worst.get())}</span>
            <span class="target-bound">{text(move || bound.get())}</span>
            <span class="target-bar" aria-hidden="true"><span style:width=live(move || part.get())></span></span>
            {when(move || met.get() == "false", move || view! { <span class="missed">" "{say("missed")}</span> })}
        </li>
    }
    .into_any()
}
