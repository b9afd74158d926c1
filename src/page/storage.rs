//! What the page remembers between visits. Where storage is denied it remembers nothing and says nothing.

fn local() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was remembered under a name, if anything was and may be read.
pub fn recall(name: &str) -> Option<String> {
    local()?.get_item(name).ok()?
}

/// Remembers a text under a name, if that is allowed.
pub fn remember(name: &str, text: &str) {
    keeps(name, text);
}

/// As [`remember`]; says whether it did, which takes storage that is allowed and has room.
pub fn keeps(name: &str, text: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(name, text).is_ok())
}
