//! The frame loop: one closure, asked for while there is something to move and silent otherwise.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The longest stretch of wall time that one frame may make up for, in ms: after a hiccup the run goes
/// on where it was instead of jumping.
const FRAME_MS_MAX: f64 = 100.0;

/// The one animation frame that is or is not asked for.
#[derive(Default)]
pub struct Frames {
    closure: Option<Closure<dyn FnMut(f64)>>,
    pending: Option<i32>,
    last_ms: Option<f64>,
}

impl Frames {
    /// Takes what is called in each frame, with the moment of the browser's clock in ms.
    pub fn install(&mut self, tick: impl FnMut(f64) + 'static) {
        self.closure = Some(Closure::new(tick));
    }

    /// Asks for a frame unless one is on its way.
    pub fn wake(&mut self) {
        if self.pending.is_some() {
            return;
        }
        let (Some(window), Some(closure)) = (web_sys::window(), &self.closure) else {
            return;
        };
        self.pending = window
            .request_animation_frame(closure.as_ref().unchecked_ref())
            .ok();
    }

    /// A frame has come: how much wall time it stands for, in ms.
    pub fn come(&mut self, now_ms: f64) -> f64 {
        self.pending = None;
        let wall_ms = self
            .last_ms
            .map_or(0.0, |last| (now_ms - last).clamp(0.0, FRAME_MS_MAX));
        self.last_ms = Some(now_ms);
        wall_ms
    }

    /// After the last frame for now: the next one begins a new count of wall time.
    pub fn rest(&mut self) {
        self.last_ms = None;
    }

    /// Takes the pending frame back.
    pub fn cancel(&mut self) {
        if let (Some(handle), Some(window)) = (self.pending.take(), web_sys::window()) {
            let _ = window.cancel_animation_frame(handle);
        }
    }
}
