//! The first page and the long ones in six languages.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::house::{House, as_browser, disc, form, upload};

const LANGUAGES: [(&str, &str); 6] = [
    ("en", ""),
    ("es", "/es"),
    ("fr", "/fr"),
    ("ja", "/ja"),
    ("pt", "/pt"),
    ("ru", "/ru"),
];
/// Where a server is that nobody names.
const HERE: &str = "http://localhost";
const PAGES: [&str; 20] = [
    "/",
    "/features",
    "/faq",
    "/our-story",
    "/privacy",
    "/terms",
    "/cookies",
    "/batch",
    "/status",
    "/free",
    "/base",
    "/pro",
    "/ultra",
    "/blog",
    "/blog/one-picture",
    "/blog/why-an-hour",
    "/contact",
    "/remove-background",
    "/edit",
    "/erase",
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
    let (mut titles, mut descriptions) = (BTreeSet::new(), BTreeSet::new());
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
                let named = format!("hreflang=\"{other}\" href=\"{HERE}{}\"", at(prefix, page));
                assert!(html.contains(&named), "{address}: {named}");
            }
            let default = format!("hreflang=\"x-default\" href=\"{HERE}{page}\"");
            assert!(html.contains(&default), "{address}: {default}");
            let canonical = format!("rel=\"canonical\" href=\"{HERE}{address}\"");
            assert!(html.contains(&canonical), "{address}: {canonical}");
            for part in ["og:title", "og:description", "og:url"] {
                assert!(html.contains(&format!("property=\"{part}\" content=\"")));
            }
            let description = html
                .split("name=\"description\" content=\"")
                .nth(1)
                .unwrap();
            descriptions.insert(description.split('"').next().unwrap().to_owned());
            let title = html.split("<title>").nth(1).unwrap();
            titles.insert(title.split("</title>").next().unwrap().to_owned());
        }
    }
    assert_eq!(titles.len(), LANGUAGES.len() * PAGES.len());
    assert_eq!(descriptions.len(), LANGUAGES.len() * PAGES.len());
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
                "/status",
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
async fn the_form_speaks_the_language_and_keeps_it() {
    let house = House::new().await;
    let page = house.visit("/ru").await;
    let html = page.text();
    for said in [
        "Перетащите сюда картинку",
        "до 32\u{a0}МБ",
        "30 минут",
        "20\u{a0}тыс. граней",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.contains("action=\"/ru/jobs\""));
    assert!(html.contains("href=\"/ru/batch\""));
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

#[tokio::test]
async fn a_job_stays_in_the_language_it_was_sent_in() {
    let house = House::new().await;
    house.work();
    let sent = as_browser(form("/ja/jobs", &[("picture", &disc())]));
    let reply = house.send(sent).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let job = reply.header("location").to_owned();
    assert!(job.starts_with("/ja/jobs/"), "{job}");

    let events = house.get(&format!("{job}/events")).await;
    assert!(events.text().contains(r#""state":"done""#));
    let page = house.visit(&job).await;
    for said in ["モデルができました", "作成時間", "ほかの形式", "今すぐ削除"]
    {
        assert!(page.text().contains(said), "{said}");
    }
    // Every address of the page is in its language, and a switch of language keeps the job.
    let own = job.strip_prefix("/ja").unwrap();
    for (_, prefix) in LANGUAGES {
        assert!(page.text().contains(&format!("href=\"{prefix}{own}\"")));
    }
    assert!(page.text().contains(&format!("href=\"{job}/model.glb\"")));
    assert!(
        !page.text().contains(&format!("\"{own}/")),
        "an address lost its language"
    );
    let report = house.visit(&format!("{job}/report")).await;
    for said in ["印刷できますか？", "最も薄い壁", "モデルに戻る"] {
        assert!(report.text().contains(said), "{said}");
    }

    // Programs are told codes and English wherever they ask.
    assert_eq!(house.get(&job).await.json()["links"]["self"], own);

    let deleted = house
        .request(Method::POST, &format!("{job}/delete"), "text/html")
        .await;
    assert_eq!(deleted.header("location"), job);
    let gone = house.visit(&job).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text().contains("削除証明"), "{}", gone.text());
    assert!(gone.text().contains(&format!("{own}/receipts")));
    // Whoever was sent the link may speak another language.
    for (_, prefix) in LANGUAGES {
        assert!(gone.text().contains(&format!("href=\"{prefix}{own}\"")));
    }
}

#[tokio::test]
async fn what_went_wrong_with_a_job_is_said_in_its_language() {
    let house = House::new().await;
    house.work();
    let job = house
        .send(upload("/es/jobs?engine=triposr", "image/png", disc()))
        .await;
    let address = job.header("location").to_owned();
    assert!(address.starts_with("/es/jobs/"), "{address}");
    house.get(&format!("{address}/events")).await;
    let page = house.visit(&address).await;
    assert!(page.text().contains("TripoSR no está instalado"));
    assert!(page.text().contains(&format!("action=\"{address}/retry\"")));
    let told = house.get(&address).await.json()["failure"].clone();
    assert!(told.as_str().unwrap().contains("not installed"), "{told}");

    let pictures: [(&str, &[u8]); 2] = [("picture", &disc()), ("picture", b"Dear diary")];
    let page = house.send(as_browser(form("/fr/batch", &pictures))).await;
    assert_eq!(page.status, StatusCode::CREATED);
    for said in [
        "Vos images",
        "Cette image est inutilisable",
        "href=\"/fr/jobs/",
    ] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
}

#[tokio::test]
async fn scripts_speak_the_language_of_the_page() {
    let house = House::new().await;
    for (_, prefix) in LANGUAGES {
        let page = house.visit(&at(prefix, "/")).await;
        let island = page.text().split("id=\"texts\">").nth(1).unwrap();
        let island = island.split("</script>").next().unwrap();
        let texts: serde_json::Value = serde_json::from_str(island).unwrap();
        let left = texts["left-seconds"].as_str().unwrap();
        assert!(left.contains("{seconds}"), "{left}");
        assert_eq!(left.contains("left"), prefix.is_empty(), "{left}");
    }
}

#[tokio::test]
async fn a_page_about_a_quality_says_what_it_gives_and_is_set_to_it() {
    let house = House::with(|config| config.max_queued_per_owner = 3).await;
    for (page, chosen, said) in [
        ("/free", "base", "At most 3 pictures from one address"),
        ("/base", "base", "192 × 192 × 192 cells"),
        ("/pro", "pro", "2048 × 2048 pixels"),
        ("/ultra", "ultra", "150,000 faces"),
    ] {
        let reply = house.visit(page).await;
        assert!(reply.text().contains(said), "{page}: {said}");
        let set = format!("name=\"tier\" value=\"{chosen}\" checked");
        assert_eq!(reply.text().matches("checked").count(), 1, "{page}");
        assert!(reply.text().contains(&set), "{page}: {set}");
        let model = reply.text().split("data-viewer=\"").nth(1).unwrap();
        let model = house.get(model.split('"').next().unwrap()).await;
        assert_eq!(model.status, StatusCode::OK, "{page}");
        assert_eq!(&model.body[..4], b"glTF", "{page}");
        assert!(model.body.len() <= 180_000, "{page}");
    }
}

#[tokio::test]
async fn the_form_takes_other_sides_without_scripts() {
    let house = House::new().await;
    let page = house.visit("/pt").await;
    for side in ["left", "back", "right"] {
        let field = format!("<input name=\"{side}\" type=\"file\"");
        assert!(page.text().contains(&field), "{side}");
    }
    // Fields in which nobody chose anything come empty.
    let disc = disc();
    let fields: [(&str, &[u8]); 4] = [
        ("picture", &disc),
        ("left", &disc),
        ("back", b""),
        ("right", b""),
    ];
    let reply = house.send(as_browser(form("/pt/jobs", &fields))).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}

#[tokio::test]
async fn search_engines_find_every_public_page_and_no_job() {
    let house = House::new().await;
    house.work();
    let map = house.get("/sitemap.xml").await;
    assert_eq!(map.header("content-type"), "application/xml");
    let places: BTreeSet<&str> = map.text().split("<loc>").skip(1).collect();
    assert_eq!(places.len(), LANGUAGES.len() * PAGES.len());
    for (_, prefix) in LANGUAGES {
        for page in PAGES {
            let place = format!("<loc>{HERE}{}</loc>", at(prefix, page));
            assert!(map.text().contains(&place), "{place}");
        }
    }
    let robots = house.get("/robots.txt").await;
    for line in [
        "Disallow: /jobs/",
        "Disallow: /ja/jobs/",
        "Sitemap: http://localhost/sitemap.xml",
    ] {
        assert!(robots.text().lines().any(|one| one == line), "{line}");
    }
    let job = house.finished_job().await;
    let page = house.visit(&job).await;
    assert!(page.text().contains("content=\"noindex\""));
    assert!(!page.text().contains("og:") && !page.text().contains("canonical"));
}

#[tokio::test]
async fn the_blog_can_be_followed_in_every_language() {
    let house = House::new().await;
    for (tag, prefix) in LANGUAGES {
        let feed = house.get(&format!("{prefix}/blog.xml")).await;
        assert_eq!(feed.header("content-type"), "application/rss+xml");
        for said in [
            &format!("<language>{tag}</language>"),
            &format!("<link>{HERE}{prefix}/blog/why-an-hour</link>"),
            "<pubDate>27 Nov 2026 00:00:00 GMT</pubDate>",
        ] {
            assert!(feed.text().contains(said), "{said}: {}", feed.text());
        }
        let index = house.visit(&at(prefix, "/blog")).await;
        assert!(
            index
                .text()
                .contains(&format!("href=\"{prefix}/blog.xml\""))
        );
    }
}
