//! A job list on PostgreSQL, which may go away and come back: what is due is destroyed without it, and
//! jobs go on after.

use std::time::Duration;

use crate::common::House;
use domain::{JobState, Lifetime};
use lifecycle::{Artifact, OpenError, ReadError, StorageError};
use scratch_postgres::Server;
use tokio::time::sleep;

async fn house_on(server: &Server) -> House {
    let url = server.database();
    House::with(|config| config.database = Some(url.into())).await
}

fn is_away<T>(answer: &Result<T, ReadError>) -> bool {
    matches!(answer, Err(ReadError::Storage(StorageError::Away(_))))
}

#[tokio::test]
async fn content_ends_on_time_while_the_database_is_away() {
    let postgres = Server::start().unwrap();
    let house = house_on(&postgres).await;
    let id = house.finished(Lifetime::HOUR).await;
    assert_eq!(house.object_files().len(), 4, "model and preview");

    postgres.stop().unwrap();
    let unreadable = house.lifecycle().download(id, Artifact::Model).await;
    assert!(is_away(&unreadable), "nobody knows whether it may be read");
    house.clock.advance_secs(3600);
    let reaped = house.lifecycle().reap().await;
    assert!(matches!(reaped, Err(StorageError::Away(_))), "{reaped:?}");
    assert!(house.object_files().is_empty());

    postgres.start_again().unwrap();
    let gone = house.lifecycle().download(id, Artifact::Model).await;
    assert!(matches!(gone, Err(ReadError::Gone)));
    house.lifecycle().reap().await.unwrap();
    let receipts = house.lifecycle().receipts(id).await.unwrap();
    assert_eq!(receipts.len(), 3, "none is lost");
}

#[tokio::test]
async fn a_job_goes_on_when_the_database_is_back() {
    let postgres = Server::start().unwrap();
    let house = house_on(&postgres).await;
    let held = house.hold_engine();
    let running = house.run();
    let (first, second) = (house.submit().await.id, house.submit().await.id);
    held.wait_until_busy().await;
    postgres.stop().unwrap();
    held.release();
    sleep(Duration::from_secs(1)).await;
    assert!(is_away(&house.lifecycle().job(first).await));
    postgres.start_again().unwrap();
    for id in [first, second] {
        house.wait_for(id, JobState::Done).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn a_second_server_on_the_same_database_is_refused() {
    let postgres = Server::start().unwrap();
    let url = postgres.database();
    let house = House::with(|config| config.database = Some(url.clone().into())).await;
    let other = House::try_with(|config| config.database = Some(url.into())).await;
    let error = other.err().expect("it is refused");
    assert!(matches!(error, OpenError::Database(_)), "{error:?}");
    assert!(error.to_string().contains("stop that one"), "{error}");
    drop(house);
}
