//! The job's page. Complete without scripts; scripts make it live.

use askama::Template;
use domain::{JobState, UnixMillis};
use engine::{Shaper, Stage, Tier};
use formats::Format;
use lifecycle::{JobView, TimeLeft};
use locales::{Language, Messages};

use super::life::CHOICES_MINUTES;
use super::options::{engine_title, tier_title};
use super::size::{RANGE_MM, USUAL_MM};
use super::view::path;
use crate::around::Around;
use crate::assets;
use crate::problem::Problem;
use crate::timestamp::{clock_text, secs_until};

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage<'a> {
    around: Around,
    view: &'a JobView,
    address: String,
    state: &'static str,
    live: bool,
    title: &'static str,
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
    lifetimes: Vec<u32>,
    tiers: Vec<Choice>,
    engines: Vec<Choice>,
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
    purpose: &'static str,
}

struct Step {
    name: &'static str,
    label: &'static str,
    /// `past`, `current` or `ahead`.
    place: &'static str,
}

/// The page as it is at `now`.
pub fn render(view: &JobView, now: UnixMillis) -> Result<String, Problem> {
    let left_secs = secs_until(view.expires_at, now);
    let page = JobPage {
        around: Around::only_in(Language::English),
        view,
        address: path(view),
        state: view.state.name(),
        live: !view.state.is_final(),
        title: title(view.state),
        status: status(view, now),
        steps: steps(view),
        left_secs,
        left: clock_text(left_secs),
        notices: view
            .notices
            .iter()
            .map(|notice| sentence(&notice.text()))
            .collect(),
        failure: sentence(view.failure.as_deref().unwrap_or("the reason is not known")),
        made_in: made_in(view),
        formats: formats(),
        usual_mm: USUAL_MM,
        least_mm: *RANGE_MM.start(),
        most_mm: *RANGE_MM.end(),
        lifetimes: shorter_than(left_secs),
        tiers: tiers(view.options.tier),
        engines: engines(view.options.shaper),
    };
    Ok(page.render()?)
}

/// The choices that would make it shorter, minutes.
fn shorter_than(left_secs: i64) -> Vec<u32> {
    let shorter = |minutes: &u32| i64::from(*minutes) * 60 < left_secs;
    CHOICES_MINUTES.into_iter().filter(shorter).collect()
}

/// What the state means to its owner.
pub(super) fn title(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "Waiting its turn",
        JobState::Running => "Making your model",
        JobState::Done => "Your model is ready",
        JobState::Failed => "No model this time",
        JobState::Cancelled => "Stopped",
    }
}

/// What is being done, and for how long still.
pub(super) fn status(view: &JobView, now: UnixMillis) -> String {
    let doing = match (view.state, view.queue_position.unwrap_or(0), view.stage) {
        (JobState::Queued, 0, _) => "Yours is next".into(),
        (JobState::Queued, 1, _) => "One picture is before yours".into(),
        (JobState::Queued, ahead, _) => format!("{ahead} pictures are before yours"),
        (_, _, Some(stage)) => {
            format!("{} · {} %", label(stage), (view.progress * 100.0) as u32)
        }
        (_, _, None) => "Starting".into(),
    };
    match view.estimate.map(|estimate| estimate.left(now)) {
        Some(left) => format!("{doing} · {}", left_text(left)),
        None => doing,
    }
}

/// Nobody wants to know the seconds of many minutes.
fn left_text(left: TimeLeft) -> String {
    match left {
        TimeLeft::Secs(secs) if secs < 100 => format!("about {secs} s left"),
        TimeLeft::Secs(secs) => format!("about {} min left", secs.div_ceil(60)),
        TimeLeft::LongerThanUsual => "longer than usual".into(),
    }
}

/// What this page speaks so far.
fn english() -> &'static Messages {
    Messages::of(Language::English)
}

fn tiers(present: Tier) -> Vec<Choice> {
    let choice = |tier: Tier| Choice {
        name: tier.name(),
        title: tier_title(tier, english()),
        chosen: tier == present,
    };
    Tier::ALL.into_iter().map(choice).collect()
}

fn engines(present: Shaper) -> Vec<Choice> {
    let choice = |shaper: Shaper| Choice {
        name: shaper.name(),
        title: engine_title(shaper, english()),
        chosen: shaper == present,
    };
    Shaper::ALL.into_iter().map(choice).collect()
}

fn label(stage: Stage) -> &'static str {
    match stage {
        Stage::Matte => "Cutting out the object",
        Stage::Shape => "Finding its shape",
        Stage::Surface => "Closing the surface",
        Stage::Texture => "Painting it",
        Stage::Export => "Writing the file",
    }
}

fn steps(view: &JobView) -> Vec<Step> {
    let step = |stage: Stage| Step {
        name: stage.name(),
        label: label(stage),
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
fn formats() -> Vec<FormatLink> {
    let link = |(format, title, purpose): (Format, _, _)| FormatLink {
        name: format.name(),
        extension: format.extension(),
        title,
        purpose,
    };
    [
        (Format::Usdz, "USDZ", "iPhone, iPad and Mac"),
        (Format::Obj, "OBJ", "any 3D program, zipped"),
        (Format::Gltf, "glTF", "as separate files, zipped"),
        (Format::Ply, "PLY", "colours at its vertices"),
    ]
    .map(link)
    .into()
}

fn made_in(view: &JobView) -> Option<String> {
    let millis: u64 = view.stage_millis.iter().map(|&(_, millis)| millis).sum();
    (millis > 0).then(|| format!("{}.{} s", millis / 1000, millis % 1000 / 100))
}

/// Error texts begin in lower case and have no full stop; on a page they are sentences.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
