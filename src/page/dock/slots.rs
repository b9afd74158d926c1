//! Every executor's slots over time.

use leptos::prelude::*;

use super::gantt::{self, VisibleSpan, WIDTH};
use crate::analysis::slots::Slots as Record;
use crate::app::Session;
use crate::view::gantt::Gantt;

/// What was recorded when a chart was computed: epoch, events, end in µs.
pub type Version = (u32, u32, u64);

/// Changes with the record, but not for every event of a long run: a hundred times on its way.
pub fn version(session: Session) -> Memo<Version> {
    Memo::new(move |old: Option<&Version>| {
        session.ui.now_us.track();
        session.ui.end_us.track();
        let new = session.read(|player| {
            let recorded = player.lanes().events();
            (player.epoch(), recorded, player.end_us())
        });
        match old {
            Some(old) if old.0 == new.0 && old.2 == new.2 && new.1 < old.1 + old.1 / 100 + 1 => {
                *old
            }
            _ => new,
        }
    })
}

/// The chart.
#[component]
pub fn Slots() -> impl IntoView {
    let session = expect_context::<Session>();
    let sight: VisibleSpan = RwSignal::new(None);
    let version = version(session);
    let known = StoredValue::new((None, Record::default()));
    let read = move || {
        let (epoch, ..) = version.get();
        let span = gantt::span(session, sight);
        let mut result = Gantt::default();
        known.update_value(|(of, slots)| {
            if *of != Some(epoch) {
                (*of, *slots) = (Some(epoch), Record::default());
            }
            session.read(|player| {
                slots.follow(player.trace());
                let recorded_ns = player.recorded_us() * 1000;
                result = Gantt::of(
                    player.trace(),
                    slots,
                    span,
                    WIDTH,
                    recorded_ns,
                    gantt::row_px_min(),
                );
            });
        });
        result
    };
    view! {
        <div class="slots-view" data-testid="slots">
            <div class="gantt-head">{gantt::key_of_colours()} {gantt::zoom_buttons(session, sight)}</div>
            <div class="gantt-scroll">{gantt::chart(session, sight, "gantt", true, read)}</div>
        </div>
    }
    .into_any()
}
