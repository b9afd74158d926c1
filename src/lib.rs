//! Triage: an emergency-response system to watch. This package is the page; the floors below it are packages of their
//! own and appear here under their short names. ARCHITECTURE.md says what each may know.

pub use triage_analysis as analysis;
pub use triage_app as app;
pub use triage_edit as edit;
pub use triage_engine as engine;
pub use triage_import as import;
pub use triage_labels as labels;
pub use triage_language as language;
pub use triage_lesson as lesson;
pub use triage_playback as playback;
pub use triage_scenario as scenario;
pub use triage_view as view;

#[cfg(target_arch = "wasm32")]
pub mod page;
