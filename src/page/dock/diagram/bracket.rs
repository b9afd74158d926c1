//! The window of the diagram as a bracket on the scrubber: one time axis, two looks at it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::view::format::decimal;

/// The bracket; made when it is first shown.
#[derive(Default)]
pub struct Bracket(Option<HtmlElement>);

impl Bracket {
    /// Shows a window of time on the scrubber, which ends at `end_us`; all in µs.
    pub fn show(&mut self, from_us: f64, to_us: f64, end_us: u64) {
        if self.0.is_none() {
            self.0 = make();
        }
        let Some(bracket) = &self.0 else { return };
        let percent = |t_us: f64| (t_us * 100.0 / end_us.max(1) as f64).clamp(0.0, 100.0);
        let (from, to) = (percent(from_us), percent(to_us));
        for (name, value) in [("left", from), ("width", to - from)] {
            let value = [&decimal(value), "%"].concat();
            let _ = bracket.style().set_property(name, &value);
        }
    }
}

impl Drop for Bracket {
    fn drop(&mut self) {
        if let Some(bracket) = &self.0 {
            bracket.remove();
        }
    }
}

fn make() -> Option<HtmlElement> {
    let track = document().query_selector(".scrubber .track").ok()??;
    let bracket: HtmlElement = document().create_element("i").ok()?.dyn_into().ok()?;
    bracket.set_class_name("track-window");
    track.append_child(&bracket).ok()?;
    Some(bracket)
}
