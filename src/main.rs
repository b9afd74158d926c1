//! Mounts the page, and nothing else. Everything it shows lives in the library's `page` floor.

#[cfg(target_arch = "wasm32")]
fn main() {
    triage::page::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page runs in a browser: ./dev serve. Without one: ./dev cli list.");
}
