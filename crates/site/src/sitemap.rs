//! `GET /sitemap.xml` and `/robots.txt`: what search engines may know, which is every page that is
//! nobody's own.

use std::fmt::Write;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::Tool;
use locales::{Language, PageName};

use crate::api::base::Base;
use crate::around::address_in;
use crate::tiers::TierPage;
use crate::tools;

/// Every public page, without its language.
fn pages() -> Vec<String> {
    let mut pages = ["/", "/batch", "/status", "/blog", "/contact"]
        .map(str::to_owned)
        .to_vec();
    pages.extend(TierPage::ALL.map(|page| page.address().to_owned()));
    pages.extend(Tool::ALL.map(|tool| tools::page::address(tool).to_owned()));
    pages.extend(PageName::ALL.iter().map(|name| format!("/{}", name.slug())));
    pages
}

/// Each page in each language, with its others (sitemaps.org 0.9 with `xhtml:link`).
pub async fn sitemap(base: Base) -> Response {
    let mut xml = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" ",
        "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    ));
    for page in pages() {
        let address = |language| base.at(&address_in(language, &page));
        let mut links = String::new();
        let tags = Language::ALL.map(|language| (language.tag(), language));
        for (tag, language) in tags.into_iter().chain([("x-default", Language::English)]) {
            // Writing into a text can't fail.
            let _ = write!(
                links,
                "<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\"/>",
                address(language)
            );
        }
        for language in Language::ALL {
            let _ = writeln!(xml, "<url><loc>{}</loc>{links}</url>", address(language));
        }
    }
    xml.push_str("</urlset>\n");
    ([(CONTENT_TYPE, "application/xml")], xml).into_response()
}

/// Jobs are for those who know their address, and no crawler does.
pub async fn robots(base: Base) -> String {
    let jobs = Language::ALL.map(|language| format!("Disallow: {}/jobs/\n", language.prefix()));
    let sitemap = base.at("/sitemap.xml");
    format!("User-agent: *\n{}\nSitemap: {sitemap}\n", jobs.concat())
}
