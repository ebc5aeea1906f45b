//! `ai3dgen receipts`: what proofs of deletion are worth. Needs no network and no vault.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use vault::{PublicKey, Receipt, ReceiptError, SignedReceipt};

/// Shown by `ai3dgen receipts --help`.
pub const EXAMPLES: &str = "\
Examples:
  ai3dgen receipts verify receipts.json --key installation.pub
  ai3dgen receipts verify - --key ai3dgen-ed25519:3b6a…   the key as text, receipts from standard input

An installation publishes its key at /.well-known/ai3dgen-receipts.pub. Save it before you need it:
whoever changes receipts could publish another one.

Exit code: 0 if every receipt is valid, 1 if not or if there is none.";

/// More than a million receipts; larger files are something else.
const MOST_BYTES: u64 = 512 << 20;

#[derive(Debug, Subcommand)]
pub enum ReceiptsCommand {
    /// Check that receipts were signed by an installation and not changed since, offline
    Verify(VerifyArgs),
}

#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Receipts as JSON, one per line or as a list; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The installation's public key: a file, or the key itself
    #[arg(long, value_name = "FILE|KEY")]
    key: String,
    /// Report one line of JSON per receipt, for programs
    #[arg(long)]
    json: bool,
}

/// Runs the command; the answer is the exit code.
///
/// # Errors
/// The key or the file can't be read, or there is no receipt in it.
pub fn run(command: ReceiptsCommand) -> Result<ExitCode> {
    let ReceiptsCommand::Verify(args) = command;
    let key = public_key(&args.key)?;
    let receipts = split(&read(&args.file)?);
    if receipts.is_empty() {
        bail!("there is no receipt in {}", name_of(&args.file));
    }
    let verdicts: Vec<Verdict> = receipts.iter().map(|text| judge(text, &key)).collect();
    let mut out = io::stdout().lock();
    for (place, verdict) in (1..).zip(&verdicts) {
        match args.json {
            true => writeln!(out, "{}", as_json(verdict))?,
            false => writeln!(out, "{}", as_line(place, verdict))?,
        }
    }
    let invalid = verdicts.iter().filter(|verdict| verdict.is_err()).count();
    if !args.json {
        let valid = verdicts.len() - invalid;
        writeln!(out, "{valid} valid, {invalid} invalid")?;
    }
    Ok(ExitCode::from(u8::from(invalid > 0)))
}

/// What a receipt says if it can be believed; what it claims, if that much can be read, and why not
/// otherwise.
type Verdict = Result<Receipt, (Option<Receipt>, Doubt)>;

#[derive(Debug, thiserror::Error)]
enum Doubt {
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error("it is signed, and says itself that the key is not destroyed")]
    KeyLeft,
}

fn judge(text: &str, key: &PublicKey) -> Verdict {
    let signed: SignedReceipt = text
        .parse()
        .map_err(|error: ReceiptError| (None, error.into()))?;
    let claimed = *signed.unverified();
    match signed.verify(key) {
        Err(error) => Err((Some(claimed), error.into())),
        Ok(_) if !claimed.key_destroyed => Err((Some(claimed), Doubt::KeyLeft)),
        Ok(receipt) => Ok(*receipt),
    }
}

fn as_line(place: usize, verdict: &Verdict) -> String {
    match verdict {
        Ok(receipt) => format!("{place}: valid    {}", statement(receipt)),
        Err((Some(claimed), doubt)) => {
            format!("{place}: INVALID  {} | {doubt}", statement(claimed))
        }
        Err((None, doubt)) => format!("{place}: INVALID  {doubt}"),
    }
}

fn statement(receipt: &Receipt) -> String {
    format!(
        "{} {} destroyed at {} ({}), key destroyed: {}",
        receipt.kind.name(),
        receipt.object,
        site::rfc3339(receipt.deleted_at),
        receipt.reason.name(),
        if receipt.key_destroyed { "yes" } else { "no" },
    )
}

fn as_json(verdict: &Verdict) -> Value {
    let (receipt, doubt) = match verdict {
        Ok(receipt) => (Some(receipt), None),
        Err((claimed, doubt)) => (claimed.as_ref(), Some(doubt.to_string())),
    };
    json!({
        "valid": doubt.is_none(),
        "error": doubt,
        "object": receipt.map(|receipt| receipt.object.to_string()),
        "kind": receipt.map(|receipt| receipt.kind.name()),
        "deleted_at": receipt.map(|receipt| site::rfc3339(receipt.deleted_at)),
        "reason": receipt.map(|receipt| receipt.reason.name()),
        "key_destroyed": receipt.map(|receipt| receipt.key_destroyed),
    })
}

/// The receipts in a text, each as JSON of its own. What is no JSON is left as its line, to be
/// called what it is.
pub fn split(text: &str) -> Vec<String> {
    match serde_json::from_str(text) {
        Ok(Value::Array(list)) => list.into_iter().map(one).collect(),
        Ok(Value::Object(mut object)) => match object.remove("receipts") {
            Some(Value::Array(list)) => list.into_iter().map(one).collect(),
            Some(other) => vec![other.to_string()],
            None => vec![Value::Object(object).to_string()],
        },
        _ => {
            let lines = text.lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect()
        }
    }
}

/// A receipt in a list may be written as an object or as its text.
fn one(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The key in a file, or given as text.
fn public_key(given: &str) -> Result<PublicKey> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let text = read(Path::new(given)).context("the public key can't be read")?;
    text.trim().parse().with_context(|| given.to_owned())
}

fn read(path: &Path) -> Result<String> {
    let name = name_of(path);
    let mut bytes = Vec::new();
    let read = match path == Path::new("-") {
        true => io::stdin().take(MOST_BYTES + 1).read_to_end(&mut bytes),
        false => {
            File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        }
    };
    read.with_context(|| format!("{name} can't be read"))?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{name} is too large for receipts");
    }
    String::from_utf8(bytes).with_context(|| format!("{name} holds no text"))
}

fn name_of(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".into(),
        false => path.display().to_string(),
    }
}
