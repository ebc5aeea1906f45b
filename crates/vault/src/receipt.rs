//! Proof that an object was destroyed, which anyone can verify without the vault.
//!
//! What is signed is one line of ASCII JSON without spaces and without a line end, with exactly
//! these fields in exactly this order:
//!
//! ```json
//! {"receipt":"ai3dgen-deletion/1","object":"<26 characters>","kind":"picture","created_ms":1790000000000,"deleted_at_ms":1790003600000,"reason":"expired","key_destroyed":true,"installation":"<16 hex digits>"}
//! ```
//!
//! Moments are milliseconds since 1970-01-01T00:00:00Z. `installation` is the first 8 bytes of the
//! SHA-256 of the public key. The signature is Ed25519 (RFC 8032) over those bytes. As text a
//! receipt is the same object with one more field, `"signature"`, in 128 hex digits; there, order
//! and spaces don't matter.

use std::fmt;
use std::str::FromStr;

use domain::{Id, UnixMillis};
use serde::Deserialize;

use crate::signing::{PublicKey, Signature, SigningKey};
use crate::{Kind, hex};

const LABEL: &str = "ai3dgen-deletion/1";
/// Longer text is no receipt.
const MAX_TEXT_LEN: usize = 4096;

/// Why an object was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Its deadline had come.
    Expired,
    /// Its owner asked for it.
    Asked,
    /// It was downloaded, and was to live no longer than that.
    Downloaded,
    /// A start found that it could not be opened any more: keys are kept in memory only, or a crash
    /// had left it half-written or half-destroyed.
    Restart,
    /// The key over all keys of its ten minutes was destroyed.
    EpochEnded,
    /// Nobody needed it any more.
    Unused,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Expired,
        Self::Asked,
        Self::Downloaded,
        Self::Restart,
        Self::EpochEnded,
        Self::Unused,
    ];

    /// Written in slots: never renumber.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Expired => 1,
            Self::Asked => 2,
            Self::Downloaded => 3,
            Self::Restart => 4,
            Self::EpochEnded => 5,
            Self::Unused => 6,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Lower-case name, stable: written in receipts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Asked => "asked",
            Self::Downloaded => "downloaded",
            Self::Restart => "restart",
            Self::EpochEnded => "epoch_ended",
            Self::Unused => "unused",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What was destroyed, when and why. It tells nothing of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Which object.
    pub object: Id,
    /// What it was.
    pub kind: Kind,
    /// When it was sealed.
    pub created: UnixMillis,
    /// When its destruction began: from then on nobody could read it.
    pub deleted_at: UnixMillis,
    /// Why.
    pub reason: Reason,
    /// Whether its key is destroyed. A vault makes no receipt before that.
    pub key_destroyed: bool,
    /// The first 8 bytes of the SHA-256 of the installation's public key.
    pub installation: [u8; 8],
}

impl Receipt {
    /// The bytes that are signed.
    pub fn signed_bytes(&self) -> Vec<u8> {
        format!("{{{}}}", self.fields()).into_bytes()
    }

    /// Signs it.
    pub fn sign(self, key: &SigningKey) -> SignedReceipt {
        SignedReceipt {
            signature: key.sign(&self.signed_bytes()),
            receipt: self,
        }
    }

    fn fields(&self) -> String {
        format!(
            r#""receipt":"{LABEL}","object":"{}","kind":"{}","created_ms":{},"deleted_at_ms":{},"reason":"{}","key_destroyed":{},"installation":"{}""#,
            self.object,
            self.kind.name(),
            self.created.0,
            self.deleted_at.0,
            self.reason.name(),
            self.key_destroyed,
            hex::encode(&self.installation),
        )
    }
}

/// A receipt with a signature, which may be anybody's until it is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedReceipt {
    receipt: Receipt,
    signature: Signature,
}

/// Why a receipt proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The text is something else, or cut.
    #[error("this is no deletion receipt of ai3dgen; save it again, whole")]
    Malformed,
    /// Another key signed it.
    #[error("the receipt is of another installation; ask that one for its public key")]
    OtherInstallation,
    /// It was changed after it was signed, or never signed by that key.
    #[error("the signature doesn't belong to this receipt: it was changed or forged")]
    Forged,
}

impl SignedReceipt {
    /// What it says, if `key` signed it.
    ///
    /// # Errors
    /// [`ReceiptError::OtherInstallation`], [`ReceiptError::Forged`].
    pub fn verify(&self, key: &PublicKey) -> Result<&Receipt, ReceiptError> {
        if self.receipt.installation != key.key_id() {
            return Err(ReceiptError::OtherInstallation);
        }
        match key.verifies(&self.receipt.signed_bytes(), &self.signature) {
            true => Ok(&self.receipt),
            false => Err(ReceiptError::Forged),
        }
    }

    /// What it says, whoever signed it: for filing only.
    pub fn unverified(&self) -> &Receipt {
        &self.receipt
    }
}

/// One line of JSON, for saving.
impl fmt::Display for SignedReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = hex::encode(&self.signature);
        write!(
            f,
            r#"{{{},"signature":"{signature}"}}"#,
            self.receipt.fields()
        )
    }
}

impl FromStr for SignedReceipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let within = text.len() <= MAX_TEXT_LEN;
        let text = within.then(|| serde_json::from_str(text).ok()).flatten();
        text.and_then(Text::parse).ok_or(ReceiptError::Malformed)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    receipt: String,
    object: String,
    kind: String,
    created_ms: i64,
    deleted_at_ms: i64,
    reason: String,
    key_destroyed: bool,
    installation: String,
    signature: String,
}

impl Text {
    fn parse(self) -> Option<SignedReceipt> {
        if self.receipt != LABEL {
            return None;
        }
        let receipt = Receipt {
            object: self.object.parse().ok()?,
            kind: Kind::from_name(&self.kind)?,
            created: UnixMillis(self.created_ms),
            deleted_at: UnixMillis(self.deleted_at_ms),
            reason: Reason::from_name(&self.reason)?,
            key_destroyed: self.key_destroyed,
            installation: hex::decode(&self.installation)?,
        };
        let signature = hex::decode(&self.signature)?;
        Some(SignedReceipt { receipt, signature })
    }
}
