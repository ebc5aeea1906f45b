//! One record of a slot file: an object's terms with its wrapped key, or what is left of it until
//! its receipt is taken.
//!
//! | bytes | what |
//! |---|---|
//! | 0..4 | label |
//! | 4, 5 | kind; 1 if the first download ends it |
//! | 8..24 | id |
//! | 24..32, 32..40 | created, deadline (ms) |
//! | 40..44, 44..48 | ceiling, lifetime (s) |
//! | 48..52 | revision: of two slots of one object the higher counts |
//! | 52..56 | checksum of all that, which stays as it is when the object is destroyed |
//! | 56, 57, 58..60 | state, reason, checksum of state, reason and moment |
//! | 60..68 | when it was destroyed (ms) |
//! | 68..128 | nonce, wrapped key, tag; zeros once it is destroyed |
//!
//! Numbers are big-endian. The key is wrapped together with the epoch's number and bytes 0..56, so
//! none of them can be edited. The checksums are for records that a crash left half-written. A
//! record never lies across two disk sectors. A free one is all zeros.

use aws_lc_rs::digest;
use domain::{Deadline, Id, Life, Lifetime, UnixMillis};

use crate::keys::Wrapped;
use crate::{Kind, Reason, Terms};

pub(crate) const SLOT_LEN: usize = 128;
pub(crate) type Record = [u8; SLOT_LEN];

const LABEL: &[u8; 4] = b"A3S1";
const TERMS_END: usize = 52;
const FATE: usize = 56;
const KEY: usize = 68;

const LIVE: u8 = 1;
const DESTROYED: u8 = 2;

/// What a record says.
pub(crate) enum Slot {
    Free,
    /// Its key opens it, if the record is the epoch's own.
    Live(Entry, Wrapped),
    /// Waits for its receipt to be taken.
    Destroyed(Entry, Fate),
    /// A crash left it half-destroyed: its terms are whole, its key may not be.
    HalfDestroyed(Entry),
    /// No record, or one that a crash left half-written.
    Torn,
}

/// An object in its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) terms: Terms,
    pub(crate) revision: u32,
}

/// How an object ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) deleted_at: UnixMillis,
    pub(crate) reason: Reason,
}

impl Entry {
    /// What its key is wrapped with.
    pub(crate) fn aad(&self, epoch: i64) -> [u8; 8 + FATE] {
        let mut aad = [0; 8 + FATE];
        aad[..8].copy_from_slice(&epoch.to_be_bytes());
        aad[8..].copy_from_slice(&self.encode()[..FATE]);
        aad
    }

    pub(crate) fn live(&self, key: &Wrapped) -> Record {
        let mut record = self.encode();
        record[FATE] = LIVE;
        seal_fate(&mut record);
        record[KEY..].copy_from_slice(key);
        record
    }

    pub(crate) fn destroyed(&self, fate: &Fate) -> Record {
        let mut record = self.encode();
        record[FATE] = DESTROYED;
        record[FATE + 1] = fate.reason.code();
        record[60..KEY].copy_from_slice(&fate.deleted_at.0.to_be_bytes());
        seal_fate(&mut record);
        record
    }

    fn encode(&self) -> Record {
        let Terms { id, kind, life } = self.terms;
        let lifetime = life.lifetime();
        let mut record = [0; SLOT_LEN];
        record[..4].copy_from_slice(LABEL);
        record[4] = kind.code();
        record[5] = lifetime.ends_with_first_download().into();
        record[8..24].copy_from_slice(&id.to_bytes());
        record[24..32].copy_from_slice(&life.created().0.to_be_bytes());
        record[32..40].copy_from_slice(&life.deadline().moment().0.to_be_bytes());
        record[40..44].copy_from_slice(&life.ceiling_secs().to_be_bytes());
        record[44..48].copy_from_slice(&lifetime.secs().to_be_bytes());
        record[48..TERMS_END].copy_from_slice(&self.revision.to_be_bytes());
        let sum = checksum::<4>(&record[..TERMS_END]);
        record[TERMS_END..FATE].copy_from_slice(&sum);
        record
    }

    fn decode(record: &Record) -> Option<Self> {
        if record[TERMS_END..FATE] != checksum::<4>(&record[..TERMS_END]) || &record[..4] != LABEL {
            return None;
        }
        let lifetime = Lifetime::of_secs(u32::from_be_bytes(field(record, 44))).ok()?;
        let life = Life::restore(
            UnixMillis(i64::from_be_bytes(field(record, 24))),
            Deadline::at(UnixMillis(i64::from_be_bytes(field(record, 32)))),
            u32::from_be_bytes(field(record, 40)),
            match record[5] {
                0 => lifetime,
                _ => lifetime.until_first_download(),
            },
        )?;
        let terms = Terms {
            id: Id::from_bytes(field(record, 8)),
            kind: Kind::from_code(record[4])?,
            life,
        };
        Some(Self {
            terms,
            revision: u32::from_be_bytes(field(record, 48)),
        })
    }
}

impl Slot {
    pub(crate) fn decode(record: &Record) -> Self {
        if record == &[0; SLOT_LEN] {
            return Self::Free;
        }
        let Some(entry) = Entry::decode(record) else {
            return Self::Torn;
        };
        let mut whole = *record;
        seal_fate(&mut whole);
        let deleted_at = UnixMillis(i64::from_be_bytes(field(record, 60)));
        match (record[FATE], Reason::from_code(record[FATE + 1])) {
            _ if whole != *record => Self::HalfDestroyed(entry),
            (LIVE, None) => Self::Live(entry, field(record, KEY)),
            (DESTROYED, Some(reason)) if record[KEY..].iter().all(|&byte| byte == 0) => {
                Self::Destroyed(entry, Fate { deleted_at, reason })
            }
            _ => Self::HalfDestroyed(entry),
        }
    }
}

fn seal_fate(record: &mut Record) {
    record[58..60].fill(0);
    let sum = checksum::<2>(&record[FATE..KEY]);
    record[58..60].copy_from_slice(&sum);
}

fn field<const LEN: usize>(record: &Record, start: usize) -> [u8; LEN] {
    *record[start..]
        .first_chunk()
        .expect("every field lies inside its record")
}

fn checksum<const LEN: usize>(bytes: &[u8]) -> [u8; LEN] {
    let sum = digest::digest(&digest::SHA256, bytes);
    *sum.as_ref()
        .first_chunk()
        .expect("a SHA-256 is longer than a checksum")
}
