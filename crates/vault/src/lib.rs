//! Sealed temporary content: keys, sealing, deadlines, shredding. The only crate that sees a content key.
