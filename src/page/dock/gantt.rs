//! A Gantt chart of slots as a few SVG paths, one for each style: thousands of bars cost six elements.

use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::analysis::slots::End;
use crate::app::Session;
use crate::engine::job::Class;
use crate::engine::record::FaultKind;
use crate::language::{say, say_as};
use crate::page::embedding::leaves_wheel;
use crate::page::parts::{coarse, dynamic, live, press, text};
use crate::view::format::{self, decimal, split_name};
use crate::view::gantt::{Gantt, TimeWindow};
use crate::view::inspect::Inspectable;

/// The charts are computed so wide and stretched to the room there is.
pub const WIDTH: f64 = 1000.0;

/// What the charts of one view share: the part of time in sight, or all of it.
pub type VisibleSpan = RwSignal<Option<TimeWindow>>;

/// The part of time in sight.
pub fn span(session: Session, sight: VisibleSpan) -> TimeWindow {
    let end_us = session.ui.end_us.get();
    sight.get().unwrap_or(TimeWindow::whole(end_us * 1000))
}

fn change(session: Session, sight: VisibleSpan, how: impl FnOnce(TimeWindow, u64) -> TimeWindow) {
    let end_ns = session.ui.end_us.get_untracked() * 1000;
    let whole = TimeWindow::whole(end_ns);
    let new = how(sight.get_untracked().unwrap_or(whole), end_ns);
    sight.set((new != whole).then_some(new));
}

fn zoom(session: Session, sight: VisibleSpan, factor: f64, place: f64) {
    change(session, sight, |span, end_ns| {
        span.zoomed(factor, place, end_ns)
    });
}

fn pan(session: Session, sight: VisibleSpan, share: f64) {
    change(session, sight, |span, end_ns| span.moved(share, end_ns));
}

/// Closer, wider, everything.
pub fn zoom_buttons(session: Session, sight: VisibleSpan) -> AnyView {
    view! {
        <div class="gantt-tools" role="group" aria-label=say("Zoom")>
            <button class="tool" aria-label=say("Zoom in") title=say("Zoom in (+)") on:click=press(move || zoom(session, sight, 0.5, 0.5))>"+"</button>
            <button class="tool" aria-label=say("Zoom out") title=say("Zoom out (-)") on:click=press(move || zoom(session, sight, 2.0, 0.5))>"−"</button>
            <button class="tool" title=say("The whole run (Home)") on:click=press(move || sight.set(None))>{say_as("the whole run", "all")}</button>
        </div>
    }
    .into_any()
}

/// The least distance of two rows, in px: each has a name to choose its executor by.
pub fn row_px_min() -> f64 {
    if coarse() { 44.0 } else { 24.0 }
}

/// Where a pointer is, from 0 to 1 across the chart, and in px below its top.
fn place(event: &web_sys::MouseEvent) -> Option<(f64, f64)> {
    let target = event.current_target()?.dyn_into::<Element>().ok()?;
    let area = target.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
    Some((x, f64::from(event.client_y()) - area.top()))
}

/// One chart. `selects` says whether its jobs are those of the run on the stage.
pub fn chart(
    session: Session,
    sight: VisibleSpan,
    id: &'static str,
    selects: bool,
    read: impl Fn() -> Gantt + Send + Sync + 'static,
) -> AnyView {
    let gantt = Memo::new(move |_| read());
    let height = move || gantt.with(|gantt| format!("{}px", gantt.height as i64));
    let bars = move |wanted: fn(&crate::view::gantt::Bar) -> bool| {
        live(move || gantt.with(|gantt| gantt.path(wanted)))
    };
    let faults = move |wanted: fn(FaultKind) -> bool| {
        live(move || gantt.with(|gantt| gantt.outage_path(wanted)))
    };
    let followed = live(move || {
        let job = session.ui.job.get().filter(|_| selects);
        gantt.with(|gantt| gantt.path(|bar| Some(bar.job.0) == job))
    });
    let cursor = live(move || {
        let now_ns = (session.ui.now_us.get() * 1e3) as u64;
        decimal(span(session, sight).x(now_ns, WIDTH).clamp(-1.0, WIDTH))
    });
    let veil = live(move || {
        let now_ns = (session.ui.now_us.get() * 1e3) as u64;
        let x = span(session, sight).x(now_ns, WIDTH).clamp(0.0, WIDTH);
        let (x, height) = (decimal(x), gantt.with(|gantt| gantt.height as i64));
        format!("M{x} 0H1000V{height}H{x}z")
    });
    let choose = move |event: leptos::ev::MouseEvent| {
        let Some((x, y)) = place(&event) else { return };
        let now_us = session.ui.now_us.get_untracked();
        let is_veiled = session.ui.lessons.predicting.get_untracked()
            && span(session, sight).t_us(x, 1.0) as f64 > now_us;
        if is_veiled {
            return;
        }
        let hit = gantt.with(|gantt| gantt.at(x * WIDTH, y).map(|bar| (bar.job, bar.seq)));
        if let (Some((job, seq)), true) = (hit, selects) {
            session.ui.event.set(Some(seq));
            session.look(Inspectable::Job(job.0));
        }
    };
    view! {
        <div class="gantt" data-testid=id>
            <p class="gantt-axis">{dynamic(move || {
                let span = span(session, sight);
                let label = |fifth: u8| {
                    let t_us = span.t_us(fifth.into(), 5.0);
                    view! { <span>{format::clock_short(t_us)}</span> }
                };
                (0..=5).map(label).collect_view().into_any()
            })}</p>
            {names(session, gantt)}
            <svg
                class="gantt-chart"
                viewBox=live(move || format!("0 0 1000 {}", gantt.with(|gantt| gantt.height.max(1.0) as i64)))
                preserveAspectRatio="none"
                style:height=live(height)
                role="img"
                tabindex="0"
                aria-label=live(move || gantt.with(|gantt| gantt.summary()))
                on:click=choose
                on:dblclick=move |event| {
                    if let Some((x, _)) = place(&event) {
                        session.seek(span(session, sight).t_us(x, 1.0));
                    }
                }
                on:wheel=move |event: WheelEvent| wheel(session, sight, &event)
                on:pointermove=move |event: PointerEvent| drag(session, sight, &event)
                on:keydown=move |event: KeyboardEvent| key(session, sight, &event)
            >
                <path class="outage crash" d=faults(|fault| fault == FaultKind::Crash)></path>
                <path class="outage hang" d=faults(|fault| fault == FaultKind::Hang)></path>
                <path class="outage other" d=faults(|fault| matches!(fault, FaultKind::Partition | FaultKind::Split | FaultKind::Slow))></path>
                <path class="bar normal" d=bars(|bar| bar.class == Class::Normal)></path>
                <path class="bar emergency" d=bars(|bar| bar.class == Class::Emergency)></path>
                <path class="bar cut-short" d=bars(|bar| matches!(bar.end, End::Paused | End::Lost))></path>
                <path class="bar followed" d=followed></path>
                <path class="veil" d=veil></path>
                <line class="now" x1=cursor y1="0" y2="100%" x2=live(move || {
                    let now_ns = (session.ui.now_us.get() * 1e3) as u64;
                    decimal(span(session, sight).x(now_ns, WIDTH).clamp(-1.0, WIDTH))
                })></line>
            </svg>
        </div>
    }
    .into_any()
}

fn names(session: Session, gantt: Memo<Gantt>) -> AnyView {
    let rows = Memo::new(move |_| gantt.with(|gantt| gantt.rows.clone()));
    let all = move || {
        let name = |row: crate::view::gantt::GanttRow| {
            let index = row.process.0;
            let (whole_name, called) = (row.name.clone(), row.name.clone());
            let (begin, end) = split_name(&row.name);
            let (begin, end) = (begin.to_owned(), end.to_owned());
            view! {
                <button
                    class=format!("gantt-name halves hue-{} pattern-{}", index % 8, index / 8 % 4)
                    style:top=decimal(row.y - 4.0) + "px"
                    style:height=decimal(row.height + 8.0) + "px"
                    style:line-height=decimal(row.height + 8.0) + "px"
                    title=whole_name
                    aria-label=called
                    on:click=press(move || session.select(index))
                >
                    <span>{begin}</span>
                    {end}
                </button>
            }
        };
        rows.get().into_iter().map(name).collect_view().into_any()
    };
    view! { <div class="gantt-names">{dynamic(all)}</div> }.into_any()
}

fn wheel(session: Session, sight: VisibleSpan, event: &WheelEvent) {
    let Some((x, _)) = place(event) else { return };
    // A plain vertical wheel belongs to the page around; it scrolls.
    if event.ctrl_key() || event.meta_key() {
        event.prevent_default();
        zoom(
            session,
            sight,
            if event.delta_y() > 0.0 { 1.25 } else { 0.8 },
            x,
        );
    } else if (event.delta_x() != 0.0 || event.shift_key()) && !leaves_wheel() {
        event.prevent_default();
        let by = if event.shift_key() {
            event.delta_y()
        } else {
            event.delta_x()
        };
        pan(session, sight, by / 800.0);
    }
}

fn drag(session: Session, sight: VisibleSpan, event: &PointerEvent) {
    if event.buttons() & 1 == 0 || event.movement_x() == 0 {
        return;
    }
    let target = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(target) = target {
        let width = target.get_bounding_client_rect().width().max(1.0);
        pan(session, sight, -f64::from(event.movement_x()) / width);
    }
}

fn key(session: Session, sight: VisibleSpan, event: &KeyboardEvent) {
    match event.key().as_str() {
        "+" | "=" => zoom(session, sight, 0.5, 0.5),
        "-" => zoom(session, sight, 2.0, 0.5),
        "ArrowLeft" => pan(session, sight, -0.2),
        "ArrowRight" => pan(session, sight, 0.2),
        "Home" => sight.set(None),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// What the colours mean.
pub fn key_of_colours() -> AnyView {
    let entry = |class: &'static str, words: &'static str| {
        view! { <span class=format!("gantt-key {class}")>{words}</span> }
    };
    view! {
        <p class="gantt-keys">
            {entry("normal", say("normal job"))}
            {entry("emergency", say("emergency job"))}
            {entry("cut-short", say("paused or lost"))}
            {entry("crash", say("crashed"))}
            {entry("hang", say("hung"))}
            {entry("other", say("slow or cut off"))}
        </p>
    }
    .into_any()
}

/// A text beside a chart.
pub fn caption(read: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    view! { <p class="gantt-caption">{text(read)}</p> }.into_any()
}
