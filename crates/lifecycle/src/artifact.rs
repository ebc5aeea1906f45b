//! What the engine made goes into the vault; the plaintext ends here.

use std::sync::Arc;

use domain::UnixMillis;
use engine::Artifacts;
use vault::{Kind, Vault, VaultError};
use zeroize::Zeroize;

use crate::seal::Unclaimed;

/// A sealed model with its preview.
pub(crate) struct SealedArtifacts {
    pub(crate) model: Unclaimed,
    pub(crate) preview: Unclaimed,
}

impl SealedArtifacts {
    /// Seals both and wipes them from memory.
    pub(crate) fn seal(vault: &Arc<Vault>, mut made: Artifacts) -> Result<Self, VaultError> {
        let sealed = Unclaimed::seal(vault.clone(), Kind::Model, &made.glb).and_then(|model| {
            let preview = Unclaimed::seal(vault.clone(), Kind::Preview, &made.preview_png)?;
            Ok(Self { model, preview })
        });
        made.glb.zeroize();
        made.preview_png.zeroize();
        let material = &mut made.model.material;
        for texture in [
            &mut material.base_colour,
            &mut material.normal,
            &mut material.orm,
        ]
        .into_iter()
        .flatten()
        {
            texture.rgb.zeroize();
        }
        sealed
    }

    /// The moment from which the first of them can't be read any more.
    pub(crate) fn expires_at(&self) -> UnixMillis {
        self.model.deadline().min(self.preview.deadline()).moment()
    }

    /// The job's row names them now.
    pub(crate) fn keep(self) {
        self.model.keep();
        self.preview.keep();
    }
}
