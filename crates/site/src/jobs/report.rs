//! `GET /jobs/{id}/report` and `/report.png`: can it be printed, and what is where.

use askama::Template;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::{Html, IntoResponse, Response};
use mesh::check::Report;
use serde::Deserialize;

use super::download::{file, passing};
use super::id::JobId;
use super::size::{RANGE_MM, USUAL_MM, longest_side};
use crate::around::Around;
use crate::assets;
use crate::layers::negotiate::wants_page;
use crate::problem::Problem;
use crate::state::AppState;
use locales::Language;

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
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, Problem> {
    let metres = metres(asked)?;
    let findings = state.lifecycle.report(id, metres).await?;
    let body = if wants_page(&headers) {
        let page = ReportPage::new(format!("/jobs/{id}"), metres * 1000.0, &findings.report);
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
    facts: Vec<(&'static str, String)>,
}

impl<'a> ReportPage<'a> {
    fn new(address: String, size_mm: f32, report: &'a Report) -> Self {
        Self {
            around: Around::only_in(Language::English),
            address,
            size_mm,
            least_mm: *RANGE_MM.start(),
            most_mm: *RANGE_MM.end(),
            report,
            facts: facts(report),
        }
    }
}

/// The figures somebody with a printer asks for.
fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let [width, height, depth] = report.size.map(millimetres);
    let mut facts = vec![("Size", format!("{width} × {height} × {depth} mm"))];
    if let Some(wall) = report.walls.thinnest {
        facts.push((
            "Thinnest wall",
            format!("{} mm", millimetres(wall.thickness)),
        ));
    }
    if let Some(volume) = report.volume {
        facts.push(("Volume", format!("{:.1} cm³", volume * 1e6)));
    }
    let closed = if report.watertight { "yes" } else { "no" };
    facts.push(("Watertight", closed.into()));
    facts.push(("Faces", report.faces.to_string()));
    facts
}

/// Metres as millimetres, with three digits or all before the point.
fn millimetres(metres: f32) -> String {
    let value = metres * 1000.0;
    // Where rounding brings a digit more, there is one less behind the point: 99.99 is 100.
    let decimals = match value {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_three_digits() {
        for (metres, text) in [
            (1.0, "1000"),
            (0.099_999_99, "100"),
            (0.0995, "99.5"),
            (0.009_999, "10.0"),
            (0.001_234, "1.23"),
        ] {
            assert_eq!(millimetres(metres), text);
        }
    }
}
