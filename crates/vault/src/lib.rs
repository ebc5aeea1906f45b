//! Sealed temporary content: keys, sealing, deadlines, shredding, receipts. The only crate that sees
//! a content key.
//!
//! An object is its bytes under AES-256-GCM with a data key of its own, `objects/<id>.sealed`, and
//! that data key in a slot of the ten minutes its deadline falls into, `keys/<epoch>.slots`, wrapped
//! by the epoch's own key, `keys/<epoch>.epoch`. It exists from the moment its slot is written, and
//! is gone from the moment that slot is overwritten, whatever happens to the bytes. The deadline is
//! authenticated by the slot, so it can't be edited. When an epoch is over its key is destroyed, and
//! with it whatever was due and still there.
//!
//! There is no key over the epochs' keys. It would lie beside them and live for ever, so it would
//! protect nothing; what counts is that an epoch's key is destroyed.
//!
//! # What a backup can bring back
//!
//! Sealed bytes without their keys are noise, and `signing.key` signs receipts only: `objects/`,
//! `signing.key` and `clock` may be backed up, and bring no content back. **`keys/` must be in no
//! backup.** What is restored of it can do this, and no more (`tests/vault/backups.rs`):
//! - Slots without their epoch's key: while the epoch lasts they open again, since its key is still
//!   there. So what was destroyed *before its deadline* can be read again, together with its restored
//!   bytes, until the deadline that it had; with tools of one's own, until the epoch ends, at most ten
//!   minutes later. After that: nothing, for anyone.
//! - Slots with their epoch's key: the vault refuses from the deadline on and destroys them again,
//!   unless `clock` is restored and the wall clock set back as well; and who has such a backup needs no
//!   vault to open it. No design that keeps keys on a disk can do better, so `keys/` holds a
//!   `CACHEDIR.TAG`, which backup programs heed, and [`VaultOptions::ephemeral`] keeps epoch keys off
//!   the disk.
//!
//! Overwriting in place is as good as the file system and the disk make it: copies that a journal, a
//! snapshot or a flash drive's remapping keeps are such a backup. That is why keys are destroyed twice,
//! each by itself and then all with their epoch's.
//!
//! # How it is made
//!
//! The vault needs no database: it finds what is due in its own files, at start-up first. It asks
//! for the deadline on every read and before every chunk, so a late reaper reveals nothing.
//!
//! Modules in the order data passes them: what an object is ([`Terms`]), what time it is, the keys,
//! the slots and epochs they lie in, the chunks, what comes in and goes out, how deadlines move and
//! objects end, what proves it, and the one thing of it that a backup has.

mod terms;

mod clock;

mod secret;

mod keys;

mod slot;

mod slots;

mod epoch;

mod epochs;

mod chunks;

mod stream;

mod index;

mod vault;

mod recover;

mod sealer;

mod grant;

mod opened;
mod plaintext;

mod change;

mod shred;

mod receipt;

mod remains;

mod signing;

mod derive;
mod sealed_id;

mod audit;
mod backup;

mod error;
mod files;
mod hex;

pub use audit::Audit;
pub use backup::{IdleVault, SigningSeed};
pub use chunks::CHUNK_LEN;
pub use error::VaultError;
pub use grant::Grant;
pub use opened::Opened;
pub use plaintext::Plaintext;
pub use receipt::{Reason, Receipt, ReceiptError, SignedReceipt};
pub use remains::Remains;
pub use sealed_id::{open_id, seal_id};
pub use sealer::Sealer;
pub use shred::Reaped;
pub use signing::{MalformedKey, PublicKey, Signature, SigningKey};
pub use terms::{Kind, Terms};
pub use vault::{Vault, VaultOptions};
