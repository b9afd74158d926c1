//! What moves every frame and is therefore drawn past Leptos: tokens, progress rings, busy links.

use web_sys::{Element, HtmlElement};

use super::token::{self, Token};
use crate::app::Table;
use crate::engine::id::ProcessIndex;
use crate::playback::Player;
use crate::view::format::decimal;
use crate::view::layout::{Cubic, Rect, link};
use crate::view::stage::{self, Role, SlotView, TokenKind, TokenView};

/// More tokens than this are not told apart by anyone; heartbeats give way first.
const TOKENS_MAX: usize = 240;
/// Up to this many tokens of jobs wear their names.
const LABELS_MAX: usize = 12;

/// A progress ring and what it measures.
pub struct Ring {
    element: Element,
    started_us: i64,
    duration_us: i64,
    frozen_at: Option<f32>,
}

impl Ring {
    /// A ring for a running job.
    pub fn new(element: Element, slot: &SlotView) -> Ring {
        Ring {
            element,
            started_us: slot.started_us,
            duration_us: slot.duration_us.max(1),
            frozen_at: slot.frozen_at,
        }
    }

    /// Shows the progress at a moment, in µs.
    pub fn paint(&self, now_us: f64) {
        let moving = (now_us - self.started_us as f64) / self.duration_us as f64;
        let part = self.frozen_at.map_or(moving, f64::from).clamp(0.0, 1.0);
        let _ = self.element.set_attribute(
            "stroke-dashoffset",
            &decimal((100.0 - 100.0 * part).round()),
        );
    }
}

/// A link in the document.
struct Link {
    element: Element,
    quiet: bool,
    busy: bool,
}

/// Where nodes are and what moves between them.
#[derive(Default)]
pub struct Scene {
    nodes: Table<(Role, Rect)>,
    cards: Table<HtmlElement>,
    links: Table<Link>,
    holes: Option<Element>,
    link_layer: Option<Element>,
    token_layer: Option<Element>,
    tokens: Table<Token>,
    rings: Table<Ring>,
    /// No travelling tokens: receivers are marked instead.
    pub still: bool,
    quiet_links: bool,
}

impl Scene {
    /// The layers to draw in.
    pub fn attach(&mut self, link_layer: Element, token_layer: Element) {
        self.link_layer = Some(link_layer);
        self.token_layer = Some(token_layer);
    }

    /// Forgets what moved, for another run.
    pub fn clear(&mut self) {
        for token in self.tokens.drain() {
            token.remove();
        }
        self.rings.retain(|_, _| false);
    }

    /// A card has come or gone.
    pub fn set_card(&mut self, index: u16, card: Option<HtmlElement>) {
        let Some(card) = card else {
            self.cards.remove(index.into());
            return;
        };
        // A place may have been found before the card was in the document.
        if let Some((_, rect)) = self.nodes.get(index.into()) {
            put(&card, rect);
        }
        self.cards.insert(index.into(), card);
    }

    /// Replaces the rings of a node.
    pub fn set_rings(&mut self, index: u16, rings: Vec<(u16, Ring)>) {
        self.rings.retain(|key, _| key >> 16 != u32::from(index));
        for (slot, ring) in rings {
            self.rings.insert(pair(index, slot), ring);
        }
    }

    /// New places for the nodes: cards move, links and the outlines of empty places are drawn anew.
    pub fn place(&mut self, nodes: Table<(Role, Rect)>, holes: &[Rect], quiet_links: bool) {
        for (index, (_, rect)) in nodes.iter() {
            if let Some(card) = self.cards.get(*index) {
                put(card, rect);
            }
        }
        self.nodes = nodes;
        self.quiet_links = quiet_links;
        for link in self.links.drain() {
            link.element.remove();
        }
        if quiet_links {
            self.draw_quiet_links();
        }
        self.draw_holes(holes);
    }

    fn draw_holes(&mut self, holes: &[Rect]) {
        if let Some(old) = self.holes.take() {
            old.remove();
        }
        let Some(layer) = self.link_layer.as_ref().filter(|_| !holes.is_empty()) else {
            return;
        };
        let mut d = String::new();
        for hole in holes {
            for part in [
                "M",
                &decimal(hole.x + 1.0),
                " ",
                &decimal(hole.y + 1.0),
                "h",
                &decimal(hole.width - 2.0),
                "v",
                &decimal(hole.height - 2.0),
                "h",
                &decimal(2.0 - hole.width),
                "z",
            ] {
                d.push_str(part);
            }
        }
        if let Some(path) = token::svg("path") {
            let _ = path.set_attribute("class", "hole");
            let _ = path.set_attribute("d", &d);
            let _ = layer.append_child(&path);
            self.holes = Some(path);
        }
    }

    fn draw_quiet_links(&mut self) {
        let ends: Vec<(u16, Role)> = self
            .nodes
            .iter()
            .map(|(index, node)| (*index as u16, node.0))
            .collect();
        for &(a, a_role) in &ends {
            for &(b, b_role) in &ends {
                if a < b && is_quiet_link(a_role, b_role) {
                    self.ensure_link(a, b, true);
                }
            }
        }
    }

    /// The way between two nodes, from the lower index to the higher.
    fn way(&self, a: u16, b: u16) -> Option<Cubic> {
        let (a_role, a_rect) = self.nodes.get(a.into())?;
        let (b_role, b_rect) = self.nodes.get(b.into())?;
        // Work arrives above the middle, heartbeats below: two links to a node stay two.
        let shift = match (a_role, b_role) {
            (Role::Coordinator, Role::Executor) => -8.0,
            (Role::Recovery, Role::Executor) => 8.0,
            _ => 0.0,
        };
        Some(link(a_rect, b_rect, shift))
    }

    fn ensure_link(&mut self, a: u16, b: u16, quiet: bool) {
        if self.links.get(pair(a, b)).is_some() {
            return;
        }
        let (Some(way), Some(layer)) = (self.way(a, b), &self.link_layer) else {
            return;
        };
        let Some(element) = token::svg("path") else {
            return;
        };
        let is = |end: u16, role: Role| {
            self.nodes
                .get(end.into())
                .is_some_and(|node| node.0 == role)
        };
        let heartbeat = is(a, Role::Recovery) && is(b, Role::Executor);
        let _ = element.set_attribute("d", &way.path());
        let _ = element.set_attribute("class", if heartbeat { "link beats" } else { "link" });
        let _ = layer.append_child(&element);
        self.links.insert(
            pair(a, b),
            Link {
                element,
                quiet,
                busy: false,
            },
        );
    }

    /// Draws one moment.
    pub fn paint(&mut self, player: &Player) {
        let now_us = player.now_us();
        for (_, ring) in self.rings.iter() {
            ring.paint(now_us);
        }
        let mut tokens = if player.speed().is_finite() {
            stage::tokens(player)
        } else {
            Vec::new()
        };
        if self.still {
            self.mark_receivers(&tokens);
            tokens.retain(|token| token.refused);
        }
        if tokens.len() > TOKENS_MAX {
            tokens.retain(|token| !is_background(token.kind));
            tokens.truncate(TOKENS_MAX);
        }
        self.paint_links(&tokens);
        self.paint_cuts(player);
        self.paint_tokens(&tokens);
    }

    fn paint_tokens(&mut self, tokens: &[TokenView]) {
        let Some(layer) = self.token_layer.clone() else {
            return;
        };
        let named = tokens.iter().filter(|token| is_named(token.kind)).count();
        let _ = layer
            .class_list()
            .toggle_with_force("labels", named <= LABELS_MAX);
        let mut gone = std::mem::take(&mut self.tokens);
        for view in tokens {
            let (a, b) = (view.from.min(view.to), view.from.max(view.to));
            let Some(way) = self.way(a, b) else { continue };
            let way = if view.from > view.to {
                way.reversed()
            } else {
                way
            };
            let Some(token) = gone
                .remove(view.message.0)
                .or_else(|| Token::new(&layer, view))
            else {
                continue;
            };
            let at = way.at(f64::from(view.progress.clamp(0.0, 1.0)));
            // Names give way to cards.
            let room = token::label_room(view, at);
            let near = self.nodes.iter().any(|(_, node)| node.1.overlaps(&room));
            token.paint(view, at, near);
            self.tokens.insert(view.message.0, token);
        }
        for token in gone.drain() {
            token.remove();
        }
    }

    /// Links on which something that matters travels are brighter; others fade or go.
    fn paint_links(&mut self, tokens: &[TokenView]) {
        let mut busy: Vec<(u16, u16)> = Vec::new();
        for token in tokens {
            let matters = !is_background(token.kind);
            if matters {
                busy.push((token.from.min(token.to), token.from.max(token.to)));
            }
        }
        for &(a, b) in &busy {
            self.ensure_link(a, b, false);
        }
        self.links.retain(|ends, link| {
            let is_busy = busy.iter().any(|&(a, b)| pair(a, b) == ends);
            if is_busy != link.busy {
                link.busy = is_busy;
                let _ = link.element.class_list().toggle_with_force("busy", is_busy);
            }
            let keep = link.quiet || is_busy;
            if !keep {
                link.element.remove();
            }
            keep
        });
    }

    /// Links that carry nothing are drawn broken.
    fn paint_cuts(&self, player: &Player) {
        let network = player.world().network();
        for (ends, link) in self.links.iter() {
            let (a, b) = (
                ProcessIndex((ends >> 16) as u16),
                ProcessIndex(*ends as u16),
            );
            let class = link.element.class_list();
            let _ = class.toggle_with_force("cut", network.is_cut(a, b));
        }
    }

    fn mark_receivers(&self, tokens: &[TokenView]) {
        for (index, card) in self.cards.iter() {
            let receives = tokens
                .iter()
                .any(|token| u32::from(token.to) == *index && !is_background(token.kind));
            let _ = card.toggle_attribute_with_force("data-receiving", receives);
        }
    }
}

/// Puts a card in its place, through the DOM: a strict policy forbids style attributes, not this.
fn put(card: &HtmlElement, rect: &Rect) {
    let style = card.style();
    for (name, value) in [
        ("left", rect.x),
        ("top", rect.y),
        ("width", rect.width),
        ("height", rect.height),
    ] {
        let _ = style.set_property(name, &format!("{}px", value.round() as i64));
    }
}

/// Two numbers as the number of one entry.
fn pair(a: u16, b: u16) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

fn is_background(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Heartbeat | TokenKind::Acknowledgement)
}

fn is_named(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::NormalJob | TokenKind::EmergencyJob(_) | TokenKind::Emergency(_)
    )
}

/// Links that are always there when there is room for them.
fn is_quiet_link(a: Role, b: Role) -> bool {
    matches!(
        (a, b),
        (Role::System, Role::Coordinator | Role::Recovery)
            | (Role::Coordinator, Role::Recovery)
            | (Role::Coordinator, Role::Executor)
            | (Role::Recovery, Role::Executor)
    )
}
