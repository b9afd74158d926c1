//! The transport: play, steps, time, pace and speed, with the scrubber between them.

mod history;
mod menu;
mod scrubber;
mod speed;

use leptos::prelude::*;

use self::history::History;
use self::scrubber::Scrubber;
use self::speed::SpeedSlider;
use super::words;
use crate::app::Session;
use crate::language::mark;
use crate::language::say;
use crate::page::parts::{dynamic, live, press, text};
use crate::playback::{Pace, StepUnit};

const RESTART: &str = "M3 3v10M13 3.5L6 8l7 4.5z";
const BACK: &str = "M11 3.5L5 8l6 4.5z";
const FORWARD: &str = "M5 3.5L11 8l-6 4.5z";
const PLAY: &str = "M4.5 2.5L13 8l-8.500 5.5z";
const PAUSE: &str = "M4.5 3v10M11.500 3v10";

/// Multipliers offered at event pace, with their names.
const EVENT_SPEEDS: [(f64, &str); 4] = [
    (0.25, "¼×"),
    (1.0, "1×"),
    (4.0, "4×"),
    (f64::INFINITY, mark!("max")),
];
fn icon(d: &'static str) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=d></path></svg> }
}

/// The transport.
#[component]
pub fn Transport() -> impl IntoView {
    let session = expect_context::<Session>();
    let playing = session.ui.playing;
    view! {
        <footer class="transport" data-testid="transport" aria-label=say("Transport")>
            <div class="transport-buttons">
                <button class="tool" data-testid="restart" aria-label=say("Back to the beginning") title=say("Back to the beginning") on:click=press(move || session.seek(0))>
                    {icon(RESTART)}
                </button>
                <button class="tool" data-testid="step-back" aria-label=say("Step back") title=say("Step back (←)") on:click=press(move || session.step(false))>
                    {icon(BACK)}
                </button>
                <button
                    class="tool play"
                    data-testid="play"
                    aria-label=live(move || if playing.get() { say("Pause") } else { say("Play") })
                    title=say("Play or pause (space)")
                    on:click=press(move || session.toggle())
                >
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d=move || if playing.get() { PAUSE } else { PLAY }></path>
                    </svg>
                </button>
                <button class="tool step" data-testid="step-forward" aria-label=say("Step forward") title=say("Step forward (→)") on:click=press(move || session.step(true))>
                    {icon(FORWARD)}
                </button>
            </div>
            <History />
            <Clock />
            <Scrubber />
            <div class="transport-pace">
                <PaceAndSpeed />
                <Unit />
            </div>
        </footer>
    }
    .into_any()
}

#[component]
fn Clock() -> impl IntoView {
    let ui = expect_context::<Session>().ui;
    view! {
        <p class="clock">
            <span class="clock-now" data-testid="time">{text(move || words::clock(ui.now_us.get()))}</span>
            <span class="clock-end" data-testid="end">" / " {text(move || words::clock(ui.end_us.get() as f64))}</span>
            <Rate />
        </p>
    }
    .into_any()
}

/// How fast time really goes at this moment.
#[component]
fn Rate() -> impl IntoView {
    let ui = expect_context::<Session>().ui;
    let words = Memo::new(move |_| {
        if ui.playing.get() {
            words::rate(ui.rate.get())
        } else {
            say("paused").to_owned()
        }
    });
    view! {
        <span class="rate" data-testid="rate" title=say("Simulated time relative to real time, measured now")>
            {text(move || words.get())}
        </span>
    }
    .into_any()
}

#[component]
fn PaceAndSpeed() -> impl IntoView {
    let session = expect_context::<Session>();
    let pace = session.ui.pace;
    let choices = move || {
        if pace.get() == Pace::Clock {
            return view! { <SpeedSlider /> }.into_any();
        }
        let choice = |&(speed, words): &(f64, &'static str)| {
            let pressed = move || (session.ui.speed.get() == speed).to_string();
            let id = match words {
                "¼×" => "1/4x".to_owned(),
                other => other.replace('×', "x"),
            };
            view! {
                <button
                    class="speed"
                    data-testid=format!("speed-{id}")
                    aria-pressed=pressed
                    on:click=press(move || session.set_speed(speed))
                >
                    {say(words)}
                </button>
            }
        };
        let buttons = EVENT_SPEEDS.iter().map(choice).collect_view();
        view! { <div class="speeds" role="group" aria-label=say("Speed")>{buttons}</div> }
            .into_any()
    };
    view! {
        <label class="inline-field">
            <span class="visually-hidden">{say("Pace")}</span>
            <select
                data-testid="pace"
                title=say("By event: slow enough to see each message. By clock: in proportion to simulated time.")
                on:change:target=move |event| {
                    let clock = event.target().value() == "clock";
                    session.set_pace(if clock { Pace::Clock } else { Pace::Event });
                }
            >
                <option value="event" selected=move || pace.get() == Pace::Event>{say("by event")}</option>
                <option value="clock" selected=move || pace.get() == Pace::Clock>{say("by clock")}</option>
            </select>
        </label>
        {dynamic(choices)}
    }
    .into_any()
}

#[component]
fn Unit() -> impl IntoView {
    let unit = expect_context::<Session>().ui.unit;
    let units = [
        (StepUnit::Event, "event", say("step: event")),
        (StepUnit::Message, "message", say("step: message")),
        (StepUnit::Command, "command", say("step: command")),
        (StepUnit::Emergency, "emergency", say("step: emergency")),
    ];
    let options = units.map(|(choice, name, words)| {
        view! { <option value=name selected=move || unit.get() == choice>{words}</option> }
    });
    view! {
        <label class="inline-field">
            <span class="visually-hidden">{say("Size of a step")}</span>
            <select
                data-testid="step-unit"
                on:change:target=move |event| {
                    let value = event.target().value();
                    if let Some((choice, ..)) = units.iter().find(|choice| choice.1 == value) {
                        unit.set(*choice);
                    }
                }
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}
