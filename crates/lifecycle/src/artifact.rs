//! What the engine made goes into the vault, as it was sealed where it was made.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Lifetime, Tool, UnixMillis};
use engine::Options;
use vault::{Grant, Kind, Vault, VaultError};
use worker::{Order, Part};

use crate::seal::Unclaimed;

/// A sealed model, or a tool's picture, with its preview.
pub(crate) struct SealedArtifacts {
    pub(crate) result: Unclaimed,
    pub(crate) preview: Unclaimed,
}

impl SealedArtifacts {
    /// When the first of them was sealed.
    pub(crate) fn created(&self) -> UnixMillis {
        self.result.created().min(self.preview.created())
    }

    /// The moment from which the first of them can't be read any more.
    pub(crate) fn expires_at(&self) -> UnixMillis {
        self.result.deadline().min(self.preview.deadline()).moment()
    }

    /// The job's row names them now.
    pub(crate) fn keep(self) {
        self.result.keep();
        self.preview.keep();
    }
}

/// What kind of object a job's result is.
pub(crate) fn kind_of(tool: Option<Tool>) -> Kind {
    match tool {
        None => Kind::Model,
        Some(_) => Kind::Edited,
    }
}

/// The keys of the results, before there are any.
pub(crate) fn order(
    vault: &Vault,
    tool: Option<Tool>,
    options: Options,
    picture: Grant,
    lifetime: Lifetime,
) -> Result<Order, VaultError> {
    Ok(Order {
        options: tool.is_none().then_some(options),
        picture,
        result: vault.reserve(kind_of(tool), lifetime)?,
        preview: vault.reserve(Kind::Preview, lifetime)?,
    })
}

/// Takes results in. What it holds when it is dropped is destroyed.
pub(crate) struct Intake {
    vault: Arc<Vault>,
    result: Mutex<Option<Unclaimed>>,
    preview: Mutex<Option<Unclaimed>>,
}

impl Intake {
    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self {
            vault,
            result: Mutex::default(),
            preview: Mutex::default(),
        }
    }

    pub(crate) fn take(
        &self,
        order: &Order,
        part: Part,
        mut sealed: &mut dyn Read,
    ) -> Result<(), VaultError> {
        let (grant, place) = match part {
            Part::Result => (&order.result, &self.result),
            Part::Preview => (&order.preview, &self.preview),
        };
        let taken = Unclaimed::adopt(self.vault.clone(), grant, &mut sealed)?;
        *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
        Ok(())
    }

    /// Both, if both came.
    pub(crate) fn complete(self) -> Option<SealedArtifacts> {
        let taken = |place: Mutex<Option<Unclaimed>>| {
            place.into_inner().unwrap_or_else(PoisonError::into_inner)
        };
        Some(SealedArtifacts {
            result: taken(self.result)?,
            preview: taken(self.preview)?,
        })
    }
}
