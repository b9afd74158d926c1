//! A link to the scenario that is being written, from its beginning.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::editing::Editing;
use crate::language::{say, tr};
use crate::page::clipboard::{page_address, to_clipboard};
use crate::playback::Player;
use crate::scenario;
use crate::scenario::link::{LINK_MAX, Link, Offer, ViewState};

/// Copies it, or says why it cannot be.
pub fn copy(editing: Editing) {
    let offer = editing.with_text(|text| {
        let player = Player::new(scenario::parse(text).map_err(|problems| problems.to_string())?);
        let digest = player.digest_at_cursor();
        let link = Link::new(player.saved(false), text, &digest.0, ViewState::default());
        Ok::<Offer, String>(link.offer())
    });
    let fragment = match offer {
        Ok(Offer::Link { fragment, .. }) => fragment,
        Ok(Offer::TooLong(length)) => {
            return editing.said.set(tr!(
                "A link would have {length} characters, and mail programs cut links that are longer than {most}. Download the file instead.",
                length = length,
                most = LINK_MAX
            ));
        }
        Err(problem) => return editing.said.set(problem),
    };
    let link = [&page_address(), fragment.as_str()].concat();
    let Some(promise) = to_clipboard(&link) else {
        return editing.said.set(denied(&link));
    };
    leptos::task::spawn_local(async move {
        let said = match JsFuture::from(promise).await {
            Ok(_) => say("Link copied.").to_owned(),
            Err(_) => denied(&link),
        };
        let _ = editing.said.try_set(said);
    });
}

/// Where the clipboard is denied, the link itself is shown.
fn denied(link: &str) -> String {
    tr!(
        "This browser does not allow copying here. The link: {}",
        link
    )
}
