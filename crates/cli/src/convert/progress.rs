//! The bar while it works, and how long each stage took.

use std::time::{Duration, Instant};

use engine::{Event, Notice, Stage};
use indicatif::{ProgressBar, ProgressStyle};

use super::input::Input;

/// What the run told, with times.
pub struct Times {
    /// From the start of the program, or the end of the picture before, to the first stage.
    pub before: Duration,
    pub stages: Vec<(Stage, Duration)>,
    /// Drawing and compressing the turntable, if there is one.
    pub film: Option<Duration>,
    pub notices: Vec<Notice>,
}

/// Draws on standard error, only where that is a terminal.
pub struct Progress {
    bar: ProgressBar,
    stage_began: Instant,
    times: Times,
}

impl Progress {
    pub fn start(input: &Input, visible: bool, began: Instant) -> Self {
        let bar = if visible {
            ProgressBar::new(100)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{prefix}  [{bar:30}] {percent:>3}%  {msg}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(input.stem());
        let times = Times {
            before: began.elapsed(),
            stages: Vec::new(),
            film: None,
            notices: Vec::new(),
        };
        Self {
            bar,
            stage_began: Instant::now(),
            times,
        }
    }

    pub fn event(&mut self, event: Event) {
        let done = |stage: Stage, fraction: f32| {
            let before = Stage::ALL.iter().position(|&s| s == stage).unwrap_or(0) as f32;
            ((before + fraction) * 100.0 / Stage::ALL.len() as f32) as u64
        };
        match event {
            Event::Started(stage) => {
                self.stage_began = Instant::now();
                self.bar.set_message(stage.name());
                self.bar.set_position(done(stage, 0.0));
            }
            Event::Progress(stage, fraction) => self.bar.set_position(done(stage, fraction)),
            Event::Finished(stage) => {
                self.times.stages.push((stage, self.stage_began.elapsed()));
                self.bar.set_position(done(stage, 1.0));
            }
            Event::Notice(notice) => self.times.notices.push(notice),
        }
    }

    /// How much of it is done, 0–1.
    pub fn done(&self) -> f32 {
        self.bar.position() as f32 / 100.0
    }

    /// The name of what it is at.
    pub fn stage(&self) -> String {
        self.bar.message()
    }

    /// The turntable comes after everything else, and begins again from none.
    pub fn filming(&mut self, fraction: f32) {
        if self.times.film.is_none() {
            self.stage_began = Instant::now();
            self.bar.set_message("film");
        }
        self.times.film = Some(self.stage_began.elapsed());
        self.bar.set_position((fraction * 100.0) as u64);
    }

    /// Tells the times; if there was a film, it ends now.
    pub fn finish(mut self) -> Times {
        if let Some(film) = &mut self.times.film {
            *film = self.stage_began.elapsed();
        }
        self.bar.finish_and_clear();
        self.times
    }
}
