//! The Linux part: prctl, Landlock, seccomp.

use std::fs;
use std::io;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

use super::{Report, SandboxError, calls};

/// The newest rights that are asked for; an older kernel grants fewer of them to take away.
const NEWEST: ABI = ABI::V6;

/// The number of cores, which the networks' thread pool wants to know.
const CORES: &str = "/proc/cpuinfo";

pub(super) fn enter(readable: &[PathBuf]) -> Result<Report, SandboxError> {
    prctl::set_no_new_privs().map_err(io::Error::from)?;
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(io::Error::from)?;
    let landlock = restrict_files(readable).unwrap_or(None);
    let seccomp = filter_calls().is_ok();
    Ok(Report { landlock, seccomp })
}

fn restrict_files(readable: &[PathBuf]) -> Result<Option<u8>, RulesetError> {
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let paths = readable.iter().map(PathBuf::as_path);
    let paths = paths.chain([CORES.as_ref()]);
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        // Those that don't exist are passed over.
        .add_rules(path_beneath_rules(paths, reading))?
        .restrict_self()?;
    Ok(match status.landlock {
        LandlockStatus::Available { effective_abi, .. }
            if status.ruleset != RulesetStatus::NotEnforced =>
        {
            u8::try_from(effective_abi as i32).ok()
        }
        _ => None,
    })
}

fn filter_calls() -> Result<(), Box<dyn std::error::Error>> {
    // What isn't on the list doesn't exist: libraries have a way to go on then, for instance from
    // clone3, whose flags a filter can't see, to clone.
    let missing = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let arch = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(calls::allowed()?, missing, SeccompAction::Allow, arch)?;
    let program: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter_all_threads(&program)?;
    Ok(())
}

/// Tells the kernel whom to end when memory runs out: a job is made again, a server is missed.
pub(super) fn be_the_first_to_go() {
    // Where /proc is missing or closed the kernel chooses by itself.
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
}

pub(super) fn close_inherited() {
    let Ok(open) = fs::read_dir("/proc/self/fd") else {
        return;
    };
    let numbers: Vec<i32> = open
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    for number in numbers.into_iter().filter(|number| *number > 2) {
        // The one of the listing itself is closed already.
        let _ = nix::unistd::close(number);
    }
}
