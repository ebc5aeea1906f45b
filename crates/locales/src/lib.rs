//! Everything the product says to people, in six languages.
//!
//! Short texts are [Fluent](https://projectfluent.org) messages in `locales/LANGUAGE/*.ftl`
//! ([`Messages`]); long ones are pages of CommonMark in `locales/LANGUAGE/pages/*.md` ([`Page`]). Both are
//! inside the binary. A test holds every language against English: nothing is missing, left over or
//! left untranslated.

mod language;

mod messages;

mod page;

mod numbers;

pub use fluent_bundle::FluentValue as Value;
pub use language::Language;
pub use messages::{Messages, files};
pub use page::{Page, PageName};
