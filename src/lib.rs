//! Triage: an emergency-response system to watch, in floors. Imports run one way, downwards:
//!
//! | floor | what it is | what it must not know |
//! | --- | --- | --- |
//! | `page` | components, frame loop, keys | simulation state of its own |
//! | [`edit`] | the text of a scenario or lesson being written, and its form | Leptos, the DOM |
//! | [`lesson`] | lessons, their anchors and questions | Leptos, the DOM |
//! | [`view`] | plain structs in the screen's words | Leptos, the DOM |
//! | [`playback`] | engine, command log, checkpoints, cursor | how anything looks |
//! | `soak` | random scenarios under the checker of invariants, native only | the page, playback, views |
//! | `schema` | the JSON Schema of the formats, headless only | who reads them |
//! | [`import`] | logs of other systems, public alerts | who shows or plays them |
//! | [`scenario`] | the file format, validation, the built-in library | who plays it |
//! | [`analysis`] | figures and causality from the trace | how the engine works |
//! | [`language`] | every floor's texts in the language that is spoken | everything else |
//! | [`engine`] | the simulation itself | a browser, a wall clock, everything above |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod analysis;
pub mod edit;
pub mod engine;
pub mod import;
pub mod language;
pub mod lesson;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod playback;
pub mod scenario;
#[cfg(feature = "cli")]
pub mod schema;
#[cfg(not(target_arch = "wasm32"))]
pub mod soak;
pub mod view;
