//! Scripts, styles, the icon and the examples: in the binary, under names that change with their content.

use axum::Router;
use engine::Tier;
use memory_serve::CacheControl;

use crate::state::AppState;

/// Address of the script every page loads.
pub const SCRIPT: &str = env!("WEB_SCRIPT");
/// Address of the style sheet.
pub const STYLE: &str = env!("WEB_STYLE");
/// Address of the icon.
pub const ICON: &str = env!("WEB_ICON");

/// Address of the picture of the examples, with nothing behind it: pages are light or dark.
pub const EXAMPLE: &str = env!("WEB_EXAMPLE");

/// Address of the same for those who show links, each on a ground of their own: as a JPEG.
pub const LINKED: &str = env!("WEB_LINKED");

/// Address of a photograph to try, for those who have none at hand.
pub const SAMPLE: &str = env!("WEB_SAMPLE");

/// Address of the example of a quality.
pub fn example(tier: Tier) -> &'static str {
    match tier {
        Tier::Base => env!("WEB_EXAMPLE_BASE"),
        Tier::Pro => env!("WEB_EXAMPLE_PRO"),
        Tier::Ultra => env!("WEB_EXAMPLE_ULTRA"),
    }
}

/// Serves them below the folder it is nested in.
pub fn router() -> Router<AppState> {
    memory_serve::load!()
        .index_file(None)
        .cache_control(CacheControl::Long)
        .into_router()
}
