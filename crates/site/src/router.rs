//! Every route, as one list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use domain::Tool;
use formats::Format;
use imaging::PictureFormat;
use lifecycle::Artifact;
use locales::{Language, PageName};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::layers::{cors, keyed, log, negotiate, receipts, security};
use crate::problem::Problem;
use crate::state::AppState;
use crate::tiers::TierPage;
use crate::{
    api, assets, blog, compat, consent, contact, health, home, jobs, sitemap, status, texts, tiers,
    tools,
};

/// A form without a picture is no longer than this.
const SMALL_FORM_BYTES: usize = 4 << 10;

/// What is there in every language. Whoever visits a public page that shows nobody's content may be
/// asked whether that visit is counted; nothing else is ever counted.
fn pages(state: &AppState) -> Router<AppState> {
    let asked = from_fn_with_state(state.clone(), consent::asked);
    let public = long_pages().merge(in_all_languages(public));
    public.layer(asked).merge(in_all_languages(spoken))
}

/// What finds out for itself in which language it is asked, in all of them.
fn in_all_languages(routes: fn() -> Router<AppState>) -> Router<AppState> {
    let all = Language::ALL.into_iter();
    all.fold(Router::new(), |router, language| match language.prefix() {
        "" => router.merge(routes()),
        prefix => router.nest(prefix, routes()),
    })
}

fn long_pages() -> Router<AppState> {
    let mut router = Router::new();
    for language in Language::ALL {
        let prefix = language.prefix();
        let home = get(move |state, visit| home::home(state, visit, language));
        router = router.route(&format!("{prefix}/"), home.clone());
        if !prefix.is_empty() {
            router = router.route(prefix, home);
        }
        let texts = PageName::ALL.iter();
        // What is chosen stands there, too.
        for name in texts.filter(|name| **name != PageName::Cookies) {
            let address = format!("{prefix}/{}", name.slug());
            router = router.route(
                &address,
                get(move |visit| texts::text(*name, visit, language)),
            );
        }
    }
    router
}

/// Public pages beside the long ones.
fn public() -> Router<AppState> {
    let tiers = TierPage::ALL.into_iter();
    let tiers = tiers.fold(Router::new(), |router, page| {
        let show = get(move |state, spoken, visit| tiers::tier(state, spoken, visit, page));
        router.route(page.address(), show)
    });
    tiers
        .route("/status", get(status::status))
        .route("/blog", get(blog::blog))
        .route("/contact", get(contact::contact))
        .route(
            "/cookies",
            get(consent::show)
                .merge(post(consent::choose).layer(DefaultBodyLimit::max(SMALL_FORM_BYTES))),
        )
}

/// Jobs, and the pages that they are begun on and shown on.
fn spoken() -> Router<AppState> {
    files()
        .merge(image_tools())
        .route("/jobs", post(jobs::create::create))
        .route("/batch", get(jobs::batch::show).post(jobs::batch::create))
        .route(
            "/jobs/{id}",
            get(jobs::show::show).delete(jobs::delete::delete),
        )
        .route("/jobs/{id}/events", get(jobs::events::events))
        .route(
            "/jobs/{id}/model",
            get(jobs::export::export)
                .merge(post(jobs::onward::onward).layer(DefaultBodyLimit::max(SMALL_FORM_BYTES))),
        )
        .route("/jobs/{id}/report", get(jobs::report::report))
        .route("/jobs/{id}/report.png", get(jobs::report::picture))
        .route(
            "/jobs/{id}/shorten",
            post(jobs::shorten::shorten).layer(DefaultBodyLimit::max(SMALL_FORM_BYTES)),
        )
        .route(
            "/jobs/{id}/retry",
            post(jobs::retry::retry).layer(DefaultBodyLimit::max(SMALL_FORM_BYTES)),
        )
        .route("/jobs/{id}/receipts", get(jobs::receipts::receipts))
        .route("/jobs/{id}/cancel", post(jobs::cancel::cancel))
        // HTML forms know no DELETE.
        .route("/jobs/{id}/delete", post(jobs::delete::delete_form))
        .route("/blog.xml", get(blog::feed))
}

/// What a job made, as it is kept.
fn result(artifact: Artifact) -> MethodRouter<AppState> {
    get(move |state, id, method, uri, headers| {
        jobs::download::result(state, id, method, uri, headers, artifact)
    })
}

/// What makes pictures of pictures.
fn image_tools() -> Router<AppState> {
    Tool::ALL.into_iter().fold(Router::new(), |router, tool| {
        let create = post(move |state, peer, spoken, request| {
            tools::create::create(state, peer, spoken, tool, request)
        });
        let show = get(move |state, spoken, visit| tools::page::page(state, spoken, visit, tool));
        router
            .route(tools::page::address(tool), show)
            .route(&format!("/tools/{}", tool.name()), create)
    })
}

/// What clients of other services ask for.
fn dialects(state: &AppState) -> Router<AppState> {
    use compat::{hunyuan, meshy, printpal, replicate, stability, tripo};
    tripo::routes::routes(state)
        .merge(meshy::routes::routes(state))
        .merge(printpal::routes::routes(state))
        .merge(replicate::routes::routes(state))
        .merge(hunyuan::routes::routes(state))
        .merge(stability::routes::routes(state))
}

/// A finished model or picture in every format, by its name, and its preview.
fn files() -> Router<AppState> {
    let pictures = [PictureFormat::WebP, PictureFormat::Jpeg];
    let pictures = pictures.into_iter().fold(Router::new(), |router, format| {
        let show = get(move |state, id| jobs::export::picture(state, id, format));
        router.route(&format!("/jobs/{{id}}/picture.{}", format.name()), show)
    });
    let others = Format::ALL
        .into_iter()
        .filter(|format| *format != Format::Glb);
    let files = others.fold(pictures, |router, format| {
        let address = format!("/jobs/{{id}}/model.{}", format.extension());
        router.route(
            &address,
            get(move |state, id, method, headers, size| {
                jobs::export::file(state, id, method, headers, size, format)
            }),
        )
    });
    files
        .route("/jobs/{id}/model.glb", result(Artifact::Model))
        .route("/jobs/{id}/picture.png", result(Artifact::Edited))
        .route("/jobs/{id}/preview.png", get(jobs::download::preview))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(cors::files())
}

/// What only those see who make these pages.
fn workbench() -> Router<AppState> {
    #[cfg(debug_assertions)]
    return Router::new().route("/components", get(crate::components::components));
    #[cfg(not(debug_assertions))]
    Router::new()
}

/// The whole service.
pub fn router(state: AppState) -> Router {
    pages(&state)
        .merge(workbench())
        .merge(api::routes::routes(&state))
        .merge(dialects(&state))
        .route(
            "/.well-known/ai3dgen-receipts.pub",
            get(jobs::receipts::public_key),
        )
        .route("/health", get(health::health))
        .route("/sitemap.xml", get(sitemap::sitemap))
        .route("/robots.txt", get(sitemap::robots))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .fallback(async || Problem::no_such_page())
        // The upload handler counts for itself; nothing else takes a body.
        .layer(DefaultBodyLimit::disable())
        .layer(CsrfLayer::new().with_rejection_response(|_| Problem::foreign_form().into_reply()))
        .layer(from_fn(keyed::come_from_anywhere))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::our_fault().into_reply()
        }))
        .layer(from_fn_with_state(
            state.clone(),
            receipts::offered_when_gone,
        ))
        // Innermost to outermost from here: log inside, headers on everything that leaves.
        .layer(from_fn(negotiate::problems_as_pages))
        .layer(from_fn_with_state(state.clone(), log::pattern_and_status))
        .nest("/assets", assets::router())
        .layer(from_fn(security::headers))
        .with_state(state)
}
