//! What was promised, compared with what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use domain::Id;
use store::Store;
use tokio::time::sleep;
use vault::{Remains, SignedReceipt};

use super::Report;
use super::ledger::{Job, Ledger};
use crate::http::{Reply, Request};
use crate::server::Program;

/// A job that hasn't ended by then is stuck.
const JOB_LIMIT: Duration = Duration::from_secs(120);
/// What a job that has ended leaves to be tidied is gone by then.
const TIDY_LIMIT: Duration = Duration::from_secs(5);
/// A deleted job is looked at after so many restarts, and once more at the end.
const LOOKS_AT_GONE: u32 = 3;
/// More jobs than these are deleted, so that looking at all of them stays quick.
const MOST_ALIVE: usize = 12;
/// Everything that belongs into a data folder.
const FILES: [&str; 6] = [
    "jobs.sqlite",
    "jobs.sqlite-shm",
    "jobs.sqlite-wal",
    "vault/signing.key",
    "vault/clock",
    "vault/lock",
];

/// After a restart: every job comes to the end that it was promised, and nothing else is there.
pub async fn everything(
    program: &Program,
    address: &str,
    ledger: &Ledger,
    report: &mut Report,
) -> Result<()> {
    let mut alive = Vec::new();
    for (path, job) in ledger.jobs() {
        if !job.gone {
            follow(address, &path, &job, ledger, report).await?;
            alive.push(path);
        } else if job.found_gone < LOOKS_AT_GONE {
            stays_gone(address, &path, report).await?;
            ledger.change(&path, |job| job.found_gone += 1);
        }
    }
    for path in alive.iter().skip(MOST_ALIVE) {
        let gone = delete(address, path).await? == 204;
        ledger.change(path, |job| job.gone |= gone);
    }
    tidy(program, report).await
}

async fn stays_gone(address: &str, path: &str, report: &mut Report) -> Result<()> {
    for what in ["", "/model.glb", "/preview.png"] {
        let status = get(address, &format!("{path}{what}")).await?.status;
        report.note("what was deleted stays unreadable", status == 410, || {
            format!("a deleted job{what} answers {status}")
        });
    }
    Ok(())
}

/// A job that nobody was told to be gone.
async fn follow(
    address: &str,
    path: &str,
    job: &Job,
    ledger: &Ledger,
    report: &mut Report,
) -> Result<()> {
    let began = Instant::now();
    let ended = loop {
        let reply = get(address, path).await?;
        let view = reply.json();
        match (reply.status, view["state"].as_str()) {
            (200, Some("queued" | "running")) if began.elapsed() < JOB_LIMIT => {}
            (200, Some("queued" | "running")) => bail!("a job comes to no end"),
            (200, Some(state)) => break state.to_owned(),
            (status, _) => break status.to_string(),
        }
        sleep(Duration::from_millis(10)).await;
    };
    // Who asked for its end and had no answer may find it either way.
    let kept = ended == "done" || (job.asked_to_go && ended == "410");
    report.note("no acknowledged job is lost", kept, || {
        format!("a job ended as {ended}")
    });
    if ended == "410" {
        ledger.change(path, |job| job.gone = true);
    }
    if ended != "done" {
        return Ok(());
    }
    let model = get(address, &format!("{path}/model.glb")).await?;
    let is_whole = model.status == 200 && model.body.starts_with(b"glTF");
    report.note("a finished model can be read whole", is_whole, || {
        format!("a model answers {}", model.status)
    });
    let result = model.header("etag").map(str::to_owned);
    if let Some(before) = &job.result {
        report.note(
            "no job has two results",
            Some(before) == result.as_ref(),
            || "a job has another model than before".into(),
        );
    }
    ledger.change(path, |job| job.result = result);
    Ok(())
}

/// On the disk is what rows name, its keys, and nothing else.
async fn tidy(program: &Program, report: &mut Report) -> Result<()> {
    let data = program.data();
    let store = Store::of(&data, None).await?;
    let began = Instant::now();
    let (named, remains, strays) = loop {
        let rows = store.live_jobs().await?;
        let named: BTreeSet<Id> = rows.iter().flat_map(|row| row.objects()).collect();
        let remains = Remains::all(&data.join("vault"))?;
        let mut strays = strays(&data, "")?;
        strays.extend(self::strays(&program.temp(), "")?);
        // The server's own check of its promises seals something now and then.
        let tidy = remains.sealed == named && remains.keys == named && strays.is_empty();
        if tidy || began.elapsed() > TIDY_LIMIT {
            break (named, remains, strays);
        }
        sleep(Duration::from_millis(20)).await;
    };
    store.close().await;
    for (promise, there) in [
        ("no sealed file without a row", &remains.sealed),
        ("no key without a row", &remains.keys),
    ] {
        let orphans = there.difference(&named).count();
        report.note(promise, orphans == 0, || format!("{orphans} are left"));
    }
    for (promise, there) in [
        ("no row without its sealed file", &remains.sealed),
        ("no row without its key", &remains.keys),
    ] {
        let missing = named.difference(there).count();
        report.note(promise, missing == 0, || format!("{missing} are missing"));
    }
    report.note("no other file is left", strays.is_empty(), || {
        strays.join(", ")
    });
    Ok(())
}

/// Files that don't belong where they are.
fn strays(folder: &Path, below: &str) -> Result<Vec<String>> {
    let mut strays = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let belongs = FILES.contains(&name.as_str())
            || (name.starts_with("vault/objects/") && name.ends_with(".sealed"))
            || (name.starts_with("vault/keys/") && !name.ends_with(".unfinished"));
        match entry.file_type()?.is_dir() {
            true => strays.extend(self::strays(&entry.path(), &format!("{name}/"))?),
            false if belongs => {}
            false => strays.push(name),
        }
    }
    Ok(strays)
}

/// Everything is deleted; every object of every job has one receipt, and nothing is left.
pub async fn the_end(
    program: &Program,
    address: &str,
    ledger: &Ledger,
    report: &mut Report,
) -> Result<()> {
    let key = get(address, "/.well-known/ai3dgen-receipts.pub").await?;
    let key = String::from_utf8(key.body)?.parse()?;
    for (path, job) in ledger.jobs() {
        if !job.gone {
            let status = delete(address, &path).await?;
            report.note("what lives can be deleted", status == 204, || {
                format!("deleting answers {status}")
            });
        }
        stays_gone(address, &path, report).await?;
        let receipts = get(address, &format!("{path}/receipts")).await?;
        let mut kinds = BTreeMap::<&str, usize>::new();
        for line in String::from_utf8(receipts.body)?.lines() {
            let signed: SignedReceipt = line.parse()?;
            let receipt = signed.verify(&key).context("a receipt is not valid")?;
            *kinds.entry(receipt.kind.name()).or_default() += 1;
        }
        let expected = match job.result {
            Some(_) => vec![("model", 1), ("picture", 1), ("preview", 1)],
            None => vec![("picture", 1)],
        };
        // One that was deleted unseen may have had a model or not.
        let kinds: Vec<_> = kinds.into_iter().collect();
        let kept =
            kinds == expected || (job.result.is_none() && kinds.iter().all(|&(_, n)| n == 1));
        report.note("every object has one receipt", kept, || {
            format!("{kinds:?} instead of {expected:?}")
        });
    }
    tidy(program, report).await
}

async fn delete(address: &str, path: &str) -> Result<u16> {
    let request = Request {
        method: "DELETE",
        path,
        ..Request::default()
    };
    Ok(request.send(address).await?.status)
}

async fn get(address: &str, path: &str) -> Result<Reply> {
    Ok(Request::get(path).send(address).await?)
}
