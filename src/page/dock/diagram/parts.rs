//! The parts beside the canvas: tools above it, what is said of the chosen events below it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::controller::{Board, State};
use crate::engine::job::Job;
use crate::language::{say, say_as, tr};
use crate::playback::Player;
use crate::view::diagram::causal_highlight::CausalSummary;
use crate::view::diagram::labels::{event_label, focused_label};
use crate::view::diagram::{Diagram, QueryResult};

/// The most jobs that can be picked from the list: the newest ones.
const JOBS_MAX: usize = 200;

/// The parts as they stand before anything is known. What is said has no markup and no quotes.
pub fn html() -> String {
    format!(
        r#"<div class="diagram-tools">
<button class="tool-chip" data-testid="diagram-fold" title="{fold_title}">{fold}</button>
<button class="tool-chip" data-testid="diagram-acknowledgements" title="{acknowledgements_title}">{acknowledgements}</button>
<button class="tool-chip" data-testid="diagram-heartbeats" title="{heartbeats_title}">{heartbeats}</button>
<button class="tool-chip" data-testid="diagram-compare" title="{compare_title}">{compare}</button>
<button class="tool-chip" data-testid="diagram-cut" title="{cut_title}">{cut}</button>
<span class="tool-group">
<button class="tool-chip" data-testid="diagram-out" title="{zoom_out_title}" aria-label="{zoom_out}">−</button>
<button class="tool-chip" data-testid="diagram-in" title="{zoom_in_title}" aria-label="{zoom_in}">+</button>
<button class="tool-chip" data-testid="diagram-all" title="{all_title}">{all}</button>
</span>
<button class="tool-chip" data-testid="diagram-follow" title="{follow_title}">{follow}</button>
<select class="tool-chip" data-testid="diagram-job" aria-label="{job}"><option value="">{jobs}</option></select>
<input class="diagram-query" type="search" data-testid="diagram-query" aria-label="{query}" placeholder="{query_like}"
aria-describedby="diagram-found" autocomplete="off" spellcheck="false">
<button class="tool-chip" data-testid="diagram-lines" hidden></button>
</div>
<p class="diagram-found" id="diagram-found" data-testid="diagram-found" role="status" hidden></p>
<div class="diagram-body">
<div class="diagram-names" data-testid="diagram-names"></div>
<div class="diagram-room">
<canvas class="diagram-canvas" id="diagram-canvas" data-testid="diagram-canvas" tabindex="0" role="application"
aria-label="{canvas}" aria-describedby="diagram-spoken"></canvas>
<p class="diagram-tip" data-testid="diagram-tip" aria-hidden="true" hidden></p>
</div>
</div>
<p class="diagram-verdict" data-testid="diagram-verdict" role="status" hidden></p>
<div class="relation" data-testid="relation" data-empty>
<span class="relation-event" data-testid="relation-event"></span>
<p class="relation-verdict" data-testid="relation-verdict"></p>
<span class="relation-counts" data-testid="relation-counts">
<span class="past"><b data-testid="relation-past"></b> {before}</span>
<span class="future"><b data-testid="relation-future"></b> {after}</span>
<span class="apart"><b data-testid="relation-concurrent"></b> {concurrent}</span>
</span>
<button class="tool-chip" data-testid="relation-job"></button>
<button class="tool-chip" data-testid="relation-clear" aria-label="{clear}" title="{clear_title}">×</button>
</div>
<p class="visually-hidden" id="diagram-spoken" data-testid="diagram-spoken" aria-live="polite"></p>"#,
        fold_title = say("Fold quiet time"),
        fold = say("Fold"),
        acknowledgements_title = say("Draw acknowledgements as arrows"),
        acknowledgements = say("Acknowledgements"),
        heartbeats_title = say("Draw heartbeats, their replies and gossip as arrows"),
        heartbeats = say("Heartbeats"),
        compare_title = say("The next event you select is the second one (Shift+click)"),
        compare = say("Compare"),
        cut_title = say("Draw a cut: drag its line or its handles"),
        cut = say("Cut"),
        zoom_out_title = say("Zoom out (-)"),
        zoom_out = say("Zoom out"),
        zoom_in_title = say("Zoom in (+)"),
        zoom_in = say("Zoom in"),
        all_title = say("The whole run (0)"),
        all = say_as("the whole run", "All"),
        follow_title = say("Keep the cursor in view"),
        follow = say_as("the cursor", "Follow"),
        job = say("Follow one job"),
        jobs = say("All jobs"),
        query = say("Filter events"),
        query_like = say("Filter: words, kind:job_started, A -> B"),
        canvas = say(
            "Space–time diagram. Arrow keys move between events, Enter selects, Shift+Enter compares, [ and ] follow a message, plus and minus zoom."
        ),
        before = say_as("so many events", "before"),
        after = say_as("so many events", "after"),
        concurrent = say_as("so many events", "concurrent"),
        clear = say("Clear selection"),
        clear_title = say("Clear selection (Esc)"),
    )
}

/// A part by its test id.
pub fn find(root: &Element, id: &str) -> Option<Element> {
    let selector = ["[data-testid=", id, "]"].concat();
    root.query_selector(&selector).ok().flatten()
}

/// What the parts say; written into the document when it changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    pressed: [bool; 6],
    job: Option<u32>,
    /// Which run: how many were loaded before it, and how often its record was replaced.
    run: (u32, u32),
    jobs: usize,
    hidden: usize,
    event: String,
    event_job: String,
    query: String,
    found: String,
    wrong: bool,
    causal_summary: Option<CausalSummary>,
    spoken: String,
    tip: (String, f64, f64),
    verdict: String,
}

impl Shown {
    /// What there is to say now.
    pub fn of(board: Board, state: &State, player: &Player, diagram: &Diagram) -> Shown {
        let event = board.session.ui.event.get_untracked();
        let trace = player.trace();
        let record = event
            .and_then(|seq| trace.get(seq))
            .map(|event| &event.record);
        let job = record.and_then(|record| record.job());
        let found = diagram.query_result();
        let keys = board.session.ui.keys;
        let load = keys.with_untracked(|keys| keys.first().map_or(0, |key| key.0));
        let words = |seq: Option<u32>| seq.map_or_else(String::new, |seq| event_label(player, seq));
        Shown {
            pressed: [
                diagram.camera.folded,
                diagram.filter_options.acknowledgements,
                diagram.filter_options.heartbeats,
                state.compare,
                state.follow,
                board.session.ui.cut.with_untracked(Option::is_some),
            ],
            job: diagram.filter_options.job,
            run: (load, player.epoch()),
            jobs: player
                .world()
                .system()
                .map_or(0, |system| system.jobs as usize),
            hidden: diagram.rows.hidden().len(),
            event: words(event),
            event_job: job.map_or_else(String::new, |job| job.to_string()),
            query: diagram.filter_options.query.clone(),
            wrong: found.as_ref().is_some_and(|found| found.is_error),
            found: found.map_or_else(String::new, |found| found_words(&found)),
            causal_summary: diagram.causal_summary().cloned(),
            spoken: focused_label(player, &diagram.highlight),
            tip: state.tip.clone(),
            verdict: diagram.judged_cut().sentence.clone(),
        }
    }

    /// Writes everything that is not so yet.
    pub fn write(&self, root: &Element, player: &Player, old: &Shown) {
        let names = [
            "fold",
            "acknowledgements",
            "heartbeats",
            "compare",
            "follow",
            "cut",
        ];
        for (name, pressed) in names.into_iter().zip(self.pressed) {
            if let Some(button) = find(root, &["diagram-", name].concat()) {
                let pressed = if pressed { "true" } else { "false" };
                let _ = button.set_attribute("aria-pressed", pressed);
            }
        }
        let hidden = if self.hidden > 0 {
            tr!("{n} hidden: show" | "{n} hidden: show" % self.hidden)
        } else {
            String::new()
        };
        fill(root, "diagram-lines", &hidden);
        self.write_jobs(root, player, old);
        self.write_chosen(root);
        self.write_query(root);
        fill(root, "diagram-spoken", &self.spoken);
        fill(root, "diagram-verdict", &self.verdict);
        self.write_tip(root);
    }

    fn write_jobs(&self, root: &Element, player: &Player, old: &Shown) {
        let Some(select) = find(root, "diagram-job") else {
            return;
        };
        // Going on adds the new jobs; going back, or to another run, begins anew.
        let goes_on = self.run == old.run && self.jobs >= old.jobs;
        let had = if goes_on { old.jobs } else { 0 };
        let kept = if goes_on { JOBS_MAX } else { 0 };
        let all_jobs = select.first_element_child();
        if self.jobs != had || !goes_on {
            trim(&select, kept);
            let from = had.max(self.jobs.saturating_sub(JOBS_MAX));
            let jobs = player.trace().jobs().iter();
            for job in jobs.take(self.jobs).skip(from) {
                // The newest stands first, after the option of all jobs.
                let before = all_jobs.as_ref().and_then(|all| all.next_sibling());
                if let Some(option) = option(job) {
                    let _ = select.insert_before(&option, before.as_ref());
                }
            }
            trim(&select, JOBS_MAX);
        }
        let chosen = self.job.map_or_else(String::new, |job| job.to_string());
        let _ = js_sys::Reflect::set(&select, &"value".into(), &chosen.into());
    }

    fn write_query(&self, root: &Element) {
        fill(root, "diagram-found", &self.found);
        if let Some(found) = find(root, "diagram-found") {
            let _ = found.toggle_attribute_with_force("data-wrong", self.wrong);
        }
        let input = find(root, "diagram-query").and_then(|input| input.dyn_into().ok());
        if let Some(input) = input {
            let input: HtmlInputElement = input;
            // Written only when it was changed elsewhere: whoever types keeps the caret.
            if input.value() != self.query {
                input.set_value(&self.query);
            }
        }
    }

    fn write_chosen(&self, root: &Element) {
        let causal_summary = self.causal_summary.clone().unwrap_or_default();
        for (id, count) in [
            ("relation-past", causal_summary.past),
            ("relation-future", causal_summary.future),
            ("relation-concurrent", causal_summary.concurrent),
        ] {
            fill(root, id, &count.to_string());
        }
        let chosen = !self.event.is_empty();
        let hint = say(
            "Click an event to see what happened before and after it. Shift+click a second one to compare them.",
        );
        // The verdict names both events.
        let event = match causal_summary.verdict {
            Some(_) => "",
            None if chosen => &self.event,
            None => hint,
        };
        fill(root, "relation-event", event);
        fill(
            root,
            "relation-verdict",
            &causal_summary.verdict.unwrap_or_default(),
        );
        let follow = if self.event_job.is_empty() {
            String::new()
        } else {
            tr!("Follow {job}", job = self.event_job)
        };
        fill(root, "relation-job", &follow);
        hide(root, "relation-counts", self.causal_summary.is_none());
        hide(root, "relation-clear", !chosen);
        // The strip keeps its room: were it to come with the first click of a double click, the second would miss.
        if let Some(strip) = find(root, "relation") {
            let _ = strip.toggle_attribute_with_force("data-empty", !chosen);
        }
    }

    fn write_tip(&self, root: &Element) {
        fill(root, "diagram-tip", &self.tip.0);
        let Some(tip) = find(root, "diagram-tip") else {
            return;
        };
        let (_, x, y) = self.tip;
        let room = tip.parent_element();
        let width = room.map_or(0.0, |room| f64::from(room.client_width()));
        // To the left of the pointer in the right half: it stays within the room.
        let side = if x > width / 2.0 { "left" } else { "right" };
        let _ = tip.set_attribute("data-side", side);
        let style = tip.dyn_into::<HtmlElement>();
        if let Ok(style) = style.map(|tip| tip.style()) {
            for (name, px) in [("left", x), ("top", y)] {
                let px = [&(px as i32).to_string(), "px"].concat();
                let _ = style.set_property(name, &px);
            }
        }
    }
}

/// "12 events (3 without a mark): job_started, class emergency".
fn found_words(found: &QueryResult) -> String {
    if found.is_error {
        return found.text.clone();
    }
    let query = &found.text;
    if found.hidden == 0 {
        return tr!(
            "{n} event: {query}" | "{n} events: {query}" % found.hits,
            query
        );
    }
    tr!(
        "{n} event ({hidden} without a mark): {query}"
            | "{n} events ({hidden} without a mark): {query}" % found.hits,
        hidden = found.hidden,
        query = query
    )
}

/// Leaves so many jobs in the list, the newest ones.
fn trim(select: &Element, jobs: usize) {
    while select.child_element_count() as usize > jobs + 1
        && let Some(last) = select.last_element_child()
    {
        last.remove();
    }
}

fn option(job: &Job) -> Option<Element> {
    let option = document().create_element("option").ok()?;
    let id = job.id.to_string();
    let named = [&id, " ", &job.name].concat();
    let text = if *job.name == *id { id } else { named };
    option.set_text_content(Some(&text));
    let _ = option.set_attribute("value", &job.id.0.to_string());
    Some(option)
}

/// Writes the text of a part, which is hidden while it has none.
fn fill(root: &Element, id: &str, text: &str) {
    if let Some(part) = find(root, id) {
        part.set_text_content(Some(text));
        hide(root, id, text.is_empty());
    }
}

fn hide(root: &Element, id: &str, hidden: bool) {
    if let Some(part) = find(root, id) {
        let _ = part.toggle_attribute_with_force("hidden", hidden);
    }
}
