//! `GET /contact`: the address of whoever runs this server, and a form that the visitor's own mail program sends.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::around::Around;
use crate::assets;
use crate::consent::Visit;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    around: Around,
    contact: Option<String>,
}

/// The page, with the address that the operator named.
pub async fn contact(
    State(state): State<AppState>,
    Spoken(language): Spoken,
    visit: Visit,
) -> Result<Html<String>, Problem> {
    let around = Around::of(language, "/contact");
    let t = around.t;
    let around = around.told(
        visit,
        t.get("contact-heading"),
        t.get("contact-description"),
    );
    let contact = state.contact;
    Ok(Html(ContactPage { around, contact }.render()?))
}
