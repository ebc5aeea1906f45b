//! What the engine made goes into the vault; the plaintext ends here.

use std::sync::Arc;

use domain::UnixMillis;
use engine::Artifacts;
use mesh::Model;
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
        wipe(&mut made.model);
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

/// Overwrites a model's shape and colours in memory.
pub(crate) fn wipe(model: &mut Model) {
    wipe_positions(&mut model.positions);
    model.colours.zeroize();
    let material = &mut model.material;
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
}

/// Overwrites points in memory.
pub(crate) fn wipe_positions(positions: &mut [impl AsMut<[f32; 3]>]) {
    for position in positions {
        position.as_mut().zeroize();
    }
}
