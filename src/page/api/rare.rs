//! What only programs ask for. A person's first visit does not need it: it lies in the later part of the program.

use js_sys::{JSON, Object};
use leptos::prelude::Set;
use wasm_bindgen::JsValue;

use super::{error, micros, put};
use crate::analysis::export::{self, Format, Range};
use crate::page::desk::Desk;
use crate::page::dock::DockView;
use crate::page::import;
use crate::page::screen::put as put_signal;
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
        let head = None;
        desk.screen
            .foreign_audit
            .set(Some(Foreign { name, text, head }));
        verdict
    };
    let overview = move || JSON::parse(&desk.with(Player::overview_json));
    let hash = |json: String, until_ms: f64| -> Result<String, JsValue> {
        let scenario = scenario::parse(&json).map_err(error)?;
        Ok(trace_hash(&scenario, micros(until_ms)?))
    };
    let export = move |format: String, from: Option<u32>, to: Option<u32>| {
        let format = Format::parse(&format).map_err(error)?;
        desk.with(|player| exported(player, format, Range { from, to }).map_err(error))
    };
    put::<dyn Fn(String, Option<u32>, Option<u32>) -> Result<String, JsValue>>(
        object, "export", export,
    );
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

/// The run up to the cursor.
fn exported(player: &Player, format: Format, range: Range) -> Result<String, String> {
    let run = export::Run {
        trace: player.trace(),
        count: player.count(),
        end_ns: player.world().now_ns(),
    };
    export::text(&run, format, range)
}
