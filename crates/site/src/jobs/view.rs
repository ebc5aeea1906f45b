//! A job as JSON: the body of replies and the data of progress events.

use std::collections::BTreeMap;

use domain::{JobState, Tool, UnixMillis};
use formats::Format;
use imaging::PictureFormat;
use lifecycle::{JobView, TimeLeft};
use serde::Serialize;

use crate::api::base::Base;
use crate::timestamp::{rfc3339, secs_until};

/// Field names are part of the API.
#[derive(Serialize)]
pub struct JobJson {
    id: String,
    /// What makes another picture; null: a model is made.
    tool: Option<&'static str>,
    state: &'static str,
    stage: Option<&'static str>,
    /// 0 to 1.
    progress: f64,
    /// Jobs ahead of it; null unless it is queued.
    queue_position: Option<u32>,
    /// About so many seconds until there is a model; null if nobody knows.
    seconds_left: Option<u32>,
    /// Whether it takes longer than such jobs usually do here.
    longer_than_usual: bool,
    /// Of a model.
    #[serde(flatten)]
    options: Option<OptionsJson>,
    created_at: String,
    expires_at: String,
    /// For countdowns on clocks that are wrong.
    expires_in_secs: i64,
    /// Whether the first download of the model destroys everything.
    delete_after_download: bool,
    failure: Option<&'static str>,
    notices: Vec<NoticeJson>,
    stage_millis: BTreeMap<&'static str, u64>,
    links: Links,
}

/// What was asked for, by the names it was asked by.
#[derive(Serialize)]
struct OptionsJson {
    tier: &'static str,
    engine: &'static str,
    keep_background: bool,
    seed: u64,
    /// Null: the tier's.
    faces: Option<u32>,
    /// Null: the tier's.
    texture: Option<u32>,
    topology: &'static str,
    symmetry: &'static str,
    /// Null: one metre.
    size_mm: Option<f64>,
    ground: &'static str,
    print: bool,
}

impl OptionsJson {
    fn new(options: &engine::Options) -> Self {
        Self {
            tier: options.tier.name(),
            engine: options.shaper.name(),
            keep_background: options.keep_background,
            seed: options.seed,
            faces: options.faces,
            texture: options.texture_px,
            topology: options.topology.name(),
            symmetry: options.symmetry.name(),
            // Rounded to what a 32-bit number of metres holds.
            size_mm: (options.size_metres).map(|metres| (f64::from(metres) * 1e6).round() / 1e3),
            ground: options.ground.name(),
            print: options.print,
        }
    }
}

#[derive(Serialize)]
struct NoticeJson {
    name: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Links {
    #[serde(rename = "self")]
    this: String,
    events: String,
    cancel: String,
    delete: String,
    shorten: String,
    receipts: String,
    /// Only where trying again is possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    /// The model or the picture in every format, by the format's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    formats: BTreeMap<&'static str, String>,
}

impl JobJson {
    /// The view as seen at `now`, for a page of this site.
    pub fn new(view: &JobView, now: UnixMillis) -> Self {
        let this = path(view);
        Self::with(view, now, Links::new(view, this.clone(), this))
    }

    /// The same for a program that knows this server as `base`.
    pub fn at(view: &JobView, now: UnixMillis, base: &Base) -> Self {
        let (this, files) = (path(view), base.at(&path(view)));
        let this = base.at(&format!("/api/v1{this}"));
        let links = Links {
            // Only pages, whose forms know no DELETE, have an address for it.
            delete: this.clone(),
            ..Links::new(view, this, files)
        };
        Self::with(view, now, links)
    }

    fn with(view: &JobView, now: UnixMillis, links: Links) -> Self {
        let left = view.estimate.map(|estimate| estimate.left(now));
        Self {
            id: view.id.to_string(),
            tool: view.tool.map(Tool::name),
            state: view.state.name(),
            stage: view.stage.map(engine::Stage::name),
            progress: (f64::from(view.progress) * 1000.0).round() / 1000.0,
            queue_position: view.queue_position,
            seconds_left: match left {
                Some(TimeLeft::Secs(secs)) => Some(secs),
                Some(TimeLeft::LongerThanUsual) | None => None,
            },
            longer_than_usual: left == Some(TimeLeft::LongerThanUsual),
            options: view.tool.is_none().then(|| OptionsJson::new(&view.options)),
            created_at: rfc3339(view.created_at),
            expires_at: rfc3339(view.expires_at),
            expires_in_secs: secs_until(view.expires_at, now),
            delete_after_download: view.delete_after_download,
            failure: view.failure_text(),
            notices: view
                .notices
                .iter()
                .map(|notice| NoticeJson {
                    name: notice.name(),
                    text: notice.text(),
                })
                .collect(),
            stage_millis: view
                .stage_millis
                .iter()
                .map(|&(stage, millis)| (stage.name(), millis))
                .collect(),
            links,
        }
    }
}

impl Links {
    /// `this`: the job's own address, `files`: where what was made of it is fetched.
    fn new(view: &JobView, this: String, files: String) -> Self {
        let (done, tool) = (view.state == JobState::Done, view.tool.is_some());
        Self {
            events: format!("{this}/events"),
            cancel: format!("{this}/cancel"),
            delete: format!("{this}/delete"),
            shorten: format!("{this}/shorten"),
            receipts: format!("{this}/receipts"),
            retry: view.can_be_retried.then(|| format!("{this}/retry")),
            model: (done && !tool).then(|| format!("{files}/model.glb")),
            picture: (done && tool).then(|| format!("{files}/picture.png")),
            preview: done.then(|| format!("{files}/preview.png")),
            report: (done && !tool).then(|| format!("{this}/report")),
            formats: match (done, tool) {
                (false, _) => BTreeMap::new(),
                (true, false) => in_formats(Format::ALL, |format| {
                    let file = format!("{files}/model.{}", format.extension());
                    (format.name(), file)
                }),
                (true, true) => in_formats(PictureFormat::ALL, |format| {
                    let name = format.name();
                    (name, format!("{files}/picture.{name}"))
                }),
            },
            this,
        }
    }
}

fn in_formats<F, const N: usize>(
    all: [F; N],
    named: impl Fn(F) -> (&'static str, String),
) -> BTreeMap<&'static str, String> {
    all.into_iter().map(named).collect()
}

/// The job's own address.
pub fn path(view: &JobView) -> String {
    format!("/jobs/{}", view.id)
}
