//! Calls of tools: one runs, others wait, and each can be cancelled.

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use engine::Engine;
use serde_json::{Value, json};
use triposr::{Device, Precision};

use super::arguments::Arguments;
use super::folder::Folder;
use super::offer::{Offer, Work};
use super::wire::{Wire, taken};
use crate::{check, convert, export, interrupt, matte, matting, repair};

/// A tool is to be used.
pub struct Call {
    id: Value,
    offer: &'static Offer,
    arguments: Value,
    /// What reports about how far it is are marked with; null: none are wanted.
    token: Value,
}

/// What runs and what waits.
#[derive(Default)]
pub struct Desk(Mutex<Ids>);

#[derive(Default)]
struct Ids {
    running: Option<Value>,
    waiting: Vec<Value>,
}

impl Desk {
    /// Puts a call at the end of those that wait.
    pub fn take_in(&self, id: Value, offer: &'static Offer, mut params: Value) -> Call {
        self.ids().waiting.push(id.clone());
        Call {
            id,
            offer,
            arguments: taken(&mut params, "arguments"),
            token: taken(&mut taken(&mut params, "_meta"), "progressToken"),
        }
    }

    /// Stops that call, or keeps it from beginning. One that has ended, or never was, is no matter.
    pub fn cancel(&self, id: &Value) {
        let mut ids = self.ids();
        ids.waiting.retain(|waiting| waiting != id);
        if ids.running.as_ref() == Some(id) {
            interrupt::ask();
        }
    }

    /// All of them.
    pub fn cancel_all(&self) {
        let mut ids = self.ids();
        ids.waiting.clear();
        if ids.running.is_some() {
            interrupt::ask();
        }
    }

    /// Whether it is to be done.
    fn begin(&self, id: &Value) -> bool {
        let mut ids = self.ids();
        let at = ids.waiting.iter().position(|waiting| waiting == id);
        ids.running = at.map(|at| ids.waiting.remove(at));
        interrupt::forget();
        ids.running.is_some()
    }

    /// Whether anybody waits for what came of it.
    fn end(&self) -> bool {
        self.ids().running = None;
        !interrupt::came()
    }

    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does what is asked for until nobody can ask any more, or nobody hears the answers.
pub fn work(calls: Receiver<Call>, folder: &Folder, desk: &Desk, wire: &Wire) {
    let mut workshop = Workshop {
        folder,
        engine: None,
    };
    for call in calls {
        if !desk.begin(&call.id) {
            continue;
        }
        let mut reached = -1;
        let made = workshop.make(&call, &mut |done, stage| {
            let percent = (done * 100.0) as i32;
            if percent > reached && !call.token.is_null() {
                reached = percent;
                let progress = json!({
                    "progressToken": call.token,
                    "progress": percent,
                    "total": 100,
                    "message": stage,
                });
                // If nobody hears it, the answer's end tells so.
                let _ = wire.notify("notifications/progress", progress);
            }
        });
        // A call that was cancelled has no answer.
        if desk.end() && wire.result(&call.id, told(made)).is_err() {
            return;
        }
    }
}

/// A tool's answer. What went wrong is one, too: the agent can do better the next time.
fn told(made: Result<Value>) -> Value {
    let text = |text: String| json!([{ "type": "text", "text": text }]);
    match made {
        Ok(made) => json!({
            "content": text(made.to_string()),
            "structuredContent": made,
            "isError": false,
        }),
        Err(error) => json!({ "content": text(error.to_string()), "isError": true }),
    }
}

struct Workshop<'a> {
    folder: &'a Folder,
    /// Networks stay loaded from one call to the next.
    engine: Option<Engine>,
}

impl Workshop<'_> {
    /// What the command says about it with `--json`.
    fn make(&mut self, call: &Call, heard: &mut dyn FnMut(f32, &str)) -> Result<Value> {
        let arguments = Arguments::of(call.offer, &call.arguments, self.folder)?;
        match call.offer.work {
            Work::Generate => {
                let args = arguments.parsed()?;
                let engine = match &mut self.engine {
                    Some(engine) => engine,
                    none => none.insert(matting::engine(Precision::default(), Device::default())?),
                };
                convert::answer(engine, &arguments.subject, &arguments.sides, &args, heard)
            }
            Work::Check => check::answer(&arguments.subject, &arguments.parsed()?),
            Work::Export => export::answer(&arguments.subject, &arguments.parsed()?),
            Work::Repair => repair::answer(&arguments.subject, &arguments.parsed()?),
            Work::RemoveBackground => {
                let args = arguments.parsed()?;
                matte::answer(arguments.subject, &args)
            }
        }
    }
}
