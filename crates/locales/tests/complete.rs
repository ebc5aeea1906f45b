//! Every language says everything, and nothing that nobody asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use locales::{Language, Messages, Page, PageName};

/// The same word in another language, or a name.
const ALIKE: [&str; 19] = [
    "tier-base",
    "tier-pro",
    "tier-ultra",
    // French writes these as English does.
    "nav-label",
    "nav-faq",
    "nav-menu",
    "footer-licences",
    "lifetime-minutes",
    // Spanish and Portuguese: Ultra, Pro and the like.
    "quality",
    // Units and marks.
    "percent",
    "megabytes",
    "doing",
    "millimetres",
    "cubic-centimetres",
    // Spanish, French and Portuguese.
    "fact-volume",
    "fact-faces",
    "no",
    "blog",
    "contact",
];

/// Where messages are asked for, below `crates/`.
const ASKING: [&str; 3] = ["site/src", "site/templates", "../web/src"];

/// Where the codes are that some ids go on with, below `crates/`.
const NAMING: [&str; 5] = [
    "engine/src",
    "imaging/src",
    "lifecycle/src",
    "mesh/src/check",
    "store/src",
];

/// What the ids begin with that go on with a code of the program's.
const CODES: [&str; 6] = [
    "problem-", "failure-", "notice-", "finding-", "check-", "style-",
];

/// Id, text and the names of what is filled in, of every message of a file.
fn messages(language: Language) -> Vec<(String, String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for (name, text) in locales::files(language) {
        let resource = parser::parse(*text)
            .unwrap_or_else(|(_, e)| panic!("{} {name}: {e:?}", language.tag()));
        for entry in resource.body {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Term(term) => {
                    found.push(one(format!("-{}", term.id.name), &term.value));
                    continue;
                }
                _ => continue,
            };
            let id = message.id.name;
            let value = message.value.expect("a message says something");
            found.push(one(id.to_owned(), &value));
            for attribute in &message.attributes {
                found.push(one(format!("{id}.{}", attribute.id.name), &attribute.value));
            }
        }
    }
    found
}

fn one(id: String, pattern: &Pattern<&str>) -> (String, String, BTreeSet<String>) {
    let mut values = BTreeSet::new();
    let mut said = String::new();
    collect(pattern, &mut said, &mut values);
    (id, said, values)
}

fn collect(pattern: &Pattern<&str>, said: &mut String, values: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => said.push_str(value),
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => named(inline, values),
                Expression::Select { selector, variants } => {
                    named(selector, values);
                    for variant in variants {
                        collect(&variant.value, said, values);
                    }
                }
            },
        }
    }
}

fn named(inline: &InlineExpression<&str>, values: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        values.insert(id.name.to_owned());
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_values_in_the_same_order() {
    let english: Vec<_> = messages(Language::English)
        .into_iter()
        .map(|(id, _, values)| (id, values))
        .collect();
    for language in Language::ALL {
        let here: Vec<_> = messages(language)
            .into_iter()
            .map(|(id, _, values)| (id, values))
            .collect();
        assert_eq!(here, english, "{}", language.tag());
    }
}

#[test]
fn no_message_is_left_in_english() {
    let english = messages(Language::English);
    for language in Language::ALL.into_iter().skip(1) {
        for ((id, said, _), (_, original, _)) in messages(language).iter().zip(&english) {
            // One that consists of a term says nothing of its own.
            assert!(
                said.is_empty() || said != original || ALIKE.contains(&id.as_str()),
                "{} {id} is still “{said}”",
                language.tag()
            );
        }
    }
}

#[test]
fn every_message_is_asked_for_and_every_one_that_is_asked_for_is_there() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut source = String::new();
    for folder in ASKING.into_iter().chain(NAMING) {
        for file in files(&crates.join(folder)) {
            // Pictures among them ask for nothing.
            source.push_str(&String::from_utf8_lossy(&fs::read(file).unwrap()));
        }
    }
    let texts = locales::files(Language::English);
    let known: BTreeSet<String> = messages(Language::English)
        .into_iter()
        .map(|(id, ..)| id)
        .collect();
    for id in &known {
        let message = id.split('.').next().unwrap();
        let code = CODES.iter().find_map(|family| message.strip_prefix(family));
        let named = |name: &str| {
            source.contains(&format!("\"{name}\"")) || source.contains(&format!("'{name}'"))
        };
        let asked = named(message)
            || code.is_some_and(named)
            || texts
                .iter()
                .any(|(_, text)| text.contains(&format!("{{ {message} }}")));
        assert!(asked, "nobody asks for {id}");
    }
    for call in ["t.get(\"", "t.with(\""] {
        for after in source.split(call).skip(1) {
            let id = after.split('"').next().unwrap();
            assert!(known.contains(id), "there is no message {id}");
        }
    }
    // Scripts have one file only.
    let scripts = Messages::of(Language::English).scripts();
    for (at, call) in source.match_indices("text('") {
        // `getContext('2d')` asks for no message.
        if source[..at].ends_with(char::is_alphanumeric) {
            continue;
        }
        let after = &source[at + call.len()..];
        let id = after.split('\'').next().unwrap();
        assert!(scripts.contains_key(id), "scripts have no message {id}");
    }
}

#[test]
fn every_long_page_has_the_same_parts_in_every_language() {
    let count = |page: &Page, tag: &str| page.body.matches(tag).count();
    for name in PageName::ALL {
        let english = Page::of(*name, Language::English);
        for language in Language::ALL {
            let page = Page::of(*name, language);
            let place = format!("{} {}", language.tag(), name.slug());
            assert!(
                !page.title.is_empty() && !page.description.is_empty(),
                "{place}"
            );
            for tag in ["<h2>", "<li>", "<tr>", "<p>", "<code>", "href=\"/"] {
                assert_eq!(count(page, tag), count(english, tag), "{place}: {tag}");
            }
            if language != Language::English {
                assert_ne!(page.description, english.description, "{place}");
                let own = count(page, &format!("href=\"{}/", language.prefix()));
                assert_eq!(own, count(page, "href=\"/"), "{place}");
            }
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
