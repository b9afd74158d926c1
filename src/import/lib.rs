//! What comes from elsewhere: logs of other systems, and public alerts as a story. Knows no browser; the expressions
//! that take a log apart are evaluated by the caller, for the page has the browser's own engine for them.

pub mod alerts;
pub mod cap;
pub mod log;
pub mod nws;
pub mod story;
