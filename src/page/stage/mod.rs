//! The stage: every process in its place, links below, tokens above.

pub mod card;
mod cell;
mod legend;
mod marks;
mod slots;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::svg;

use self::card::Card;
use self::legend::Legend;
use crate::app::Session;
use crate::app::Table;
use crate::app::set_if_changed;
use crate::language::{say, tr};
use crate::page::browser::SceneHandle;
use crate::page::parts::{effect, live, rows, text, thing_under, watch_size, when};
use crate::view::layout::{Arrangement, Density, PlacedNode, Request, arrange};
use crate::view::stage::Role;

/// The stage with its legend.
#[component]
pub fn Stage() -> impl IntoView {
    let session = expect_context::<Session>();
    let scene = expect_context::<SceneHandle>();
    let room = NodeRef::<Div>::new();
    let links = NodeRef::<svg::Svg>::new();
    let tokens = NodeRef::<svg::Svg>::new();
    let size = RwSignal::new((0.0, 0.0));
    let height = RwSignal::new(0.0);
    effect(move || {
        if let (Some(links), Some(tokens)) = (links.get(), tokens.get()) {
            scene.update_value(|scene| scene.attach(links.into(), tokens.into()));
        }
    });
    watch_size(room, size);
    effect(move || {
        let (width, room_height) = size.get();
        session.ui.keys.track();
        let detailed = session.ui.detailed.get();
        if width > 0.0 {
            set_if_changed(height, place(session, scene, width, room_height, &detailed));
        }
    });
    view! {
        <section class="panel stage-panel" aria-label=say("Stage")>
            <div class="stage-room" node_ref=room>
                <div class="stage" data-testid="stage" style:height=live(move || format!("{}px", height.get() as i64))>
                    <svg class="layer links" node_ref=links aria-hidden="true"></svg>
                    {rows(move || session.ui.keys.get(), move |(_, index)| view! { <Card index=index as u16 /> }.into_any())}
                    <svg
                        class="layer tokens"
                        node_ref=tokens
                        aria-hidden="true"
                        on:click=move |event| {
                            if let Some(message) = thing_under(&event, "data-look") {
                                session.look(message);
                            }
                        }
                    ></svg>
                </div>
            </div>
            <div class="stage-foot">
                <Legend />
                <Waiting />
            </div>
        </section>
    }
    .into_any()
}

/// Jobs that nobody can take, and what is wrong with the network: lines that are only there when they have
/// something to say.
#[component]
fn Waiting() -> impl IntoView {
    let ui = expect_context::<Session>().ui;
    view! {
        {foot_line("waiting", say("Jobs without an executor:"), ui.waiting)}
        {foot_line("network", say("Network:"), ui.network)}
    }
    .into_any()
}

fn foot_line(id: &'static str, begins: &'static str, all: RwSignal<Vec<String>>) -> AnyView {
    let words = move || {
        all.with(|all| {
            let shown = all.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
            if all.len() > 3 {
                tr!("{shown}; and {n} more", shown = shown, n = all.len() - 3)
            } else {
                shown
            }
        })
    };
    when(
        move || all.with(|all| !all.is_empty()),
        move || {
            view! {
                <p class="waiting" data-testid=id title=live(move || all.with(|all| all.join("\n")))>
                    <b>{begins}" "</b>
                    {text(words)}
                </p>
            }
        },
    )
}

/// Finds and gives every node its place; returns the height that the stage takes, in CSS pixels.
fn place(session: Session, scene: SceneHandle, width: f64, height: f64, detailed: &[u16]) -> f64 {
    let keys = session.ui.keys.get_untracked();
    let indices: Vec<u16> = keys.into_iter().map(|(_, index)| index as u16).collect();
    let role = |index: &u16| {
        session.row(*index).map_or(Role::Executor, |row| {
            row.view.with_untracked(|node| node.role)
        })
    };
    let roles: Vec<Role> = indices.iter().map(role).collect();
    let detailed: Vec<usize> = detailed
        .iter()
        .filter_map(|index| indices.iter().position(|other| other == index))
        .collect();
    let Arrangement {
        placed,
        vacated: holes,
        height,
        quiet_links,
        ..
    } = arrange(&Request {
        width,
        height,
        roles: &roles,
        detailed: &detailed,
    });
    // The narrowest card decides for all: the same columns stand on every card.
    let cards = placed.iter().filter_map(strip_room);
    let strip_px = cards.fold(f64::MAX, f64::min);
    let mut nodes = Table::default();
    for ((index, role), PlacedNode { rect, density }) in indices.iter().zip(&roles).zip(placed) {
        nodes.insert((*index).into(), (*role, rect));
        if let Some(row) = session.row(*index) {
            set_if_changed(row.density, density);
            set_if_changed(row.strip_px, strip_px);
        }
    }
    session.read(|player| {
        scene.update_value(|scene| {
            scene.place(nodes, &holes, quiet_links);
            scene.paint(player);
        });
    });
    height
}

/// What a card leaves for a clock, in CSS pixels; nothing for a cell, which shows none.
fn strip_room(placed: &PlacedNode) -> Option<f64> {
    let margin = match placed.density {
        Density::Full => 24.0,
        Density::Compact => 14.0,
        Density::Cell => return None,
    };
    Some(placed.rect.width - margin)
}
