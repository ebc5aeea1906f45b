//! The job's page. Complete without scripts; scripts make it live.

use askama::Template;
use domain::{JobState, Tool, UnixMillis};
use engine::{Notice, Shaper, Stage, Tier};
use formats::Format;
use lifecycle::{Failure, JobView, TimeLeft};
use locales::{Language, Messages};

use super::life::{CHOICES_MINUTES, lifetime_title};
use super::options::{engine_title, tier_title};
use super::size::{RANGE_MM, USUAL_MM};
use super::view::path;
use crate::around::Around;
use crate::assets;
use crate::problem::Problem;
use crate::timestamp::{clock_text, secs_until};
use crate::tools;

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage<'a> {
    around: Around,
    view: &'a JobView,
    address: String,
    state: &'static str,
    live: bool,
    title: String,
    status: String,
    steps: Vec<Step>,
    left_secs: i64,
    left: String,
    notices: Vec<String>,
    failure: String,
    made_in: Option<String>,
    formats: Vec<FormatLink>,
    usual_mm: f32,
    least_mm: f32,
    most_mm: f32,
    lifetimes: Vec<(u32, String)>,
    tiers: Vec<Choice>,
    engines: Vec<Choice>,
    /// Where another picture is taken.
    again: String,
}

/// One of a list, and whether it is chosen.
struct Choice {
    name: &'static str,
    title: String,
    chosen: bool,
}

struct FormatLink {
    name: &'static str,
    extension: &'static str,
    title: &'static str,
    purpose: String,
}

struct Step {
    name: &'static str,
    label: String,
    /// `past`, `current` or `ahead`.
    place: &'static str,
}

/// The page as it is at `now`.
pub fn render(view: &JobView, now: UnixMillis, language: Language) -> Result<String, Problem> {
    let left_secs = secs_until(view.expires_at, now);
    let around = Around::of(language, &path(view));
    let t = around.t;
    let page = JobPage {
        view,
        address: around.to(&path(view)),
        state: view.state.name(),
        live: !view.state.is_final(),
        title: title(view, t),
        status: status(view, now, t),
        steps: steps(view, t),
        left_secs,
        left: clock_text(left_secs),
        notices: view.notices.iter().map(|one| remark(*one, t)).collect(),
        failure: reason(view.failure.unwrap_or(Failure::Engine), view.tool, t),
        made_in: made_in(view, t),
        formats: formats(t),
        usual_mm: USUAL_MM,
        least_mm: *RANGE_MM.start(),
        most_mm: *RANGE_MM.end(),
        lifetimes: shorter_than(left_secs, t),
        tiers: tiers(view.options.tier, t),
        engines: engines(view.options.shaper, t),
        again: around.to(view.tool.map_or("/", tools::page::address)),
        around,
    };
    Ok(page.render()?)
}

/// The choices that would make it shorter, in minutes and in words.
fn shorter_than(left_secs: i64, t: &Messages) -> Vec<(u32, String)> {
    let shorter = CHOICES_MINUTES
        .into_iter()
        .filter(|minutes| i64::from(*minutes) * 60 < left_secs);
    shorter
        .map(|minutes| (minutes, lifetime_title(minutes, t)))
        .collect()
}

/// What the state means to its owner.
pub(super) fn title(view: &JobView, t: &Messages) -> String {
    t.get(match (view.state, view.tool) {
        (JobState::Queued, _) => "job-queued",
        (JobState::Running, None) => "job-running",
        (JobState::Running, Some(_)) => "tool-running",
        (JobState::Done, None) => "job-done",
        (JobState::Done, Some(_)) => "tool-done",
        (JobState::Failed, None) => "job-failed",
        (JobState::Failed, Some(_)) => "tool-failed",
        (JobState::Cancelled, _) => "job-cancelled",
    })
}

/// What is being done, and for how long still. Scripts say the same with the same messages.
pub(super) fn status(view: &JobView, now: UnixMillis, t: &Messages) -> String {
    // A tool has no stages.
    let step = match view.tool {
        Some(_) => Some(t.get("tool-running")),
        None => view.stage.map(|stage| label(stage, t)),
    };
    let doing = match (view.state, view.queue_position.unwrap_or(0), step) {
        (JobState::Queued, 0, _) => t.get("queue-next"),
        (JobState::Queued, ahead, _) => t.with("queue-ahead", [("ahead", ahead.into())]),
        (_, _, Some(step)) => {
            let percent = [("percent", ((view.progress * 100.0) as u32).into())];
            let doing = [
                ("doing", step.into()),
                ("percent", t.with("percent", percent).into()),
            ];
            t.with("doing", doing)
        }
        (_, _, None) => t.get("starting"),
    };
    match view.estimate.map(|estimate| estimate.left(now)) {
        Some(left) => format!("{doing} · {}", left_text(left, t)),
        None => doing,
    }
}

/// Nobody wants to know the seconds of many minutes.
fn left_text(left: TimeLeft, t: &Messages) -> String {
    match left {
        TimeLeft::Secs(secs) if secs < 100 => t.with("left-seconds", [("seconds", secs.into())]),
        TimeLeft::Secs(secs) => t.with("left-minutes", [("minutes", secs.div_ceil(60).into())]),
        TimeLeft::LongerThanUsual => t.get("left-longer"),
    }
}

fn tiers(present: Tier, t: &Messages) -> Vec<Choice> {
    let choice = |tier: Tier| Choice {
        name: tier.name(),
        title: tier_title(tier, t),
        chosen: tier == present,
    };
    Tier::ALL.into_iter().map(choice).collect()
}

fn engines(present: Shaper, t: &Messages) -> Vec<Choice> {
    let choice = |shaper: Shaper| Choice {
        name: shaper.name(),
        title: engine_title(shaper, t),
        chosen: shaper == present,
    };
    Shaper::ALL.into_iter().map(choice).collect()
}

fn label(stage: Stage, t: &Messages) -> String {
    t.get(match stage {
        Stage::Matte => "stage-matte",
        Stage::Shape => "stage-shape",
        Stage::Surface => "stage-surface",
        Stage::Texture => "stage-texture",
        Stage::Export => "stage-export",
    })
}

fn steps(view: &JobView, t: &Messages) -> Vec<Step> {
    let step = |stage: Stage| Step {
        name: stage.name(),
        label: label(stage, t),
        place: match view.stage {
            Some(current) if stage < current => "past",
            Some(current) if stage == current => "current",
            _ => "ahead",
        },
    };
    Stage::ALL.into_iter().map(step).collect()
}

/// The formats to look at or go on working with. Those to print from ask for a size, too, and the
/// first of all has a button of its own.
fn formats(t: &Messages) -> Vec<FormatLink> {
    let link = |(format, title, purpose): (Format, _, &str)| FormatLink {
        name: format.name(),
        extension: format.extension(),
        title,
        purpose: t.get(purpose),
    };
    [
        (Format::Usdz, "USDZ", "format-usdz"),
        (Format::Obj, "OBJ", "format-obj"),
        (Format::Gltf, "glTF", "format-gltf"),
        (Format::Ply, "PLY", "format-ply"),
    ]
    .map(link)
    .into()
}

fn made_in(view: &JobView, t: &Messages) -> Option<String> {
    let millis: u64 = view.stage_millis.iter().map(|&(_, millis)| millis).sum();
    let seconds = t.language().number(millis as f64 / 1000.0, 1);
    (millis > 0).then(|| t.with("made-in", [("seconds", seconds.into())]))
}

/// Why there is no model, or no picture of a tool.
fn reason(failure: Failure, tool: Option<Tool>, t: &Messages) -> String {
    let id = format!("failure-{}", failure.code());
    match tool {
        Some(_) if failure.is_said_otherwise_of_tools() => t.attribute(&id, "tool", []),
        _ => t.get(&id),
    }
}

/// What is unusual about the picture.
fn remark(notice: Notice, t: &Messages) -> String {
    let number = [("number", notice.number().unwrap_or_default().into())];
    t.with(&format!("notice-{}", notice.name()), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs and the command line get the engine's own sentence, pages the message: they agree.
    #[test]
    fn every_failure_and_notice_is_said_in_every_language_and_alike_in_english() {
        let plain = |text: &str| text.replace('’', "'").to_lowercase();
        for language in Language::ALL {
            let t = Messages::of(language);
            let failures = [None, Some(Tool::Edit)]
                .map(|tool| Failure::ALL.map(|one| (reason(one, tool, t), one.text(tool).into())));
            let notices = Notice::ALL
                .into_iter()
                .map(|one| (remark(one, t), one.text()));
            for (said, own) in failures.into_iter().flatten().chain(notices) {
                assert!(
                    said.contains([' ', '。']),
                    "{language:?} lacks {said}: {own}"
                );
                if language == Language::English {
                    assert_eq!(plain(&said), format!("{}.", plain(&own)));
                }
            }
        }
    }
}
