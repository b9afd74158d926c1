//! The student's progress in each lesson, as a text that is stored between visits: one line for each lesson, such as
//! `messages 3 rw-- 2/4`.

/// The state of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Not answered yet.
    #[default]
    Open,
    /// Answered correctly at the first attempt.
    First,
    /// Answered correctly at a later attempt.
    Later,
    /// Only wrong answers so far.
    Wrong,
}

impl Outcome {
    const ALL: [Outcome; 4] = [
        Outcome::Open,
        Outcome::First,
        Outcome::Later,
        Outcome::Wrong,
    ];

    /// The letter in stored progress.
    fn letter(self) -> char {
        match self {
            Outcome::Open => '-',
            Outcome::First => 'r',
            Outcome::Later => 'w',
            Outcome::Wrong => 'x',
        }
    }

    /// The state after one more answer.
    pub fn answered(self, right: bool) -> Outcome {
        match (self, right) {
            (Outcome::Open, true) => Outcome::First,
            (Outcome::Open | Outcome::Wrong, false) => Outcome::Wrong,
            (Outcome::Wrong, true) => Outcome::Later,
            (done, _) => done,
        }
    }

    /// Whether the correct answer was given.
    pub fn is_done(self) -> bool {
        matches!(self, Outcome::First | Outcome::Later)
    }
}

/// Progress in one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Name of the lesson.
    pub name: String,
    /// The current step, from 0.
    pub step: usize,
    /// One for each question.
    pub outcomes: Vec<Outcome>,
    /// The best result of a completed round: number of correct first attempts, and number of questions.
    pub best: Option<(u32, u32)>,
}

impl Progress {
    /// Number of questions answered correctly at the first attempt.
    pub fn right(&self) -> u32 {
        let first = |outcome: &&Outcome| **outcome == Outcome::First;
        self.outcomes.iter().filter(first).count() as u32
    }

    /// Records the result after the last step and returns to the first one.
    pub fn finish(&mut self) {
        let result = (self.right(), self.outcomes.len() as u32);
        let better = self
            .best
            .is_none_or(|best| best.0 < result.0 || best.1 != result.1);
        if better {
            self.best = Some(result);
        }
        self.step = 0;
    }

    fn line(&self) -> String {
        let outcomes = self.outcomes.iter();
        let mut letters: String = outcomes.map(|outcome| outcome.letter()).collect();
        if letters.is_empty() {
            letters.push('.');
        }
        let best = self
            .best
            .map_or_else(String::new, |(right, all)| format!(" {right}/{all}"));
        format!("{} {} {letters}{best}", self.name, self.step)
    }

    fn read(line: &str) -> Option<Progress> {
        let mut fields = line.split(' ');
        let (name, step, letters) = (fields.next()?, fields.next()?, fields.next()?);
        let outcome = |letter: char| Outcome::ALL.into_iter().find(|it| it.letter() == letter);
        let best = fields.next().and_then(|best| best.split_once('/'));
        Some(Progress {
            name: name.to_owned(),
            step: step.parse().ok()?,
            outcomes: letters.chars().filter_map(outcome).collect(),
            best: best.and_then(|(right, all)| Some((right.parse().ok()?, all.parse().ok()?))),
        })
    }
}

/// Reads stored progress; invalid lines are skipped.
pub fn read(text: &str) -> Vec<Progress> {
    text.lines().filter_map(Progress::read).collect()
}

/// The stored text with the progress of one lesson inserted or replaced.
pub fn upsert(text: &str, progress: &Progress) -> String {
    let mut all = read(text);
    all.retain(|one| one.name != progress.name);
    all.push(progress.clone());
    let lines: Vec<String> = all.iter().map(Progress::line).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_kept_and_read_back() {
        let mut progress = Progress {
            name: "messages".to_owned(),
            step: 3,
            outcomes: vec![Outcome::First, Outcome::Later, Outcome::Open],
            best: None,
        };
        let kept = upsert("other 1 . \nnonsense\n", &progress);
        assert!(read(&kept).contains(&progress), "{kept}");
        assert_eq!(read(&kept).len(), 2);
        progress.finish();
        let kept = upsert(&kept, &progress);
        assert_eq!(read(&kept).len(), 2);
        assert_eq!(read(&kept)[1].best, Some((1, 3)));
    }

    #[test]
    fn only_the_first_answer_counts_in_full() {
        let wrong = Outcome::default().answered(false);
        assert_eq!(wrong, Outcome::Wrong);
        assert_eq!(wrong.answered(true), Outcome::Later);
        assert_eq!(Outcome::default().answered(true), Outcome::First);
        assert_eq!(Outcome::First.answered(false), Outcome::First);
    }
}
