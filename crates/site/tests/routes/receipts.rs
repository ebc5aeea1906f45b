//! What a client gets for what is gone, and for what never was.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use vault::{PublicKey, Reason, SignedReceipt};

use crate::house::{House, Reply, disc, upload};

fn receipts(house: &Reply) -> Vec<SignedReceipt> {
    house
        .text()
        .lines()
        .map(|line| line.parse().unwrap())
        .collect()
}

async fn key(house: &House) -> PublicKey {
    let reply = house.get("/.well-known/ai3dgen-receipts.pub").await;
    assert_eq!(reply.status, StatusCode::OK);
    reply.text().trim_end().parse().unwrap()
}

/// Kind and reason of each receipt of a job, all verified.
async fn told(house: &House, job: &str) -> Vec<(&'static str, Reason)> {
    let key = key(house).await;
    let reply = house.get(&format!("{job}/receipts")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let mut told: Vec<_> = receipts(&reply)
        .iter()
        .map(|receipt| {
            let receipt = receipt.verify(&key).unwrap();
            assert!(receipt.key_destroyed);
            (receipt.kind.name(), receipt.reason)
        })
        .collect();
    told.sort_by_key(|(kind, _)| *kind);
    told
}

#[tokio::test]
async fn c5_every_object_that_is_destroyed_has_a_receipt_with_the_reason() {
    let house = House::new().await;
    let waiting = house.job().await;
    assert_eq!(told(&house, &waiting).await, []);
    house
        .request(Method::POST, &format!("{waiting}/cancel"), "*/*")
        .await;
    assert_eq!(told(&house, &waiting).await, [("picture", Reason::Asked)]);

    house.work();
    let asked = house.finished_job().await;
    let used = ("picture", Reason::Unused);
    assert_eq!(told(&house, &asked).await, [used]);
    house.request(Method::DELETE, &asked, "*/*").await;
    let all = |reason| [("model", reason), used, ("preview", reason)];
    assert_eq!(told(&house, &asked).await, all(Reason::Asked));

    let reply = house
        .send(upload(
            "/jobs?delete_after_download=on",
            "image/png",
            disc(),
        ))
        .await;
    let once = reply.header("location").to_owned();
    house.get(&format!("{once}/events")).await;
    house.get(&format!("{once}/model.glb")).await;
    assert_eq!(told(&house, &once).await, all(Reason::Downloaded));

    let expired = house.finished_job().await;
    house.clock.advance_secs(3600);
    house.reap().await;
    assert_eq!(told(&house, &expired).await, all(Reason::Expired));
}

#[tokio::test]
async fn c5_receipts_outlive_the_job_by_thirty_days_and_no_longer() {
    const DAY: i64 = 24 * 3600;
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    house.request(Method::DELETE, &job, "*/*").await;
    house.clock.advance_secs(29 * DAY);
    house.reap().await;
    assert_eq!(house.get(&job).await.status, StatusCode::NOT_FOUND);
    assert_eq!(told(&house, &job).await.len(), 3);
    house.clock.advance_secs(2 * DAY);
    house.reap().await;
    let reply = house.get(&format!("{job}/receipts")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c5_whoever_is_told_that_it_is_gone_is_told_where_the_receipts_are() {
    let house = House::new().await;
    house.work();
    let job = house.finished_job().await;
    house.request(Method::DELETE, &job, "*/*").await;
    let problem = house.get(&format!("{job}/model.glb")).await;
    assert_eq!(problem.status, StatusCode::GONE);
    assert_eq!(problem.json()["receipts"], format!("{job}/receipts"));
    assert_eq!(
        problem.json()["receipts_key"],
        "/.well-known/ai3dgen-receipts.pub"
    );
    let page = house.visit(&job).await;
    assert_eq!(page.status, StatusCode::GONE);
    for part in [
        "<strong>The model</strong>",
        "<strong>Your picture</strong>",
        "you asked for it",
        &format!("href=\"{job}/receipts\""),
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
}

#[tokio::test]
async fn c4_guessed_and_malformed_ids_get_the_same_answer_everywhere() {
    let house = House::new().await;
    let guess = "/jobs/00000000000000000000000001";
    let other = "/jobs/0123456789abcdefghjkmnpqrs";
    let malformed = ["/jobs/x", "/jobs/not-an-id", "/jobs/..%2f..%2fetc"];
    for (method, end) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::GET, "/events"),
        (Method::GET, "/model.glb"),
        (Method::GET, "/model?format=stl"),
        (Method::GET, "/preview.png"),
        (Method::GET, "/report"),
        (Method::GET, "/report.png"),
        (Method::GET, "/receipts"),
        (Method::POST, "/cancel"),
        (Method::POST, "/delete"),
        (Method::POST, "/shorten"),
    ] {
        let ask = async |job: &str| {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{job}{end}"))
                .header("content-type", "application/x-www-form-urlencoded");
            house
                .send(request.body(Body::from("lifetime=5")).unwrap())
                .await
        };
        let first = ask(guess).await;
        assert_eq!(first.status, StatusCode::NOT_FOUND, "{method} {end}");
        for job in [other].into_iter().chain(malformed) {
            let reply = ask(job).await;
            assert_eq!(reply.status, first.status, "{method} {job}{end}");
            assert_eq!(reply.headers, first.headers, "{method} {job}{end}");
            assert_eq!(reply.text(), first.text(), "{method} {job}{end}");
        }
    }
}

/// Half of the times are shorter.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Whoever tries addresses learns nothing from how long the answer takes. Requests of all kinds take
/// turns, so that whatever else this machine does meets all of them alike, and medians are compared,
/// which single slow answers don't move.
///
/// The bounds: an answer costs one indexed row by its digest, some 100 µs. A kind that skipped that
/// (as malformed ids would if they were refused at once) would take a tenth of the time, one that
/// read a file or hashed something long besides would take twice as long: half as long again is
/// beyond noise, and within either. What is gone is told with its receipts, which is one query more
/// and no secret: 410 says the same, and to those only who knew the id.
#[tokio::test]
async fn c4_foreign_expired_malformed_and_guessed_ids_take_the_same_time() {
    let house = House::new().await;
    let destroyed = house.job().await;
    house.request(Method::DELETE, &destroyed, "*/*").await;
    let expired = house.job().await;
    house.clock.advance_secs(3600);
    // Not reaped yet. Of objects of the vault, too, nobody but its job can have the id.
    let foreign = house.objects()[0];
    let kinds: [(String, StatusCode); 6] = [
        ("/jobs/not-an-id".into(), StatusCode::NOT_FOUND),
        (format!("/jobs/{}", "z".repeat(26)), StatusCode::NOT_FOUND),
        (
            "/jobs/0123456789abcdefghjkmnpqrs".into(),
            StatusCode::NOT_FOUND,
        ),
        (format!("/jobs/{foreign}"), StatusCode::NOT_FOUND),
        (destroyed, StatusCode::GONE),
        (expired, StatusCode::GONE),
    ];
    // A difference that is there is there every time; a busy machine makes one now and then.
    let mut seen = Vec::new();
    for _ in 0..3 {
        let medians = medians(&house, &kinds).await;
        let alike = |group: &[Duration], factor| {
            let (least, most) = (group.iter().min().unwrap(), group.iter().max().unwrap());
            *most < least.mul_f64(factor)
        };
        if alike(&medians[..4], 1.5) && alike(&medians[4..], 1.5) && alike(&medians, 4.0) {
            return;
        }
        seen.push(medians);
    }
    panic!("{seen:?}");
}

/// How long each answer takes, asked for in turns.
async fn medians(house: &House, kinds: &[(String, StatusCode)]) -> Vec<Duration> {
    const ROUNDS: usize = 400;
    let mut times = vec![Vec::with_capacity(ROUNDS); kinds.len()];
    for round in 0..ROUNDS {
        for place in 0..kinds.len() {
            // Nobody always comes after the same one.
            let which = (place * [1, 5][round % 2] + round) % kinds.len();
            let (path, status) = &kinds[which];
            let begun = Instant::now();
            let reply = house.get(path).await;
            times[which].push(begun.elapsed());
            assert_eq!(reply.status, *status, "{path}");
        }
    }
    times.into_iter().map(median).collect()
}
