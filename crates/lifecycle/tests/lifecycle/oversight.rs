//! What an operator reads when the reaper doesn't get through.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tracing::instrument::WithSubscriber;

use crate::common::House;

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    async fn wait_for(&self, line: &str) {
        let waiting = async {
            while !self.text().contains(line) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        assert!(came.is_ok(), "no \"{line}\" in:\n{}", self.text());
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn c2_the_log_tells_when_an_alarm_begins_and_when_it_is_over() {
    let house = House::new().await;
    let id = house.submit().await.id;
    house.lifecycle().reap().await.unwrap();
    house.clock.advance_secs(3600 + 31);

    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let (stop, stopped) = oneshot::channel::<()>();
    let watch = house.lifecycle().clone().watch_over(async {
        let _ = stopped.await;
    });
    let watching = tokio::spawn(watch.with_subscriber(subscriber));
    log.wait_for("ERROR").await;
    let told = log.text();
    assert!(told.contains("what must be gone is overdue"), "{told}");
    assert!(told.contains("lag_secs=31"), "{told}");

    house.lifecycle().reap().await.unwrap();
    log.wait_for("nothing is overdue any more").await;
    stop.send(()).unwrap();
    watching.await.unwrap();
    let told = log.text();
    assert_eq!(told.matches("is overdue; nobody").count(), 1, "{told}");
    assert!(!told.contains(&id.to_string()), "{told}");
}
