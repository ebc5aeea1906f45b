//! Scripts, styles and the icon: in the binary, under names that change with their content.

use axum::Router;
use memory_serve::CacheControl;

use crate::state::AppState;

/// Address of the script every page loads.
pub const SCRIPT: &str = env!("WEB_SCRIPT");
/// Address of the style sheet.
pub const STYLE: &str = env!("WEB_STYLE");
/// Address of the icon.
pub const ICON: &str = env!("WEB_ICON");

/// Serves them below the folder it is nested in.
pub fn router() -> Router<AppState> {
    memory_serve::load!()
        .index_file(None)
        .cache_control(CacheControl::Long)
        .into_router()
}
