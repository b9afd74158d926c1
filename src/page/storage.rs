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
    if let Some(storage) = local() {
        let _ = storage.set_item(name, text);
    }
}
