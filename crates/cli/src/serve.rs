//! `ai3dgen serve`: the web service on one address.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use domain::{CEILING_SECS, SystemClock};
use lifecycle::{Config, Lifecycle};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use worker::{Patience, Processes};

use crate::installation::Installation;

mod analytics;

/// Where to listen and where to keep things. The defaults need no configuration.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub installation: Installation,
    /// Memory for each of the processes that decode pictures and make models
    #[arg(long, value_parser = crate::worker::memory, default_value = "4GiB", value_name = "SIZE")]
    pub worker_memory: u64,
    /// Address and port for Prometheus to read metrics from; there are none without it
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Clients come through a proxy of yours: tell them apart by the last entry of X-Forwarded-For
    #[arg(long)]
    pub trust_proxy: bool,
    /// Programs need a key (`ai3dgen keys create`); the page stays open
    #[arg(long)]
    pub require_keys: bool,
    /// How clients reach this server, as in https://3d.example.org; without it, what each request names
    #[arg(long, value_parser = public_url, value_name = "URL")]
    pub public_url: Option<String>,
    /// The e-mail address at which people reach whoever runs this server; shown at /contact
    #[arg(long, value_parser = mailbox, value_name = "ADDRESS")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub analytics: analytics::AnalyticsArgs,
    /// Fetch pictures from, and tell webhooks in, private networks too
    #[arg(long)]
    pub allow_private_targets: bool,
    /// Keep keys in memory only: a restart makes all content unreadable
    #[arg(long)]
    pub ephemeral: bool,
    /// How long after a model was made downloads may extend its life, 6h at most
    #[arg(long, value_parser = ceiling_secs, default_value = "6h", value_name = "TIME")]
    pub ceiling: u32,
}

/// `name@example.org`: close enough that a mistake on the command line is noticed.
fn mailbox(text: &str) -> Result<String, String> {
    let known = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    let plain = text.chars().all(|letter| letter.is_ascii_graphic());
    match known && plain && !text.contains(['?', '&', '%']) {
        true => Ok(text.to_owned()),
        false => Err("say it as in name@example.org".into()),
    }
}

/// `6h`, `90m` or `1800s`, in seconds; 6h at most.
fn ceiling_secs(text: &str) -> Result<u32, String> {
    let (digits, unit_secs) = match text.strip_suffix(['h', 'm', 's']) {
        Some(digits) if text.ends_with('h') => (digits, 3600),
        Some(digits) if text.ends_with('m') => (digits, 60),
        Some(digits) => (digits, 1),
        None => return Err("say it with its unit, as in 6h, 90m or 1800s".into()),
    };
    let number: u32 = digits
        .parse()
        .map_err(|_| "say it as a whole number with its unit, as in 6h or 90m".to_owned())?;
    match number.checked_mul(unit_secs) {
        Some(secs @ 1..=CEILING_SECS) => Ok(secs),
        _ => Err("it is more than nothing and 6h at most".into()),
    }
}

/// Scheme and host, without a slash at the end.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
            Ok(url.into())
        }
        _ => Err("say it with its scheme and without a path, as in https://3d.example.org".into()),
    }
}

/// Serves until ^C or SIGTERM, then lets running requests finish and puts the running job back
/// in the queue. A second signal stops at once.
///
/// # Errors
/// The address is taken, the data folder or the database can't be used, or another server took the
/// database: one line that says what to do.
pub async fn run(args: ServeArgs) -> Result<()> {
    let data_dir = args.installation.data_dir()?;
    let open_files = worker::sandbox::raise_open_files()?;
    // Before the data folder: whoever starts a second server hears about the port first.
    let listener = bind(args.listen, "--listen").await?;
    let metrics = match args.metrics {
        Some(address) => Some(bind(address, "--metrics").await?),
        None => None,
    };
    let workers = spawn_blocking(move || start_workers(args.worker_memory)).await??;
    let sandbox = workers.report();
    let config = Config {
        ceiling_secs: args.ceiling,
        ephemeral: args.ephemeral,
        database: args.installation.database().cloned(),
        ..Config::new(data_dir)
    };
    let lifecycle = Lifecycle::open(config, workers, Arc::new(SystemClock)).await?;

    let (stop, stopped) = watch::channel(false);
    let work = lifecycle.clone().run(told(stopped.clone()));
    tokio::spawn(lifecycle.clone().watch_over(told(stopped.clone())));
    let stop_site = stop.clone();
    let work = tokio::spawn(async move {
        let ended = work.await;
        stop_site.send_replace(true);
        ended
    });
    tokio::spawn(async move {
        signal().await;
        stop.send_replace(true);
        signal().await;
        process::exit(130);
    });

    let address = listener.local_addr()?;
    say(&format!("ai3dgen is ready: http://{address}"))?;
    say(&format!("worker sandbox: {sandbox}"))?;
    if let Some(metrics) = &metrics {
        say(&format!(
            "metrics: http://{}/metrics",
            metrics.local_addr()?
        ))?;
    }
    if args.ephemeral {
        say("keys are kept in memory only: a restart forgets all content")?;
    }
    if !crate::matting::is_installed()? {
        say(
            "note: pictures need a transparent background until you run `ai3dgen models pull u2netp`",
        )?;
    }
    if !address.ip().is_loopback() {
        say(
            "note: others on your network can reach it, and nothing is encrypted on the way; put a TLS proxy in front",
        )?;
    }
    site::serve(
        listener,
        lifecycle,
        site::Settings {
            trust_proxy: args.trust_proxy,
            require_keys: args.require_keys,
            public_url: args.public_url,
            contact: args.contact,
            allow_private_targets: args.allow_private_targets,
            longest_upload: None,
            analytics: args.analytics.into(),
        },
        metrics,
        open_files,
        told(stopped),
    )
    .await?;
    work.await
        .context("the job runner broke")?
        .map_err(Into::into)
}

/// Starts the first of the processes that decode pictures and make models.
fn start_workers(memory_bytes: u64) -> Result<Arc<Processes>> {
    let weights = weights::default_dir()?;
    // A sandbox lets in a folder that is there; weights installed later are found in it then.
    let _ = fs::create_dir_all(&weights);
    let patience = Patience::default();
    let program = crate::worker::program(memory_bytes, &patience, &weights)?;
    Ok(Arc::new(Processes::start(program, patience)?))
}

async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "port {} is taken, perhaps by another ai3dgen; choose another one, as in {option} {}",
            address.port(),
            SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(3000)),
        ),
        _ => anyhow!("can't listen on {address}: {error}; choose another address with {option}"),
    })
}

async fn told(mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow_and_update() {
        // The sender is gone, which is a reason to stop, too.
        if stopped.changed().await.is_err() {
            return;
        }
    }
}

/// Resolves at the next ^C or, on Unix, SIGTERM.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_goes_only_downwards() {
        for (text, secs) in [("6h", 21_600), ("90m", 5400), ("1s", 1), ("360m", 21_600)] {
            assert_eq!(ceiling_secs(text), Ok(secs), "{text}");
        }
        for text in [
            "7h",
            "361m",
            "0h",
            "",
            "h",
            "6",
            "-1h",
            "1.5h",
            "99999999h",
            "6h ",
        ] {
            assert!(ceiling_secs(text).is_err(), "{text}");
        }
    }

    #[test]
    fn people_are_only_sent_to_an_address() {
        assert_eq!(mailbox("hello@example.org"), Ok("hello@example.org".into()));
        for text in [
            "",
            "hello",
            "@example.org",
            "hello@",
            "a@b@c",
            "a b@example.org",
            "hello@example.org?bcc=x@example.org",
        ] {
            assert!(mailbox(text).is_err(), "{text}");
        }
    }
}
