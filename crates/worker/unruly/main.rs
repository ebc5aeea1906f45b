//! A worker for the tests: a decent one, one for every way to misbehave, and one that tries what
//! the sandbox forbids.

#![allow(clippy::print_stdout, reason = "it talks to its test")]

mod probe;

use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use engine::{Engine, EngineError, Event, Guess, ShapeModel, Stage, Tell};
use imaging::Frame as Cut;
use worker::sandbox::{Limits, Report};
use worker::{Answer, Frame, News, Part, Patience, Processes, Program, Request};

/// Stands for content in panic messages and on standard error.
const SECRET: &str = "a secret out of the picture";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let role = args.next().unwrap_or_default();
    match role.as_str() {
        "good" => worker::work(&limits(1 << 30), || Engine::new(None)),
        "tight" => worker::work(&limits(96 << 20), || Engine::new(None)),
        "hangs" | "spins" | "eats" | "panics" | "aborts" => {
            let badly = Badly(role.clone());
            worker::work(&limits(256 << 20), || {
                Engine::with_shape_model(Arc::new(badly), None)
            })
        }
        "inventory" => {
            let limits = Limits {
                readable: vec!["/proc".into()],
                ..limits(256 << 20)
            };
            worker::work(&limits, inventory)
        }
        "server" => server(&args.next().unwrap_or_default()),
        "probe" => probe::run(&args.collect::<Vec<_>>()),
        _ => {
            let _ = speak_badly(&role);
            ExitCode::FAILURE
        }
    }
}

/// Ends with 42 if nothing of its server reached it.
fn inventory() -> Engine {
    let open = std::fs::read_dir("/proc/self/fd").map(Iterator::count);
    let inode = |path| std::fs::metadata(path).map(|about| about.ino()).ok();
    let variables = std::env::vars().filter(|(name, _)| !name.ends_with("_NUM_THREADS"));
    let code = if variables.count() > 0 {
        43
    } else if inode(".") != inode("/") {
        44
    } else if open.is_ok_and(|open| open == 4) {
        // Input, output, error and the listing itself.
        42
    } else {
        45
    };
    std::process::exit(code)
}

/// A server with two pools of workers, of which none has to do anything.
fn server(name: &str) -> ExitCode {
    let program = |role: &str| Program {
        path: std::env::current_exe().unwrap_or_default(),
        args: vec![role.into(), name.into()],
    };
    let started =
        ["good", "spins"].map(|role| Processes::start(program(role), Patience::default()));
    println!("{}", started.iter().all(Result::is_ok));
    let _ = wait();
    ExitCode::SUCCESS
}

fn limits(memory_bytes: u64) -> Limits {
    Limits {
        memory_bytes,
        cpu_secs: 600,
        readable: Vec::new(),
    }
}

/// A network that goes wrong in the middle of a run.
struct Badly(String);

impl ShapeModel for Badly {
    fn name(&self) -> &'static str {
        "badly"
    }

    fn input_side(&self) -> usize {
        32
    }

    fn guess(&self, _: &Cut, _seed: u64, _: &mut Tell<'_>) -> Result<Guess, EngineError> {
        match self.0.as_str() {
            "hangs" => loop {
                thread::park();
            },
            "spins" => loop {
                std::hint::spin_loop();
            },
            "eats" => {
                let mut eaten = Vec::new();
                loop {
                    eaten.push(vec![1_u8; 1 << 20]);
                }
            }
            "aborts" => std::process::abort(),
            _ => panic!("{SECRET}"),
        }
    }
}

/// Goes through the greeting, takes the request, and then says what no worker says.
fn speak_badly(role: &str) -> io::Result<()> {
    let mut input = io::stdin();
    let mut output = io::stdout();
    if role == "talks" {
        output.write_all(b"Hello! I am not a worker at all, but very talkative.\n")?;
        output.flush()?;
        return wait();
    }
    let mut hear = || Frame::read(&mut input).ok().flatten();
    hear();
    let mut greeting = Answer::Hello(Report::default()).to_frame(0);
    if role == "old" {
        // The version follows the length of the magic and the magic.
        greeting.body[6] ^= 0xff;
    }
    greeting.write(&mut output)?;
    let Some(request) = hear() else { return Ok(()) };
    let ticket = request.ticket;
    if role == "deaf" {
        return wait();
    }
    if let Ok(Request::Admit { mut len, .. } | Request::Run { mut len, .. }) =
        Request::from_frame(request)
    {
        while len > 0 {
            let Some(piece) = hear() else { return Ok(()) };
            len -= piece.body.len() as u64;
        }
    }
    let say = |answer: Answer, ticket| answer.to_frame(ticket).write(&mut io::stdout());
    match role {
        "garbage" => output.write_all(&[0xa5; 4096])?,
        "huge" => {
            output.write_all(&[70])?;
            output.write_all(&u32::MAX.to_le_bytes())?;
            output.write_all(&ticket.to_le_bytes())?;
        }
        "cut-off" => {
            output.write_all(&[70, 100, 0])?;
            output.flush()?;
            return Ok(());
        }
        "closes" => {
            output.flush()?;
            let _ = nix::unistd::close(1);
        }
        "other-job" => say(
            Answer::News(News::Event(Event::Started(Stage::Matte))),
            ticket ^ 1,
        )?,
        "too-early" => say(Answer::Done, ticket)?,
        "overlong" => {
            let (part, len) = (Part::Result, 10);
            say(Answer::Sealed { part, len }, ticket)?;
            say(Answer::Piece(vec![0; 20].into()), ticket)?;
        }
        "huge-model" => {
            let (part, len) = (Part::Result, u64::MAX);
            say(Answer::Sealed { part, len }, ticket)?;
        }
        "floods" => loop {
            say(
                Answer::News(News::Event(Event::Finished(Stage::Matte))),
                ticket,
            )?;
        },
        "forges" => {
            let forged = [0x5a; 5000].to_vec();
            let (part, len) = (Part::Result, forged.len() as u64);
            say(Answer::Sealed { part, len }, ticket)?;
            say(Answer::Piece(forged.into()), ticket)?;
        }
        "whispers" => {
            // Content on standard error, some of it dressed up as a place in the source.
            eprintln!("{SECRET}\nworker panicked at {SECRET}.rs:1");
            std::process::exit(9);
        }
        _ => {}
    }
    output.flush()?;
    wait()
}

/// For as long as the server lets it.
fn wait() -> io::Result<()> {
    thread::sleep(Duration::from_secs(600));
    Ok(())
}
