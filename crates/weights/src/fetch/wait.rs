//! Waiting for something while telling somebody that it goes on.

use std::ops::ControlFlow;
use std::pin::pin;
use std::time::{Duration, Instant};

/// So that ^C is heard at once and a bar moves smoothly.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// How a wait ended.
pub(super) enum Waited<T> {
    Done(T),
    TooLong,
    Stopped,
}

/// Waits until `until`; `tick` is asked every 100 ms whether to go on.
pub(super) async fn ticking<T>(
    future: impl Future<Output = T>,
    until: Instant,
    mut tick: impl FnMut() -> ControlFlow<()>,
) -> Waited<T> {
    let mut future = pin!(future);
    loop {
        let next = until.min(Instant::now() + TICK);
        match tokio::time::timeout_at(next.into(), &mut future).await {
            Ok(value) => return Waited::Done(value),
            Err(_) if tick().is_break() => return Waited::Stopped,
            Err(_) if Instant::now() >= until => return Waited::TooLong,
            Err(_) => {}
        }
    }
}
