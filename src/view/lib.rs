//! View models: plain structs that are computed from a playback and tested natively. They don't depend on Leptos, the
//! DOM or the pixels of a real screen.

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
