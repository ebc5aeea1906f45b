//! Keys of programs, and which jobs are listed for them.

use domain::Id;
use store::{After, ApiKey, JobKey, Owner};

use crate::common::{Database, NOW, on_both};

async fn a_key_is_found_by_its_secret_until_it_is_revoked(Database { store, .. }: Database) {
    let secret = Id::random();
    let plotter = ApiKey {
        name: "plotter".into(),
        owner: Owner::new(Id::random().to_string()),
        scopes: vec!["generate".into(), "read".into()],
        created_at: NOW,
    };
    assert!(store.create_key(secret, &plotter).await.unwrap());
    let same_name = store.create_key(Id::random(), &plotter).await;
    assert!(!same_name.unwrap());
    assert_eq!(store.key_of(secret).await.unwrap(), Some(plotter.clone()));
    assert_eq!(store.key_of(Id::random()).await.unwrap(), None);
    assert_eq!(store.keys().await.unwrap(), [plotter]);
    assert!(store.revoke_key("plotter").await.unwrap());
    assert!(!store.revoke_key("plotter").await.unwrap());
    assert_eq!(store.key_of(secret).await.unwrap(), None);
}

async fn jobs_are_listed_page_by_page_until_they_are_destroyed(db: Database) {
    let (store, owner) = (&db.store, Owner::new("one"));
    let mut keys = Vec::new();
    for nth in 0..5 {
        // Two of them in the same moment.
        let key = db.queue("one", NOW.plus_secs(nth / 2)).await;
        store
            .list_job(&key, &format!("sealed {nth}"))
            .await
            .unwrap();
        keys.push(key);
    }
    db.queue("one", NOW).await;
    assert_eq!(store.waiting_of(&owner).await.unwrap(), 6);

    let (mut seen, mut after): (Vec<JobKey>, Option<After>) = (Vec::new(), None);
    loop {
        let page = store.listed_jobs(&owner, NOW, after.as_ref(), 2).await;
        let page = page.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(After::job(&last.row));
        seen.extend(page.into_iter().map(|listed| listed.row.key));
    }
    assert_eq!(seen[0], keys[4], "newest first");
    let mut sorted = keys.clone();
    sorted.sort();
    seen.sort();
    assert_eq!(seen, sorted, "each once, and not the one that isn’t listed");

    store.entomb(&keys[4], NOW).await.unwrap();
    store.scrub(&keys[4]).await.unwrap();
    let listed = store.listed_jobs(&owner, NOW, None, 9).await.unwrap();
    assert_eq!(listed.len(), 4);
    let foreign = store.listed_jobs(&Owner::new("two"), NOW, None, 9).await;
    assert_eq!(foreign.unwrap(), []);
}

on_both!(
    a_key_is_found_by_its_secret_until_it_is_revoked,
    jobs_are_listed_page_by_page_until_they_are_destroyed,
);
