//! The functions of `window.triage` that hand data in and out: runs, links, exports, the trace.

use js_sys::{JSON, Object};
use leptos::prelude::{GetUntracked, Set, WithUntracked};
use wasm_bindgen::JsValue;

use super::{error, micros, put};
use crate::analysis::export::{self, Format, Range};
use crate::app::DockView;
use crate::app::Session;
use crate::app::open_lesson::OpenLesson;
use crate::app::set_if_changed as put_signal;
use crate::engine::emergency::Level;
use crate::page::import;
use crate::page::language::in_link;
use crate::page::share::open::lesson_in_link;
use crate::playback::{Player, trace_hash};
use crate::scenario;
use crate::view::audit::{ExternalAudit, table};

/// Adds these functions to the object.
pub fn install(object: &Object, session: Session) {
    let load =
        move |json: String| -> Result<(), JsValue> { session.load(&json, None).map_err(error) };
    let command = move |json: String| -> Result<JsValue, JsValue> {
        let command = scenario::parse_command(&json).map_err(error)?;
        session
            .command(&command.principal, command.action)
            .map_err(|rejection| error(crate::labels::rejection(&rejection)))?;
        Ok(JsValue::NULL)
    };
    let open = move |json: String| -> Result<(), JsValue> {
        let opened = session.open(&json);
        if let Err(reason) = &opened {
            session.notices.reject(reason.clone());
        }
        opened.map_err(error)
    };
    let open_audit = move |text: String, name: String| -> String {
        let verdict = table(&text, None).verdict;
        put_signal(session.ui.dock, DockView::Audit);
        session.ui.foreign_audit.set(Some(ExternalAudit {
            name: Some(name),
            altered: false,
            text,
            head: None,
        }));
        verdict
    };
    let overview = move || JSON::parse(&session.read(Player::overview_json));
    let hash = |json: String, until_ms: f64| -> Result<String, JsValue> {
        let scenario = scenario::parse(&json).map_err(error)?;
        Ok(trace_hash(&scenario, micros(until_ms)?))
    };
    let link = move || -> Result<String, JsValue> {
        let link = session.link(session.view_state()).map_err(error)?;
        Ok([link.fragment(), lesson_in_link(session), in_link()].concat())
    };
    let open_link = move |letters: String| -> Result<Option<String>, JsValue> {
        let letters = letters.rsplit("run=").next().unwrap_or_default();
        let letters = letters.split('&').next().unwrap_or_default();
        session.open_link(letters).map_err(error)
    };
    let export = move |format: String, from: Option<u32>, to: Option<u32>| {
        let format = Format::parse(&format).map_err(error)?;
        session.read(|player| exported(player, format, Range { from, to }).map_err(error))
    };
    put::<dyn Fn(String, Option<u32>, Option<u32>) -> Result<String, JsValue>>(
        object, "export", export,
    );
    let events = move |from: u32, to: u32| session.read(|player| player.events_ndjson(from, to));
    put::<dyn Fn(u32, u32) -> String>(object, "events", events);
    put::<dyn Fn() -> Object>(object, "state", move || state(session));
    put::<dyn Fn() -> Result<String, JsValue>>(object, "link", link);
    put::<dyn Fn(String) -> Result<Option<String>, JsValue>>(object, "openLink", open_link);
    put::<dyn Fn(String) -> Result<(), JsValue>>(object, "load", load);
    put::<dyn Fn(String) -> Result<(), JsValue>>(object, "open", open);
    let save = move || -> Result<String, JsValue> {
        if session.read(|player| player.world().is_log()) {
            return Err(error(
                "this is the log of another system: its own file keeps it",
            ));
        }
        Ok(session.saved(true))
    };
    let questions = move || OpenLesson::of(session).printed().map_err(error);
    put::<dyn Fn() -> Result<Option<String>, JsValue>>(object, "questions", questions);
    let record = move |title: String| -> Result<String, JsValue> {
        let recording = session
            .read(|player| player.recorded(&title))
            .map_err(error)?;
        Ok(recording.json())
    };
    put::<dyn Fn(String) -> Result<String, JsValue>>(object, "record", record);
    let import = move |text: String, name: String| import::open(session, text, name);
    put::<dyn Fn(String, String)>(object, "import", import);
    put::<dyn Fn() -> Result<String, JsValue>>(object, "save", save);
    put::<dyn Fn(String) -> Result<JsValue, JsValue>>(object, "command", command);
    put::<dyn Fn() -> Result<JsValue, JsValue>>(object, "overview", overview);
    put::<dyn Fn(String, String) -> String>(object, "openAudit", open_audit);
    put::<dyn Fn() -> String>(object, "audit", move || session.audit().text);
    put::<dyn Fn() -> String>(object, "trace", move || session.read(Player::trace_ndjson));
    put::<dyn Fn(String, f64) -> Result<String, JsValue>>(object, "traceHash", hash);
}

/// What a page around this one wants to know again and again.
fn state(session: Session) -> Object {
    let ui = session.ui;
    let state = Object::new();
    let tell =
        |name: &str, value: JsValue| drop(js_sys::Reflect::set(&state, &name.into(), &value));
    session.read(|player| {
        tell("scenario", JsValue::from_str(&player.scenario().name));
        tell("title", JsValue::from_str(&player.scenario().title));
        tell("now_ms", (player.now_us() / 1e3).into());
        tell("end_ms", (player.end_us() as f64 / 1e3).into());
        tell("playing", player.is_playing().into());
        tell("speed", player.speed().into());
        tell("events", player.count().into());
        tell("branches", (player.branches().len() as u32).into());
    });
    let level = ui
        .emergencies
        .with_untracked(|all| all.iter().map(|one| one.level).max());
    tell("level", level.unwrap_or(Level::None).name().into());
    let event = ui.event.get_untracked();
    tell("event", event.map_or(JsValue::NULL, JsValue::from));
    let notice = ui.notice.get_untracked();
    tell("notice", JsValue::from_str(&notice));
    state
}

/// The run up to the cursor.
fn exported(player: &Player, format: Format, range: Range) -> Result<String, String> {
    let run = export::Run {
        trace: player.trace(),
        count: player.count(),
        end_ns: player.world().now_ns(),
    };
    export::text(&run, format, range)
}
