//! `GET /jobs/{id}/report` and `/report.png`: can it be printed, and what is where.

use askama::Template;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::{Html, IntoResponse, Response};
use domain::Id;
use locales::{Language, Messages};
use mesh::check::{Finding, Report};
use serde::Deserialize;

use super::download::{file, passing};
use super::id::JobId;
use super::size::{RANGE_MM, USUAL_MM, longest_side};
use crate::around::Around;
use crate::assets;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// How large it is to be printed.
#[derive(Deserialize)]
pub struct Wishes {
    size_mm: Option<String>,
}

type Asked = Result<Query<Wishes>, QueryRejection>;

/// The report, as a page or as JSON (`mesh::check::Report`: metres, square and cubic metres).
pub async fn report(
    State(state): State<AppState>,
    JobId(id): JobId,
    Spoken(language): Spoken,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let metres = metres(asked)?;
    let findings = state.lifecycle.report(id, metres).await?;
    let body = if wants_page(&headers) {
        let page = ReportPage::new(id, metres * 1000.0, &findings.report, language);
        Html(page.render()?).into_response()
    } else {
        Json(findings.report).into_response()
    };
    let passing = passing(findings.expires_at);
    Ok((passing, [(VARY, "accept")], body).into_response())
}

/// Where the findings are, seen from four sides.
pub async fn picture(
    State(state): State<AppState>,
    JobId(id): JobId,
    asked: Asked,
) -> Result<Response, Problem> {
    let picture = state.lifecycle.report_picture(id, metres(asked)?).await?;
    Ok(file(
        picture,
        "image/png",
        "inline; filename=\"report.png\"",
    ))
}

fn metres(asked: Asked) -> Result<f32, Problem> {
    let Query(wishes) = asked.map_err(|_| Problem::unknown_size())?;
    let metres = longest_side(wishes.size_mm.as_deref())?;
    Ok(metres.unwrap_or(USUAL_MM / 1000.0))
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    around: Around,
    address: String,
    size_mm: f32,
    least_mm: f32,
    most_mm: f32,
    report: &'a Report,
    problems: Vec<String>,
    advice: Vec<String>,
    facts: Vec<(String, String)>,
}

impl<'a> ReportPage<'a> {
    fn new(id: Id, size_mm: f32, report: &'a Report, language: Language) -> Self {
        let address = format!("/jobs/{id}");
        let around = Around::of(language, &format!("{address}/report"));
        let t = around.t;
        let sentences = |found: &[Finding]| found.iter().map(|one| sentence(*one, t)).collect();
        Self {
            address: around.to(&address),
            size_mm,
            least_mm: *RANGE_MM.start(),
            most_mm: *RANGE_MM.end(),
            report,
            problems: sentences(&report.problems),
            advice: sentences(&report.advice),
            facts: facts(report, t),
            around,
        }
    }
}

/// What was found, in a sentence.
fn sentence(finding: Finding, t: &Messages) -> String {
    let (number, millimetres) = finding.numbers();
    let numbers = [
        ("number", number.into()),
        ("millimetres", millimetres.into()),
    ];
    t.with(&format!("finding-{}", finding.name()), numbers)
}

/// The figures somebody with a printer asks for.
fn facts(report: &Report, t: &Messages) -> Vec<(String, String)> {
    let millimetres = |length: String| t.with("millimetres", [("millimetres", length.into())]);
    let [width, height, depth] = report.size.map(|metres| length(metres, t));
    let size = millimetres(format!("{width} × {height} × {depth}"));
    let mut facts = vec![(t.get("fact-size"), size)];
    if let Some(wall) = report.walls.thinnest {
        let wall = millimetres(length(wall.thickness, t));
        facts.push((t.get("fact-wall"), wall));
    }
    if let Some(volume) = report.volume {
        let volume = t.language().number(volume * 1e6, 1);
        let volume = t.with("cubic-centimetres", [("volume", volume.into())]);
        facts.push((t.get("fact-volume"), volume));
    }
    let closed = t.get(if report.watertight { "yes" } else { "no" });
    facts.push((t.get("fact-watertight"), closed));
    let faces = t.language().number(report.faces as f64, 0);
    facts.push((t.get("fact-faces"), faces));
    facts
}

/// Metres as millimetres, with three digits or all before the point.
fn length(metres: f32, t: &Messages) -> String {
    let value = metres * 1000.0;
    // Where rounding brings a digit more, there is one less behind the point: 99.99 is 100.
    let decimals = match value {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ => 2,
    };
    t.language().number(f64::from(value), decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_three_digits() {
        for (metres, text) in [
            (1.0, "1,000"),
            (0.099_999_99, "100"),
            (0.0995, "99.5"),
            (0.009_999, "10.0"),
            (0.001_234, "1.23"),
        ] {
            assert_eq!(length(metres, Messages::of(Language::English)), text);
        }
    }

    /// Programs and the command line get the report's own sentences, pages the messages: they agree.
    #[test]
    fn every_finding_is_said_in_every_language_and_alike_in_english() {
        for language in Language::ALL {
            for finding in Finding::ALL {
                let said = sentence(finding, Messages::of(language));
                assert!(said.ends_with(['.', '。']), "{language:?} lacks {said}");
                if language == Language::English {
                    assert_eq!(said, finding.to_string());
                }
            }
        }
    }
}
