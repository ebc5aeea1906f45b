//! `ai3dgen`: private image to 3D, from the command line or as a web service.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tracing::{Level, Metadata};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

mod backup;
mod check;
mod convert;
mod edit;
mod erase;
mod export;
mod installation;
mod interrupt;
mod keys;
mod length;
mod matte;
mod matting;
mod mcp;
mod models;
mod pending;
mod pictures;
mod receipts;
mod recolour;
mod repair;
mod serve;
mod shaping;
mod source;
mod target;
mod tools;
mod turntable;
mod verify_deletion;
mod voice;
mod worker;

/// Who made a file, as the file says it.
const GENERATOR: &str = concat!("ai3dgen ", env!("CARGO_PKG_VERSION"));

/// Turns a picture into a textured 3D model, on your own machine.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    /// Tell more about what happens, on standard error
    #[arg(long, short, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Turn pictures into models
    Convert(Box<convert::ConvertArgs>),
    /// Turn models into other formats
    Export(export::ExportArgs),
    /// Say whether models can be printed, and where not
    Check(check::CheckArgs),
    /// Make a printable model of a broken one
    Repair(repair::RepairArgs),
    /// Take the background of pictures away, or put another in its place
    Matte(matte::MatteArgs),
    /// Straighten, light, denoise, repaint or enlarge pictures
    Edit(Box<edit::EditArgs>),
    /// Fill what a mask marks with what is around it
    Erase(erase::EraseArgs),
    /// Let an AI agent use the above in one folder, over standard input and output
    Mcp(mcp::McpArgs),
    /// Offer it as a web page on this machine
    Serve(serve::ServeArgs),
    /// Save receipts, results of checks and the signing key; content is in no backup
    Backup(backup::BackupArgs),
    /// Put a backup into an installation
    Restore(backup::RestoreArgs),
    /// Give programs keys for the API, and take them back
    #[command(subcommand, after_help = keys::EXAMPLES)]
    Keys(keys::KeysCommand),
    /// Print the API's OpenAPI text
    Openapi,
    /// List, install and check pretrained weights
    #[command(subcommand, after_help = models::EXAMPLES)]
    Models(models::ModelsCommand),
    /// Verify receipts of deletion
    #[command(subcommand, after_help = receipts::EXAMPLES)]
    Receipts(receipts::ReceiptsCommand),
    /// Prove that a running service forgets: plant a marked picture and look for what is left of it
    VerifyDeletion(verify_deletion::VerifyDeletionArgs),
    /// Do one job for `serve`, over standard input and output
    #[command(hide = true)]
    Worker(worker::WorkerArgs),
}

fn main() -> ExitCode {
    let began = Instant::now();
    let cli = Cli::parse();
    // First of all: a worker opens and prints nothing before it is in its sandbox.
    if let Command::Worker(args) = cli.command {
        return worker::run(args);
    }
    log_to_stderr(cli.verbose);
    let result = match cli.command {
        Command::Convert(args) => return convert::run(&args, began),
        Command::Export(args) => return export::run(&args),
        Command::Check(args) => return check::run(&args),
        Command::Repair(args) => return repair::run(&args),
        Command::Matte(args) => return matte::run(&args),
        Command::Edit(args) => return edit::run(&args),
        Command::Erase(args) => return erase::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Serve(args) => serve(args),
        Command::Backup(args) => wait_for(backup::back_up(&args)),
        Command::Restore(args) => wait_for(backup::restore(&args)),
        Command::Keys(command) => wait_for(keys::run(command)),
        Command::Openapi => print_openapi(),
        Command::Models(command) => models::run(command),
        Command::Receipts(command) => return ended(receipts::run(command)),
        Command::VerifyDeletion(args) => return ended(verify_deletion::run(&args)),
        Command::Worker(_) => Ok(()),
    };
    ended(result.map(|()| ExitCode::SUCCESS))
}

/// The exit code, and the one line that says why it isn't a good one.
fn ended(result: anyhow::Result<ExitCode>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(error) => {
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(models::exit_code(&error))
        }
    }
}

fn serve(args: serve::ServeArgs) -> anyhow::Result<()> {
    ::worker::sandbox::harden().context("this process can't be kept from leaving core dumps")?;
    tokio::runtime::Runtime::new()?.block_on(serve::run(args))
}

fn print_openapi() -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(site::OPENAPI.as_bytes())?)
}

fn wait_for(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

fn log_to_stderr(verbose: bool) {
    let default = if verbose { "info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("AI3DGEN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(layer.with_filter(filter).with_filter(filter_fn(is_ours)))
        .init();
}

/// What libraries say below a warning is not under our never-log list: some tell the addresses that
/// are asked for, and a job's address is the permission to see it.
fn is_ours(said: &Metadata) -> bool {
    const OURS: [&str; 8] = [
        "ai3dgen",
        "site",
        "lifecycle",
        "worker",
        "vault",
        "store",
        "engine",
        "weights",
    ];
    let from = said.target().split("::").next().unwrap_or_default();
    *said.level() <= Level::WARN || OURS.contains(&from)
}
