//! The scrubber: all of time on one line, with emergencies as bands and faults as marks.

use leptos::prelude::*;

use crate::app::Session;
use crate::language::{say, tr};
use crate::page::parts::{dynamic, live, press};
use crate::page::words;
use crate::view::scrubber::{EmergencyBand, ScrubberMark};

/// The scrubber.
#[component]
pub fn Scrubber() -> impl IntoView {
    let session = expect_context::<Session>();
    let ui = session.ui;
    let end_ms = Memo::new(move |_| (ui.end_us.get() / 1000).max(1));
    let now_ms = Memo::new(move |_| (ui.now_us.get() / 1000.0) as u64);
    let part = Memo::new(move |_| css(percent(ui.now_us.get(), ui.end_us.get())));
    let spoken = move || {
        tr!(
            "{now} of {end} seconds",
            now = ui.now_us.get() as u64 / 1_000_000,
            end = ui.end_us.get() / 1_000_000
        )
    };
    // While something is to be predicted, nothing beyond the cursor is shown.
    let until_us = Memo::new(move |_| match ui.lessons.predicting.get() {
        true => ui.now_us.get() as u64,
        false => u64::MAX,
    });
    let bands = move || {
        let end_us = ui.end_us.get();
        ui.marks.with(|marks| {
            marks
                .bands
                .iter()
                .filter(|one| one.from_us <= until_us.get())
                .map(|one| band(one, end_us, until_us.get()))
                .collect_view()
                .into_any()
        })
    };
    let marks = move || {
        let end_us = ui.end_us.get();
        ui.marks.with(|marks| {
            marks
                .marks
                .iter()
                .filter(|one| one.t_us <= until_us.get())
                .map(|one| mark(session, one, end_us))
                .collect_view()
                .into_any()
        })
    };
    let named = move || {
        let end_us = ui.end_us.get();
        let all = ui.marks.with(|marks| marks.named.clone());
        let flags = all.into_iter().map(|(t_us, name)| {
            view! {
                <span
                    class="named-mark"
                    title=name
                    style:left=css(percent(t_us as f64, end_us))
                    on:click=press(move || session.seek(t_us))
                ></span>
            }
        });
        flags.collect_view().into_any()
    };
    view! {
        <div class="scrubber">
            <div class="bands" aria-hidden="true">{dynamic(bands)}</div>
            <div class="track" aria-hidden="true"><span style:width=live(move || part.get())></span></div>
            <input
                type="range"
                data-testid="scrubber"
                aria-label=say("Time")
                aria-valuetext=spoken
                min="0"
                max=live(move || end_ms.get().to_string())
                step="1"
                prop:value=live(move || now_ms.get().to_string())
                on:input:target=move |event| {
                    if let Ok(ms) = event.target().value().parse::<u64>() {
                        session.seek(ms * 1000);
                    }
                }
            />
            <div class="fault-marks" aria-hidden="true">{dynamic(marks)}{dynamic(named)}</div>
        </div>
    }
    .into_any()
}

fn percent(t_us: f64, end_us: u64) -> f64 {
    (t_us * 1000.0 / end_us.max(1) as f64)
        .round()
        .clamp(0.0, 1000.0)
        / 10.0
}

fn css(percent: f64) -> String {
    words::decimal(percent) + "%"
}

fn band(band: &EmergencyBand, end_us: u64, until_us: u64) -> AnyView {
    let from = percent(band.from_us as f64, end_us);
    let to = percent(band.to_us.min(until_us) as f64, end_us);
    let words = tr!(
        "{level} from {time}",
        level = band.level.name(),
        time = words::clock_short(band.from_us)
    );
    view! {
        <span
            class="band"
            data-level=words::level_class(band.level)
            title=words
            style:left=css(from)
            style:width=css(to - from)
        ></span>
    }
    .into_any()
}

/// A mark for the mouse alone: the log and the scrubber give everyone the same moments.
fn mark(session: Session, mark: &ScrubberMark, end_us: u64) -> AnyView {
    let words = tr!(
        "{what} at {time}",
        what = mark.label,
        time = words::clock_short(mark.t_us)
    );
    let t_us = mark.t_us;
    view! {
        <span
            class="fault-mark"
            class:ends=!mark.begins
            title=words
            style:left=css(percent(mark.t_us as f64, end_us))
            on:click=press(move || session.seek(t_us))
        ></span>
    }
    .into_any()
}
