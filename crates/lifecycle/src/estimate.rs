//! When a job is likely to be done, from how long such jobs took on this machine. Where there is no
//! history nothing is said: a number is measured or missing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::UnixMillis;
use engine::Stage;
use store::{JobOptions, Run};

use crate::progress::stage_millis_from_row;

/// When something is likely to be over: the step at work at a moment, what follows it so many
/// milliseconds later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// When the step at work is usually over.
    step_ends: UnixMillis,
    /// What comes after it.
    later_millis: i64,
    /// When all of it is usually over, as it began.
    usual_end: UnixMillis,
}

/// What to tell somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLeft {
    /// About so many seconds; at least one.
    Secs(u32),
    /// It takes longer than usual, so nobody knows.
    LongerThanUsual,
}

impl Estimate {
    /// What is left at `now`. A step that takes longer than usual holds the number where what
    /// follows it begins, so that it never goes up.
    pub fn left(self, now: UnixMillis) -> TimeLeft {
        if now > self.step_ends && now > self.usual_end {
            return TimeLeft::LongerThanUsual;
        }
        let step = self.step_ends.0.saturating_sub(now.0).max(0);
        let millis = u64::try_from(step.saturating_add(self.later_millis)).unwrap_or(0);
        TimeLeft::Secs(u32::try_from(millis.div_ceil(1000)).map_or(u32::MAX, |secs| secs.max(1)))
    }

    /// Nothing is at work at `now`.
    pub(crate) fn idle(now: UnixMillis) -> Self {
        Self {
            step_ends: now,
            later_millis: 0,
            usual_end: now,
        }
    }

    /// When a run that follows is likely to be over.
    pub(crate) fn followed_by(self, run: &Usual) -> Self {
        Self {
            later_millis: self.later_millis.saturating_add(run.millis),
            usual_end: after(self.usual_end, run.millis),
            ..self
        }
    }
}

/// How long runs of one tool, or tier and engine, take: medians, milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Usual {
    millis: i64,
    /// None if they were not measured.
    stages: Vec<(Stage, i64)>,
}

impl Usual {
    /// A run that begins at `now`.
    pub(crate) fn begin(&self, now: UnixMillis) -> Estimate {
        let later_millis = self.from(None).min(self.millis);
        Estimate {
            step_ends: after(now, self.millis - later_millis),
            later_millis,
            usual_end: after(now, self.millis),
        }
    }

    /// The same run when a stage begins at `now`.
    pub(crate) fn at_stage(&self, run: Estimate, stage: Stage, now: UnixMillis) -> Estimate {
        let of_stage = self.stages.iter().find(|(known, _)| *known == stage);
        match of_stage {
            Some((_, millis)) => Estimate {
                step_ends: after(now, *millis),
                later_millis: self.from(Some(stage)),
                ..run
            },
            None => run,
        }
    }

    /// All stages behind that one.
    fn from(&self, stage: Option<Stage>) -> i64 {
        let later = self.stages.iter().filter(|(known, _)| Some(*known) > stage);
        later.map(|(_, millis)| millis).sum()
    }
}

/// What is known of the runs so far.
#[derive(Default)]
pub(crate) struct History(Mutex<Known>);

/// Tool, tier and engine: runs that take about as long.
type Sort = (String, String, String);

#[derive(Default)]
struct Known {
    kinds: HashMap<Sort, Usual>,
    /// Of any run.
    usual_millis: Option<u64>,
}

impl History {
    /// Learns from these runs, and forgets what it knew.
    pub(crate) fn learn(&self, runs: &[Run]) {
        let mut kinds: HashMap<_, Vec<&Run>> = HashMap::new();
        for run in runs {
            let kind: Sort = (run.tool.clone(), run.tier.clone(), run.shaper.clone());
            kinds.entry(kind).or_default().push(run);
        }
        let kinds = kinds
            .into_iter()
            .filter_map(|(kind, runs)| Some((kind, usual(&runs)?)));
        *self.known() = Known {
            kinds: kinds.collect(),
            usual_millis: median(runs.iter().map(|run| run.millis)),
        };
    }

    /// How long a run with these options takes; `None`: there was none.
    pub(crate) fn of(&self, options: &JobOptions) -> Option<Usual> {
        let JobOptions {
            tool, tier, shaper, ..
        } = options.clone();
        let kind = (tool.unwrap_or_default(), tier, shaper);
        self.known().kinds.get(&kind).cloned()
    }

    /// How long any run takes.
    pub(crate) fn of_any(&self) -> Option<u64> {
        self.known().usual_millis
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn usual(runs: &[&Run]) -> Option<Usual> {
    let stages: Vec<_> = runs
        .iter()
        .flat_map(|run| stage_millis_from_row(&run.stage_millis))
        .collect();
    let of_stage = |stage: Stage| {
        let millis = stages.iter().filter(|(known, _)| *known == stage);
        Some((stage, signed(median(millis.map(|(_, millis)| *millis))?)))
    };
    Some(Usual {
        millis: signed(median(runs.iter().map(|run| run.millis))?),
        stages: Stage::ALL.into_iter().filter_map(of_stage).collect(),
    })
}

/// The lower one of the two in the middle.
fn median(numbers: impl Iterator<Item = u64>) -> Option<u64> {
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

fn signed(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

fn after(moment: UnixMillis, millis: i64) -> UnixMillis {
    UnixMillis(moment.0.saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(tier: &str, millis: u64, stage_millis: &str) -> Run {
        Run {
            tool: String::new(),
            tier: tier.into(),
            shaper: "builtin".into(),
            millis,
            stage_millis: stage_millis.into(),
        }
    }

    fn options(tier: &str) -> JobOptions {
        let mut options = crate::job::to_row(&engine::Options::default());
        options.tier = tier.into();
        options.shaper = "builtin".into();
        options
    }

    #[test]
    fn medians_are_of_the_same_tier_and_engine_and_nothing_else_is_known() {
        let history = History::default();
        history.learn(&[
            run("base", 1000, "matte=100,shape=900"),
            run("base", 90_000, "matte=90,shape=89910"),
            run("base", 2000, "matte=200"),
            run("pro", 50_000, ""),
        ]);
        let base = history.of(&options("base")).unwrap();
        assert_eq!(base.millis, 2000);
        assert_eq!(base.stages, [(Stage::Matte, 100), (Stage::Shape, 900)]);
        let pro = history.of(&options("pro")).unwrap();
        assert_eq!((pro.millis, pro.stages), (50_000, vec![]));
        assert_eq!(history.of(&options("ultra")), None);
        let mut other = options("base");
        other.shaper = "inflate".into();
        assert_eq!(history.of(&other), None);
        let tool = crate::job::to_row_of_tool(domain::Tool::Edit);
        assert_eq!(history.of(&tool), None);
        assert_eq!(history.of_any(), Some(2000));
        history.learn(&[]);
        assert_eq!(history.of(&options("base")), None);
        assert_eq!(history.of_any(), None);
    }

    /// At second, what happens, and what is told then. The number never goes up.
    #[test]
    fn the_time_left_shrinks_with_time_and_with_each_stage_and_never_grows() {
        let usual = Usual {
            millis: 10_000,
            stages: vec![
                (Stage::Matte, 2000),
                (Stage::Shape, 5000),
                (Stage::Export, 2000),
            ],
        };
        let at = |secs: i64| UnixMillis(1_000_000 + secs * 1000);
        let mut estimate = usual.begin(at(0));
        let mut last = u32::MAX;
        for (secs, begins, left) in [
            (0, None, 10),
            (1, Some(Stage::Matte), 9),
            (2, None, 8),
            (3, None, 7),
            // It takes longer than it usually does ...
            (5, None, 7),
            (6, Some(Stage::Shape), 7),
            (8, None, 5),
            // ... and this stage less.
            (9, Some(Stage::Export), 2),
            (10, None, 1),
        ] {
            if let Some(stage) = begins {
                estimate = usual.at_stage(estimate, stage, at(secs));
            }
            assert_eq!(estimate.left(at(secs)), TimeLeft::Secs(left), "{secs} s");
            assert!(left <= last);
            last = left;
        }
        assert_eq!(estimate.left(at(12)), TimeLeft::LongerThanUsual);
    }

    #[test]
    fn without_stages_the_whole_run_is_one_step() {
        let usual = Usual {
            millis: 10_000,
            stages: vec![],
        };
        let at = |secs: i64| UnixMillis(secs * 1000);
        let estimate = usual.at_stage(usual.begin(at(0)), Stage::Texture, at(4));
        assert_eq!(estimate.left(at(4)), TimeLeft::Secs(6));
        assert_eq!(estimate.left(at(10)), TimeLeft::Secs(1));
        assert_eq!(estimate.left(at(11)), TimeLeft::LongerThanUsual);
    }

    #[test]
    fn whoever_waits_waits_for_those_ahead_and_for_themselves() {
        let usual = |millis| Usual {
            millis,
            stages: vec![],
        };
        let at = |secs: i64| UnixMillis(secs * 1000);
        let first = Estimate::idle(at(0)).followed_by(&usual(3000));
        assert_eq!(first.left(at(0)), TimeLeft::Secs(3));
        let running = usual(10_000).begin(at(0));
        let own = running.followed_by(&usual(3000)).followed_by(&usual(1500));
        assert_eq!(own.left(at(0)), TimeLeft::Secs(15));
        assert_eq!(own.left(at(9)), TimeLeft::Secs(6));
        // The one that runs takes longer: theirs still comes after it.
        assert_eq!(own.left(at(13)), TimeLeft::Secs(5));
        assert_eq!(own.left(at(15)), TimeLeft::LongerThanUsual);
    }
}
