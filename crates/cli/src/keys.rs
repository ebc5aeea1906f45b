//! `ai3dgen keys`: what programs need where `serve --require-keys` is said, and what their jobs are
//! listed by. The database keeps a digest, so a key is shown once.

use std::io::{self, Write};

use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::{Clock, Id, SystemClock};
use site::Scope;
use store::{ApiKey, Owner, Store};

use crate::installation::Installation;

/// Shown by `ai3dgen keys --help`.
pub const EXAMPLES: &str = "\
Examples:
  ai3dgen keys create plotter                     a key that may do everything
  ai3dgen keys create shop --scope generate,read
  ai3dgen keys create blender --for tripo         with the prefix that Tripo’s client insists on
  ai3dgen keys revoke shop

A key is printed once. A revoked one stops working with the next request; its jobs stay until their hour is over.";

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key and print it
    Create(CreateArgs),
    /// List the keys' names and what they may do
    List(ListArgs),
    /// Take a key back
    Revoke(RevokeArgs),
}

#[derive(Args, Debug)]
pub struct CreateArgs {
    /// Your word for it: 1 to 64 letters, digits, dots, dashes and underscores
    #[arg(value_parser = name)]
    name: String,
    /// What it may do
    #[arg(long, value_delimiter = ',', default_value = "generate,read,delete", value_parser = Scope::ALL.map(Scope::name), value_name = "SCOPES")]
    scope: Vec<String>,
    /// Whose client it is for
    #[arg(long = "for", value_name = "SERVICE", default_value = "own")]
    service: Service,
    #[command(flatten)]
    installation: Installation,
}

#[derive(Args, Debug)]
pub struct ListArgs {
    #[command(flatten)]
    installation: Installation,
}

#[derive(Args, Debug)]
pub struct RevokeArgs {
    /// Its name
    name: String,
    #[command(flatten)]
    installation: Installation,
}

/// Services whose clients look at the beginning of a key.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Service {
    Own,
    Tripo,
    Meshy,
    Printpal,
    Replicate,
    Stability,
    Hunyuan,
}

impl Service {
    fn prefix(self) -> &'static str {
        match self {
            Self::Own | Self::Hunyuan => "ai3d_",
            Self::Tripo => "tsk_",
            Self::Meshy => "msy_",
            Self::Printpal => "pp_live_",
            Self::Replicate => "r8_",
            Self::Stability => "sk-ai3d_",
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match (1..=64).contains(&text.len()) && text.chars().all(is_fit) {
        true => Ok(text.into()),
        false => Err("a name has 1 to 64 letters, digits, dots, dashes and underscores".into()),
    }
}

/// Runs the command.
///
/// # Errors
/// The database can't be opened, the name is taken or unknown.
pub async fn run(command: KeysCommand) -> Result<()> {
    match command {
        KeysCommand::Create(args) => create(args).await,
        KeysCommand::List(args) => list(args).await,
        KeysCommand::Revoke(args) => revoke(args).await,
    }
}

async fn create(args: CreateArgs) -> Result<()> {
    let store = open(&args.installation).await?;
    let secret = Id::random();
    let key = ApiKey {
        name: args.name,
        owner: Owner::new(format!("key-{}", Id::random())),
        scopes: args.scope,
        created_at: SystemClock.now(),
    };
    if !store.create_key(secret, &key).await? {
        bail!(
            "there is a key named {0}; choose another name, or `ai3dgen keys revoke {0}` first",
            key.name
        );
    }
    say(&format!("{}{secret}", args.service.prefix()))
}

async fn list(args: ListArgs) -> Result<()> {
    for key in open(&args.installation).await?.keys().await? {
        let made = site::rfc3339(key.created_at);
        say(&format!("{}\t{}\t{made}", key.name, key.scopes.join(",")))?;
    }
    Ok(())
}

async fn revoke(args: RevokeArgs) -> Result<()> {
    if !open(&args.installation)
        .await?
        .revoke_key(&args.name)
        .await?
    {
        bail!(
            "there is no key named {}; `ai3dgen keys list` shows all",
            args.name
        );
    }
    Ok(())
}

async fn open(installation: &Installation) -> Result<Store> {
    let folder = installation.data_dir()?;
    std::fs::create_dir_all(&folder)?;
    Ok(Store::of(&folder, installation.database()).await?)
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}
