//! Named moments of a run.

use super::Player;

/// More are refused.
const MARKERS_MAX: usize = 200;

/// A moment with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// When, in µs.
    pub t_us: u64,
    /// What a person calls it; at most 60 characters.
    pub name: String,
}

impl Player {
    /// The markers in the order of time.
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// Names the moment at the cursor; the same moment again gets the new name. Without a name it is called by its
    /// number. Beyond 200 markers nothing is added.
    pub fn mark(&mut self, name: &str) {
        self.put_marker(self.now_us() as u64, name);
    }

    /// Names any moment.
    pub(super) fn put_marker(&mut self, t_us: u64, name: &str) {
        let name: String = name.trim().chars().take(60).collect();
        let name = if name.is_empty() {
            format!("marker {}", self.markers.len() + 1)
        } else {
            name
        };
        let place = self.markers.partition_point(|marker| marker.t_us < t_us);
        let full = self.markers.len() >= MARKERS_MAX;
        match self.markers.get_mut(place) {
            Some(marker) if marker.t_us == t_us => marker.name = name,
            _ if full => {}
            _ => self.markers.insert(place, Marker { t_us, name }),
        }
        self.revision += 1;
    }

    /// Forgets the marker of a moment, in µs.
    pub fn unmark(&mut self, t_us: u64) {
        self.markers.retain(|marker| marker.t_us != t_us);
        self.revision += 1;
    }
}
