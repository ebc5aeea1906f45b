//! `GET /remove-background`, `/edit` and `/erase`: what each tool does, and its form.

use std::ops::RangeInclusive;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use domain::Tool;
use imaging::geometry::STRAIGHTEN_DEGREES;
use imaging::{EXPOSURE_EV, NOISE, PER_CENT, Style};
use locales::Messages;

use super::order::SHARPEN;
use crate::around::Around;
use crate::assets;
use crate::consent::Visit;
use crate::form::ACCEPTS;
use crate::jobs::life::{CHOICES_MINUTES, lifetime_title};
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "tool.html")]
struct ToolPage {
    around: Around,
    tool: &'static str,
    heading: String,
    lead: String,
    make: String,
    limit_bytes: usize,
    accepts: &'static str,
    formats: String,
    /// The options that are numbers, in the order in which they are done.
    straighten: Slider,
    denoise: Slider,
    light: [Slider; 5],
    sharpen: Slider,
    styles: Vec<(&'static str, String)>,
    lifetimes: [(u32, String); CHOICES_MINUTES.len()],
    others: Vec<(String, String)>,
}

/// A number between two others; 0 changes nothing.
struct Slider {
    name: &'static str,
    label: String,
    least: f32,
    most: f32,
    step: f32,
}

impl Slider {
    fn new(name: &'static str, label: String, range: &RangeInclusive<f32>, step: f32) -> Self {
        let (least, most) = (*range.start(), *range.end());
        Self {
            name,
            label,
            least,
            most,
            step,
        }
    }
}

/// A page's address, without the language.
pub fn address(tool: Tool) -> &'static str {
    match tool {
        Tool::Matte => "/remove-background",
        Tool::Edit => "/edit",
        Tool::Erase => "/erase",
    }
}

/// What links to it say.
pub fn title(tool: Tool, t: &Messages) -> String {
    t.get(match tool {
        Tool::Matte => "matte-title",
        Tool::Edit => "edit-title",
        Tool::Erase => "erase-title",
    })
}

fn description(tool: Tool, t: &Messages) -> String {
    t.get(match tool {
        Tool::Matte => "matte-description",
        Tool::Edit => "edit-description",
        Tool::Erase => "erase-description",
    })
}

fn lead(tool: Tool, t: &Messages) -> String {
    t.get(match tool {
        Tool::Matte => "matte-lead",
        Tool::Edit => "edit-lead",
        Tool::Erase => "erase-lead",
    })
}

/// What the button says.
fn make(tool: Tool, t: &Messages) -> String {
    t.get(match tool {
        Tool::Matte => "matte-make",
        Tool::Edit => "edit-make",
        Tool::Erase => "erase-make",
    })
}

/// The page; the same for everyone who reads that language.
pub async fn page(
    State(state): State<AppState>,
    Spoken(language): Spoken,
    visit: Visit,
    tool: Tool,
) -> Result<Html<String>, Problem> {
    let around = Around::of(language, address(tool));
    let t = around.t;
    let limit_bytes = state.lifecycle.max_upload_bytes();
    let others = Tool::ALL.into_iter().filter(|other| *other != tool);
    let page = ToolPage {
        tool: tool.name(),
        heading: title(tool, t),
        lead: lead(tool, t),
        make: make(tool, t),
        limit_bytes,
        accepts: ACCEPTS,
        formats: t.with("drop-formats", [("megabytes", (limit_bytes >> 20).into())]),
        straighten: Slider::new(
            "straighten",
            t.get("tool-straighten"),
            &STRAIGHTEN_DEGREES,
            0.1,
        ),
        denoise: Slider::new("denoise", t.get("tool-denoise"), &NOISE, 1.0),
        light: [
            Slider::new("temperature", t.get("tool-temperature"), &PER_CENT, 1.0),
            Slider::new("tint", t.get("tool-tint"), &PER_CENT, 1.0),
            Slider::new("exposure", t.get("tool-exposure"), &EXPOSURE_EV, 0.05),
            Slider::new("contrast", t.get("tool-contrast"), &PER_CENT, 1.0),
            Slider::new("saturation", t.get("tool-saturation"), &PER_CENT, 1.0),
        ],
        sharpen: Slider::new("sharpen", t.get("tool-sharpen"), &SHARPEN, 1.0),
        styles: Style::all()
            .map(|style| (style.name(), t.get(&format!("style-{}", style.name()))))
            .collect(),
        lifetimes: CHOICES_MINUTES.map(|minutes| (minutes, lifetime_title(minutes, t))),
        others: others
            .map(|other| (around.to(address(other)), title(other, t)))
            .collect(),
        around: around.told(visit, title(tool, t), description(tool, t)),
    };
    Ok(Html(page.render()?))
}
