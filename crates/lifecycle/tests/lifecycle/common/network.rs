//! A stand-in for the shape network that works, fails, panics or waits, as the test wants.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use engine::{EngineError, Guess, ShapeModel, Tell};
use glam::Vec3;
use imaging::{Frame, MatteError};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    #[default]
    Work,
    Fail,
    Panic,
    /// Waits inside the network until released, then works.
    Wait,
}

#[derive(Default)]
pub struct Network {
    state: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    behaviour: Behaviour,
    busy: bool,
}

impl Network {
    pub fn will(&self, behaviour: Behaviour) {
        let (state, changed) = &*self.state;
        state.lock().unwrap().behaviour = behaviour;
        changed.notify_all();
    }

    pub fn hold(&self) -> Held {
        self.will(Behaviour::Wait);
        Held(self.state.clone())
    }
}

/// A network that waits. Works again when this is dropped.
pub struct Held(Arc<(Mutex<State>, Condvar)>);

impl Held {
    pub async fn wait_until_busy(&self) {
        let busy = async {
            while !self.0.0.lock().unwrap().busy {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), busy)
            .await
            .expect("the engine reaches the network");
    }

    pub fn release(self) {}
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().behaviour = Behaviour::Work;
        self.0.1.notify_all();
    }
}

impl ShapeModel for Network {
    fn name(&self) -> &'static str {
        "stand-in"
    }

    fn input_side(&self) -> usize {
        32
    }

    fn guess(&self, frame: &Frame, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        let (state, changed) = &*self.state;
        let mut state = state.lock().unwrap();
        state.busy = true;
        while state.behaviour == Behaviour::Wait {
            state = changed.wait(state).unwrap();
        }
        state.busy = false;
        let behaviour = state.behaviour;
        drop(state);
        match behaviour {
            Behaviour::Fail => Err(MatteError::Run("told to fail".into()).into()),
            Behaviour::Panic => panic!("told to panic"),
            Behaviour::Work | Behaviour::Wait => Ok(slab(frame)),
        }
    }
}

/// The silhouette, cut out of a board.
fn slab(frame: &Frame) -> Guess {
    Guess {
        mirror: None,
        front: frame.alpha.map(|_| [-0.3]),
        back: frame.alpha.map(|_| [0.3]),
        back_colour: None,
        volume: None,
        up: Vec3::Y,
        half_fov_tan: 0.3,
    }
}
