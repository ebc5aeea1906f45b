//! One server per database.

use std::time::Duration;

use scratch_postgres::Server;
use tokio::time::{sleep, timeout};

use crate::common::{Database, server};
use store::{Store, StoreError};

fn assert_in_use<T: std::fmt::Debug>(refused: Result<T, StoreError>) {
    let error = refused.unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error:?}");
    let told = error.to_string();
    assert!(told.contains("another ai3dgen"), "{told}");
    assert!(!told.contains("Geheim99"), "{told}");
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_is_gone() {
    let url = server().database() + "&password=Geheim99";
    let first = Store::connect(&url).await.unwrap();
    let second = Store::connect(&url).await.unwrap();
    let held = first.exclusive().await.unwrap();
    assert_in_use(second.exclusive().await);
    drop(held);
    second.exclusive().await.unwrap();
}

#[tokio::test]
async fn servers_of_two_databases_do_not_meet() {
    let (one, other) = (Database::postgres().await, Database::postgres().await);
    let _held = one.store.exclusive().await.unwrap();
    other.store.exclusive().await.unwrap();
}

#[tokio::test]
async fn a_database_that_comes_back_is_still_ours() {
    let own = Server::start().unwrap();
    let url = own.database();
    let store = Store::connect(&url).await.unwrap();
    let held = store.exclusive().await.unwrap();
    let watch = tokio::spawn(async move { held.lost().await });
    own.stop().unwrap();
    sleep(Duration::from_secs(3)).await;
    own.start_again().unwrap();
    store.ping().await.unwrap();
    // By then it has been taken again.
    sleep(Duration::from_secs(6)).await;
    let second = Store::connect(&url).await.unwrap();
    assert_in_use(second.exclusive().await);
    assert!(!watch.is_finished());
    watch.abort();
}

#[tokio::test]
async fn a_database_that_another_server_took_is_lost() {
    let own = Server::start().unwrap();
    let url = own.database();
    let store = Store::connect(&url).await.unwrap();
    let held = store.exclusive().await.unwrap();
    own.stop().unwrap();
    own.start_again().unwrap();
    let quicker = Store::connect(&url).await.unwrap();
    let _theirs = quicker.exclusive().await.unwrap();
    let lost = timeout(Duration::from_secs(30), held.lost()).await.unwrap();
    assert_in_use::<()>(Err(lost));
}
