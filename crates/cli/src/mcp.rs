//! `ai3dgen mcp`: an agent's program starts this one and has it make, check, repair and export models,
//! and cut out pictures, in one folder. A server of the Model Context Protocol over standard input and
//! output, revision 2025-11-25.
//!
//! A tool is a command of this program, and its arguments are the command's options: `offer.rs` takes
//! their names, texts and bounds from the command line's own description. All work is done here; no
//! server is asked.

mod arguments;
mod call;
mod folder;
mod offer;
mod wire;

use std::path::PathBuf;
use std::sync::mpsc;

use clap::Args;
use serde_json::{Value, json};

use call::Desk;
use folder::Folder;
use wire::{Incoming, Wire};

/// What this speaks, newest first. Earlier ones want batches of messages.
const REVISIONS: [&str; 2] = ["2025-11-25", "2025-06-18"];

const INSTRUCTIONS: &str = "Makes textured 3D models of pictures on this machine, and checks, repairs \
    and exports models for 3D printers and other programs. Files are named as in the folder that the \
    user allowed, or by a whole path in it. Prefer a picture of one whole object before a plain background.";

const EXAMPLES: &str = "\
Examples:
  ai3dgen mcp --folder ~/models      what an agent's configuration starts; docs/mcp.md has the lines

It works on this machine only: for a server's API, give your agent that address instead.";

/// What an agent may touch.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct McpArgs {
    /// The only folder that is read from and written to, with those in it [default: this folder]
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = ".",
        hide_default_value = true
    )]
    folder: PathBuf,
}

/// Serves until standard input ends.
///
/// # Errors
/// There is no such folder, or standard input or output breaks.
pub fn run(args: &McpArgs) -> anyhow::Result<()> {
    let folder = Folder::open(&args.folder)?;
    let wire = Wire::default();
    let desk = Desk::default();
    std::thread::scope(|scope| {
        let (calls, waiting) = mpsc::channel();
        let (wire, desk) = (&wire, &desk);
        // One after the other: each takes the whole machine.
        scope.spawn(move || call::work(waiting, &folder, desk, wire));
        let listened = wire::each_message(|message| match message {
            Incoming::Request { id, method, params } => match method.as_str() {
                "tools/call" => match offer::named(&params["name"]) {
                    Some(offer) => {
                        let call = desk.take_in(id, offer, params);
                        // The other end lives as long as this one.
                        let _ = calls.send(call);
                        Ok(())
                    }
                    None => wire.error(&id, wire::INVALID_PARAMS, "there is no tool of that name"),
                },
                "initialize" => wire.result(&id, initialized(&params["protocolVersion"])),
                "tools/list" => wire.result(&id, json!({ "tools": offer::all() })),
                "ping" => wire.result(&id, json!({})),
                _ => wire.error(&id, wire::UNKNOWN_METHOD, "there is no such method"),
            },
            Incoming::Notification { method, params } => {
                if method == "notifications/cancelled" {
                    desk.cancel(&params["requestId"]);
                }
                Ok(())
            }
            Incoming::Unusable { code, reason } => wire.error(&Value::Null, code, reason),
        });
        // Whoever went away wants nothing any more.
        desk.cancel_all();
        drop(calls);
        Ok(listened?)
    })
}

/// What this is, in the revision that was asked for, or else in the newest.
fn initialized(asked: &Value) -> Value {
    let known = REVISIONS.into_iter().find(|known| asked == known);
    json!({
        "protocolVersion": known.unwrap_or(REVISIONS[0]),
        "capabilities": { "tools": {} },
        "serverInfo": {
            "name": "ai3dgen",
            "title": "ai3dgen",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "instructions": INSTRUCTIONS,
    })
}
