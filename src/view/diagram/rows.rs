//! Which process lines are shown, in which order, and where.

/// Minimum distance between two lines, in px.
const ROW_PX_MIN: f64 = 20.0;
/// Maximum distance between two lines, in px; also the minimum on touch screens (WCAG 2.2, 2.5.5).
const ROW_PX_MAX: f64 = 44.0;

/// Lines in the order that the user chose; new processes are added at the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    order: Vec<u16>,
    hidden: Vec<u16>,
    /// Lines without events because of a filter.
    idle: Vec<u16>,
    known: u16,
    /// Distance between two lines, in px.
    pub row_px: f64,
    /// How far the lines are scrolled, in px.
    pub scroll_px: f64,
    /// Height available for lines, in px.
    pub height_px: f64,
    /// Whether the user has a touch screen.
    pub touched: bool,
}

impl Rows {
    /// Sets the number of processes, and which of them are idle: their lines are left out.
    pub fn follow(&mut self, processes: usize, idle: &dyn Fn(u16) -> bool) {
        let processes = processes.min(usize::from(u16::MAX)) as u16;
        if processes < self.known {
            self.order.retain(|process| *process < processes);
            self.hidden.retain(|process| *process < processes);
        }
        self.order.extend(self.known.min(processes)..processes);
        self.known = processes;
        self.idle = (0..processes).filter(|process| idle(*process)).collect();
    }

    /// Distributes the lines over the available height; they scroll if there isn't enough.
    pub fn arrange(&mut self, height_px: f64) {
        let visible = self.visible().count().max(1) as f64;
        self.height_px = height_px;
        let least_px = if self.touched { ROW_PX_MAX } else { ROW_PX_MIN };
        self.row_px = (height_px / visible).floor().clamp(least_px, ROW_PX_MAX);
        self.scroll_px = self.scroll_px.clamp(0.0, self.overhang_px());
    }

    /// How far the lines can be scrolled, in px.
    pub fn overhang_px(&self) -> f64 {
        (self.row_px * self.visible().count() as f64 - self.height_px).max(0.0)
    }

    /// The processes of the visible lines, from top to bottom.
    pub fn visible(&self) -> impl Iterator<Item = u16> + '_ {
        let mut order = self.order.iter().copied();
        let left_out = |process: &u16| self.hidden.contains(process) || self.idle.contains(process);
        std::iter::from_fn(move || order.find(|process| !left_out(process)))
    }

    /// The processes whose lines the user has hidden.
    pub fn hidden(&self) -> &[u16] {
        &self.hidden
    }

    /// The middle of each process's line by process index, in px from the top; `None` if it isn't shown.
    pub fn middles(&self) -> Vec<Option<f64>> {
        let mut middles = vec![None; usize::from(self.known)];
        for (place, process) in self.visible().enumerate() {
            let y = (place as f64 + 0.5) * self.row_px - self.scroll_px;
            middles[usize::from(process)] = Some(y);
        }
        middles
    }

    /// Scrolls as little as necessary to make a line visible, and shows it if it is hidden.
    pub fn reveal(&mut self, process: u16) {
        self.hidden.retain(|other| *other != process);
        let Some(place) = self.visible().position(|other| other == process) else {
            return;
        };
        let top = place as f64 * self.row_px;
        let least = (top + self.row_px - self.height_px).max(0.0);
        self.scroll_px = self.scroll_px.clamp(least.min(top), top);
    }

    /// Hides a line, unless it is the last one.
    pub fn hide(&mut self, process: u16) {
        if !self.hidden.contains(&process) && self.visible().nth(1).is_some() {
            self.hidden.push(process);
        }
    }

    /// Shows all hidden lines.
    pub fn show_all(&mut self) {
        self.hidden.clear();
    }

    /// Moves a line past `places` visible lines; down if positive.
    pub fn move_by(&mut self, process: u16, places: i32) {
        let visible: Vec<u16> = self.visible().collect();
        let Some(at) = visible.iter().position(|other| *other == process) else {
            return;
        };
        let target = (at as i32 + places).clamp(0, visible.len() as i32 - 1) as usize;
        let neighbour = visible[target];
        self.order.retain(|other| *other != process);
        let place = self.order.iter().position(|other| *other == neighbour);
        // Moving down, it is inserted after the line that it passes; moving up, before it.
        let place = place.map_or(at, |place| place + usize::from(target > at));
        self.order.insert(place, process);
    }

    /// Moves a line to the position of another one.
    pub fn move_to(&mut self, process: u16, other: u16) {
        let place = |target: u16| self.visible().position(|visible| visible == target);
        if let (Some(from), Some(to)) = (place(process), place(other)) {
            self.move_by(process, to as i32 - from as i32);
        }
    }

    /// The line `places` below another one, if there is one.
    pub fn neighbour(&self, process: u16, places: i32) -> Option<u16> {
        let visible: Vec<u16> = self.visible().collect();
        let at = visible.iter().position(|other| *other == process)?;
        let target = usize::try_from(at as i32 + places).ok()?;
        visible.get(target).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        let mut rows = Rows::default();
        rows.follow(5, &|_| false);
        rows.arrange(100.0);
        rows
    }

    fn visible(rows: &Rows) -> Vec<u16> {
        rows.visible().collect()
    }

    #[test]
    fn lines_move_past_hidden_ones_and_new_ones_come_last() {
        let mut rows = rows();
        rows.hide(2);
        rows.move_by(1, 1);
        assert_eq!(visible(&rows), [0, 3, 1, 4]);
        rows.move_by(4, -9);
        assert_eq!(visible(&rows), [4, 0, 3, 1]);
        rows.move_to(0, 1);
        assert_eq!(visible(&rows), [4, 3, 1, 0]);
        rows.move_to(0, 3);
        rows.follow(6, &|_| false);
        assert_eq!(visible(&rows), [4, 0, 3, 1, 5]);
        rows.show_all();
        assert_eq!(visible(&rows).len(), 6);
        assert_eq!(rows.neighbour(4, 1), Some(visible(&rows)[1]));
        assert_eq!(rows.neighbour(4, -1), None);
    }

    #[test]
    fn the_last_line_cannot_be_hidden() {
        let mut rows = rows();
        for process in 0..5 {
            rows.hide(process);
        }
        assert_eq!(visible(&rows), [4]);
    }

    #[test]
    fn many_lines_scroll_and_few_do_not() {
        let mut rows = rows();
        assert_eq!((rows.row_px, rows.overhang_px()), (20.0, 0.0));
        rows.reveal(4);
        assert_eq!(rows.scroll_px, 0.0);
        rows.follow(33, &|_| false);
        rows.scroll_px = 1e9;
        rows.arrange(170.0);
        assert_eq!(rows.scroll_px, 33.0 * ROW_PX_MIN - 170.0);
        rows.reveal(2);
        assert_eq!(rows.middles()[2], Some(ROW_PX_MIN / 2.0));
        rows.reveal(32);
        assert_eq!(rows.middles()[32], Some(170.0 - ROW_PX_MIN / 2.0));
    }

    #[test]
    fn lines_are_as_far_apart_as_a_finger_needs() {
        let mut rows = rows();
        rows.touched = true;
        rows.arrange(100.0);
        assert_eq!(rows.row_px, ROW_PX_MAX);
        assert_eq!(rows.overhang_px(), 5.0 * ROW_PX_MAX - 100.0);
    }

    #[test]
    fn idle_lines_are_left_out_and_come_back_in_their_place() {
        let mut rows = rows();
        rows.move_by(4, -9);
        rows.follow(5, &|process| process == 0 || process == 3);
        assert_eq!(visible(&rows), [4, 1, 2]);
        rows.follow(5, &|_| false);
        assert_eq!(visible(&rows), [4, 0, 1, 2, 3]);
    }
}
