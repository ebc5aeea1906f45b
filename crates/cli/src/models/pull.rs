//! `ai3dgen models pull`: what is coming, the question if there is one, and the bar.

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use weights::{Cache, Entry, Network, Plan, Progress, Pulled};

use super::size;
use crate::interrupt;

/// Where there is no terminal, a line this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// What `pull` was asked for.
#[derive(Debug, clap::Args)]
pub struct PullArgs {
    /// A name from `list`
    name: String,
    /// Show licence, size, where it comes from and where it goes, and fetch nothing
    #[arg(long)]
    dry_run: bool,
    /// Don't ask, even if the licence leaves out territories or uses
    #[arg(long, short)]
    yes: bool,
}

/// Says what is coming and gets it.
pub fn run(args: &PullArgs, cache: &Cache, out: &mut impl Write) -> Result<()> {
    let name = &args.name;
    let network = Network::from_env();
    let plan = cache.plan(name, &network)?;
    announce(&plan, cache, out)?;
    if args.dry_run {
        return Ok(());
    }
    if !plan.files.is_empty() {
        let terminal = io::stdin().is_terminal();
        consent(plan.entry, args.yes, terminal, &mut io::stdin().lock(), out)?;
    }
    // The first ^C keeps what has come and says so, the second ends at once and keeps it too.
    interrupt::listen()?;
    let mut display = Display::new(io::stderr().is_terminal());
    let pulled = cache.pull(name, &network, &mut |progress| {
        display.show(progress);
        interrupt::answer()
    });
    display.finish();
    let what = match pulled? {
        Pulled::Installed => "is installed",
        Pulled::AlreadyThere => "was already installed",
    };
    Ok(writeln!(
        out,
        "{name} {what} in {}",
        cache.path(plan.entry).display()
    )?)
}

fn announce(plan: &Plan, cache: &Cache, out: &mut impl Write) -> Result<()> {
    let Plan { entry, files } = plan;
    writeln!(out, "{}: {}", entry.name, entry.purpose)?;
    writeln!(out, "  licence  {}", entry.licence)?;
    writeln!(out, "  limits   {}", entry.limits.unwrap_or("none"))?;
    if files.is_empty() {
        let to = cache.path(entry);
        return Ok(writeln!(out, "  it is there: {}", to.display())?);
    }
    let (whole, rest) = (entry.bytes(), plan.bytes());
    match whole == rest {
        true => writeln!(out, "  size     {}", size(whole))?,
        false => writeln!(out, "  size     {}, {} to fetch", size(whole), size(rest))?,
    }
    for file in files {
        writeln!(out, "  from     {}", file.from)?;
        writeln!(out, "  to       {}", file.to.display())?;
    }
    Ok(())
}

/// Asks only if the licence leaves something out: whoever pulls by name wants the rest.
fn consent(
    entry: &Entry,
    yes: bool,
    terminal: bool,
    answers: &mut dyn BufRead,
    out: &mut impl Write,
) -> Result<()> {
    let Some(limits) = entry.limits else {
        return Ok(());
    };
    if yes {
        return Ok(());
    }
    if !terminal {
        bail!(
            "the licence of {} has limits ({limits}): add --yes if they leave you free to use it",
            entry.name
        );
    }
    write!(out, "do these limits leave you free to use it? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    answers.read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => bail!("{} was not pulled", entry.name),
    }
}

/// A bar on a terminal; elsewhere a line now and then.
struct Display {
    bar: ProgressBar,
    lines: bool,
    /// The file that is shown.
    file: String,
    /// Said last, so that it isn't said at every tick.
    said: String,
    began: Instant,
    first: u64,
    last_line: Instant,
}

impl Display {
    fn new(terminal: bool) -> Self {
        let bar = if terminal {
            ProgressBar::new(0)
        } else {
            ProgressBar::hidden()
        };
        let template = "{prefix}  [{bar:30}] {decimal_bytes} of {decimal_total_bytes}  {decimal_bytes_per_sec}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        let now = Instant::now();
        Self {
            bar,
            lines: !terminal,
            file: String::new(),
            said: String::new(),
            began: now,
            first: 0,
            last_line: now,
        }
    }

    fn show(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Waiting => self.say("another process is pulling it; waiting"),
            Progress::Reading { file, .. } => {
                self.say(&format!("checking what there is of {file}"));
            }
            Progress::Downloading {
                file,
                from,
                done,
                bytes,
            } => self.coming(file, from, done, bytes),
            Progress::Retrying { reason, wait } => {
                let seconds = wait.as_secs_f32();
                self.say(&format!("{reason}; trying again in {seconds:.0} s"));
            }
            Progress::Restarting { reason } => {
                self.say(&format!("{reason}; beginning anew"));
                self.file.clear();
            }
            Progress::Installing => self.bar.tick(),
        }
    }

    fn coming(&mut self, file: &str, from: &str, done: u64, bytes: u64) {
        if self.file != file {
            self.file = file.to_owned();
            (self.began, self.first) = (Instant::now(), done);
            self.bar.set_length(bytes);
            self.bar.set_position(done);
            self.bar.set_prefix(self.file.clone());
            // What was there before is no sign of how quick this is.
            self.bar.reset_elapsed();
            self.bar.reset_eta();
            let at = if done > 0 {
                format!(" from {} on", size(done))
            } else {
                String::new()
            };
            self.say(&format!(
                "fetching {file} ({}){at} from {from}",
                size(bytes)
            ));
        }
        self.bar.set_position(done);
        if self.lines && done > self.first && self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            let rate = done.saturating_sub(self.first) as f64 / self.began.elapsed().as_secs_f64();
            let left = bytes.saturating_sub(done) as f64 / rate.max(1.0);
            self.line(&format!(
                "{file}: {:.0} %, {} of {}, {}/s, {} left",
                done as f64 * 100.0 / bytes as f64,
                size(done),
                size(bytes),
                size(rate as u64),
                time(left),
            ));
        }
    }

    /// A remark, once.
    fn say(&mut self, text: &str) {
        if self.said == text {
            return;
        }
        self.said = text.to_owned();
        if self.lines {
            self.line(text);
        } else {
            self.bar.println(text);
        }
    }

    /// Whoever went away has no use for an error either.
    fn line(&self, text: &str) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn time(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(limits: Option<&'static str>) -> Entry {
        Entry {
            name: "far",
            purpose: "",
            licence: "",
            limits,
            files: &[],
        }
    }

    /// Whether it goes on, and what was asked.
    fn asked(
        limits: Option<&'static str>,
        yes: bool,
        terminal: bool,
        answer: &str,
    ) -> (bool, String) {
        let mut out = Vec::new();
        let answer = &mut answer.as_bytes();
        let consent = consent(&entry(limits), yes, terminal, answer, &mut out);
        (consent.is_ok(), String::from_utf8(out).unwrap())
    }

    #[test]
    fn only_limits_are_asked_about() {
        assert_eq!(asked(None, false, true, ""), (true, String::new()));
        assert_eq!(asked(None, false, false, ""), (true, String::new()));
        let limits = Some("not in Atlantis");
        assert_eq!(asked(limits, true, false, ""), (true, String::new()));
        assert!(asked(limits, false, true, "y\n").0);
        for no in ["", "\n", "n\n", "maybe\n"] {
            let (goes_on, question) = asked(limits, false, true, no);
            assert!(!goes_on && question.contains("[y/N]"), "{no:?}");
        }
        assert!(!asked(limits, false, false, "y\n").0, "nobody is there");
    }

    #[test]
    fn times_are_told_as_people_do() {
        assert_eq!(
            [9.4, 61.0, 7_300.0].map(time),
            ["9 s", "2 min", "2 h 1 min"]
        );
    }
}
