//! How far a run is: from the engine's events to one number and the times of its stages.

use std::time::Instant;

use domain::UnixMillis;
use engine::{Event, Notice, Stage};

use crate::Estimate;
use crate::estimate::Usual;

/// A run so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) stage: Option<Stage>,
    /// 0–1 over the whole run; never goes down.
    pub(crate) fraction: f32,
    pub(crate) notices: Vec<Notice>,
    pub(crate) stage_millis: Vec<(Stage, u64)>,
    /// When it is likely to be done.
    pub(crate) estimate: Option<Estimate>,
    /// How long such runs take.
    usual: Option<Usual>,
    /// A stopwatch, not a clock: no deadline and no result depends on it.
    started: Option<Instant>,
}

impl Progress {
    /// A run that begins at `now`.
    pub(crate) fn begin(usual: Option<Usual>, now: UnixMillis) -> Self {
        Self {
            estimate: usual.as_ref().map(|usual| usual.begin(now)),
            usual,
            ..Self::default()
        }
    }

    pub(crate) fn take_in(&mut self, event: Event, now: UnixMillis) {
        match event {
            Event::Started(stage) => {
                let run = self.estimate.zip(self.usual.as_ref());
                self.estimate = run.map(|(run, usual)| usual.at_stage(run, stage, now));
                self.stage = Some(stage);
                self.started = Some(Instant::now());
                self.reach(stage, 0.0);
            }
            Event::Progress(stage, fraction) => self.reach(stage, fraction),
            Event::Finished(stage) => {
                self.reach(stage, 1.0);
                if let Some(started) = self.started.take() {
                    let millis = started.elapsed().as_millis();
                    self.stage_millis
                        .push((stage, u64::try_from(millis).unwrap_or(u64::MAX)));
                }
            }
            Event::Notice(notice) if self.notices.contains(&notice) => {}
            Event::Notice(notice) => self.notices.push(notice),
        }
    }

    /// A tool's work has no stages.
    pub(crate) fn take_share(&mut self, share: f32) {
        self.fraction = self.fraction.max(share).min(1.0);
    }

    fn reach(&mut self, stage: Stage, fraction: f32) {
        let before: f32 = Stage::ALL
            .into_iter()
            .filter(|earlier| *earlier < stage)
            .map(share)
            .sum();
        let reached = before + share(stage) * fraction.clamp(0.0, 1.0);
        self.fraction = self.fraction.max(reached).min(1.0);
    }
}

/// Roughly each stage's part of a run's time on two cores. They sum to 1.
fn share(stage: Stage) -> f32 {
    match stage {
        Stage::Matte => 0.2,
        Stage::Shape => 0.3,
        Stage::Surface => 0.15,
        Stage::Texture => 0.25,
        Stage::Export => 0.1,
    }
}

/// Notices as a row keeps them: names, some with `=number`.
pub(crate) fn notices_to_row(notices: &[Notice]) -> String {
    let parts: Vec<_> = notices
        .iter()
        .map(|notice| match notice.number() {
            Some(number) => format!("{}={number}", notice.name()),
            None => notice.name().to_owned(),
        })
        .collect();
    parts.join(",")
}

pub(crate) fn notices_from_row(text: &str) -> Vec<Notice> {
    text.split(',')
        .filter_map(|part| {
            let (name, number) = part.split_once('=').unwrap_or((part, "0"));
            Notice::from_name(name, number.parse().ok()?)
        })
        .collect()
}

/// The stages' times as a row keeps them.
pub(crate) fn stage_millis_to_row(stages: &[(Stage, u64)]) -> String {
    let parts: Vec<_> = stages
        .iter()
        .map(|(stage, millis)| format!("{}={millis}", stage.name()))
        .collect();
    parts.join(",")
}

pub(crate) fn stage_millis_from_row(text: &str) -> Vec<(Stage, u64)> {
    text.split(',')
        .filter_map(|part| {
            let (name, millis) = part.split_once('=')?;
            Some((stage_named(name)?, millis.parse().ok()?))
        })
        .collect()
}

pub(crate) fn stage_named(name: &str) -> Option<Stage> {
    Stage::ALL.into_iter().find(|stage| stage.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_from_nothing_to_everything_and_never_back() {
        let mut progress = Progress::default();
        let mut seen = vec![progress.fraction];
        for stage in Stage::ALL {
            for event in [
                Event::Started(stage),
                Event::Progress(stage, 0.7),
                Event::Progress(stage, 0.2),
                Event::Finished(stage),
            ] {
                progress.take_in(event, UnixMillis(0));
                seen.push(progress.fraction);
            }
        }
        assert!(seen.is_sorted(), "{seen:?}");
        assert!((progress.fraction - 1.0).abs() < 1e-5);
        assert_eq!(progress.stage_millis.len(), Stage::ALL.len());
    }

    #[test]
    fn what_a_row_keeps_reads_back() {
        let notices = vec![
            Notice::TouchesBorder,
            Notice::SeveralObjects { count: 3 },
            Notice::Small { px: 41 },
        ];
        assert_eq!(notices_from_row(&notices_to_row(&notices)), notices);
        assert_eq!(notices_from_row(""), []);
        let stages = vec![(Stage::Matte, 12), (Stage::Export, 0)];
        assert_eq!(stage_millis_from_row(&stage_millis_to_row(&stages)), stages);
        assert_eq!(stage_millis_from_row(""), []);
    }
}
