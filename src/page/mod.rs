//! What a person sees and touches: the only floor that names Leptos or the browser.
//! Knows the floors below by `view` and `playback` alone, and never decides what happens in a run.
//!
//! # Hooks for tests and embedding
//!
//! `data-testid` of parts: `page`, `scenario`, `emergency-line`, `language`, `theme`, `help`, `commands`, `stage`,
//! `node-NAME`, `dock`, `splitter`, `tab-latency`, `latency`, `chart-start` (and so on), `tab-log`, `tab-overview`, `tab-clocks`, `clocks`,
//! `show-matrix`, `matrix`, `show-compare`, `show-cut`, `cut`, `cut-verdict`, `cut-take`, `cut-largest`, `cut-restore`, `cut-clear`,
//! `cut-range-NAME`, `cut-number-NAME`, `clock-step`, `clock-compare`, `compare-first`, `compare-second`, `log`,
//! `log-filter`, `log-process`, `log-kind`, `log-query`, `log-words`, `overview`, `inspector`,
//! `targets`, `target-emergency-start` (and `-normal-start`, `-detection`, `-recovery`), `transport`,
//! `restart`, `step-back`, `play`, `step-forward`, `undo`, `redo`, `branches`, `history-menu`, `branch-0` (and so
//! on), `branch-name`, `rename-branch`, `marker-name`, `add-marker`, `time`, `end`, `rate`, `scrubber`, `pace`,
//! `speed-1x` (and so on; at event pace), `speed` (a slider, at clock pace), `step-unit`, `notice`, `live`.
//!
//! The inspector carries `data-kind` (process, job, event); a link in it `data-go`, and what can be looked at on the
//! stage `data-look`: `e` and the number of an event, `j` of a job, `p` of a process.
//!
//! Of the space–time diagram: `tab-diagram`, `diagram`, `diagram-canvas` (with `data-from-ms` and `data-to-ms`, the
//! window in sight), `diagram-fold`, `diagram-acknowledgements`, `diagram-heartbeats`, `diagram-compare`, `diagram-out`, `diagram-in`,
//! `diagram-all`, `diagram-follow`, `diagram-job`, `diagram-query`, `diagram-found`, `diagram-lines`,
//! `diagram-names`, `diagram-tip`, `diagram-spoken`, `relation`, `relation-event`, `relation-past`,
//! `relation-future`, `relation-concurrent`, `relation-verdict`, `relation-job`, `relation-clear`.
//!
//! Of links: `share`, `share-menu`, `share-link`, `share-copy`, `share-said`, `share-length`, `share-embed`,
//! `share-copy-embed`, `share-file`.
//!
//! Of lessons: `lessons` (the button), `lesson` (the panel), `lesson-list`, `lesson-NAME`, `lesson-place`, `lesson-step`, `look-at`,
//! `task`, `task-perform`, `task-done`, `question`, `answers`, `answer` (with `data-state`), `click-answer`, `verdict`,
//! `lesson-back`, `lesson-next`, `lesson-restart`, `lesson-all`, `lesson-close`, `present`, `lesson-end`, `lesson-result`, `lesson-code`,
//! `copy-code`, `lesson-problem`, `lesson-said`, `open-glossary`, `glossary`, `glossary-close`, `rings`.
//!
//! Of the editor: `edit` (the button), `editor`, `editor-scenario`, `editor-lesson`, `editor-begin`, `editor-offer`, `editor-resume`,
//! `editor-forget`, `editor-side-form`, `editor-side-text`, `editor-code`, `editor-undo`, `editor-redo`, `editor-status` (with
//! `data-state`), `editor-problems`, `editor-problem`, `editor-keeps`, `editor-said`, `editor-download`, `editor-link`, `editor-run`,
//! `editor-away`, `editor-close`, `editor-bar`, `editor-back`, `editor-form`.
//!
//! Of commands: `group-jobs` (and `-emergency`, `-faults`, `-network`, `-executors`: their headings), `submit-normal`, `normal-work`, `submit-emergency`, `emergency-type`,
//! `emergency-work`, `declare-type`, `declare-place`, `declare-low`, `declare-medium`, `declare-high`,
//! `declare-critical`, `active-emergency`, `change-low` (and so on), `clear`, `fault-target`, `crash`,
//! `hang`, `slow`, `slow-factor`, `partition`, `drain`, `remove`, `add-name`, `add-capacity`,
//! `add-capabilities`, `add`. On a phone: `view-stage`, `view-dock`, `view-side`, `view-commands`.
//!
//! A node carries `data-health` (healthy, suspected, failed, joining, removed), `data-condition` (up,
//! crashed, hung, slow, partitioned), `data-mode` (NONE to CRITICAL, empty when unknown), `data-role`
//! (system, coordinator, recovery, executor), `data-running-normal`, `data-running-emergency`,
//! `data-queued`, `data-paused`, `data-completed`, `data-draining` and `data-density`.
//! A token carries `data-token`, `data-kind` (normal_job, emergency_job, heartbeat, acknowledgement,
//! emergency, control), `data-progress` (0 to 1), `data-from` and `data-to` (process indices).
//!
//! `window.triage` is described in [`api`].

mod address;
pub mod api;
mod app;
mod browser;
mod clipboard;
mod clock_strip;
mod commands;
mod dock;
mod edit;
mod embedding;
mod failure;
mod files;
mod frame;
mod help;
mod html;
mod import;
mod keys;
mod language;
mod lesson;
mod panels;
mod parts;
mod scene;
mod script;
mod share;
mod side;
mod splitter;
mod stage;
mod storage;
mod theme;
mod token;
mod top_bar;
mod transport;
mod words;

pub use crate::app::Session;
pub use app::App;

/// Puts the page into the document and takes the loading notice away, once its language is here.
pub fn start() {
    failure::install();
    language::begin(|problem| {
        leptos::mount::mount_to_body(move || app::told(problem));
        failure::started();
    });
}
