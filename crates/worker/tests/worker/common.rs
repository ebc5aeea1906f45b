//! A vault with a sealed picture, and workers of a given character.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Id, Lifetime, SystemClock};
use engine::{Options, Shaper};
use vault::{Kind, Vault, VaultError};
use worker::{Attendant, Bundle, News, Order, Part, Patience, Processes, Program, RunError};

pub fn program(role: &str) -> Program {
    Program {
        path: env!("CARGO_BIN_EXE_unruly-worker").into(),
        args: vec![role.into()],
    }
}

/// Workers of that role, with the patience of a test.
pub fn workers(role: &str) -> Processes {
    let patience = Patience {
        silence: Duration::from_secs(4),
        ..Patience::default()
    };
    patient_workers(role, patience)
}

pub fn patient_workers(role: &str, patience: Patience) -> Processes {
    Processes::start(program(role), patience).unwrap()
}

/// A picture in a vault, an order for it, and whoever waits for the results.
pub struct Desk {
    _folder: tempfile::TempDir,
    vault: Vault,
    picture: Id,
    pub order: Order,
    pub halted: AtomicBool,
    pub news: Mutex<Vec<News>>,
    pub kept: Mutex<Vec<(Part, Id)>>,
}

impl Desk {
    pub fn new() -> Self {
        Self::with(quick())
    }

    pub fn with(options: Options) -> Self {
        Self::of(options, picture(64).into())
    }

    pub fn of(options: impl Into<Option<Options>>, pictures: Bundle) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(folder.path(), Arc::new(SystemClock)).unwrap();
        let sealed = vault.seal(Kind::Picture, &pictures.to_bytes(), Lifetime::HOUR);
        let picture = sealed.unwrap().id;
        let order = Order {
            options: options.into(),
            picture: vault.grant(picture, Kind::Picture).unwrap().0,
            result: vault.reserve(Kind::Model, Lifetime::HOUR).unwrap(),
            preview: vault.reserve(Kind::Preview, Lifetime::HOUR).unwrap(),
        };
        Self {
            _folder: folder,
            vault,
            picture,
            order,
            halted: AtomicBool::new(false),
            news: Mutex::default(),
            kept: Mutex::default(),
        }
    }

    pub fn run(&self, workers: &Processes) -> Result<(), RunError> {
        let (_, sealed) = self.vault.grant(self.picture, Kind::Picture).unwrap();
        workers.run(&self.order, sealed, self)
    }

    /// What was kept, opened.
    pub fn results(&self) -> Vec<(Part, Vec<u8>)> {
        let kept = self.kept.lock().unwrap();
        let open = |(part, id): &(Part, Id)| {
            let kind = match part {
                Part::Result => Kind::Model,
                Part::Preview => Kind::Preview,
            };
            (*part, self.vault.read(*id, kind).unwrap().to_vec())
        };
        kept.iter().map(open).collect()
    }

    /// How many objects the vault has.
    pub fn objects(&self) -> usize {
        self.vault.list().len()
    }
}

impl Attendant for Desk {
    fn hear(&self, news: News) -> ControlFlow<()> {
        self.news.lock().unwrap().push(news);
        ControlFlow::Continue(())
    }

    fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }

    fn take(&self, part: Part, mut sealed: &mut dyn Read) -> Result<(), VaultError> {
        let grant = match part {
            Part::Result => &self.order.result,
            Part::Preview => &self.order.preview,
        };
        let adopted = self.vault.adopt(grant, &mut sealed)?;
        self.kept.lock().unwrap().push((part, adopted.id));
        Ok(())
    }
}

/// Needs no network and little time.
pub fn quick() -> Options {
    Options {
        shaper: Shaper::Inflate,
        faces: Some(500),
        texture_px: Some(64),
        ..Options::default()
    }
}

/// Asks for the network, in whose place the unruly ones misbehave.
pub fn with_network() -> Options {
    Options {
        shaper: Shaper::Builtin,
        ..quick()
    }
}

/// A disc, cut out, as PNG.
pub fn picture(side: u32) -> Vec<u8> {
    let middle = side as f32 / 2.0 - 0.5;
    let pixels = image::RgbaImage::from_fn(side, side, |x, y| {
        let (dx, dy) = (x as f32 - middle, y as f32 - middle);
        let inside = dx.hypot(dy) < middle * 0.7;
        image::Rgba([200, x as u8, y as u8, if inside { 255 } else { 0 }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}
