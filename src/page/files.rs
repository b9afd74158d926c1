//! Files that come with the page. The one way to them, so that a page in a single file can carry them along: there each
//! is the text of an element with the id `file:` and its path.

use crate::language::tr;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The text of a file beside the page.
///
/// # Errors
/// Says that it could not be loaded and what to do.
pub async fn text(path: &str) -> Result<String, String> {
    let inside = document().get_element_by_id(&["file:", path].concat());
    if let Some(text) = inside.and_then(|element| element.text_content()) {
        return Ok(text);
    }
    let failed = || {
        tr!(
            "{path} could not be loaded. Check the connection and try again.",
            path
        )
    };
    let response = JsFuture::from(window().fetch_with_str(path)).await;
    let response = response.ok().and_then(|it| it.dyn_into::<Response>().ok());
    let response = response.ok_or_else(failed)?;
    if !response.ok() {
        return Err(match response.status() {
            404 => tr!("{path} does not exist.", path),
            _ => failed(),
        });
    }
    let body = response.text().map_err(|_| failed())?;
    let text = JsFuture::from(body).await.map_err(|_| failed())?;
    text.as_string().ok_or_else(failed)
}
