//! The log: what happened, a sentence a line, in the order of the trace. Only the lines in sight are in the
//! document, so that a million of them cost nothing.

use leptos::html::{Div, Ol, P};
use leptos::prelude::*;

use crate::app::Session;
use crate::engine::record::Record;
use crate::language::mark;
use crate::language::{say, say_as};
use crate::page::html::{Html, Painted};
use crate::page::parts::{choice, effect, go_there, option, watch_size};
use crate::page::words;
use crate::view::inspect::Inspectable;
use crate::view::log::{Importance, LogLine};
use crate::view::log_list::{LogFilter, LogList, ProcessFilter};
use crate::view::window::Scroll;

/// Choices of how much is shown.
const WEIGHTS: [(Importance, &str, &str); 3] = [
    (Importance::Notable, "loud", mark!("important only")),
    (Importance::Normal, "plain", mark!("jobs and messages")),
    (Importance::Background, "quiet", mark!("everything")),
];
/// Events looked at in one frame.
const EVENTS_MAX: u32 = 40_000;
/// How high a line is, in CSS pixels: on a wide screen, and on a phone. `style/log.css` agrees.
const LINE: f64 = 24.0;
const LINE_PHONE: f64 = 44.0;

/// What the log shows and remembers while other views are looked at.
#[derive(Clone, Copy)]
pub struct LogState {
    filter: RwSignal<LogFilter>,
    list: StoredValue<LogList>,
    words: NodeRef<P>,
}

impl LogState {
    /// Everything but heartbeats.
    pub fn new() -> LogState {
        LogState {
            filter: RwSignal::new(LogFilter::default()),
            list: StoredValue::new(LogList::default()),
            words: NodeRef::new(),
        }
    }
}

/// The filters and the lines.
#[component]
pub fn Log(state: LogState) -> impl IntoView {
    view! {
        <div class="log-view">
            <Filters state=state />
            <p class="log-words" data-testid="log-words" role="status" node_ref=state.words></p>
            <Lines state=state />
        </div>
    }
    .into_any()
}

#[component]
fn Filters(state: LogState) -> impl IntoView {
    let session = expect_context::<Session>();
    let filter = state.filter;
    let weights = move |html: &mut Html| {
        let chosen = filter.with(|filter| filter.importance);
        for (importance, value, words) in WEIGHTS {
            option(html, value, say(words), importance == chosen);
        }
    };
    let processes = move |html: &mut Html| {
        let process = filter.with(|filter| filter.process);
        option(
            html,
            "",
            say("all processes"),
            process == ProcessFilter::All,
        );
        session.ui.keys.with(|keys| {
            for (_, index) in keys {
                let index = *index as u16;
                let name = session.name(index);
                option(
                    html,
                    &index.to_string(),
                    &name,
                    process == ProcessFilter::Process(index),
                );
            }
        });
        option(
            html,
            "environment",
            say("environment"),
            process == ProcessFilter::Environment,
        );
    };
    let kinds = move |html: &mut Html| {
        let chosen = filter.with(|filter| filter.kind.clone());
        option(html, "", say("all kinds"), chosen.is_empty());
        for kind in Record::KINDS {
            option(html, kind, kind, chosen == kind);
        }
    };
    let query = session.ui.query;
    view! {
        <div class="log-tools">
            {choice(say("Show"), "log-filter", Box::new(weights), Box::new(move |value| {
                if let Some((importance, ..)) = WEIGHTS.iter().find(|choice| choice.1 == value) {
                    filter.update(|filter| filter.importance = *importance);
                }
            }))}
            {choice(say_as("events of a process", "Of"), "log-process", Box::new(processes), Box::new(move |value| {
                let process = match value.parse() {
                    Ok(index) => ProcessFilter::Process(index),
                    Err(_) if value.is_empty() => ProcessFilter::All,
                    Err(_) => ProcessFilter::Environment,
                };
                filter.update(|filter| filter.process = process);
            }))}
            {choice(say("Kind"), "log-kind", Box::new(kinds), Box::new(move |value| {
                filter.update(|filter| filter.kind = value);
            }))}
            <input
                type="search"
                data-testid="log-query"
                aria-label=say("Search")
                placeholder=say("Search: words, kind:job_started, A -> B")
                prop:value=move || query.get()
                on:input:target=move |event| query.set(event.target().value())
            />
        </div>
    }
    .into_any()
}

#[component]
fn Lines(state: LogState) -> impl IntoView {
    let session = expect_context::<Session>();
    let (place, space, rows) = (
        NodeRef::<Div>::new(),
        NodeRef::<Div>::new(),
        NodeRef::<Ol>::new(),
    );
    let size = RwSignal::new((0.0, 0.0));
    watch_size(place, size);
    // Scrolling, and looking on at what one frame was too short for.
    let tick = RwSignal::new(0u32);
    let painted = StoredValue::new_local(Painted::default());
    // ProcessFilter reads elsewhere is not torn away while time passes; any other move of the cursor is followed.
    let follows = StoredValue::new(true);
    let cursor = StoredValue::new(None);
    effect(move || {
        session.ui.revision.track();
        tick.track();
        let (_, view_px) = size.get();
        let playing = session.ui.playing.get();
        let chosen = session.ui.event.get();
        let predicting = session.ui.lessons.predicting.get();
        let (Some(place), Some(space), Some(rows)) = (place.get(), space.get(), rows.get()) else {
            return;
        };
        let mut filter = state.filter.get();
        filter.query = session.ui.query.get();
        let mut html = Html::default();
        let mut done = true;
        let mut words = String::new();
        state.list.update_value(|list| {
            session.read(|player| {
                list.set_filter(filter);
                done = list.follow(player, EVENTS_MAX, !playing);
                words = list.summary(player);
                let count = player.count();
                let shown = match predicting {
                    true => list.before(count),
                    false => list.count(),
                };
                let scroll = Scroll {
                    count: shown,
                    row_px: line_px(),
                    view_px,
                };
                let px = format!("{}px", scroll.space_px());
                let _ = (*space).style().set_property("height", &px);
                let now = list.before(count).checked_sub(1);
                // What stood in sight stands there too when the opening has shrunk.
                let stand = Some((count, now, view_px as u32));
                let moved = cursor.get_value() != stand;
                let mut scrolled_px = f64::from(place.scroll_top());
                if let Some(row) = now.filter(|_| moved && (!playing || follows.get_value())) {
                    scrolled_px = scroll.to_show(scrolled_px, row);
                    place.set_scroll_top(scrolled_px.round() as i32);
                    follows.set_value(true);
                } else {
                    follows.set_value(now.is_none_or(|row| scroll.shows(scrolled_px, row)));
                }
                cursor.set_value(stand);
                let window = scroll.window(scrolled_px);
                let shift = format!("translateY(-{}px)", window.hidden_px);
                let _ = (*rows).style().set_property("transform", &shift);
                for (row, line) in
                    (window.first..).zip(list.lines(player, window.first, window.shown))
                {
                    let is_chosen = chosen == Some(line.seq);
                    write(
                        &mut html,
                        &line,
                        Some(row) == now,
                        line.seq >= count,
                        is_chosen,
                    );
                }
            });
        });
        if state.list.with_value(|list| list.count()) == 0 {
            html.leaf("li", "log-empty", say("No events match."));
        }
        painted.update_value(|painted| painted.paint(&rows, html));
        if let Some(place) = state.words.get() {
            place.set_text_content(Some(&words));
            place.set_title(&words);
        }
        if !done {
            request_animation_frame(move || {
                let _ = tick.try_update(|tick| *tick += 1);
            });
        }
    });
    view! {
        <div
            class="log"
            data-testid="log"
            tabindex="0"
            role="region"
            aria-label=say("Log")
            node_ref=place
            on:scroll=move |_| tick.update(|tick| *tick += 1)
            on:click=go_there(session)
        >
            <ol class="log-rows" node_ref=rows></ol>
            <div node_ref=space></div>
        </div>
    }
    .into_any()
}

fn line_px() -> f64 {
    let width = window().inner_width().ok();
    let width = width.and_then(|width| width.as_f64());
    if width.is_some_and(|width| width <= 920.0) {
        LINE_PHONE
    } else {
        LINE
    }
}

/// One event; a click looks at it and goes to its moment.
fn write(html: &mut Html, line: &LogLine, now: bool, later: bool, chosen: bool) {
    let hue = line.process.map_or("environment".to_owned(), words::hue);
    let importance = match line.importance {
        Importance::Background => "quiet",
        Importance::Normal => "plain",
        Importance::Notable => "loud",
    };
    let is = |yes: bool, class: &'static str| if yes { class } else { "" };
    let class = [
        "log-line ",
        importance,
        " ",
        &hue,
        is(now, " now"),
        is(later, " later"),
        is(chosen, " chosen"),
    ];
    html.put("<li>");
    html.open("button", "class", &class.concat());
    html.also("data-go", &Inspectable::Event(line.seq).to_string());
    html.also("data-kind", line.kind);
    html.also("data-level", line.level.map_or("", words::level_class));
    html.also("title", &line.text);
    if now {
        html.also("aria-current", "true");
    }
    html.leaf("span", "log-time", &words::clock(line.t_us as f64));
    html.leaf("span", "log-process", &words::short(&line.process_name, 15));
    html.leaf("span", "log-text", &line.text);
    html.put("</button></li>");
}
