//! The speed at clock pace: a logarithmic scale from 1/100× to 100×, with as fast as it goes at its end.

use leptos::prelude::*;

use crate::app::Session;
use crate::language::say;
use crate::page::parts::{live, text};
use crate::view::format::number;

/// Stops of the slider: twenty for each power of ten, and one more for "max".
const STOPS_PER_DECADE: f64 = 20.0;
const STOP_MAX: u32 = 81;

/// The multiplier at a stop: 0 is 1/100×, 40 is 1×, 80 is 100×, 81 is as fast as possible.
fn speed_at(stop: u32) -> f64 {
    if stop >= STOP_MAX {
        f64::INFINITY
    } else {
        libm::pow(10.0, f64::from(stop) / STOPS_PER_DECADE - 2.0)
    }
}

fn stop_of(speed: f64) -> u32 {
    if speed.is_infinite() {
        STOP_MAX
    } else {
        let stop = (libm::log10(speed) + 2.0) * STOPS_PER_DECADE;
        libm::round(stop).clamp(0.0, f64::from(STOP_MAX - 1)) as u32
    }
}

fn words(speed: f64) -> String {
    if speed.is_infinite() {
        say("max").to_owned()
    } else if speed < 0.95 {
        format!("1/{}×", (1.0 / speed).round() as u32)
    } else if speed < 9.5 {
        number((speed * 10.0).round() / 10.0) + "×"
    } else {
        format!("{}×", speed.round() as u32)
    }
}

/// The slider with its value.
#[component]
pub fn SpeedSlider() -> impl IntoView {
    let session = expect_context::<Session>();
    let speed = session.ui.speed;
    view! {
        <label class="speed-slider" title=say("Simulated time relative to real time, on a logarithmic scale")>
            <span class="visually-hidden">{say("Speed")}</span>
            <input
                type="range"
                min="0"
                max="81"
                step="1"
                data-testid="speed"
                aria-valuetext=live(move || words(speed.get()))
                prop:value=live(move || stop_of(speed.get()))
                on:input:target=move |event| {
                    if let Ok(stop) = event.target().value().parse::<u32>() {
                        session.set_speed(speed_at(stop));
                    }
                }
            />
            <span class="speed-value" aria-hidden="true">{text(move || words(speed.get()))}</span>
        </label>
    }
    .into_any()
}
