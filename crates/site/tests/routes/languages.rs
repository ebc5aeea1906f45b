//! The first page and the long ones in six languages.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::house::House;

const LANGUAGES: [(&str, &str); 6] = [
    ("en", ""),
    ("es", "/es"),
    ("fr", "/fr"),
    ("ja", "/ja"),
    ("pt", "/pt"),
    ("ru", "/ru"),
];
const PAGES: [&str; 7] = [
    "/",
    "/features",
    "/faq",
    "/our-story",
    "/privacy",
    "/terms",
    "/cookies",
];

fn addresses(html: &str) -> BTreeSet<String> {
    let links = html.split("href=\"").skip(1);
    links
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .filter(|address| address.starts_with('/'))
        .collect()
}

fn at(prefix: &str, page: &str) -> String {
    match (prefix, page) {
        ("", page) => page.to_owned(),
        (prefix, "/") => prefix.to_owned(),
        (prefix, page) => format!("{prefix}{page}"),
    }
}

#[tokio::test]
async fn every_page_is_there_in_every_language_and_names_the_others() {
    let house = House::new().await;
    let mut titles = BTreeSet::new();
    for (tag, prefix) in LANGUAGES {
        for page in PAGES {
            let address = at(prefix, page);
            let reply = house.visit(&address).await;
            assert_eq!(reply.status, StatusCode::OK, "{address}");
            let html = reply.text();
            assert!(
                html.contains(&format!("<html lang=\"{tag}\">")),
                "{address}"
            );
            for (other, prefix) in LANGUAGES {
                let named = format!("hreflang=\"{other}\" href=\"{}\"", at(prefix, page));
                assert!(html.contains(&named), "{address}: {named}");
            }
            let title = html.split("<title>").nth(1).unwrap();
            titles.insert(title.split("</title>").next().unwrap().to_owned());
        }
    }
    // French and English both ask “Questions”.
    assert_eq!(titles.len(), LANGUAGES.len() * PAGES.len() - 1);
}

#[tokio::test]
async fn no_link_of_any_of_them_is_dead_or_leads_out_of_its_language() {
    let house = House::new().await;
    let mut known = BTreeSet::new();
    for (_, prefix) in LANGUAGES {
        for page in PAGES {
            let html = house.visit(&at(prefix, page)).await.text().to_owned();
            let links = addresses(&html);
            for own in [
                "/privacy",
                "/terms",
                "/cookies",
                "/features",
                "/faq",
                "/our-story",
            ] {
                assert!(
                    links.contains(&at(prefix, own)),
                    "{prefix}{page} lacks {own}"
                );
            }
            known.extend(links);
        }
    }
    for address in known {
        let reply = house.visit(&address).await;
        assert_eq!(reply.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn the_form_speaks_the_language_and_sends_to_the_same_place() {
    let house = House::new().await;
    let page = house.visit("/ru").await;
    let html = page.text();
    for said in [
        "Перетащите сюда картинку",
        "до 32 МБ",
        "30 минут",
        "20 тыс. граней",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.contains("action=\"/jobs\""));
    assert_eq!(house.visit("/ru/").await.text(), html);
    for address in ["/de", "/es/nothing", "/esfaq"] {
        assert_eq!(
            house.visit(address).await.status,
            StatusCode::NOT_FOUND,
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_problem_speaks_the_language_of_its_address_and_a_lost_reader_their_own() {
    let house = House::new().await;
    for (address, said) in [
        ("/nothing", "Здесь ничего нет"),
        ("/es/nothing", "Aquí no hay nada"),
        ("/jobs/x", "There is no such job"),
    ] {
        let request = Request::get(address)
            .header("accept", "text/html")
            .header("accept-language", "ru-RU,ru;q=0.9");
        let page = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
        assert!(page.text().contains(said), "{address}: {}", page.text());
    }
    let program = house.get("/ja/nothing").await;
    assert_eq!(program.json()["title"], "ここには何もありません");
    assert_eq!(program.json()["code"], "no_such_page");
    let program = house.get("/nothing").await;
    assert_eq!(program.json()["title"], "There is nothing here");
}
