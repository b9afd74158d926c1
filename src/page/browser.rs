//! The browser as the state of the page needs it: storage, animation frames, timers, and the scene to paint.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

use super::frame::Frames;
use super::scene::Scene;
use super::storage;
use crate::app::{LessonEvent, Platform, Session};
use crate::playback::Player;
use crate::scenario::ScenarioErrors;

/// Up to this width in CSS pixels the page shows one part at a time, as on a phone.
const PHONE_PX: f64 = 920.0;

/// The scene, which components of the stage get from their context.
pub type SceneHandle = StoredValue<Scene, LocalStorage>;

struct Browser {
    frames: StoredValue<Frames, LocalStorage>,
    scene: SceneHandle,
}

impl Platform for Browser {
    fn recall(&self, name: &str) -> Option<String> {
        storage::recall(name)
    }

    fn remember(&self, name: &str, text: &str) {
        storage::remember(name, text);
    }

    fn is_narrow(&self) -> bool {
        let width = window().inner_width().ok().and_then(|it| it.as_f64());
        width.is_some_and(|width| width <= PHONE_PX)
    }

    fn request_frame(&self) {
        let _ = self.frames.try_update_value(Frames::wake);
    }

    fn set_timeout(&self, delay: Duration, then: Box<dyn FnOnce()>) {
        leptos::prelude::set_timeout(then, delay);
    }

    fn paint(&self, player: &Player) {
        self.scene.update_value(|scene| scene.paint(player));
    }

    fn clear_painted(&self) {
        self.scene.update_value(Scene::clear);
    }

    /// Dispatches an event `triage-lesson` on the window.
    fn report(&self, event: LessonEvent) {
        match event {
            LessonEvent::Answered {
                lesson,
                step,
                attempt,
                right,
            } => dispatch(&[
                ("kind", "answer".into()),
                ("lesson", lesson.into()),
                ("step", (step as u32).into()),
                ("attempt", attempt.into()),
                ("right", right.into()),
            ]),
            LessonEvent::Finished {
                lesson,
                right,
                questions,
                code,
            } => dispatch(&[
                ("kind", "finish".into()),
                ("lesson", lesson.into()),
                ("right", right.into()),
                ("questions", questions.into()),
                ("code", code.into()),
            ]),
        }
    }
}

fn dispatch(fields: &[(&str, JsValue)]) {
    let detail = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&detail, &JsValue::from_str(name), value);
    }
    let init = CustomEventInit::new();
    init.set_detail(&detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict("triage-lesson", &init) {
        let _ = window().dispatch_event(&event);
    }
}

/// Starts a session whose frames go on for as long as the page lives, and provides both it and its scene as contexts.
///
/// # Errors
/// Lists everything that is wrong with the scenario.
pub fn start(json: &str) -> Result<Session, ScenarioErrors> {
    let frames = StoredValue::new_local(Frames::default());
    let scene = StoredValue::new_local(Scene::default());
    let still = prefers_less_motion();
    scene.update_value(|scene| scene.still = still);
    let session = Session::new(json, Rc::new(Browser { frames, scene }))?;
    session.ui.still.set(still);
    frames.update_value(|all| all.install(move |now_ms| on_frame(session, frames, now_ms)));
    on_cleanup(move || {
        let _ = frames.try_update_value(Frames::cancel);
    });
    let is_log = session.ui.is_log;
    super::parts::effect(move || {
        if let Some(root) = document().document_element() {
            // Style sheets hide what a log of another system lacks.
            let _ = root.toggle_attribute_with_force("data-log", is_log.get());
        }
    });
    provide_context(session);
    provide_context::<SceneHandle>(scene);
    Ok(session)
}

/// The requested frame has come, at a moment of the browser's clock in ms.
fn on_frame(session: Session, frames: StoredValue<Frames, LocalStorage>, now_ms: f64) {
    let mut wall_ms = 0.0;
    frames.update_value(|frames| wall_ms = frames.come(now_ms));
    if session.frame(wall_ms) {
        frames.update_value(Frames::wake);
    } else {
        frames.update_value(Frames::rest);
    }
}

/// Whether the person asked their device for less motion.
fn prefers_less_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
