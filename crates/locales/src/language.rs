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

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}
