//! The process that keeps the vault, until it is killed. It says what it promises, on standard
//! output, after it has done it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use domain::{Clock, Id, Lifetime, UnixMillis};
use vault::{Kind, Reason, Terms, Vault, VaultError};

use super::clock::{CLOCKS_APART_SECS, FastClock};
use crate::random::Random;

/// The reaper's pause: with this clock less than a second.
const REAP_EVERY: Duration = Duration::from_millis(15);
const LONGEST: u64 = 50_000;
/// Lives are short or long; an hour is the most.
const LONGEST_SECS: u64 = 3600;

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// An object exists, and when it is due.
    Sealed(Id, UnixMillis),
    /// An object is about to be changed or destroyed.
    Asking(Id),
    /// An object is due at another moment.
    Moved(Id, UnixMillis),
    /// An object was destroyed because somebody asked for it.
    Destroyed(Id, UnixMillis),
    /// An object was read after its deadline.
    ReadLate,
    /// An object could not be read before its deadline.
    LostEarly,
    /// An object was tried, and the answer was right.
    Read,
    /// What could be read at the start, with when it is due, and from when to when that was.
    Found(UnixMillis, UnixMillis, BTreeMap<Id, UnixMillis>),
}

impl Said {
    /// Reads a line of [`Self::line`].
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.strip_suffix(" .")?.split_whitespace();
        let word = words.next()?;
        if word == "found" {
            let (before, after) = (moment(words.next()?)?, moment(words.next()?)?);
            let mut found = BTreeMap::new();
            while let Some(id) = words.next() {
                found.insert(id.parse().ok()?, moment(words.next()?)?);
            }
            return Some(Self::Found(before, after, found));
        }
        let mut id = || words.next()?.parse::<Id>().ok();
        Some(match word {
            "late" => Self::ReadLate,
            "lost" => Self::LostEarly,
            "read" => Self::Read,
            "asking" => Self::Asking(id()?),
            "sealed" => Self::Sealed(id()?, moment(words.next()?)?),
            "moved" => Self::Moved(id()?, moment(words.next()?)?),
            "destroyed" => Self::Destroyed(id()?, moment(words.next()?)?),
            _ => return None,
        })
    }

    /// Ends with a full stop, so that half a line is none.
    fn line(&self) -> String {
        let words = match self {
            Self::Sealed(id, due) => format!("sealed {id} {}", due.0),
            Self::Asking(id) => format!("asking {id}"),
            Self::Moved(id, due) => format!("moved {id} {}", due.0),
            Self::Destroyed(id, at) => format!("destroyed {id} {}", at.0),
            Self::ReadLate => "late".into(),
            Self::LostEarly => "lost".into(),
            Self::Read => "read".into(),
            Self::Found(before, after, found) => {
                let found = found.iter().map(|(id, due)| format!(" {id} {}", due.0));
                let found: String = found.collect();
                format!("found {} {}{found}", before.0, after.0)
            }
        };
        words + " .\n"
    }
}

fn moment(word: &str) -> Option<UnixMillis> {
    word.parse().ok().map(UnixMillis)
}

/// `soak-server FOLDER BEGINNING SHARE SEED`
///
/// # Errors
/// The vault fails, or nobody listens.
pub fn serve(words: &[String]) -> Result<()> {
    let [folder, beginning, share, seed] = words else {
        anyhow::bail!("only `service soak` starts this");
    };
    let clock = FastClock::since(UnixMillis(beginning.parse()?));
    let vault = Vault::open(Path::new(folder), Arc::new(clock)).context("the vault")?;
    let keeper = Keeper {
        vault,
        clock,
        deadlines: Mutex::default(),
    };
    keeper.tell_what_is_there()?;
    let share: usize = share.parse()?;
    let mut random = Random::new(seed.parse()?);
    thread::scope(|scope| {
        scope.spawn(|| end_with(keeper.reap()));
        scope.spawn(|| end_with(keeper.read(Random::new(1))));
        keeper.seal(share, &mut random)
    })
}

/// A thread that can't go on ends the process, which is noticed.
fn end_with(result: Result<()>) {
    if let Err(error) = result {
        eprintln!("soak-server: {error:#}");
        std::process::exit(1);
    }
}

struct Keeper {
    vault: Vault,
    clock: FastClock,
    /// When each object is due that this process knows of.
    deadlines: Mutex<BTreeMap<Id, UnixMillis>>,
}

impl Keeper {
    fn tell_what_is_there(&self) -> Result<()> {
        let mut found = BTreeMap::new();
        let before = self.clock.now();
        for terms in self.vault.list() {
            match self.vault.read(terms.id, terms.kind) {
                Ok(_) => found.insert(terms.id, terms.deadline().moment()),
                Err(VaultError::Expired | VaultError::NotFound) => continue,
                Err(error) => return Err(error.into()),
            };
            self.note(&terms);
        }
        say(&Said::Found(before, self.clock.now(), found))
    }

    fn reap(&self) -> Result<()> {
        loop {
            self.vault.reap();
            let receipts = self.vault.receipts();
            let taken = receipts.iter().map(|receipt| receipt.unverified().object);
            self.vault.receipts_taken(&taken.collect::<Vec<_>>())?;
            thread::sleep(REAP_EVERY);
        }
    }

    fn seal(&self, share: usize, random: &mut Random) -> Result<()> {
        for _ in 0..share {
            let content = vec![random.next_u64() as u8; random.below(LONGEST) as usize];
            // Most lives are short, and all are shorter than an hour.
            let most = 1 + random.below(LONGEST_SECS);
            let secs = 1 + random.below(most);
            let lifetime = Lifetime::of_secs(secs as u32).context("a lifetime")?;
            let terms = self.vault.seal(Kind::Model, &content, lifetime)?;
            say(&Said::Sealed(terms.id, terms.deadline().moment()))?;
            self.note(&terms);
            self.change_one(random)?;
        }
        loop {
            thread::sleep(Duration::from_secs(1));
        }
    }

    /// Some of the objects are downloaded, shortened or destroyed.
    fn change_one(&self, random: &mut Random) -> Result<()> {
        let Some((id, _)) = self.some_object(random) else {
            return Ok(());
        };
        let what = random.below(10);
        if what > 2 {
            return Ok(());
        }
        // Nobody judges it meanwhile.
        locked(&self.deadlines).remove(&id);
        say(&Said::Asking(id))?;
        let changed = match what {
            0 => self.vault.downloaded(id),
            1 => self.vault.shorten(id, random.below(600) as u32),
            _ => self.vault.shred(id, Reason::Asked).map(|_| None),
        };
        match changed {
            Ok(Some(terms)) => {
                self.note(&terms);
                say(&Said::Moved(id, terms.deadline().moment()))
            }
            Ok(None) | Err(VaultError::NotFound | VaultError::Expired) => {
                say(&Said::Destroyed(id, self.clock.now()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads objects again and again, those that are over for a while longer.
    fn read(&self, mut random: Random) -> Result<()> {
        loop {
            if let Some((id, deadline)) = self.some_object(&mut random) {
                self.read_one(id, deadline)?;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn read_one(&self, id: Id, deadline: UnixMillis) -> Result<()> {
        let before = self.clock.now();
        let read = self.vault.read(id, Kind::Model);
        // In vault time it may be later.
        let after = self.clock.now().plus_secs(CLOCKS_APART_SECS);
        if locked(&self.deadlines).get(&id) != Some(&deadline) {
            return Ok(());
        }
        say(&match read {
            Ok(_) if before >= deadline => Said::ReadLate,
            Err(VaultError::Expired | VaultError::NotFound) if after < deadline => Said::LostEarly,
            Ok(_) | Err(VaultError::Expired | VaultError::NotFound) => Said::Read,
            Err(error) => return Err(error.into()),
        })
    }

    fn some_object(&self, random: &mut Random) -> Option<(Id, UnixMillis)> {
        let mut deadlines = locked(&self.deadlines);
        // Long over: others have been tried often enough.
        let forgotten = self.clock.now().plus_secs(-300);
        deadlines.retain(|_, deadline| *deadline > forgotten);
        let place = random.below(deadlines.len().max(1) as u64) as usize;
        let (id, deadline) = deadlines.iter().nth(place)?;
        Some((*id, *deadline))
    }

    fn note(&self, terms: &Terms) {
        locked(&self.deadlines).insert(terms.id, terms.deadline().moment());
    }
}

fn say(said: &Said) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(said.line().as_bytes())?;
    Ok(out.flush()?)
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
