//! Component tests in a real browser: the page is mounted, pressed and read as a person would.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use leptos::mount::mount_to;
use leptos::prelude::*;
use triage::page::App;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = triage, catch)]
    fn load(scenario: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = triage)]
    fn pause();
    #[wasm_bindgen(js_namespace = triage)]
    fn play();
    #[wasm_bindgen(js_namespace = triage)]
    fn seek(ms: f64);
    #[wasm_bindgen(js_namespace = triage, catch)]
    fn command(json: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = triage)]
    fn overview() -> JsValue;
    #[wasm_bindgen(js_namespace = triage)]
    fn trace() -> String;
    #[wasm_bindgen(js_namespace = triage, js_name = traceHash, catch)]
    fn trace_hash(scenario: &str, until_ms: f64) -> Result<String, JsValue>;
}

const SCENARIO: &str = r#"{
    "format": 1, "name": "test", "title": "For tests", "description": "Two executors.", "seed": 1,
    "duration_us": 20000000,
    "executors": [
        {"id": "alpha", "capacity": 2, "capabilities": ["general"]},
        {"id": "beta", "capacity": 2, "capabilities": ["fire", "general"]}
    ]
}"#;

/// A page of its own in a container of a desk's size, paused at the beginning of the scenario above.
struct Page {
    container: HtmlElement,
    _handle: Box<dyn std::any::Any>,
}

impl Page {
    async fn open() -> Page {
        let container: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        container.style().set_property("height", "800px").unwrap();
        document().body().unwrap().append_child(&container).unwrap();
        let handle = mount_to(container.clone(), App);
        let page = Page {
            container,
            _handle: Box::new(handle),
        };
        pause();
        load(SCENARIO).unwrap();
        settle().await;
        page
    }

    fn find(&self, id: &str) -> Option<HtmlElement> {
        let found = self
            .container
            .query_selector(&format!("[data-testid='{id}']"))
            .unwrap();
        found.map(JsCast::unchecked_into)
    }

    fn get(&self, id: &str) -> HtmlElement {
        self.find(id)
            .unwrap_or_else(|| panic!("nothing has the hook {id}"))
    }

    fn text(&self, id: &str) -> String {
        self.get(id).text_content().unwrap_or_default()
    }

    fn attribute(&self, id: &str, name: &str) -> String {
        self.get(id).get_attribute(name).unwrap_or_default()
    }

    async fn click(&self, id: &str) {
        self.get(id).click();
        settle().await;
    }

    async fn fill(&self, id: &str, value: &str) {
        let input: HtmlInputElement = self.get(id).unchecked_into();
        input.set_value(value);
        input
            .dispatch_event(&web_sys::Event::new("input").unwrap())
            .unwrap();
        settle().await;
    }

    async fn press(&self, target: &Element, key: &str) {
        let init = web_sys::KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event =
            web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        target.dispatch_event(&event).unwrap();
        settle().await;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.container.remove();
    }
}

/// Effects run in tasks of their own: let them.
async fn settle() {
    wait_ms(60).await;
}

async fn wait_ms(ms: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

async fn seek_ms(ms: f64) {
    seek(ms);
    settle().await;
}

fn message(error: JsValue) -> String {
    error.unchecked_into::<js_sys::Error>().message().into()
}

#[wasm_bindgen_test]
async fn every_process_is_a_named_button_on_the_stage() {
    let page = Page::open().await;
    for (name, role) in [
        ("system", "system"),
        ("coordinator-1", "coordinator"),
        ("recovery", "recovery"),
        ("beta", "executor"),
    ] {
        let id = format!("node-{name}");
        assert_eq!(page.attribute(&id, "data-role"), role);
        assert_eq!(page.get(&id).tag_name(), "BUTTON");
        assert!(
            page.attribute(&id, "aria-label")
                .starts_with(&format!("{name}, {role}, healthy"))
        );
    }
}

#[wasm_bindgen_test]
async fn a_normal_job_submitted_by_hand_runs_and_completes() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    page.fill("normal-work", "500").await;
    page.click("submit-normal").await;
    seek_ms(1200.0).await;
    let running = ["node-alpha", "node-beta"].map(|id| page.attribute(id, "data-running-normal"));
    assert!(running.contains(&"1".to_owned()), "{running:?}");
    assert!(
        page.get("stage")
            .query_selector(".slot.normal .ring")
            .unwrap()
            .is_some()
    );
    seek_ms(3000.0).await;
    let completed = ["node-alpha", "node-beta"].map(|id| page.attribute(id, "data-completed"));
    assert!(completed.contains(&"1".to_owned()), "{completed:?}");
}

#[wasm_bindgen_test]
async fn critical_pauses_running_normal_jobs_and_is_said_in_words() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    page.fill("normal-work", "9000").await;
    page.click("submit-normal").await;
    seek_ms(1300.0).await;
    page.click("declare-critical").await;
    seek_ms(1600.0).await;
    assert_eq!(page.attribute("node-alpha", "data-mode"), "CRITICAL");
    assert_eq!(page.attribute("node-beta", "data-mode"), "CRITICAL");
    let sum = |name: &str| {
        ["node-alpha", "node-beta"]
            .map(|id| page.attribute(id, name).parse::<u32>().unwrap())
            .iter()
            .sum::<u32>()
    };
    assert_eq!(sum("data-running-normal"), 0);
    assert_eq!(sum("data-paused"), 1);
    assert!(page.text("emergency-line").contains("CRITICAL · fire"));
    page.click("clear").await;
    seek_ms(1900.0).await;
    assert_eq!(page.text("emergency-line"), "no emergency");
    assert_eq!(sum("data-paused"), 0);
}

#[wasm_bindgen_test]
async fn the_crash_button_follows_the_truth_of_the_selected_executor() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    page.click("node-beta").await;
    assert!(page.text("inspector").contains("beta"));
    assert!(page.text("crash").starts_with("Crash"));
    page.click("crash").await;
    assert_eq!(page.attribute("node-beta", "data-condition"), "crashed");
    assert_eq!(
        page.attribute("node-beta", "data-health"),
        "healthy",
        "recovery cannot know yet"
    );
    assert!(page.text("node-beta").contains("crashed"), "the viewer can");
    assert!(page.text("crash").starts_with("Restart"));
    seek_ms(6000.0).await;
    assert_eq!(page.attribute("node-beta", "data-health"), "failed");
    page.click("node-alpha").await;
    assert!(page.text("crash").starts_with("Crash"), "alpha is up");
}

#[wasm_bindgen_test]
async fn a_refusal_is_shown_in_words() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    page.press(&document().body().unwrap(), "c").await;
    assert!(
        page.text("notice").contains("no emergency"),
        "{}",
        page.text("notice")
    );
    page.fill("normal-work", "soon").await;
    page.click("submit-normal").await;
    assert!(
        page.text("notice")
            .contains("\"soon\" is not a whole number"),
        "{}",
        page.text("notice")
    );
}

#[wasm_bindgen_test]
async fn keys_act_on_the_page_but_not_while_typing() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    let before = trace().matches("job_submitted").count();
    page.press(&document().body().unwrap(), "n").await;
    assert_eq!(trace().matches("job_submitted").count(), before + 1);
    page.press(&page.get("declare-place"), "n").await;
    assert_eq!(trace().matches("job_submitted").count(), before + 1);
    page.press(&document().body().unwrap(), "?").await;
    assert!(
        page.container
            .query_selector("dialog[open]")
            .unwrap()
            .is_some()
    );
    page.click("help-close").await;
    assert!(
        page.container
            .query_selector("dialog[open]")
            .unwrap()
            .is_none()
    );
}

#[wasm_bindgen_test]
async fn playing_moves_the_clock_and_pausing_holds_it() {
    let page = Page::open().await;
    let start = page.text("time");
    play();
    wait_ms(500).await;
    assert_ne!(page.text("time"), start);
    assert_eq!(page.attribute("play", "aria-label"), "Pause");
    page.click("play").await;
    let held = page.text("time");
    wait_ms(150).await;
    assert_eq!(page.text("time"), held);
    page.click("step-forward").await;
    assert_ne!(page.text("time"), held);
}

#[wasm_bindgen_test]
async fn an_added_executor_gets_an_unused_name_and_a_place() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    page.click("add").await;
    seek_ms(1500.0).await;
    let card = page.get("node-exec-1");
    assert_eq!(page.attribute("node-exec-1", "data-role"), "executor");
    assert!(!card.style().get_property_value("left").unwrap().is_empty());
    assert_eq!(page.attribute("add-name", "placeholder"), "exec-2");
}

#[wasm_bindgen_test]
async fn the_log_shows_what_weighs_enough_and_says_what_it_hides() {
    let page = Page::open().await;
    seek_ms(4000.0).await;
    page.click("tab-log").await;
    let filter: web_sys::HtmlSelectElement = page.get("log-filter").unchecked_into();
    assert!(
        page.text("log-words").contains("hidden"),
        "{}",
        page.text("log-words")
    );
    filter.set_value("quiet");
    filter
        .dispatch_event(&web_sys::Event::new("change").unwrap())
        .unwrap();
    settle().await;
    let all = trace().lines().count();
    assert_eq!(page.text("log-words"), format!("All {all} events so far."));
}

#[wasm_bindgen_test]
async fn the_api_throws_errors_with_reasons_and_changes_nothing() {
    let page = Page::open().await;
    seek_ms(1000.0).await;
    let before = trace();
    assert!(!message(load("{\"format\": 1}").unwrap_err()).is_empty());
    let wrong = SCENARIO.replace("\"capacity\": 2", "\"capacity\": 0");
    assert!(message(load(&wrong).unwrap_err()).contains("executors[0].capacity"));
    assert_eq!(trace(), before);
    let refused = command(r#"{"action": {"crash": {"process": "nobody"}}}"#).unwrap_err();
    assert!(message(refused).contains("nobody"));
    assert!(
        command(r#"{"action": {"crash": {"process": "alpha"}}}"#)
            .unwrap()
            .is_null()
    );
    assert!(overview().is_object());
    settle().await;
    assert_eq!(page.attribute("node-alpha", "data-condition"), "crashed");
}

#[wasm_bindgen_test]
async fn the_same_scenario_has_the_same_hash() {
    let _page = Page::open().await;
    let hash = trace_hash(SCENARIO, 5000.0).unwrap();
    assert_eq!(hash.len(), 64);
    assert_eq!(trace_hash(SCENARIO, 5000.0).unwrap(), hash);
    let other = SCENARIO.replace("\"seed\": 1", "\"seed\": 2");
    assert_ne!(trace_hash(&other, 5000.0).unwrap(), hash);
}

/// What `tests/determinism.rs` holds the native engine to.
const GOLDEN: &str = include_str!("golden/traces.txt");

#[wasm_bindgen_test]
fn the_browser_gives_the_golden_traces() {
    let built_in = triage::scenario::library();
    assert_eq!(built_in.len(), GOLDEN.lines().count());
    for (built_in, golden) in built_in.into_iter().zip(GOLDEN.lines()) {
        let scenario =
            triage::scenario::parse(built_in.json).expect("built-in scenarios are valid");
        let hash = triage::playback::trace_hash(&scenario, scenario.duration_us);
        assert_eq!(format!("{} {hash}", built_in.name), golden);
    }
}
