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

    /// The language of an address, and the address without its [prefix](Self::prefix).
    pub fn of_path(path: &str) -> (Self, &str) {
        let named = Self::ALL.into_iter().skip(1).find_map(|language| {
            let rest = path.strip_prefix(language.prefix())?;
            match rest {
                "" => Some((language, "/")),
                _ => rest.starts_with('/').then_some((language, rest)),
            }
        });
        named.unwrap_or((Self::English, path))
    }

    /// The best of an `Accept-Language` header (RFC 9110, section 12.5.4), to offer, not to impose.
    pub fn of_header(header: &str) -> Option<Self> {
        let ranges = header.split(',').filter_map(|range| {
            let mut parts = range.trim().split(';');
            let tag = parts.next()?.trim().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
            let primary = tag.split('-').next().unwrap_or_default();
            let language = Self::ALL.into_iter().find(|one| one.tag() == primary)?;
            Some((weight.unwrap_or(1.0_f32), language))
        });
        // The first of equals wins.
        let best = ranges.fold(None, |best: Option<(f32, Self)>, one| match best {
            Some(best) if best.0 >= one.0 => Some(best),
            _ => (one.0 > 0.0).then_some(one).or(best),
        });
        best.map(|(_, language)| language)
    }

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_an_address_is_its_first_part() {
        for (path, language, rest) in [
            ("/", Language::English, "/"),
            ("/es", Language::Spanish, "/"),
            ("/es/", Language::Spanish, "/"),
            ("/ja/jobs/1", Language::Japanese, "/jobs/1"),
            ("/especial", Language::English, "/especial"),
            ("/jobs/es", Language::English, "/jobs/es"),
        ] {
            assert_eq!(Language::of_path(path), (language, rest), "{path}");
        }
    }

    #[test]
    fn the_header_is_read_by_weight() {
        for (header, language) in [
            (
                "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5",
                Some(Language::French),
            ),
            ("de, pt-BR;q=0.5, ru;q=0.6", Some(Language::Russian)),
            ("en;q=0, ja;q=0.1", Some(Language::Japanese)),
            ("ES", Some(Language::Spanish)),
            ("de", None),
            ("*", None),
            ("es;q=abc,,;;", Some(Language::Spanish)),
        ] {
            assert_eq!(Language::of_header(header), language, "{header}");
        }
    }
}
