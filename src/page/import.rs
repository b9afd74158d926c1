//! The dialog for what comes from elsewhere: a log of another system with the expressions that take it apart, or public
//! alerts with what each of them will do. Nothing changes before somebody says so. All of it is in the later part.

use std::rc::Rc;

use js_sys::Function;
use leptos::html::Dialog;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::html::Html;
use super::parts::{dynamic, effect, live, press};
use super::script;
use crate::app::DockView;
use crate::app::Session;
use crate::app::set_if_changed;
use crate::engine::recorded::Log;
use crate::import::log::{self, BYTES_MAX, Execution, LogFile};
use crate::import::story::Story;
use crate::import::{cap, nws, story};
use crate::language::{say, tr};

/// Brings the function that evaluates expressions.
const SCRIPT: &str = "log-parser.js";

/// Opens the dialog for a file; what is wrong with it is told there.
pub fn open(session: Session, text: String, name: String) {
    let Some(body) = document().body() else {
        return;
    };
    session.pause();
    let content = content(session, text, &name).unwrap_or_else(Content::Problem);
    let handle = Rc::new(std::cell::RefCell::new(None));
    let close: Rc<dyn Fn()> = {
        let handle = Rc::clone(&handle);
        // Not from within itself: what is clicked still has to be there for a moment.
        Rc::new(move || {
            let handle = Rc::clone(&handle);
            request_animation_frame(move || drop(handle.take()));
        })
    };
    let mounted = mount_to(body, move || dialog(session, name, content, close));
    handle.replace(Some(mounted));
}

/// What a file is, by how it begins.
fn content(session: Session, text: String, name: &str) -> Result<Content, String> {
    if text.len() > BYTES_MAX {
        let length = text.len();
        return Err(tr!(
            "the file has {length} bytes; at most {most} can be read",
            length,
            most = BYTES_MAX
        ));
    }
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    if begins.starts_with('<') {
        let (alerts, signed) = cap::read(&text)?;
        return Ok(Content::Alerts(Rc::new(story::of(alerts, name)?), signed));
    }
    if begins.starts_with('{') && begins.contains("\"Feature") {
        let story = story::of(nws::read(&text)?, name)?;
        return Ok(Content::Alerts(Rc::new(story), false));
    }
    Ok(Content::Log(Box::new(Reading::new(
        session,
        text,
        name.to_owned(),
    ))))
}

enum Content {
    Log(Box<Reading>),
    Alerts(Rc<Story>, bool),
    Problem(String),
}

fn dialog(session: Session, name: String, content: Content, close: Rc<dyn Fn()>) -> AnyView {
    let place = NodeRef::<Dialog>::new();
    effect(move || {
        if let Some(dialog) = place.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let (closed, dismissed) = (Rc::clone(&close), Rc::clone(&close));
    let inside = match content {
        Content::Log(reading) => of_log(session, *reading, close),
        Content::Alerts(story, signed) => of_alerts(session, &story, signed, close),
        Content::Problem(problem) => view! {
            <p>{say("The file cannot be read. The page has not changed.")}</p>
            <pre class="import-problem" role="alert" data-testid="import-problem">{problem}</pre>
        }
        .into_any(),
    };
    view! {
        <dialog
            class="help import"
            data-testid="import"
            node_ref=place
            aria-labelledby="import-title"
            on:close=move |_| closed()
            on:keydown=move |event| event.stop_propagation()
        >
            <header class="help-head">
                <h2 id="import-title">{tr!("Import {name}", name)}</h2>
                <button class="tool" data-testid="import-close" on:click=press(move || dismissed())>{say("Close")}</button>
            </header>
            {inside}
        </dialog>
    }
    .into_any()
}

// Alerts ------------------------------------------------------------------------------------------------------

fn of_alerts(session: Session, story: &Rc<Story>, signed: bool, close: Rc<dyn Fn()>) -> AnyView {
    let mut html = Html::default();
    for row in &story.rows {
        html.put("<tr>");
        html.leaf("th", "", &row.alert);
        html.leaf("td", "", &row.from);
        html.leaf("td", "", &row.does);
        html.close("tr");
    }
    let pace = match story.scale {
        1 => say("Time runs at its original speed.").to_owned(),
        scale => tr!("{scale} seconds of the alerts take one second here.", scale),
    };
    let signed = signed.then(|| {
        [
            say("The alerts are signed. The signatures are not verified."),
            " ",
        ]
        .concat()
    });
    let story = Rc::clone(story);
    let load = press(move || {
        // Writing plain values to memory cannot fail.
        let json = serde_json::to_string(&story.scenario).unwrap_or_default();
        match session.load(&json, None) {
            Ok(()) => close(),
            Err(problems) => session.notices.reject(problems.to_string()),
        }
    });
    view! {
        <p>
            {say("These alerts become an exercise. Nothing is sent to anyone.")} " "
            {pace} " " {signed}
            {say("The executors and jobs are invented, because alerts contain none.")}
        </p>
        <div class="import-table" tabindex="0" role="region" aria-label=say("What each alert does")>
            <table data-testid="import-rows">
                <thead><tr><th>{say("Alert")}</th><th>{say("content")}</th><th>{say("effect")}</th></tr></thead>
                <tbody inner_html=html.into_string()></tbody>
            </table>
        </div>
        <p class="import-acts">
            <button class="primary" data-testid="import-load" on:click=load>{say("Load the exercise")}</button>
        </p>
    }
    .into_any()
}

// Logs --------------------------------------------------------------------------------------------------------

/// A log file being read, and what has become of it.
#[derive(Clone, Copy)]
struct Reading {
    session: Session,
    name: StoredValue<String>,
    text: StoredValue<String>,
    parser: RwSignal<String>,
    delimiter: RwSignal<String>,
    found: StoredValue<Vec<Execution>, LocalStorage>,
    names: RwSignal<Vec<String>>,
    chosen: RwSignal<usize>,
    log: StoredValue<Option<Rc<Log>>, LocalStorage>,
    /// What was found, in words.
    says: RwSignal<String>,
    /// What is wrong, in words.
    problem: RwSignal<String>,
}

impl Reading {
    fn new(session: Session, text: String, name: String) -> Reading {
        let file = LogFile::split(&text);
        let (parser, delimiter) = (file.parser.to_owned(), file.delimiter.to_owned());
        let reading = Reading {
            session,
            name: StoredValue::new(name),
            text: StoredValue::new(text),
            parser: RwSignal::new(parser),
            delimiter: RwSignal::new(delimiter),
            found: StoredValue::new_local(Vec::new()),
            names: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            log: StoredValue::new_local(None),
            says: RwSignal::new(String::new()),
            problem: RwSignal::new(String::new()),
        };
        reading.read();
        reading
    }

    /// Has the expressions evaluated; goes on in `take`.
    fn read(self) {
        self.log.set_value(None);
        self.names.set(Vec::new());
        self.problem.set(String::new());
        self.says.set(say("Reading…").to_owned());
        with_parser(move |parse| {
            let done = Closure::once_into_js(move |found: String, problem: String| {
                self.take(&found, problem);
            });
            self.text.with_value(|text| {
                let file = LogFile::split(text);
                let arguments = js_sys::Array::of5(
                    &self.parser.get_untracked().into(),
                    &self.delimiter.get_untracked().into(),
                    &file.body.into(),
                    &file.first_line.into(),
                    &done,
                );
                if parse.apply(&JsValue::NULL, &arguments).is_err() {
                    self.refuse(
                        say("this browser does not allow a worker here, which is needed to read a log")
                            .to_owned(),
                    );
                }
            });
        });
    }

    fn refuse(self, problem: String) {
        self.says.set(String::new());
        self.problem.set(problem);
    }

    fn take(self, found: &str, problem: String) {
        if self.says.try_get_untracked().is_none() {
            return; // the dialog was closed meanwhile
        }
        if !problem.is_empty() {
            return self.refuse(problem);
        }
        match log::executions_from_json(found) {
            Ok(all) => {
                self.names
                    .set(all.iter().map(|one| one.name.clone()).collect());
                self.found.set_value(all);
                self.choose(0);
            }
            Err(problem) => self.refuse(problem),
        }
    }

    /// Reads the clocks of one of the executions.
    fn choose(self, place: usize) {
        self.chosen.set(place);
        self.log.set_value(None);
        let read = self.found.with_value(|all| {
            let entries = all.get(place).map_or(&[][..], |one| &one.entries);
            log::read(entries)
        });
        match read {
            Ok(log) => {
                let passed = self.text.with_value(|text| {
                    self.found
                        .with_value(|all| log::passed_over(&LogFile::split(text), all))
                });
                let mut says = tr!(
                    "{n} events of {processes} processes."
                        | "{n} events of {processes} processes." % log.events.len(),
                    processes = log.hosts.len()
                );
                if let Some((lines, first)) = passed {
                    says.push(' ');
                    says += &tr!(
                        "{n} line matches nothing and is skipped: line {line}."
                            | "{n} lines match nothing and are skipped; the first is line {line}."
                                % lines,
                        line = first
                    );
                }
                self.problem.set(String::new());
                self.log.set_value(Some(Rc::new(log)));
                self.says.set(says);
            }
            Err(problems) => self.refuse(problems.to_string()),
        }
    }

    /// Shows the log in place of the run.
    fn show(self) {
        let Some(log) = self.log.get_value() else {
            return;
        };
        let execution = self.names.with_untracked(|names| match names.as_slice() {
            [] | [_] => String::new(),
            names => [", ", &names[self.chosen.get_untracked()]].concat(),
        });
        let title = [&self.name.get_value(), execution.as_str()].concat();
        self.session.open_log(&title, log);
        set_if_changed(self.session.ui.dock, DockView::Diagram);
    }
}

fn of_log(session: Session, reading: Reading, close: Rc<dyn Fn()>) -> AnyView {
    let field = |label: &'static str, id: &'static str, signal: RwSignal<String>| {
        view! {
            <label class="import-field">
                {label}
                <input
                    type="text"
                    spellcheck="false"
                    autocapitalize="off"
                    data-testid=id
                    prop:value=live(move || signal.get())
                    on:change:target=move |event| {
                        signal.set(event.target().value());
                        reading.read();
                    }
                />
            </label>
        }
        .into_any()
    };
    let executions = dynamic(move || {
        let names = reading.names.get();
        (names.len() > 1).then(|| {
            let options = names.into_iter().enumerate().map(|(place, name)| {
                view! { <option value=place.to_string()>{name}</option> }
            });
            view! {
                <label class="import-field">
                    {say("Execution")}
                    <select
                        data-testid="import-execution"
                        on:change:target=move |event| {
                            reading.choose(event.target().value().parse().unwrap_or(0));
                        }
                    >
                        {options.collect_view()}
                    </select>
                </label>
            }
        })
    });
    let show = press(move || {
        reading.show();
        close();
        session.ui.part.set(crate::app::Part::Dock);
    });
    view! {
        <p>
            {say("A log whose events carry vector clocks opens in the space–time diagram, the clocks view and the log. The regular expressions describe the format of an event. For details, see docs/imports.md.")}
        </p>
        {field(say("Parser: regular expression for one event, with the groups event, host and clock"), "import-parser", reading.parser)}
        {field(say("Delimiter between executions; empty if there is only one execution"), "import-delimiter", reading.delimiter)}
        {executions}
        <p role="status" data-testid="import-says">{move || reading.says.get()}</p>
        {dynamic(move || {
            let problem = reading.problem.get();
            (!problem.is_empty())
                .then(|| view! { <pre class="import-problem" role="alert" data-testid="import-problem">{problem}</pre> })
        })}
        <p class="import-acts">
            <button
                class="primary"
                data-testid="import-show"
                prop:disabled=move || reading.says.get().is_empty() || reading.log.with_value(Option::is_none)
                on:click=show
            >
                {say("Open log")}
            </button>
        </p>
    }
    .into_any()
}

/// Calls when the function that evaluates expressions is there.
fn with_parser(then: impl FnOnce(Function) + 'static) {
    const NAME: &str = "triageParseLog";
    script::with(SCRIPT, NAME, move || {
        if let Some(function) = script::global(NAME) {
            then(function.unchecked_into());
        }
    });
}
