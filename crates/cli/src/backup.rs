//! `ai3dgen backup` and `ai3dgen restore`: what an installation would miss after a fire, and nothing
//! that could bring content back. Neither reads a job's row or any file of the vault but the signing
//! key's.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use domain::{Clock, SystemClock};
use store::{Restored, Store, TableRows};
use vault::{IdleVault, PublicKey, SigningSeed, VaultError};
use zeroize::Zeroizing;

use crate::installation::Installation;
use file::Backup;

mod file;

const BACKUP_NOTES: &str = "\
In it: receipts of deletion, results of checks, how long runs take, and the key that signs receipts.
Never in it: pictures, models, their keys, jobs. So restoring it brings no content back, whenever it
was made. Whoever has it can sign receipts in this installation's name: keep it as you keep passwords.

Examples:
  ai3dgen backup ai3dgen.backup                   while the server runs
  ai3dgen backup - | age -r age1… > ai3dgen.age   encrypted on its way";

const RESTORE_NOTES: &str = "\
Stop the server first. All of the backup is restored, or nothing. The database may be another than the
one that was backed up: SQLite or PostgreSQL. Jobs and content of the installation stay as they are.

Examples:
  ai3dgen restore ai3dgen.backup
  ai3dgen restore ai3dgen.backup --database postgres://ai3dgen@localhost/jobs";

/// What to back up, and where to.
#[derive(Args, Debug)]
#[command(after_help = BACKUP_NOTES)]
pub struct BackupArgs {
    /// The backup, replaced if it exists; - for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    installation: Installation,
}

/// What to restore, and where to.
#[derive(Args, Debug)]
#[command(after_help = RESTORE_NOTES)]
pub struct RestoreArgs {
    /// The backup; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Put the backup in place of receipts, results and key that are there
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    installation: Installation,
}

/// Makes a backup, while a server runs or not.
///
/// # Errors
/// There is nothing to back up, or the file can't be written; then there is none, or the old one.
pub async fn back_up(args: &BackupArgs) -> Result<()> {
    let data_dir = args.installation.data_dir()?;
    let signing_seed = SigningSeed::of(&vault_of(&data_dir))?.ok_or_else(|| {
        let shown = data_dir.display();
        anyhow!("no server ever used {shown}; name its folder with --data-dir")
    })?;
    let store = Store::of(&data_dir, args.installation.database()).await?;
    let tables = store.back_up().await?;
    store.close().await;
    let backup = Backup {
        made_at: site::rfc3339(SystemClock.now()),
        signing_seed,
        tables,
    };
    let text = backup.to_text();
    let said = format!(
        "backed up {} and the key {}",
        counted(&backup.tables),
        backup.signing_seed.public_key()
    );
    if is_stream(&args.file) {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
    } else {
        write_private(&args.file, text.as_bytes())
            .with_context(|| format!("{} can't be written", args.file.display()))?;
        writeln!(io::stdout(), "{said}")?;
    }
    Ok(())
}

/// Restores a backup into an installation whose server doesn't run.
///
/// # Errors
/// The file is no backup, a server runs, or something would be lost: nothing is changed then.
pub async fn restore(args: &RestoreArgs) -> Result<()> {
    let shown = args.file.display();
    let text = read(&args.file).with_context(|| format!("{shown} can't be read"))?;
    let backup = Backup::from_text(&text).map_err(|error| anyhow!("{shown}: {error}"))?;
    let data_dir = args.installation.data_dir()?;
    let vault = lock(&data_dir)?;
    let key = backup.signing_seed.public_key();
    let former = SigningSeed::of(&vault_of(&data_dir));
    let former = match (former, args.replace) {
        (Ok(seed), _) => seed.map(|seed| seed.public_key()),
        // A backup is what mends it.
        (Err(VaultError::SigningKey), true) => None,
        (Err(error), _) => return Err(error.into()),
    };
    let former = former.filter(|former| *former != key);
    if let Some(former) = former.filter(|_| !args.replace) {
        bail!(
            "this installation signs with a key of its own, {former}; --replace puts the backup's in its place"
        );
    }
    let store = Store::of(&data_dir, args.installation.database()).await?;
    let _alone = store.exclusive().await?;
    let restoring = store.restore(&backup.tables, args.replace).await?;
    // Before the rows are there for good: if this fails, nothing has changed.
    vault.put(&backup.signing_seed)?;
    let restored = restoring.commit().await?;
    store.close().await;
    write!(io::stdout(), "{}", told(&backup, &restored, former))?;
    Ok(())
}

fn told(backup: &Backup, restored: &[Restored], former: Option<PublicKey>) -> String {
    let key = backup.signing_seed.public_key();
    let mut told = format!(
        "restored {} and the key {key}, as of {}\n",
        counted(&backup.tables),
        backup.made_at
    );
    for Restored {
        table, replaced, ..
    } in restored.iter().filter(|table| table.replaced > 0)
    {
        told += &format!("replaced {replaced} {table}\n");
    }
    if let Some(former) = former {
        told += &format!("replaced the key {former}\n");
    }
    told
}

/// `12 receipts, 1 checks, 30 runs`.
fn counted(tables: &[TableRows]) -> String {
    let counts = tables
        .iter()
        .map(|rows| format!("{} {}", rows.rows.len(), rows.table));
    counts.collect::<Vec<_>>().join(", ")
}

fn lock(data_dir: &Path) -> Result<IdleVault> {
    let shown = data_dir.display();
    IdleVault::lock(&vault_of(data_dir)).map_err(|error| match error {
        VaultError::InUse => anyhow!("a server runs in {shown}; stop it first"),
        error => anyhow!("the data folder {shown} can't be used: {error}"),
    })
}

fn vault_of(data_dir: &Path) -> PathBuf {
    data_dir.join("vault")
}

fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// For its owner only, whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // A temporary file has mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}

fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    match is_stream(path) {
        true => io::stdin().read_to_string(&mut text)?,
        false => File::open(path)?.read_to_string(&mut text)?,
    };
    Ok(text)
}
