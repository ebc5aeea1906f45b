//! A small seeded random source: the same on every machine, forever.

use std::f32::consts::TAU;

use glam::Vec3;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Random(u64);

impl Random {
    /// A source of its own for every seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed ^ 0x9E37_79B9_7F4A_7C15);
        for _ in 0..4 {
            random.bits();
        }
        random
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// Uniform in `low..high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Uniform in `0..count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.bits() % count.max(1) as u64) as usize
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Normal with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.unit().max(1e-6).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }

    /// Uniform on the unit sphere.
    pub fn direction(&mut self) -> Vec3 {
        Vec3::new(self.normal(), self.normal(), self.normal()).normalize_or(Vec3::Y)
    }

    /// A linear colour: any hue, often pale.
    pub fn colour(&mut self) -> Vec3 {
        let (hue, saturation, value) = (
            self.unit(),
            self.unit() * self.unit().sqrt(),
            self.range(0.04, 0.9),
        );
        let channel = |n: f32| {
            let k = (n + hue * 6.0) % 6.0;
            value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
        };
        Vec3::new(channel(5.0), channel(3.0), channel(1.0))
    }
}
