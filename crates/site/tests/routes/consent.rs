//! Who is asked whether visits may be counted, and what becomes of the answer.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use site::{Analytics, PostHog, Settings};

use crate::house::{House, NOWHERE, Reply};

const COUNTING: &str = "id=\"counting\"";
const BANNER: &str = "class=\"consent\"";
const ACCEPTED: (&str, &str) = ("cookie", "other=1; ai3dgen_consent=accept");

async fn counting() -> House {
    let analytics = Analytics {
        ga4: Some("G-AB12".into()),
        posthog: Some(PostHog {
            key: "phc_a1".into(),
            host: "https://count.example".into(),
        }),
    };
    let settings = Settings {
        analytics,
        public_url: Some("https://3d.example".into()),
        ..Settings::default()
    };
    House::kept(|_| {}, settings).await
}

async fn visit(house: &House, path: &str, header: Option<(&str, &str)>) -> Reply {
    let request = Request::get(path).header("accept", "text/html");
    let request = match header {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    house.send(request.body(Body::empty()).unwrap()).await
}

async fn choose(house: &House, path: &str, form: &'static str) -> Reply {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    house.send(request.body(Body::from(form)).unwrap()).await
}

#[tokio::test]
async fn nobody_is_asked_where_nothing_is_counted() {
    let house = House::new().await;
    for header in [None, Some(ACCEPTED)] {
        let page = visit(&house, "/", header).await;
        assert!(!page.text().contains(BANNER) && !page.text().contains(COUNTING));
        assert!(
            page.header("content-security-policy")
                .contains("connect-src 'self' blob:;")
        );
    }
    let settings = visit(&house, "/cookies", None).await;
    assert!(
        settings.text().contains("This server counts nothing"),
        "{}",
        settings.text()
    );
    let chosen = choose(&house, "/cookies", "consent=accept&back=/faq").await;
    assert!(!chosen.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn a_visitor_is_asked_first_and_counted_only_after_a_yes() {
    let house = counting().await;
    for path in ["/", "/fr/faq", "/pro"] {
        let asked = visit(&house, path, None).await;
        assert!(asked.text().contains(BANNER), "{path}");
        assert!(!asked.text().contains(COUNTING), "{path}");
        assert!(!asked.headers.contains_key("set-cookie"), "{path}");
        assert!(
            !asked.header("content-security-policy").contains("https:"),
            "{path}"
        );

        let counted = visit(&house, path, Some(ACCEPTED)).await;
        assert!(!counted.text().contains(BANNER), "{path}");
        let told = format!(r#""page":"https://3d.example{path}""#);
        assert!(
            counted.text().contains(COUNTING) && counted.text().contains(&told),
            "{path}"
        );
        let policy = counted.header("content-security-policy");
        assert!(
            policy.contains(
                "connect-src 'self' blob: https://www.google-analytics.com https://count.example;"
            ),
            "{policy}"
        );
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(counted.header("vary"), "cookie, sec-gpc");

        let rejected = visit(&house, path, Some(("cookie", "ai3dgen_consent=reject"))).await;
        assert!(!rejected.text().contains(BANNER) && !rejected.text().contains(COUNTING));
        assert!(
            !rejected
                .header("content-security-policy")
                .contains("https:"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn no_page_that_shows_content_is_counted_or_may_reach_others() {
    let house = counting().await;
    house.work();
    let job = house.finished_job().await;
    let batch = format!("/batch?job={}", job.trim_start_matches("/jobs/"));
    for path in [
        &job,
        &format!("/ru{job}"),
        &batch,
        "/edit",
        "/erase",
        "/remove-background",
        NOWHERE,
        "/nowhere",
    ] {
        for header in [None, Some(ACCEPTED)] {
            let page = visit(&house, path, header).await;
            assert!(
                !page.text().contains(COUNTING) && !page.text().contains(BANNER),
                "{path}"
            );
            assert!(
                !page.header("content-security-policy").contains("https:"),
                "{path}"
            );
            assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        }
    }
}

#[tokio::test]
async fn a_choice_is_kept_for_half_a_year_and_leads_back() {
    let house = counting().await;
    for (form, value, back) in [
        ("consent=accept&back=%2Ffr%2Ffaq", "accept", "/fr/faq"),
        ("consent=reject&back=%2Fpro", "reject", "/pro"),
        ("consent=reject", "reject", "/fr/cookies"),
        (
            "consent=accept&back=https%3A%2F%2Fevil.example",
            "accept",
            "/fr/cookies",
        ),
        (
            "consent=accept&back=%2F%2Fevil.example",
            "accept",
            "/fr/cookies",
        ),
        (
            "consent=accept&back=%2F%5Cevil.example",
            "accept",
            "/fr/cookies",
        ),
        ("consent=accept&back=%2Fa%0D%0Ab", "accept", "/fr/cookies"),
    ] {
        let reply = choose(&house, "/fr/cookies", form).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{form}");
        assert_eq!(reply.header("location"), back, "{form}");
        let cookie = format!(
            "ai3dgen_consent={value}; Path=/; Max-Age=15724800; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(reply.header("set-cookie"), cookie, "{form}");
    }
    for odd in ["", "consent=perhaps", "back=%2F"] {
        let reply = choose(&house, "/cookies", odd).await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (StatusCode::SEE_OTHER, "/cookies")
        );
        assert!(!reply.headers.contains_key("set-cookie"), "{odd}");
    }
}

#[tokio::test]
async fn a_browser_that_signals_a_no_is_not_asked() {
    let house = counting().await;
    let request = Request::get("/cookies")
        .header("sec-gpc", "1")
        .header(ACCEPTED.0, ACCEPTED.1);
    let page = house.send(request.body(Body::empty()).unwrap()).await;
    assert!(!page.text().contains(BANNER) && !page.text().contains(COUNTING));
    assert!(
        page.text()
            .contains("Global Privacy Control). That is a no")
    );
    assert!(
        !page.text().contains("name=\"consent\""),
        "nothing to choose"
    );
    assert!(!page.header("content-security-policy").contains("https:"));
}

#[tokio::test]
async fn another_site_cannot_choose() {
    let house = counting().await;
    let request = Request::post("/cookies")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let reply = house
        .send(request.body(Body::from("consent=accept")).unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}
