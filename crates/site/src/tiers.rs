//! `GET /free`, `/base`, `/pro`, `/ultra`: what each quality gives, an example, and the form.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use engine::Tier;
use locales::Messages;

use crate::around::Around;
use crate::assets;
use crate::consent::Visit;
use crate::form::Form;
use crate::jobs::options::tier_title;
use crate::problem::Problem;
use crate::spoken::Spoken;
use crate::state::AppState;

/// Pixels of a side of the examples' textures; `cargo xtask examples` makes them.
const EXAMPLE_PX: u32 = 200;

/// A page about a quality.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TierPage {
    /// [`Tier::Base`], and what there is to know for those who want to pay nothing.
    Free,
    /// Any of them.
    Of(Tier),
}

#[derive(Template)]
#[template(path = "tier.html")]
struct Shown {
    around: Around,
    heading: String,
    lead: String,
    gives: Vec<String>,
    example: Example,
    form: Form,
}

/// A model that can be turned on the page.
pub struct Example {
    /// Its address.
    pub model: &'static str,
    /// What it consists of.
    pub facts: String,
}

impl TierPage {
    /// All of them, as a menu lists them.
    pub const ALL: [Self; 4] = [
        Self::Free,
        Self::Of(Tier::Base),
        Self::Of(Tier::Pro),
        Self::Of(Tier::Ultra),
    ];

    /// Its address, without the language.
    pub fn address(self) -> &'static str {
        match self {
            Self::Free => "/free",
            Self::Of(Tier::Base) => "/base",
            Self::Of(Tier::Pro) => "/pro",
            Self::Of(Tier::Ultra) => "/ultra",
        }
    }

    /// What links to it say.
    pub fn title(self, t: &Messages) -> String {
        match self {
            Self::Free => t.get("tier-free"),
            Self::Of(tier) => tier_title(tier, t),
        }
    }

    fn tier(self) -> Tier {
        match self {
            Self::Free => Tier::Base,
            Self::Of(tier) => tier,
        }
    }

    /// What its quality makes of our own picture.
    pub fn example(self, t: &Messages) -> Example {
        let (faces, pixels) = (self.example_faces(), EXAMPLE_PX);
        let facts = [("faces", faces.into()), ("pixels", pixels.into())];
        Example {
            model: assets::example(self.tier()),
            facts: t.with("example-facts", facts),
        }
    }

    /// What its example consists of.
    fn example_faces(self) -> u32 {
        match self.tier() {
            Tier::Base | Tier::Pro => 1500,
            Tier::Ultra => 2500,
        }
    }

    fn words(self, t: &Messages) -> (String, String) {
        let (heading, lead) = match self {
            Self::Free => ("free-heading", "free-lead"),
            Self::Of(Tier::Base) => ("base-heading", "base-lead"),
            Self::Of(Tier::Pro) => ("pro-heading", "pro-lead"),
            Self::Of(Tier::Ultra) => ("ultra-heading", "ultra-lead"),
        };
        (t.get(heading), t.get(lead))
    }

    /// What somebody gets, line by line.
    fn gives(self, most_waiting: usize, t: &Messages) -> Vec<String> {
        let tier = self.tier();
        let pixels = tier.texture_px().to_string();
        let mut gives = vec![
            t.with("gives-grid", [("side", tier.grid_side().into())]),
            t.with("gives-faces", [("faces", tier.faces().into())]),
            t.with("gives-texture", [("pixels", pixels.into())]),
        ];
        gives.extend(match tier {
            Tier::Base => vec![t.get("gives-builtin")],
            Tier::Pro | Tier::Ultra => vec![
                t.get("gives-light"),
                t.get("gives-maps"),
                t.get("gives-enlarged"),
                t.get("gives-best"),
            ],
        });
        gives.push(t.get("gives-formats"));
        if self == Self::Free {
            gives.push(t.with("free-limit", [("limit", most_waiting.into())]));
        }
        gives
    }
}

/// The page; the same for everyone who reads that language.
pub async fn tier(
    State(state): State<AppState>,
    Spoken(language): Spoken,
    visit: Visit,
    page: TierPage,
) -> Result<Html<String>, Problem> {
    let around = Around::of(language, page.address());
    let t = around.t;
    let (heading, lead) = page.words(t);
    let shown = Shown {
        gives: page.gives(state.lifecycle.max_waiting_of_one(), t),
        example: page.example(t),
        form: Form::new(&state, Some(page.tier()), t),
        around: around.told(visit, heading.clone(), lead.clone()),
        heading,
        lead,
    };
    Ok(Html(shown.render()?))
}
