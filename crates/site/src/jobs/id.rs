//! The id in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::Id;

use crate::problem::Problem;
use crate::state::AppState;

/// A job's id. Text that is none is looked up like any other id, as one that nobody has: so it takes
/// the same path to the same answer.
pub struct JobId(pub Id);

impl FromRequestParts<AppState> for JobId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::no_such_job())?;
        Ok(Self(looked_up(&text)))
    }
}

/// The id in a text.
pub(super) fn looked_up(text: &str) -> Id {
    text.parse().unwrap_or_else(|_| Id::random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_is_looked_up_as_one_that_nobody_has() {
        let id = Id::random();
        assert_eq!(looked_up(&id.to_string()), id);
        for text in ["", "not-an-id", "../../etc/passwd", "0"] {
            assert_ne!(looked_up(text), looked_up(text), "{text}");
        }
    }
}
