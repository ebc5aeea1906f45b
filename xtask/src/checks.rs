//! Everything that has to hold before a change is accepted.

use anyhow::Result;

use crate::report::{Outcome, Report};
use crate::tool::{self, cargo, command, output, root};
use crate::{binary, clients, readers, setup, web};

/// Every test.
pub fn test() -> Result<()> {
    let mut report = Report::default();
    tests(&mut report);
    report.finish()
}

/// Every test and everything else that is checked.
pub fn ci() -> Result<()> {
    let mut report = Report::default();
    report.step("formatting", || {
        tool::run(cargo().args(["fmt", "--all", "--check"]))
    });
    tests(&mut report);
    report.step("lints", lints);
    report.step("licences and sources", || {
        deny(&["licenses", "bans", "sources"])
    });
    report.step("advisories", advisories);
    report.step("release binary", binary::check_release);
    report.finish()
}

fn tests(report: &mut Report) {
    report.step("tools", setup::tools);
    // First: the server embeds what it builds.
    report.step("web", web::test);
    report.step("build", || {
        tool::run(cargo().args(["test", "--workspace", "--no-run"]))
    });
    // Before the Rust tests: background removal is tested with its real weights.
    report.step("weights", || binary::pull_weights(&binary::tested()?));
    report.step("postgresql", setup::postgresql);
    report.step("rust", || {
        // All of them: a failure must not hide another.
        tool::run(cargo().args(["test", "--workspace", "--no-fail-fast"]))
    });
    gpu(report);
    // Learning itself takes a GPU and is not part of any check; training/README.md says what was run.
    report.step("training scripts", || {
        tool::run(command(setup::python()?).args(["-m", "compileall", "-q", "training"]))
    });
    report.step("readers", || readers::run(&binary::tested()?));
    report.step("clients of other services", || api("clients.py"));
    report.step("agents (mcp)", || api("agent.py"));
    report.step("webhooks", || api("webhooks.py"));
    report.step("api contract", || api("contract.py"));
    report.step("our clients", clients::build);
    report.step("our client for python", || {
        clients::test_python(&binary::tested()?)
    });
    report.step("our client for typescript", || {
        clients::test_typescript(&binary::tested()?)
    });
    report.step("our client for blender", || {
        clients::test_blender(&binary::tested()?)
    });
    report.step("browser", browser);
}

/// The GPU's code: all of it on the processor, and as much of its builds as this machine has tools for.
/// No step runs anything on a GPU; docs/triposr.md says so.
fn gpu(report: &mut Report) {
    // With the workspace's other features as they are, few crates are built anew.
    let test = [
        "--workspace",
        "--features",
        "triposr/candle",
        "--test",
        "gpu",
    ];
    report.step("gpu code, on the cpu", || {
        tool::run(cargo().arg("test").args(test))
    });
    report.step("gpu code, lints", || {
        tool::run(
            cargo()
                .arg("clippy")
                .args(test)
                .args(["--", "-D", "warnings"]),
        )
    });
    report.step("gpu build (cuda)", || match tool::find("nvcc") {
        Some(_) => builds("cuda"),
        None => Ok(Outcome::NotRun("there is no nvcc, CUDA's compiler")),
    });
    report.step("gpu build (metal)", || match cfg!(target_os = "macos") {
        true => builds("metal"),
        false => Ok(Outcome::NotRun("Metal is only on macOS")),
    });
}

fn builds(feature: &str) -> Result<Outcome> {
    let arguments = ["check", "-p", "triposr", "--features", feature];
    tool::run(cargo().args(arguments)).map(Into::into)
}

/// Programs of others against the running server.
fn api(script: &str) -> Result<()> {
    tool::run(
        command(setup::api_clients()?)
            .arg(root().join("tests/api").join(script))
            .env("AI3DGEN_BIN", binary::tested()?),
    )
}

fn browser() -> Result<()> {
    let chromium = setup::chromium()?;
    tool::run(
        command("npm")
            .args(["run", "--silent", "test:browser"])
            .current_dir(root().join("web"))
            .env("AI3DGEN_BIN", binary::tested()?)
            .env("CHROMIUM", chromium),
    )
}

fn lints() -> Result<()> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    tool::run(cargo().args(arguments))
}

fn deny(checks: &[&str]) -> Result<()> {
    let arguments = ["check", "--hide-inclusion-graph"];
    tool::run(command(setup::cargo_deny()?).args(arguments).args(checks))
}

/// The advisory database is a repository on the internet, which not every machine reaches.
fn advisories() -> Result<Outcome> {
    if output(command(setup::cargo_deny()?).args(["fetch", "db"])).is_none() {
        return Ok(Outcome::NotRun("the advisory database can't be reached"));
    }
    deny(&["advisories"]).map(Into::into)
}
