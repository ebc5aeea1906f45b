//! The languages there are.

use unic_langid::LanguageIdentifier;

/// A language of pages and messages. English is what is shown where nobody chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// Japanese.
    Japanese,
    /// Portuguese.
    Portuguese,
    /// Russian.
    Russian,
}

impl Language {
    /// All of them, as a menu lists them.
    pub const ALL: [Self; 6] = [
        Self::English,
        Self::Spanish,
        Self::French,
        Self::Japanese,
        Self::Portuguese,
        Self::Russian,
    ];

    /// The tag for `lang` and `hreflang` (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::Japanese => "ja",
            Self::Portuguese => "pt",
            Self::Russian => "ru",
        }
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::French => "Français",
            Self::Japanese => "日本語",
            Self::Portuguese => "Português",
            Self::Russian => "Русский",
        }
    }

    /// What its addresses begin with: nothing for English, `/es` for Spanish.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::English => "",
            Self::Spanish => "/es",
            Self::French => "/fr",
            Self::Japanese => "/ja",
            Self::Portuguese => "/pt",
            Self::Russian => "/ru",
        }
    }

    /// The language that an address is in: what begins with `/es/` is Spanish, what begins with none is
    /// English.
    pub fn of_path(path: &str) -> Self {
        let first = path.split('/').nth(1).unwrap_or_default();
        let of = |language: &Self| language.prefix().strip_prefix('/') == Some(first);
        Self::ALL.into_iter().find(of).unwrap_or_default()
    }

    /// The one of these languages that a reader likes best, by the header `Accept-Language`
    /// (RFC 9110, 12.5.4); English where there is none of them.
    pub fn accepted(header: &str) -> Self {
        let range = |text: &str| {
            let (range, quality) = text.split_once(";q=").unwrap_or((text, "1"));
            let primary = range.trim().split('-').next()?;
            let known = |language: &Self| language.tag().eq_ignore_ascii_case(primary);
            let language = Self::ALL.into_iter().find(known)?;
            let quality: f32 = quality.trim().parse().ok()?;
            (quality > 0.0).then_some((language, quality))
        };
        let ranges = header.split(',').filter_map(range);
        // The first of equals: `max_by` would take the last.
        let best = ranges.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map_or(Self::English, |(language, _)| language)
    }

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_language() {
        for (path, language) in [
            ("/", Language::English),
            ("/jobs/x", Language::English),
            ("/es", Language::Spanish),
            ("/ja/jobs/x", Language::Japanese),
            ("/esfaq", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_path(path), language, "{path}");
        }
    }

    #[test]
    fn a_reader_gets_what_they_like_best_of_what_there_is() {
        for (header, language) in [
            ("", Language::English),
            ("de", Language::English),
            ("pt-BR,pt;q=0.9,en;q=0.8", Language::Portuguese),
            ("de, en;q=0.2, ru;q=0.7", Language::Russian),
            ("FR", Language::French),
            ("es;q=0, ja;q=0.1", Language::Japanese),
            ("ja;q=high, es", Language::Spanish),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
