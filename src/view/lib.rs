//! Plain structs in the screen's words, computed natively from a playback and tested without a browser.
//! Knows nothing of Leptos, the DOM or pixels of a real screen.

pub mod address;
pub mod audit;
pub mod charts;
pub mod clocks;
pub mod compare;
pub mod cut;
pub mod diagram;
pub mod format;
pub mod gantt;
pub mod history;
pub mod inspect;
pub mod layout;
pub mod log;
pub mod log_list;
pub mod overview;
pub mod reason;
pub mod scrubber;
pub mod stage;
pub mod targets;
pub mod window;
