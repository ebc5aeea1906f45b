//! Small pictures: prints, grain, weave, collages. All repeat.

use std::f32::consts::TAU;

use glam::{Vec2, Vec3, vec2};

use crate::object::Texture;
use crate::random::Random;

/// A canvas in linear colours.
struct Canvas {
    side: usize,
    pixels: Vec<Vec3>,
}

impl Canvas {
    fn new(side: usize, colour: Vec3) -> Self {
        Self {
            side,
            pixels: vec![colour; side * side],
        }
    }

    /// Every pixel from its place in 0..1.
    fn each(&mut self, f: impl Fn(Vec2, Vec3) -> Vec3) {
        let side = self.side as f32;
        for (i, pixel) in self.pixels.iter_mut().enumerate() {
            let place = vec2((i % self.side) as f32 + 0.5, (i / self.side) as f32 + 0.5);
            *pixel = f(place / side, *pixel);
        }
    }

    fn rect(&mut self, low: Vec2, high: Vec2, colour: Vec3) {
        let within = |p: Vec2| p.cmpge(low).all() && p.cmplt(high).all();
        self.each(|p, old| if within(p) { colour } else { old });
    }

    fn disc(&mut self, centre: Vec2, radius: f32, colour: Vec3) {
        self.each(|p, old| {
            let d = (p - centre).abs();
            let d = d.min(1.0 - d);
            if d.length() < radius { colour } else { old }
        });
    }

    fn finish(self) -> Texture {
        let byte = |v: f32| (v.clamp(0.0, 1.0).powf(1.0 / 2.2) * 255.0).round() as u8;
        Texture {
            width: self.side as u32,
            height: self.side as u32,
            pixels: self
                .pixels
                .iter()
                .map(|c| [byte(c.x), byte(c.y), byte(c.z), 255])
                .collect(),
        }
    }
}

/// Repeating noise, about 0–1.
fn noise(random: &mut Random) -> impl Fn(Vec2) -> f32 + use<> {
    let waves: Vec<(Vec2, f32, f32)> = (0..7)
        .map(|i| {
            let most = 2 + i * 2;
            let whole = |random: &mut Random| random.below(most * 2 + 1) as f32 - most as f32;
            let way = vec2(whole(random), whole(random));
            (way, random.unit() * TAU, 1.0 / (1.0 + i as f32 * 0.5))
        })
        .collect();
    move |p| {
        let sum: f32 = waves
            .iter()
            .map(|(way, phase, h)| h * (p.dot(*way) * TAU + phase).sin())
            .sum();
        0.5 + sum * 0.18
    }
}

/// Wood grain along x.
pub fn wood(random: &mut Random, base: Vec3) -> Texture {
    let mut canvas = Canvas::new(96, base);
    let bumps = noise(random);
    let rings = random.range(4.0, 12.0).round();
    let depth = random.range(0.15, 0.55);
    let upright = random.chance(0.5);
    canvas.each(|p, old| {
        let p = if upright { vec2(p.y, p.x) } else { p };
        let grain = ((p.y * rings + 1.2 * bumps(p)) * TAU).sin() * 0.5 + 0.5;
        old * (1.0 - depth * grain * grain)
    });
    canvas.finish()
}

/// Woven threads.
pub fn weave(random: &mut Random, base: Vec3) -> Texture {
    let mut canvas = Canvas::new(64, base);
    let threads = [8.0, 12.0, 16.0][random.below(3)];
    let depth = random.range(0.15, 0.5);
    let other = if random.chance(0.4) {
        base * random.range(0.5, 1.0)
    } else {
        base
    };
    canvas.each(|p, old| {
        let q = p * threads;
        let over = (q.x.floor() + q.y.floor()) as i32 % 2 == 0;
        let across = if over { q.x.fract() } else { q.y.fract() };
        let shade = 1.0 - depth * (2.0 * across - 1.0).abs();
        if over { old * shade } else { other * shade }
    });
    canvas.finish()
}

/// Veined stone.
fn marble(random: &mut Random, colours: [Vec3; 3]) -> Texture {
    let mut canvas = Canvas::new(96, colours[0]);
    let bumps = noise(random);
    let power = random.range(2.0, 10.0);
    canvas.each(|p, old| {
        let vein = 1.0 - ((p.x + p.y + 1.3 * bumps(p)) * TAU).sin().abs();
        old.lerp(colours[1], vein.powf(power))
    });
    canvas.finish()
}

/// Rows of things like letters between two heights.
fn text(random: &mut Random, canvas: &mut Canvas, low: Vec2, high: Vec2, ink: Vec3) {
    let rows = 1 + random.below(5);
    let pitch = (high.y - low.y) / rows as f32;
    for row in 0..rows {
        let top = low.y + pitch * row as f32;
        let mut x = low.x;
        let end = high.x - (high.x - low.x) * random.range(0.0, 0.5);
        while x < end {
            let width = pitch * random.range(0.25, 0.6);
            if random.chance(0.85) {
                let short = if random.chance(0.3) { pitch * 0.2 } else { 0.0 };
                canvas.rect(
                    vec2(x, top + short),
                    vec2(x + width * 0.3, top + pitch * 0.7),
                    ink,
                );
                let bar = top + pitch * random.range(0.1, 0.6);
                canvas.rect(vec2(x, bar), vec2(x + width * 0.8, bar + pitch * 0.12), ink);
            }
            x += width;
        }
    }
}

/// A label: bands, a block, some text, a badge.
fn label(random: &mut Random, colours: [Vec3; 3]) -> Texture {
    let mut canvas = Canvas::new(128, colours[0]);
    let ink = if colours[0].element_sum() > 1.0 {
        Vec3::splat(0.02)
    } else {
        Vec3::splat(0.85)
    };
    let top = random.range(0.1, 0.4);
    canvas.rect(
        vec2(0.0, top),
        vec2(1.0, top + random.range(0.05, 0.4)),
        colours[2],
    );
    if random.chance(0.6) {
        let x = random.range(0.0, 0.5);
        let y = random.range(0.3, 0.6);
        canvas.rect(vec2(x, y), vec2(x + 0.4, y + 0.3), colours[1]);
    }
    if random.chance(0.5) {
        let centre = vec2(random.range(0.25, 0.75), random.range(0.25, 0.75));
        canvas.disc(centre, random.range(0.08, 0.22), colours[1]);
    }
    let x = random.range(0.05, 0.3);
    text(random, &mut canvas, vec2(x, 0.3), vec2(0.95, 0.6), ink);
    text(random, &mut canvas, vec2(x, 0.68), vec2(0.95, 0.92), ink);
    canvas.finish()
}

/// A picture of overlapping coloured things, like a photograph.
fn collage(random: &mut Random, colours: [Vec3; 3]) -> Texture {
    let mut canvas = Canvas::new(128, colours[0]);
    let (sky, ground) = (random.colour(), random.colour());
    canvas.each(|p, _| sky.lerp(ground, p.y));
    for _ in 0..10 + random.below(20) {
        let mut colour = random.colour();
        if random.chance(0.3) {
            colour = colours[random.below(3)];
        }
        let at = vec2(random.unit(), random.unit());
        let size = vec2(random.range(0.03, 0.3), random.range(0.03, 0.3));
        if random.chance(0.5) {
            canvas.disc(at, size.x * 0.6, colour);
        } else {
            canvas.rect(at, at + size, colour);
        }
    }
    let bumps = noise(random);
    canvas.each(|p, old| old * (0.7 + 0.6 * bumps(p)));
    canvas.finish()
}

/// Stripes, checks, dots, gradients, zigzags or blotches.
fn simple(random: &mut Random, colours: [Vec3; 3]) -> Texture {
    let mut canvas = Canvas::new(128, colours[0]);
    let count = (2 + random.below(7)) as f32;
    let share = random.range(0.2, 0.7);
    let ink = colours[1 + random.below(2)];
    let kind = random.below(9);
    let bumps = noise(random);
    canvas.each(|p, old| {
        let q = p * count;
        let marked = match kind {
            0 => q.y.fract() < share,
            1 => q.x.fract() < share,
            2 => (q.x + q.y).fract() < share,
            3 => (q.x.floor() + q.y.floor()) as i32 % 2 == 0,
            4 => (vec2(q.x.fract(), q.y.fract()) - 0.5).length() < share * 0.6,
            5 => (q.y + (q.x.fract() - 0.5).abs()).fract() < share,
            6 => bumps(p) > 0.5,
            7 => q.x.fract().min(q.y.fract()) < share * 0.4,
            _ => return old.lerp(ink, (0.5 - 0.5 * (p.y * TAU).cos()).clamp(0.0, 1.0)),
        };
        if marked { ink } else { old }
    });
    canvas.finish()
}

/// Any printed pattern.
pub fn any(random: &mut Random, colours: [Vec3; 3]) -> Texture {
    match random.below(10) {
        0..=2 => label(random, colours),
        3 | 4 => collage(random, colours),
        5 => marble(random, colours),
        _ => simple(random, colours),
    }
}
