//! Long texts: pages of CommonMark.

use std::sync::LazyLock;

use pulldown_cmark::{Options, Parser, html};

use crate::Language;

macro_rules! pages {
    ($($variant:ident = $slug:literal),* $(,)?) => {
        /// The long pages there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PageName {
            $(
                #[doc = concat!("`/", $slug, "`.")]
                $variant,
            )*
        }

        impl PageName {
            /// All of them, in the order of the site map.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its address, after the language's prefix and `/`.
            pub fn slug(self) -> &'static str {
                match self {
                    $(Self::$variant => $slug,)*
                }
            }

            fn source(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$variant, Language::English) => include_str!(concat!("../../../locales/en/pages/", $slug, ".md")),
                        (Self::$variant, Language::Spanish) => include_str!(concat!("../../../locales/es/pages/", $slug, ".md")),
                        (Self::$variant, Language::French) => include_str!(concat!("../../../locales/fr/pages/", $slug, ".md")),
                        (Self::$variant, Language::Japanese) => include_str!(concat!("../../../locales/ja/pages/", $slug, ".md")),
                        (Self::$variant, Language::Portuguese) => include_str!(concat!("../../../locales/pt/pages/", $slug, ".md")),
                        (Self::$variant, Language::Russian) => include_str!(concat!("../../../locales/ru/pages/", $slug, ".md")),
                    )*
                }
            }
        }
    };
}

pages! {
    Features = "features",
    Faq = "faq",
    Story = "our-story",
    Privacy = "privacy",
    Terms = "terms",
    Cookies = "cookies",
    OnePicture = "blog/one-picture",
    WhyAnHour = "blog/why-an-hour",
}

impl PageName {
    /// Those that are posts of the blog, the newest first.
    pub const POSTS: [Self; 2] = [Self::OnePicture, Self::WhyAnHour];

    /// The day on which a post appeared: year, month and day, as in 2026-11-27. Other pages have none.
    pub fn posted(self) -> Option<(u16, u8, u8)> {
        match self {
            Self::OnePicture | Self::WhyAnHour => Some((2026, 11, 27)),
            _ => None,
        }
    }
}

/// A page, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its heading, which the body doesn't repeat.
    pub title: String,
    /// One sentence for search engines and link previews.
    pub description: String,
    /// HTML without scripts; addresses on this site begin with the language's prefix.
    pub body: String,
}

impl Page {
    /// A page in a language. The first call renders them all.
    pub fn of(name: PageName, language: Language) -> &'static Self {
        static ALL: LazyLock<Vec<Page>> = LazyLock::new(|| {
            let all = PageName::ALL
                .iter()
                .flat_map(|name| Language::ALL.map(|language| (*name, language)));
            all.map(|(name, language)| Page::read(name.source(language), language))
                .collect()
        });
        let of = |place: Option<usize>| place.unwrap_or(0);
        let row = of(PageName::ALL.iter().position(|one| *one == name));
        let column = of(Language::ALL.iter().position(|one| *one == language));
        &ALL[row * Language::ALL.len() + column]
    }

    /// The first line is the title behind `# `, the next paragraph the description, the rest the body.
    fn read(source: &str, language: Language) -> Self {
        let (title, rest) = source.split_once('\n').unwrap_or((source, ""));
        let (description, body) = rest.trim_start().split_once("\n\n").unwrap_or((rest, ""));
        let mut rendered = String::new();
        html::push_html(&mut rendered, Parser::new_ext(body, Options::ENABLE_TABLES));
        Self {
            title: title.trim_start_matches('#').trim().to_owned(),
            description: description.split_whitespace().collect::<Vec<_>>().join(" "),
            body: in_language(rendered, language),
        }
    }
}

/// Pages that are no long texts.
const OTHERS: [&str; 6] = [
    "status",
    "batch",
    "pro",
    "remove-background",
    "edit",
    "erase",
];

/// With the language's prefix before the address of every page that exists in it.
fn in_language(html: String, language: Language) -> String {
    let slugs = PageName::ALL.iter().map(|name| name.slug()).chain(OTHERS);
    slugs.fold(html, |html, slug| {
        let address = format!("/{slug}\"");
        html.replace(
            &format!("href=\"{address}"),
            &format!("href=\"{}{address}", language.prefix()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_title_a_description_and_a_body_with_its_own_links() {
        let source = "# A title\n\nOne sentence\nfor others.\n\n## More\n\nSee [that](/faq), [here](/status), [this](https://x.example/y).\n";
        let page = Page::read(source, Language::French);
        assert_eq!(page.title, "A title");
        assert_eq!(page.description, "One sentence for others.");
        assert!(page.body.contains("<h2>More</h2>"));
        assert!(
            page.body.contains("href=\"/fr/faq\"")
                && page.body.contains("href=\"/fr/status\"")
                && page.body.contains("href=\"https://x.example/y\"")
        );
    }
}
