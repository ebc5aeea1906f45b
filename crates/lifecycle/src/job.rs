//! The job: its row, and what its owner sees of it.

use domain::{Id, JobState, Lifetime, MAX_RETRIES, Tool};
use engine::{Ground, Options, Shaper, Symmetry, Tier, Topology};
use store::{JobKey, JobOptions, JobRow, Waiting};

use crate::failure::Failure;
use crate::progress::{Progress, notices_from_row, stage_millis_from_row, stage_named};
use crate::{Estimate, JobView, Lifecycle, ReadError, StorageError};

/// How far in the future a row's creation may lie before its clock is taken to have been wrong.
pub(crate) const SKEW_SECS: i64 = 60;

impl Lifecycle {
    /// The row of a job that is not destroyed and not past its deadline, reaper or no reaper.
    pub(crate) async fn readable_row(&self, id: Id) -> Result<JobRow, ReadError> {
        let row = self.store.job(&JobKey::of(id)).await?;
        let row = row.ok_or(ReadError::NotFound)?;
        let now = self.vault.now();
        let made_later = row.created_at > now.plus_secs(SKEW_SECS);
        if row.destroyed_at.is_some() || row.expires_at <= now || made_later {
            return Err(ReadError::Gone);
        }
        Ok(row)
    }

    /// What the owner sees of a row now.
    pub(crate) async fn view(&self, id: Id, row: &JobRow) -> Result<JobView, StorageError> {
        let progress = self.live.progress(&row.key);
        let mut view = view_of(id, row, progress.as_ref());
        if row.state == JobState::Queued {
            let line = self.line().await?;
            let place = line.iter().position(|(key, _)| *key == row.key);
            view.queue_position = position(place);
            view.estimate = place.and_then(|place| line[place].1);
        }
        Ok(view)
    }

    /// The jobs that wait, next one first, each with when its model is likely to be there: after
    /// the one that runs and all ahead of it. Where one of them is unknown, so is what follows.
    pub(crate) async fn line(&self) -> Result<Vec<(JobKey, Option<Estimate>)>, StorageError> {
        let now = self.vault.now();
        let mut estimate = match self.live.running() {
            Some(running) => running,
            None => Some(Estimate::idle(now)),
        };
        let waiting = self.store.waiting(now).await?.into_iter();
        let line = waiting.map(|Waiting { key, options }| {
            let usual = self.history.of(&options);
            estimate = estimate
                .zip(usual)
                .map(|(before, run)| before.followed_by(&run));
            (key, estimate)
        });
        Ok(line.collect())
    }

    /// Tells the waiting jobs' watchers how many are ahead of them now. Nothing depends on it, so a
    /// failure leaves them with an old number and stops nobody.
    pub(crate) async fn announce_queue(&self) {
        let line = match self.line().await {
            Ok(line) => line,
            Err(error) => return tracing::warn!(%error, "watchers can't be told their position"),
        };
        for (ahead, (key, estimate)) in line.iter().enumerate() {
            self.live.tell(key, |view| {
                view.state = JobState::Queued;
                view.queue_position = position(Some(ahead));
                view.estimate = *estimate;
            });
        }
    }

    /// Tells a job's watchers that it has ended, as its row says, and the others that they moved
    /// up.
    pub(crate) async fn announce_end(&self, key: &JobKey) -> Result<(), StorageError> {
        if let Some(row) = self.store.job(key).await? {
            self.live.end(&row);
        }
        self.announce_queue().await;
        Ok(())
    }
}

/// A row as its owner sees it, with the progress of the present run if there is one.
pub(crate) fn view_of(id: Id, row: &JobRow, progress: Option<&Progress>) -> JobView {
    let running = progress.filter(|_| row.state == JobState::Running);
    JobView {
        id,
        tool: tool_of(&row.options),
        options: from_row(&row.options),
        views: row.views,
        state: row.state,
        stage: match running {
            Some(progress) => progress.stage,
            None => row.stage.as_deref().and_then(stage_named),
        },
        progress: match (row.state, running) {
            (JobState::Done, _) => 1.0,
            (_, Some(progress)) => progress.fraction,
            _ => 0.0,
        },
        queue_position: None,
        estimate: running.and_then(|progress| progress.estimate),
        can_be_retried: row.state == JobState::Failed
            && row.picture.is_some()
            && row.retries < MAX_RETRIES,
        created_at: row.created_at,
        expires_at: row.expires_at,
        delete_after_download: row.delete_after_download,
        failure: row.failure.as_deref().map(Failure::of_code),
        notices: match running {
            Some(progress) => progress.notices.clone(),
            None => notices_from_row(&row.notices),
        },
        stage_millis: match running {
            Some(progress) => progress.stage_millis.clone(),
            None => stage_millis_from_row(&row.stage_millis),
        },
    }
}

/// How long its owner wants each of its objects kept.
pub(crate) fn lifetime_of(row: &JobRow) -> Lifetime {
    let secs = u32::try_from(row.lifetime_secs).ok();
    let lifetime = secs.and_then(|secs| Lifetime::of_secs(secs).ok());
    lifetime.unwrap_or(Lifetime::HOUR)
}

fn position(ahead: Option<usize>) -> Option<u32> {
    ahead.map(|ahead| u32::try_from(ahead).unwrap_or(u32::MAX))
}

/// Options in the database's words.
pub(crate) fn to_row(options: &Options) -> JobOptions {
    JobOptions {
        tool: None,
        tier: options.tier.name().into(),
        shaper: options.shaper.name().into(),
        seed: options.seed,
        faces: options.faces,
        texture_px: options.texture_px,
        topology: options.topology.name().into(),
        symmetry: options.symmetry.name().into(),
        size_metres: options.size_metres,
        ground: options.ground.name().into(),
        print: options.print,
        keep_background: options.keep_background,
    }
}

/// A tool in the database's words. What exactly it does is sealed with the picture.
pub(crate) fn to_row_of_tool(tool: Tool) -> JobOptions {
    JobOptions {
        tool: Some(tool.name().into()),
        ..to_row(&Options::default())
    }
}

/// The tool that a row names, if it is about no model.
pub(crate) fn tool_of(options: &JobOptions) -> Option<Tool> {
    options.tool.as_deref().and_then(Tool::from_name)
}

/// Options from a row; the usual for a name that this version doesn't know.
pub(crate) fn from_row(options: &JobOptions) -> Options {
    Options {
        tier: Tier::from_name(&options.tier).unwrap_or_default(),
        shaper: Shaper::from_name(&options.shaper).unwrap_or_default(),
        seed: options.seed,
        faces: options.faces,
        texture_px: options.texture_px,
        topology: named(Topology::ALL, Topology::name, &options.topology),
        symmetry: named(Symmetry::ALL, Symmetry::name, &options.symmetry),
        size_metres: options.size_metres,
        ground: named(Ground::ALL, Ground::name, &options.ground),
        print: options.print,
        keep_background: options.keep_background,
    }
}

fn named<T: Copy + Default, const N: usize>(
    all: [T; N],
    name_of: fn(T) -> &'static str,
    name: &str,
) -> T {
    let known = all.into_iter().find(|one| name_of(*one) == name);
    known.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_reads_back_from_its_row() {
        for topology in Topology::ALL {
            for symmetry in Symmetry::ALL {
                for ground in Ground::ALL {
                    let options = Options {
                        tier: Tier::Ultra,
                        shaper: Shaper::Inflate,
                        seed: u64::MAX,
                        faces: Some(777),
                        texture_px: Some(512),
                        topology,
                        symmetry,
                        size_metres: Some(1.0 / 3.0),
                        ground,
                        print: true,
                        keep_background: true,
                    };
                    assert_eq!(from_row(&to_row(&options)), options);
                }
            }
        }
        let options = Options::default();
        assert_eq!(from_row(&to_row(&options)), options);
    }
}
