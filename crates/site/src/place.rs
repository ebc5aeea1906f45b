//! A request's right to hold pictures in memory: how many requests may at a time, and how much each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Bytes that may still come. What is fetched side by side shares it.
pub struct Allowance(AtomicUsize);

impl Allowance {
    pub fn new(bytes: usize) -> Self {
        Self(AtomicUsize::new(bytes))
    }

    pub fn left(&self) -> usize {
        self.0.load(Relaxed)
    }

    /// Whether so many more may come; then they count.
    pub fn take(&self, bytes: usize) -> bool {
        let taken = self
            .0
            .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(bytes));
        taken.is_ok()
    }
}

/// One of the places for requests with pictures, until it is dropped: to be held until all of the
/// request's pictures are there, and no longer.
pub struct Place {
    /// Of all pictures together.
    pub allowance: Allowance,
    /// What it was at first.
    pub limit: usize,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// For pictures of `limit` bytes; none if all places are taken.
    pub fn among(places: &Arc<Semaphore>, limit: usize) -> Option<Self> {
        let permit = places.clone().try_acquire_owned().ok()?;
        Some(Self {
            allowance: Allowance::new(limit),
            limit,
            _permit: permit,
        })
    }

    /// The picture, if there is room for it.
    pub fn counted(&self, picture: Vec<u8>) -> Result<Vec<u8>, Problem> {
        match self.allowance.take(picture.len()) {
            true => Ok(picture),
            false => Err(Problem::too_large(self.limit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pictures_together_have_one_allowance() {
        let allowance = Allowance::new(10);
        assert!(allowance.take(6) && !allowance.take(5));
        assert!(allowance.take(4) && allowance.take(0) && !allowance.take(1));
    }

    #[test]
    fn a_place_is_free_again_when_it_is_dropped() {
        let places = Arc::new(Semaphore::new(1));
        let place = Place::among(&places, 1);
        assert!(place.is_some() && Place::among(&places, 1).is_none());
        drop(place);
        assert!(Place::among(&places, 1).is_some());
    }
}
