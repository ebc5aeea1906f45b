//! What is around every page: its language, the ways to other pages, and the same page in other
//! languages.

use locales::{Language, Messages};
use serde_json::{Value, json};

use crate::consent::{Answer, Question, Visit};

/// The frame of a page, for `base.html`.
pub struct Around {
    /// What search engines and link previews are told; nothing where they have no business.
    pub told: Option<Told>,
    /// The texts of the frame and, where a page speaks the visitor's language, of the page.
    pub t: &'static Messages,
    /// The page's address without its language, where it exists in all of them.
    everywhere: Option<String>,
}

/// A page as others show it in a few words.
pub struct Told {
    /// Its name.
    pub title: String,
    /// One sentence.
    pub description: String,
    visit: Visit,
}

/// The same page in another language.
pub struct Alternate {
    /// For `lang` and `hreflang`.
    pub tag: &'static str,
    /// What its speakers call the language.
    pub name: &'static str,
    /// Where it is.
    pub address: String,
    /// Whether it is the one that is shown.
    pub current: bool,
}

impl Around {
    /// Around a page that exists in every language, at `address` after the language's prefix.
    pub fn of(language: Language, address: &str) -> Self {
        Self {
            told: None,
            t: Messages::of(language),
            everywhere: Some(address.to_owned()),
        }
    }

    /// The same for a page that everybody may find, as it is visited.
    #[must_use]
    pub fn told(self, visit: Visit, title: String, description: String) -> Self {
        let told = Told {
            title,
            description,
            visit,
        };
        Self {
            told: Some(told),
            ..self
        }
    }

    /// Around a page that isn't worth going to in another language.
    pub fn only_in(language: Language) -> Self {
        Self {
            told: None,
            t: Messages::of(language),
            everywhere: None,
        }
    }

    /// The tag for `lang`.
    pub fn tag(&self) -> &'static str {
        self.t.language().tag()
    }

    /// The address of another page in the same language.
    pub fn to(&self, address: &str) -> String {
        address_in(self.t.language(), address)
    }

    /// The whole address of this page.
    pub fn canonical(&self, told: &Told) -> String {
        told.at(&self.here())
    }

    /// What scripts say, as JSON that may stand in a `<script>`.
    pub fn scripts(&self) -> String {
        within_script(&json!(self.t.scripts()))
    }

    /// What a visitor is asked who hasn't answered.
    pub fn question(&self) -> Option<&Question> {
        let question = self.told.as_ref()?.visit.question.as_ref()?;
        (question.answer == Answer::Undecided).then_some(question)
    }

    /// How this visit is counted, as JSON that may stand in a `<script>`; nothing without consent.
    pub fn counting(&self) -> Option<String> {
        let told = self.told.as_ref()?;
        let question = told.visit.question.as_ref()?;
        let counting = json!({
            "page": self.canonical(told),
            "title": told.title,
            "language": self.tag(),
            "analytics": *question.analytics,
        });
        (question.answer == Answer::Accepted).then(|| within_script(&counting))
    }

    /// This page's address on this server.
    pub fn here(&self) -> String {
        self.to(self.everywhere.as_deref().unwrap_or("/"))
    }

    /// Whether this page is the one at `address`, before the language's prefix.
    pub fn is_at(&self, address: &str) -> bool {
        self.everywhere.as_deref() == Some(address)
    }

    /// The pages in the header, each with the message of its name.
    pub fn top(&self) -> [(&'static str, &'static str); 5] {
        [
            ("/edit", "edit-title"),
            ("/remove-background", "matte-title"),
            ("/features", "nav-features"),
            ("/faq", "nav-faq"),
            ("/status", "nav-status"),
        ]
    }

    /// Those in the footer.
    pub fn bottom(&self) -> [(&'static str, &'static str); 8] {
        [
            ("/batch", "batch-title"),
            ("/erase", "erase-title"),
            ("/our-story", "footer-story"),
            ("/blog", "blog"),
            ("/contact", "contact"),
            ("/privacy", "footer-privacy"),
            ("/terms", "footer-terms"),
            ("/cookies", "footer-cookies"),
        ]
    }

    /// This page in every language; nothing for a page that has only one.
    pub fn alternates(&self) -> Vec<Alternate> {
        let Some(address) = &self.everywhere else {
            return Vec::new();
        };
        let alternate = |language: Language| Alternate {
            tag: language.tag(),
            name: language.own_name(),
            address: address_in(language, address),
            current: language == self.t.language(),
        };
        Language::ALL.map(alternate).into()
    }
}

impl Told {
    /// The whole address of something on this server.
    pub fn at(&self, path: &str) -> String {
        self.visit.base.at(path)
    }
}

fn within_script(json: &Value) -> String {
    json.to_string().replace('<', "\\u003c")
}

/// An address in a language: `/es` rather than `/es/`, which is the same page.
pub fn address_in(language: Language, address: &str) -> String {
    match (language.prefix(), address) {
        ("", address) => address.to_owned(),
        (prefix, "/") => prefix.to_owned(),
        (prefix, address) => format!("{prefix}{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_itself_in_every_language() {
        let addresses = |around: Around| -> Vec<String> {
            let all = around.alternates().into_iter();
            all.map(|one| one.address).collect()
        };
        assert_eq!(
            addresses(Around::of(Language::Japanese, "/faq")),
            [
                "/faq", "/es/faq", "/fr/faq", "/ja/faq", "/pt/faq", "/ru/faq"
            ]
        );
        assert_eq!(
            addresses(Around::of(Language::French, "/"))[..3],
            ["/", "/es", "/fr"]
        );
        assert!(addresses(Around::only_in(Language::French)).is_empty());
        assert_eq!(
            Around::of(Language::Russian, "/").to("/privacy"),
            "/ru/privacy"
        );
    }
}
