//! What only programs ask for. A person's first visit does not need it: it lies in the later part of the program.

use js_sys::{JSON, Object};
use leptos::prelude::{GetUntracked, Set, WithUntracked};
use wasm_bindgen::JsValue;

use super::{error, micros, put};
use crate::analysis::export::{self, Format, Range};
use crate::engine::emergency::Level;
use crate::page::desk::Desk;
use crate::page::dock::DockView;
use crate::page::import;
use crate::page::language::in_link;
use crate::page::lesson::course::Course;
use crate::page::screen::put as put_signal;
use crate::page::share::{
    self,
    open::{lesson_in_link, sight},
};
use crate::playback::{Player, trace_hash};
use crate::scenario;
use crate::view::audit::{Foreign, table};

/// Adds these functions to the object.
pub fn install(object: &Object, desk: Desk) {
    let load = move |json: String| -> Result<(), JsValue> { desk.load(&json, None).map_err(error) };
    let command = move |json: String| -> Result<JsValue, JsValue> {
        let command = scenario::parse_command(&json).map_err(error)?;
        desk.command(&command.principal, command.action)
            .map_err(error)?;
        Ok(JsValue::NULL)
    };
    let open = move |json: String| -> Result<(), JsValue> {
        let opened = desk.open(&json);
        if let Err(reason) = &opened {
            desk.notices.refuse(reason.clone());
        }
        opened.map_err(error)
    };
    let open_audit = move |text: String, name: String| -> String {
        let verdict = table(&text, None).verdict;
        put_signal(desk.screen.dock, DockView::Audit);
        desk.screen.foreign_audit.set(Some(Foreign {
            name: Some(name),
            altered: false,
            text,
            head: None,
        }));
        verdict
    };
    let overview = move || JSON::parse(&desk.with(Player::overview_json));
    let hash = |json: String, until_ms: f64| -> Result<String, JsValue> {
        let scenario = scenario::parse(&json).map_err(error)?;
        Ok(trace_hash(&scenario, micros(until_ms)?))
    };
    let link = move || -> Result<String, JsValue> {
        let link = desk.link(sight(desk)).map_err(error)?;
        Ok([link.fragment(), lesson_in_link(desk), in_link()].concat())
    };
    let open_link = move |letters: String| -> Result<Option<String>, JsValue> {
        let letters = letters.rsplit("run=").next().unwrap_or_default();
        let letters = letters.split('&').next().unwrap_or_default();
        share::open::open(desk, letters).map_err(error)
    };
    let export = move |format: String, from: Option<u32>, to: Option<u32>| {
        let format = Format::parse(&format).map_err(error)?;
        desk.with(|player| exported(player, format, Range { from, to }).map_err(error))
    };
    put::<dyn Fn(String, Option<u32>, Option<u32>) -> Result<String, JsValue>>(
        object, "export", export,
    );
    let events = move |from: u32, to: u32| desk.with(|player| player.events_ndjson(from, to));
    put::<dyn Fn(u32, u32) -> String>(object, "events", events);
    put::<dyn Fn() -> Object>(object, "state", move || state(desk));
    put::<dyn Fn() -> Result<String, JsValue>>(object, "link", link);
    put::<dyn Fn(String) -> Result<Option<String>, JsValue>>(object, "openLink", open_link);
    put::<dyn Fn(String) -> Result<(), JsValue>>(object, "load", load);
    put::<dyn Fn(String) -> Result<(), JsValue>>(object, "open", open);
    let save = move || -> Result<String, JsValue> {
        if desk.with(|player| player.world().is_log()) {
            return Err(error(
                "this is the log of another system: its own file keeps it",
            ));
        }
        Ok(desk.saved(true))
    };
    let questions = move || Course::of(desk).printed().map_err(error);
    put::<dyn Fn() -> Result<Option<String>, JsValue>>(object, "questions", questions);
    let record = move |title: String| -> Result<String, JsValue> {
        let recording = desk.with(|player| player.recorded(&title)).map_err(error)?;
        Ok(recording.json())
    };
    put::<dyn Fn(String) -> Result<String, JsValue>>(object, "record", record);
    let import = move |text: String, name: String| import::open(desk, text, name);
    put::<dyn Fn(String, String)>(object, "import", import);
    put::<dyn Fn() -> Result<String, JsValue>>(object, "save", save);
    put::<dyn Fn(String) -> Result<JsValue, JsValue>>(object, "command", command);
    put::<dyn Fn() -> Result<JsValue, JsValue>>(object, "overview", overview);
    put::<dyn Fn(String, String) -> String>(object, "openAudit", open_audit);
    put::<dyn Fn() -> String>(object, "audit", move || desk.audit().text);
    put::<dyn Fn() -> String>(object, "trace", move || desk.with(Player::trace_ndjson));
    put::<dyn Fn(String, f64) -> Result<String, JsValue>>(object, "traceHash", hash);
}

/// What a page around this one wants to know again and again.
fn state(desk: Desk) -> Object {
    let screen = desk.screen;
    let state = Object::new();
    let tell =
        |name: &str, value: JsValue| drop(js_sys::Reflect::set(&state, &name.into(), &value));
    desk.with(|player| {
        tell("scenario", JsValue::from_str(&player.scenario().name));
        tell("title", JsValue::from_str(&player.scenario().title));
        tell("now_ms", (player.now_us() / 1e3).into());
        tell("end_ms", (player.end_us() as f64 / 1e3).into());
        tell("playing", player.is_playing().into());
        tell("speed", player.speed().into());
        tell("events", player.count().into());
        tell("branches", (player.branches().len() as u32).into());
    });
    let level = screen
        .emergencies
        .with_untracked(|all| all.iter().map(|one| one.level).max());
    tell("level", level.unwrap_or(Level::None).name().into());
    let event = screen.event.get_untracked();
    tell("event", event.map_or(JsValue::NULL, JsValue::from));
    let notice = screen.notice.get_untracked();
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
