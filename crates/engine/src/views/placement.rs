//! Where one frame lies in another.

use glam::{Quat, Vec3};

/// A turn, a change of size and a shift, in this order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub rotation: Quat,
    pub scale: f32,
    pub shift: Vec3,
}

impl Placement {
    /// Of a view that is upright and turned to its azimuth, in its own size, around its own middle.
    pub(crate) fn nominal(up: Vec3, azimuth_deg: f32) -> Self {
        Self {
            rotation: Quat::from_rotation_y(azimuth_deg.to_radians())
                * Quat::from_rotation_arc(up, Vec3::Y),
            scale: 1.0,
            shift: Vec3::ZERO,
        }
    }

    /// From the inner frame to the outer one.
    pub(crate) fn outward(&self, point: Vec3) -> Vec3 {
        self.rotation * (point * self.scale) + self.shift
    }

    /// From the outer frame to the inner one.
    pub(crate) fn inward(&self, point: Vec3) -> Vec3 {
        self.rotation.inverse() * (point - self.shift) / self.scale
    }

    /// Where `other` lies in this one's inner frame, both being placed in the same outer frame.
    pub(crate) fn seen_by(&self, other: &Self) -> Self {
        let back = other.rotation.inverse();
        Self {
            rotation: (back * self.rotation).normalize(),
            scale: self.scale / other.scale,
            shift: back * (self.shift - other.shift) / other.scale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_where_it_was() {
        let placed = |angle: f32, scale: f32, shift: Vec3| Placement {
            rotation: Quat::from_rotation_y(angle) * Quat::from_rotation_x(0.3),
            scale,
            shift,
        };
        let a = placed(1.0, 1.2, Vec3::X);
        let b = placed(-2.0, 0.7, Vec3::new(0.1, 0.5, -2.0));
        let point = Vec3::new(0.3, -0.4, 0.9);
        assert!(a.inward(a.outward(point)).distance(point) < 1e-5);
        let direct = a.seen_by(&b).outward(point);
        assert!(direct.distance(b.inward(a.outward(point))) < 1e-5);
    }
}
