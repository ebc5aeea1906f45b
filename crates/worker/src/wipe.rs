//! Overwrites models in memory once they are written or let go.

use mesh::Model;
use zeroize::Zeroize;

/// Overwrites a model's shape and colours.
pub fn wipe(model: &mut Model) {
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

/// Overwrites points.
pub fn wipe_positions(positions: &mut [impl AsMut<[f32; 3]>]) {
    for position in positions {
        position.as_mut().zeroize();
    }
}
