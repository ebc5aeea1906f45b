//! The system calls of a program that computes, reads weights and talks over pipes that are open.

use std::collections::BTreeMap;

use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{BackendError, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

/// Whatever their arguments are.
const ALWAYS: &[i64] = &[
    // Memory. (mmap and mprotect are below.)
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Threads and what they wait for. (clone is below.)
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals to itself: a panic that aborts, a stack that overflows. (tgkill is below.)
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // Time and randomness.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    // How much memory there is, which the C library's sorting asks.
    libc::SYS_sysinfo,
    // Files that are open, or that Landlock lets it open. (openat and fcntl are below.)
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_getdents64,
];

/// Calls and what their arguments have to be.
pub(super) fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let mut calls: BTreeMap<_, _> = ALWAYS.iter().map(|call| (*call, Vec::new())).collect();
    let writing = libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC;
    let set_name = libc::PR_SET_NAME;
    let set_vma = libc::PR_SET_VMA;
    for (call, rules) in [
        // Reading only.
        (libc::SYS_openat, vec![bits(2, writing, libc::O_RDONLY)?]),
        (
            libc::SYS_fcntl,
            vec![is(1, libc::F_GETFD)?, is(1, libc::F_GETFL)?],
        ),
        // Nothing that is data becomes a program.
        (libc::SYS_mmap, vec![bits(2, libc::PROT_EXEC, 0)?]),
        (libc::SYS_mprotect, vec![bits(2, libc::PROT_EXEC, 0)?]),
        // Threads, no processes.
        (
            libc::SYS_clone,
            vec![bits(0, libc::CLONE_THREAD, libc::CLONE_THREAD)?],
        ),
        // Threads' and allocations' names.
        (libc::SYS_prctl, vec![is(0, set_name)?, is(0, set_vma)?]),
        // Asking for its own limits, which the C library does for stacks, and setting none.
        (
            libc::SYS_prlimit64,
            vec![rule(vec![condition(2, Qword, Eq, 0)?])?],
        ),
        // Its own threads only.
        (
            libc::SYS_tgkill,
            vec![rule(vec![condition(
                0,
                Dword,
                Eq,
                std::process::id().into(),
            )?])?],
        ),
    ] {
        calls.insert(call, rules);
    }
    Ok(calls)
}

/// The argument of that index is `value`.
fn is(index: u8, value: i32) -> Result<SeccompRule, BackendError> {
    rule(vec![condition(index, Dword, Eq, number(value))?])
}

/// Those bits of the argument are so.
fn bits(index: u8, mask: i32, value: i32) -> Result<SeccompRule, BackendError> {
    let masked = MaskedEq(number(mask));
    rule(vec![condition(index, Dword, masked, number(value))?])
}

fn condition(
    index: u8,
    len: SeccompCmpArgLen,
    how: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(index, len, how, value)
}

fn rule(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions)
}

/// Flags are bits, whatever their type's sign.
fn number(flags: i32) -> u64 {
    u64::from(flags.cast_unsigned())
}
