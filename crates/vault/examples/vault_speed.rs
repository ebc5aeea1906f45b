//! How fast the vault seals, opens and destroys: `cargo run --release -p vault --example vault_speed`.
//!
//! Sealing and opening are measured on one thread beside aws-lc's own AES-256-GCM over the same
//! 64 KiB chunks, in turns, so that whatever else the machine does hits both; the best of all rounds
//! counts. Both sides get their bytes in the same way: a download's are read from a file, piece by
//! piece. What aws-lc does over bytes that lie where they are opened is told beside it. Destroying
//! is measured on the disk that the temporary folder is on (`TMPDIR`).
#![allow(clippy::print_stdout, reason = "it is what this program is for")]

use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read, Seek, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::{Lifetime, TestClock, UnixMillis};
use vault::{CHUNK_LEN, Kind, Reason, Vault};

/// A model. Short enough to be done between two turns of the scheduler, now and then.
const LEN: usize = 4 << 20;
const ROUNDS: usize = 1000;
const OBJECTS: usize = 10_000;
const SEALING_THREADS: usize = 32;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(TestClock::at(UnixMillis(1_790_000_000_000)));
    let vault = Vault::open(folder.path(), clock.clone())?;
    streams(&vault)?;
    objects(&vault, &clock)
}

fn streams(vault: &Vault) -> Result<(), Box<dyn std::error::Error>> {
    let content: Vec<u8> = (0..LEN).map(|i| ((i * 31) >> 3) as u8).collect();
    let grant = vault.reserve(Kind::Model, Lifetime::HOUR)?;
    let mut sealed = Vec::with_capacity(LEN + LEN / 1000);
    grant.seal(&content, &mut sealed)?;
    let mut own = content.clone();

    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32])?);
    let id = vault.seal(Kind::Model, &content, Lifetime::HOUR)?.id;
    let mut download = vault.open_object(id, Kind::Model)?;
    let mut file = sealed_by(&cipher, &content)?;
    let mut buffer = vec![0; CHUNK_LEN + AES_256_GCM.tag_len()];

    let (mut sealing, mut in_place) = (Best::new(), Best::new());
    let (mut opening, mut downloading) = (Best::new(), Best::new());
    for _ in 0..ROUNDS {
        let mut tags = Vec::with_capacity(LEN / CHUNK_LEN);
        sealing.theirs(|| {
            for (chunk, number) in own.chunks_mut(CHUNK_LEN).zip(0..) {
                let tag =
                    cipher.seal_in_place_separate_tag(nonce(number), Aad::from([0; 21]), chunk);
                tags.push(tag.expect("a chunk is not too long"));
            }
        });
        sealing.ours(|| grant.seal(&content, &mut io::sink()))?;
        let open = |bytes: &mut [u8]| {
            for ((chunk, tag), number) in bytes.chunks_mut(CHUNK_LEN).zip(&tags).zip(0..) {
                let (nonce, aad) = (nonce(number), Aad::from([0; 21]));
                let opened = cipher.open_in_place_separate_tag(nonce, aad, tag.as_ref(), chunk);
                black_box(opened.expect("it was sealed with this key"));
            }
        };
        // As a whole object is opened: into memory that nobody had before.
        opening.theirs(|| {
            let mut read = Vec::with_capacity(LEN);
            for (chunk, number) in own.chunks(CHUNK_LEN).zip(0..) {
                let start = read.len();
                read.extend_from_slice(chunk);
                let (nonce, aad) = (nonce(number), Aad::from([0; 21]));
                let tag = tags[number as usize].as_ref();
                let opened = cipher.open_in_place_separate_tag(nonce, aad, tag, &mut read[start..]);
                black_box(opened.expect("it was sealed with this key"));
            }
            read
        });
        in_place.theirs(|| open(&mut own));
        opening.ours(|| grant.open(&mut &sealed[..], sealed.len() as u64))?;
        downloading.theirs(|| -> io::Result<()> {
            file.rewind()?;
            for number in 0..(LEN / CHUNK_LEN) as u32 {
                file.read_exact(&mut buffer)?;
                let (nonce, aad) = (nonce(number), Aad::from([0; 21]));
                let opened = cipher.open_in_place(nonce, aad, &mut buffer);
                black_box(opened.expect("it was sealed with this key"));
            }
            Ok(())
        });
        downloading.ours(|| -> Result<(), vault::VaultError> {
            for start in (0..LEN as u64).step_by(CHUNK_LEN) {
                black_box(download.read_range(start..start + CHUNK_LEN as u64)?);
            }
            Ok(())
        })?;
    }
    println!(
        "{} MiB in chunks of 64 KiB, one thread, best of {ROUNDS}:",
        LEN >> 20
    );
    sealing.print("seal");
    opening.print("open a whole object");
    downloading.print("open a download, from a file");
    println!(
        "  aws-lc over bytes that lie where they are opened: {:.2} GB/s",
        per_nanosecond(in_place.theirs)
    );
    vault.shred(id, Reason::Unused)?;
    Ok(())
}

/// The content in a file, as aws-lc alone seals it: each chunk with its tag behind it.
fn sealed_by(cipher: &LessSafeKey, content: &[u8]) -> Result<File, Box<dyn std::error::Error>> {
    let mut file = tempfile::tempfile()?;
    for (chunk, number) in content.chunks(CHUNK_LEN).zip(0..) {
        let mut chunk = chunk.to_vec();
        cipher.seal_in_place_append_tag(nonce(number), Aad::from([0; 21]), &mut chunk)?;
        file.write_all(&chunk)?;
    }
    Ok(file)
}

fn objects(vault: &Vault, clock: &TestClock) -> Result<(), Box<dyn std::error::Error>> {
    let content = vec![7; 10_000];
    let started = Instant::now();
    std::thread::scope(|scope| {
        let sealing = || {
            for _ in 0..OBJECTS / SEALING_THREADS {
                vault.seal(Kind::Picture, &content, Lifetime::HOUR)?;
            }
            Ok(())
        };
        let threads: Vec<_> = (0..SEALING_THREADS).map(|_| scope.spawn(sealing)).collect();
        let mut sealed = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        sealed.try_for_each(|sealed: Result<(), vault::VaultError>| sealed)
    })?;
    let count = vault.list().len();
    per_second(
        "sealed, each on the disk before the next",
        count,
        started.elapsed(),
    );

    let (id, started) = (vault.list()[0].id, Instant::now());
    const MOVES: usize = 100;
    for _ in 0..MOVES {
        clock.advance_secs(1);
        vault.downloaded(id)?;
    }
    per_second("deadlines moved, one by one", MOVES, started.elapsed());

    clock.advance_secs(3600);
    let started = Instant::now();
    let reaped = vault.reap();
    per_second(
        "destroyed by the reaper",
        reaped.destroyed,
        started.elapsed(),
    );
    assert_eq!((reaped.destroyed, reaped.failed), (count, 0));

    let started = Instant::now();
    let receipts = vault.receipts();
    per_second("receipts signed", receipts.len(), started.elapsed());
    let ids: Vec<_> = receipts
        .iter()
        .map(|receipt| receipt.unverified().object)
        .collect();
    let started = Instant::now();
    vault.receipts_taken(&ids)?;
    per_second("receipts taken", ids.len(), started.elapsed());
    Ok(())
}

fn nonce(number: u32) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[..4].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn per_second(what: &str, count: usize, time: Duration) {
    let rate = count as f64 / time.as_secs_f64();
    println!("{count:6} {what}: {rate:.0}/s");
}

/// The shortest times of both sides.
struct Best {
    theirs: Duration,
    ours: Duration,
}

impl Best {
    fn new() -> Self {
        Self {
            theirs: Duration::MAX,
            ours: Duration::MAX,
        }
    }

    fn theirs<T>(&mut self, work: impl FnOnce() -> T) {
        let started = Instant::now();
        let made = work();
        self.theirs = self.theirs.min(started.elapsed());
        black_box(made);
    }

    /// What was made is dropped, and wiped, outside of the time.
    fn ours<T, E>(&mut self, work: impl FnOnce() -> Result<T, E>) -> Result<(), E> {
        let started = Instant::now();
        let made = work();
        self.ours = self.ours.min(started.elapsed());
        black_box(made?);
        Ok(())
    }

    fn print(&self, what: &str) {
        let [theirs, ours] = [self.theirs, self.ours].map(per_nanosecond);
        println!(
            "  {what}: {ours:.2} GB/s; aws-lc alone: {theirs:.2} GB/s; ratio {:.3}",
            ours / theirs
        );
    }
}

/// Bytes of the content per nanosecond, which is GB/s.
fn per_nanosecond(time: Duration) -> f64 {
    LEN as f64 / time.as_nanos() as f64
}
