//! Short texts: Fluent messages, read once, kept for ever.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use crate::Language;

/// The file of what scripts say, too.
const SCRIPTS: &str = "scripts.ftl";

/// A language's files, each with its name.
pub type Files = [(&'static str, &'static str)];

macro_rules! files {
    ($($language:ident => $tag:literal),* $(,)?) => {
        /// The text of every file of messages of a language.
        pub fn files(language: Language) -> &'static Files {
            match language {
            $(Language::$language => &[
                ("site.ftl", include_str!(concat!("../../../locales/", $tag, "/site.ftl"))),
                ("tiers.ftl", include_str!(concat!("../../../locales/", $tag, "/tiers.ftl"))),
                ("viewer.ftl", include_str!(concat!("../../../locales/", $tag, "/viewer.ftl"))),
                ("tools.ftl", include_str!(concat!("../../../locales/", $tag, "/tools.ftl"))),
                ("jobs.ftl", include_str!(concat!("../../../locales/", $tag, "/jobs.ftl"))),
                ("status.ftl", include_str!(concat!("../../../locales/", $tag, "/status.ftl"))),
                ("blog.ftl", include_str!(concat!("../../../locales/", $tag, "/blog.ftl"))),
                (SCRIPTS, include_str!(concat!("../../../locales/", $tag, "/scripts.ftl"))),
                ("problems.ftl", include_str!(concat!("../../../locales/", $tag, "/problems.ftl"))),
            ],)*
            }
        }
    };
}

files! {
    English => "en",
    Spanish => "es",
    French => "fr",
    Japanese => "ja",
    Portuguese => "pt",
    Russian => "ru",
}

/// The messages of one language.
pub struct Messages {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    scripts: BTreeMap<String, String>,
}

impl Messages {
    /// Those of a language. The first call reads them all.
    ///
    /// # Panics
    /// If a file of ours isn't Fluent, which a test would have said.
    pub fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<[Messages; 6]> = LazyLock::new(|| Language::ALL.map(Messages::read));
        let place = Language::ALL.iter().position(|one| *one == language);
        &ALL[place.unwrap_or(0)]
    }

    fn read(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Marks around what is filled in, for texts of mixed direction: ours all run one way.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::English => |value, _| digits(Language::English, value),
            Language::Spanish => |value, _| digits(Language::Spanish, value),
            Language::French => |value, _| digits(Language::French, value),
            Language::Japanese => |value, _| digits(Language::Japanese, value),
            Language::Portuguese => |value, _| digits(Language::Portuguese, value),
            Language::Russian => |value, _| digits(Language::Russian, value),
        }));
        let mut scripts = BTreeMap::new();
        for (name, text) in files(language) {
            let resource = FluentResource::try_new((*text).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{} {name}: {errors:?}", language.tag()));
            if *name == SCRIPTS {
                scripts.extend(resource.entries().filter_map(template));
            }
            bundle
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{} {name}: {errors:?}", language.tag()));
        }
        Self {
            language,
            bundle,
            scripts,
        }
    }

    /// Which language this is.
    pub fn language(&self) -> Language {
        self.language
    }

    /// What scripts say, by its id, with `{name}` for what they fill in.
    pub fn scripts(&self) -> &BTreeMap<String, String> {
        &self.scripts
    }

    /// A message with nothing to fill in.
    pub fn get(&self, id: &str) -> String {
        self.with(id, [])
    }

    /// A message with what is to be filled in. One that isn't there shows its id, so that it is noticed.
    pub fn with<'a>(
        &self,
        id: &str,
        values: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let message = self.bundle.get_message(id);
        self.fill(id, message.and_then(|message| message.value()), values)
    }

    /// An attribute of a message, `.NAME` in its file; filled in like the message itself.
    pub fn attribute<'a>(
        &self,
        id: &str,
        name: &str,
        values: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let message = self.bundle.get_message(id);
        let attribute = message.and_then(|message| message.get_attribute(name));
        self.fill(id, attribute.map(|attribute| attribute.value()), values)
    }

    fn fill<'a>(
        &self,
        id: &str,
        pattern: Option<&Pattern<&str>>,
        values: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let Some(pattern) = pattern else {
            return id.to_owned();
        };
        let arguments: FluentArgs = values.into_iter().collect();
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
        text.into_owned()
    }
}

/// A message's id, and its text with `{name}` for what is filled in.
fn template(entry: &Entry<&str>) -> Option<(String, String)> {
    let Entry::Message(message) = entry else {
        return None;
    };
    let mut text = String::new();
    for element in &message.value.as_ref()?.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => text.push_str(&format!("{{{}}}", id.name)),
            PatternElement::Placeable { .. } => panic!("{}: scripts only fill in", message.id.name),
        }
    }
    Some((message.id.name.to_owned(), text))
}

/// A number as its language writes it; anything else as it is.
fn digits(language: Language, value: &FluentValue) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let least = number.options.minimum_fraction_digits.unwrap_or(0);
    let decimals = if number.value.fract() == 0.0 {
        least
    } else {
        least.max(1)
    };
    Some(language.number(number.value, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_takes_its_plural_and_its_separators() {
        let minutes = |language, count: i32| {
            Messages::of(language).with("lifetime-minutes", [("minutes", count.into())])
        };
        assert_eq!(minutes(Language::English, 1), "a minute");
        assert_eq!(minutes(Language::English, 30), "30 minutes");
        assert_eq!(
            [1, 3, 5, 21].map(|count| minutes(Language::Russian, count)),
            ["1 минуту", "3 минуты", "5 минут", "21 минуту"]
        );
        assert_eq!(minutes(Language::Japanese, 1), "1分間");
    }

    #[test]
    fn scripts_get_their_texts_with_the_places_to_fill_in() {
        let scripts = Messages::of(Language::Russian).scripts();
        assert_eq!(scripts["left-seconds"], "осталось около {seconds}\u{a0}с");
        assert!(!scripts.contains_key("quality"), "pages say that");
    }

    #[test]
    fn what_is_missing_shows_its_id() {
        assert_eq!(
            Messages::of(Language::French).get("no-such-message"),
            "no-such-message"
        );
    }
}
