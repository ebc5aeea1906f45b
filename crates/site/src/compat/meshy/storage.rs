//! A place for a picture: ComfyUI asks for one, puts the picture there and names its address to Meshy's nodes.

use axum::extract::State;
use axum::routing::{post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::base::Base;
use crate::api::caller::{Caller, Scope};
use crate::api::error::ApiError;
use crate::api::files;
use crate::api::form::Form;
use crate::api::routes::scoped;
use crate::compat::speak::Ignored;
use crate::state::AppState;

/// Below it are the places.
const PLACES: &str = "/customers/storage/";

/// Its addresses.
pub fn routes(state: &AppState) -> Router<AppState> {
    let ask = Router::new().route("/customers/storage", post(keep_free));
    let bring = Router::new().route("/customers/storage/{id}", put(files::deliver));
    scoped(ask, state, Scope::Generate).merge(bring)
}

/// The id of a picture of which that is the address; any other text as it is.
pub fn kept_at<'a>(base: &Base, address: &'a str) -> &'a str {
    base.below(PLACES, address)
}

/// What the picture is is seen when it comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    #[serde(rename = "file_name")]
    _file_name: Ignored,
    #[serde(rename = "content_type")]
    _content_type: Ignored,
}

/// One address for both: nothing can be fetched there, and only this server takes it for a picture.
async fn keep_free(
    State(state): State<AppState>,
    caller: Caller,
    base: Base,
    Form { .. }: Form<About>,
) -> Result<Json<Value>, ApiError> {
    let id = state.lifecycle.keep_free(caller.owner)?;
    let address = base.at(&format!("{PLACES}{id}"));
    Ok(Json(
        json!({ "upload_url": address, "download_url": address }),
    ))
}
