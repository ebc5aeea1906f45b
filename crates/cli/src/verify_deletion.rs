//! `ai3dgen verify-deletion`: plants a marked picture in a running service, has it made into a model
//! and into another picture, has all of that destroyed, and looks for what is left of it everywhere it
//! can reach.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use domain::Id;
use store::Store;
use vault::Remains;

use crate::installation::Database;
use marked::Marked;
use proof::Proof;
use search::Searcher;
use visit::{Job, Visit};

mod marked;
mod needles;
mod places;
mod proof;
mod search;
mod tables;
mod visit;

const EXAMPLES: &str = "\
Examples:
  ai3dgen verify-deletion --url http://127.0.0.1:3000
  ai3dgen verify-deletion --url http://127.0.0.1:3000 --data-dir ~/.local/share/ai3dgen \\
      --logs /var/log/ai3dgen.log --temp /tmp
  ai3dgen verify-deletion --url http://127.0.0.1:3000 --data-dir DATA --wait
  ai3dgen verify-deletion --url http://127.0.0.1:3000 --data-dir DATA \\
      --database postgres://ai3dgen@localhost/jobs --also /var/lib/postgresql/17/main

It searches only what it is told of and may read; run it as the service's user or as root. Searched
are plain bytes, hexadecimal, base64, UTF-16, and what PNG, zlib and gzip hold. Memory and what a
disk keeps of overwritten blocks are not searched.

Exit code: 0 if there is no trace and every address answers 410, 1 otherwise.";

/// A finished job had a picture, a model or a finished picture, and a preview.
const OBJECTS: usize = 3;
/// Where the picture is sent: what makes a model of it, and what makes another picture.
const ADDRESSES: [&str; 2] = ["/jobs", "/tools/matte"];

/// Where the service is and where it might leave something.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct VerifyDeletionArgs {
    /// The service's address
    #[arg(long, value_name = "URL")]
    url: String,
    /// The service's data folder: searched, and given the result
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// Log files, or folders of them, to search
    #[arg(long, value_name = "FILE", num_args = 1..)]
    logs: Vec<PathBuf>,
    /// Folders of temporary files to search
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    temp: Vec<PathBuf>,
    /// Other folders to search, such as PostgreSQL's data directory with its write-ahead log
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    also: Vec<PathBuf>,
    /// Wait until the deadline destroys it, instead of deleting it
    #[arg(long)]
    wait: bool,
}

/// Plants, waits, destroys, searches, and tells.
///
/// # Errors
/// Nothing could be proved: the service or a file can't be reached, or the job failed.
pub fn run(args: &VerifyDeletionArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let proof = runtime.block_on(prove(args))?;
    std::io::stdout()
        .lock()
        .write_all(proof.table().as_bytes())?;
    Ok(ExitCode::from(u8::from(!proof.holds())))
}

impl VerifyDeletionArgs {
    /// The database that is searched and given the result; `None`: nobody said where it is.
    async fn store(&self) -> Result<Option<Store>> {
        let url = self.database.url();
        if url.is_none() && self.data_dir.is_none() {
            return Ok(None);
        }
        let data_dir = self.data_dir.as_deref().unwrap_or(Path::new(""));
        Ok(Some(Store::of(data_dir, url).await?))
    }
}

async fn prove(args: &VerifyDeletionArgs) -> Result<Proof> {
    let store = args.store().await?;
    let marked = Marked::random();
    let visit = Visit::new(&args.url)?;
    // The shortest that one can ask for.
    let lifetime_minutes = args.wait.then_some(1);
    let mut ids = Vec::new();
    let proof = async {
        for (address, key) in ADDRESSES.into_iter().zip(&marked.idempotency_keys) {
            let id = visit.upload(address, key, &marked, lifetime_minutes);
            ids.push(id.await?);
        }
        prove_of(args, store.as_ref(), &marked, &visit, &ids).await
    };
    let proof = proof.await;
    if proof.is_err() {
        // What was planted isn't left behind; why it failed is told already.
        for id in &ids {
            let _ = visit.delete(id).await;
        }
    }
    let proof = proof?;
    if let Some(store) = store {
        store.note_check(&proof.as_check()).await?;
        store.close().await;
    }
    Ok(proof)
}

async fn prove_of(
    args: &VerifyDeletionArgs,
    store: Option<&Store>,
    marked: &Marked,
    visit: &Visit,
    ids: &[String],
) -> Result<Proof> {
    let mut proof = Proof::default();
    let mut planted = marked.needles();
    let (mut jobs, mut results) = (Vec::new(), Vec::new());
    for id in ids {
        let job = visit.wait(id).await?;
        let (what, file) = match job.makes_a_picture {
            true => ("the finished picture's file", "picture.png"),
            false => ("the model's file", "model.glb"),
        };
        let result = visit.download(id, file).await?;
        let preview = visit.download(id, "preview.png").await?;
        planted.extend(needles::of_text("the job's address", id));
        planted.extend(needles::of_file(what, &result));
        planted.extend(needles::of_file("the preview's file", &preview));
        jobs.push(job);
        results.push(result);
    }
    let searchers = Searchers::new(planted)?;

    proof.search_control(&searchers, marked, &results)?;
    proof
        .search("while it lives", args, store, &searchers)
        .await?;
    for id in ids {
        match args.wait {
            true => visit.outlive(id).await?,
            false => visit.delete(id).await?,
        }
    }
    for job in &jobs {
        proof.check_addresses(visit, job).await?;
        proof.check_receipts(args, visit, &job.id).await?;
    }
    proof.search("afterwards", args, store, &searchers).await?;
    Ok(proof)
}

/// What to look for.
struct Searchers {
    /// Ours.
    planted: Searcher,
    /// Ours, and anything plain of anybody.
    in_data_folder: Searcher,
}

impl Searchers {
    fn new(planted: Vec<needles::Needle>) -> Result<Self> {
        let in_data_folder = [planted.clone(), needles::of_anyone()].concat();
        Ok(Self {
            planted: Searcher::new(planted)?,
            in_data_folder: Searcher::new(in_data_folder)?,
        })
    }
}

impl Proof {
    /// A search that finds nothing proves nothing unless it finds what is there.
    fn search_control(
        &mut self,
        searchers: &Searchers,
        marked: &Marked,
        results: &[Vec<u8>],
    ) -> Result<()> {
        let searcher = &searchers.planted;
        let mut found = searcher.search(&marked.png[..])?.any();
        found &= searcher.search(marked.name.as_bytes())?.any();
        for result in results {
            found &= searcher.search(&result[..])?.any();
        }
        let said = format!("control: {} texts are found where they are", searcher.len());
        self.checks.push((said, Some(found)));
        Ok(())
    }

    /// Looks everywhere.
    async fn search(
        &mut self,
        when: &'static str,
        args: &VerifyDeletionArgs,
        store: Option<&Store>,
        searchers: &Searchers,
    ) -> Result<()> {
        if let Some(store) = store.filter(|_| args.database.url().is_some()) {
            let (looked, unread) = tables::look(store, &searchers.in_data_folder).await?;
            self.searches.push((when, looked));
            if unread > 0 {
                let said = format!("{unread} tables that this account may not read {when}");
                self.checks.push((said, None));
            }
        }
        let mut folders = Vec::new();
        if let Some(data_dir) = &args.data_dir {
            for place in places::data_folder(data_dir).context("the data folder")? {
                let looked = place.look(&searchers.in_data_folder)?;
                self.searches.push((when, looked));
            }
            folders.push(data_dir.as_path());
        }
        let logs = args.logs.iter().map(|path| ("log", path));
        let temp = args.temp.iter().map(|path| ("temporary", path));
        let also = args.also.iter().map(|path| ("folder", path));
        for (kind, path) in logs.chain(temp).chain(also) {
            let place = places::named(kind, path);
            let place = place.with_context(|| path.display().to_string())?;
            self.searches.push((when, place.look(&searchers.planted)?));
            folders.push(path);
        }
        let (place, closed) = places::deleted_but_open(&folders);
        self.searches.push((when, place.look(&searchers.planted)?));
        if closed > 0 {
            let said = format!("open files of {closed} processes {when}");
            self.checks.push((said, None));
        }
        Ok(())
    }

    /// Every address of the job is gone.
    async fn check_addresses(&mut self, visit: &Visit, job: &Job) -> Result<()> {
        let (asked, wrong) = visit.not_gone(job).await?;
        let said = match wrong.is_empty() {
            true => format!("{asked} addresses answer 410"),
            false => wrong.join(", "),
        };
        self.checks.push((said, Some(wrong.is_empty())));
        Ok(())
    }

    /// Every object has a receipt that verifies, and neither bytes nor keys of it are left.
    async fn check_receipts(
        &mut self,
        args: &VerifyDeletionArgs,
        visit: &Visit,
        id: &str,
    ) -> Result<()> {
        let receipts = visit.receipts(id, OBJECTS).await?;
        let valid = visit::valid(&receipts, &visit.public_key().await?);
        let kinds: BTreeSet<_> = valid.iter().map(|receipt| receipt.kind.name()).collect();
        let complete = valid.len() == receipts.len() && kinds.len() == OBJECTS;
        let said = format!("{} of {} receipts are valid", valid.len(), receipts.len());
        self.checks.push((said, Some(complete)));
        if let Some(data_dir) = &args.data_dir {
            let objects: BTreeSet<Id> = valid.iter().map(|receipt| receipt.object).collect();
            let remains = Remains::of(&data_dir.join("vault"), &objects)?;
            let said = format!(
                "{} sealed files and {} keys are left of {} objects",
                remains.sealed.len(),
                remains.keys.len(),
                objects.len()
            );
            self.checks.push((said, Some(remains.is_empty())));
        }
        Ok(())
    }
}
