//! What of the page a step shows: the process, the panels and views, and the part of the diagram.

use leptos::prelude::*;

use super::Course;
use crate::engine::id::ProcessIndex;
use crate::lesson::{Anchor, Mark, Step, find};
use crate::page::dock::DockView;
use crate::page::screen::{Part, put};

/// Beyond this scale the diagram shows less of the line than a person can follow, in px per ns.
const SCALE_MAX: f64 = 1.6e-5;
/// What the cursor and the names leave of the width of the diagram.
const ROOM: f64 = 0.7;

impl Course {
    /// The inspector shows the process that the step begins with; faults are aimed at it.
    pub(super) fn look_at_process(self, step: &Step) {
        let name = step.marks.iter().find_map(|mark| match mark {
            Mark::Process(name) | Mark::Clock(name) => Some(name),
            _ => None,
        });
        let index = name.and_then(|name| {
            let found = |player: &crate::playback::Player| player.world().find(name).map(|it| it.0);
            self.desk.with(found)
        });
        if let Some(ProcessIndex(index)) = index {
            self.desk.select(index);
        }
    }

    pub(super) fn open_views(self, step: &Step) {
        let desk = self.desk;
        let view = step.view.as_deref().and_then(DockView::of);
        let presenting = desk.screen.lessons.presenting.get_untracked();
        let open_panel = |name: &str, open: bool| {
            let closed = desk.screen.closed.get_untracked();
            let others = closed
                .split(' ')
                .filter(|one| *one != name && !one.is_empty());
            let mut names: Vec<&str> = others.collect();
            if !open {
                names.push(name);
            }
            put(desk.screen.closed, names.join(" "));
        };
        match view {
            Some(view) => {
                put(desk.screen.dock, view);
                open_panel("dock", true);
            }
            None if presenting => open_panel("dock", false),
            None => {}
        }
        if step.task.is_some() && !presenting {
            open_panel("commands", true);
        }
        put(
            desk.screen.part,
            if view.is_some() {
                Part::Dock
            } else {
                Part::Stage
            },
        );
        put(desk.screen.sheet, false);
        if view == Some(DockView::Diagram) {
            let subject = step.question.as_ref().map(|question| question.subject());
            self.frame_events(&subject.unwrap_or_default());
        }
    }

    /// The diagram shows the events of a question together with the cursor.
    fn frame_events(self, anchors: &[Anchor]) {
        let desk = self.desk;
        desk.with(|player| {
            let moment = |anchor: &Anchor| {
                let seq = find(player, anchor).ok()?;
                player.trace().get(seq).map(|event| event.t_ns)
            };
            let now_ns = player.world().now_ns();
            let moments = anchors.iter().filter_map(moment);
            let (from_ns, to_ns) = moments.fold((now_ns, now_ns), |(from, to), t_ns| {
                (from.min(t_ns), to.max(t_ns))
            });
            desk.diagram.update_value(|diagram| {
                diagram.follow(player);
                diagram.look(&mut |camera, course| {
                    camera.show(course, from_ns as f64, to_ns as f64);
                    camera.scale = (camera.scale * ROOM).min(SCALE_MAX);
                });
            });
        });
    }
}
