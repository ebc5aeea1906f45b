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
//! No single key opens everything: there is no installation key over the epochs'. It would lie
//! beside them, live for ever, and open what a backup of `keys/` held; so `keys/` must be in no
//! backup, and the epoch keys' own destruction is what counts. What else is in the folder may be
//! backed up: sealed bytes without keys are noise, and `signing.key` signs receipts only.
//!
//! The vault needs no database: it finds what is due in its own files, at start-up first. It asks
//! for the deadline on every read and before every chunk, so a late reaper reveals nothing.
//!
//! Modules in the order data passes them: what an object is ([`Terms`]), what time it is, the keys,
//! the slots and epochs they lie in, the chunks, what comes in and goes out, how deadlines move and
//! objects end, and what proves it.

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

mod change;

mod shred;

mod receipt;

mod signing;

mod error;
mod files;
mod hex;

pub use chunks::CHUNK_LEN;
pub use error::VaultError;
pub use grant::Grant;
pub use opened::Opened;
pub use receipt::{Reason, Receipt, ReceiptError, SignedReceipt};
pub use sealer::Sealer;
pub use shred::Reaped;
pub use signing::{MalformedKey, PublicKey, Signature, SigningKey};
pub use terms::{Kind, Terms};
pub use vault::{Vault, VaultOptions};
