//! What of the page a step shows: the process, the panels and views, and the part of the diagram.

use reactive_graph::prelude::*;

use super::OpenLesson;
use crate::DockView;
use crate::{Part, set_if_changed};
use triage_engine::id::ProcessIndex;
use triage_lesson::{Anchor, Highlight, Step, find};

/// Beyond this scale the diagram shows less of the line than a person can follow, in px per ns.
const SCALE_MAX: f64 = 1.6e-5;
/// What the cursor and the names leave of the width of the diagram.
const ROOM: f64 = 0.7;

impl OpenLesson {
    /// The inspector shows the process that the step begins with; faults are aimed at it.
    pub(super) fn look_at_process(self, step: &Step) {
        let name = step.highlights.iter().find_map(|mark| match mark {
            Highlight::Process(name) | Highlight::Clock(name) => Some(name),
            _ => None,
        });
        let index = name.and_then(|name| {
            let found = |player: &triage_playback::Player| player.world().find(name).map(|it| it.0);
            self.session.read(found)
        });
        if let Some(ProcessIndex(index)) = index {
            self.session.select(index);
        }
    }

    pub(super) fn open_views(self, step: &Step) {
        let session = self.session;
        let view = step.view.as_deref().and_then(DockView::of);
        let presenting = session.ui.lessons.presenting.get_untracked();
        let open_panel = |name: &str, open: bool| {
            let closed = session.ui.closed.get_untracked();
            let others = closed
                .split(' ')
                .filter(|one| *one != name && !one.is_empty());
            let mut names: Vec<&str> = others.collect();
            if !open {
                names.push(name);
            }
            set_if_changed(session.ui.closed, names.join(" "));
        };
        match view {
            Some(view) => {
                set_if_changed(session.ui.dock, view);
                open_panel("dock", true);
            }
            None if presenting => open_panel("dock", false),
            None => {}
        }
        if step.task.is_some() && !presenting {
            open_panel("commands", true);
        }
        set_if_changed(
            session.ui.part,
            if view.is_some() {
                Part::Dock
            } else {
                Part::Stage
            },
        );
        set_if_changed(session.ui.sheet, false);
        if view == Some(DockView::Diagram) {
            let drawn = step.drawn();
            session
                .diagram
                .update_value(|diagram| diagram.filter_options.set_message_kinds(&drawn));
            let question = step.question.as_ref();
            let mut events = question.map(|it| it.subject()).unwrap_or_default();
            events.extend(step.highlights.iter().filter_map(|mark| match mark {
                Highlight::Event(anchor) => Some(anchor.clone()),
                _ => None,
            }));
            self.frame_events(&events);
        }
    }

    /// The diagram shows the events that a step marks together with the cursor.
    fn frame_events(self, anchors: &[Anchor]) {
        let session = self.session;
        session.read(|player| {
            let event = |anchor: &Anchor| player.trace().get(find(player, anchor).ok()?);
            let events: Vec<_> = anchors.iter().filter_map(event).collect();
            let now_ns = player.world().now_ns();
            let moments = events.iter().map(|event| event.t_ns);
            let (from_ns, to_ns) = moments.fold((now_ns, now_ns), |(from, to), t_ns| {
                (from.min(t_ns), to.max(t_ns))
            });
            session.diagram.update_value(|diagram| {
                diagram.follow(player);
                for process in events.iter().rev().filter_map(|event| event.process()) {
                    diagram.rows.reveal(process.0);
                }
                diagram.move_camera(&mut |camera, timeline| {
                    camera.show(timeline, from_ns as f64, to_ns as f64);
                    camera.scale = (camera.scale * ROOM).min(SCALE_MAX);
                });
            });
        });
    }
}
