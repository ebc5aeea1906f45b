//! Where an installation keeps things: what `serve` is told, and what others must be told to find it.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;
use store::DatabaseUrl;

/// The data folder and the database.
#[derive(Args, Clone, Debug)]
pub struct Installation {
    /// Folder for sealed pictures and models and the job list
    /// [default: ai3dgen in $XDG_DATA_HOME or ~/.local/share]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

/// The database.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// PostgreSQL for the job list instead of a file in the data folder, as in postgres://ai3dgen@host/jobs.
    /// Other users of the machine see a command line: keep passwords in the variable or in ~/.pgpass
    #[arg(
        long,
        value_name = "URL",
        env = "AI3DGEN_DATABASE_URL",
        hide_env_values = true
    )]
    database: Option<DatabaseUrl>,
}

impl Installation {
    /// The folder that was named, or the usual one.
    ///
    /// # Errors
    /// None was named and there is no home.
    pub fn data_dir(&self) -> Result<PathBuf> {
        self.data_dir.clone().map_or_else(usual_data_dir, Ok)
    }

    /// See [`Database::url`].
    pub fn database(&self) -> Option<&DatabaseUrl> {
        self.database.url()
    }
}

impl Database {
    /// The PostgreSQL database's address; `None`: it is SQLite, in the data folder. An empty address
    /// is none, as scripts that set the variable always have it.
    pub fn url(&self) -> Option<&DatabaseUrl> {
        self.database.as_ref().filter(|url| !url.is_empty())
    }
}

fn usual_data_dir() -> Result<PathBuf> {
    let data_home = env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|p| p.is_absolute());
    let data_home = data_home.or_else(|| {
        let home = env::var_os("HOME")
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())?;
        Some(home.join(".local/share"))
    });
    let data_home = data_home
        .ok_or_else(|| anyhow!("there is no home folder; name a folder with --data-dir"))?;
    Ok(data_home.join("ai3dgen"))
}
