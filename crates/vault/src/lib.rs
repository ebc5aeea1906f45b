//! Sealed temporary content: keys, sealing, deadlines, shredding. The only crate that sees a content key.
//!
//! An object is two files: `objects/<id>.sealed`, its bytes under AES-256-GCM with a key of its
//! own, and `keys/<id>.key`, that key wrapped by the installation's. It exists from the moment its
//! key file has its name, and is gone from the moment that file is overwritten, whatever happens
//! to the bytes. The deadline is authenticated by both files, so it can't be edited.
//!
//! The vault needs no database: it finds what is due in its own files, at start-up first. It asks
//! for the deadline on every read, so a late reaper reveals nothing.
//!
//! Modules in the order data passes them: what an object is ([`Terms`]), what time it is, the key,
//! the chunks, the files, and the vault that puts them together.

mod terms;

mod clock;

mod keys;

mod chunks;

mod stream;

mod grant;

mod files;

mod vault;

mod error;

pub use error::VaultError;
pub use grant::Grant;
pub use terms::{Kind, Terms};
pub use vault::{Reaped, Vault};
