//! Opening a data folder, whatever the last server left in it.

use std::collections::HashSet;
use std::fs::DirBuilder;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use domain::{Clock, Id, JobState, MAX_RETRIES};
use store::{JobRow, Store};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::task::spawn_blocking;
use vault::{Reason, Vault, VaultError, VaultOptions};

use crate::estimate::History;
use crate::failure::Failure;
use crate::figures::Figures;
use crate::live::LiveJobs;
use crate::shelf::Shelf;
use crate::{Config, Lifecycle, OpenError, StorageError, Workshop};

/// Pictures decoded at a time: the largest takes 256 MiB as pixels.
const ADMISSIONS: usize = 2;

/// Models unpacked at a time: the largest takes 150 MiB as texels, and the same again while it is
/// written.
const DERIVATIONS: usize = 2;

impl Lifecycle {
    /// Opens the data folder, creating it if needed; destroys what is past its deadline and puts
    /// interrupted jobs back in the queue.
    pub async fn open(
        config: Config,
        workshop: Arc<dyn Workshop>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, OpenError> {
        let path = config.data_dir.clone();
        create_folder(&path).map_err(|reason| OpenError::Folder {
            path: path.clone(),
            reason,
        })?;
        // The vault's lock comes first: it keeps a second server from a database in this folder, too.
        let options = VaultOptions {
            ephemeral: config.ephemeral,
            ceiling_secs: config.ceiling_secs,
        };
        let vault = open_vault(&path, clock, options).await?;
        let storage = |source| OpenError::Storage {
            path: path.clone(),
            source,
        };
        let store =
            Store::of(&path, config.database.as_ref())
                .await
                .map_err(|error| match config.database {
                    Some(_) => OpenError::Database(error),
                    None => storage(error.into()),
                })?;
        let exclusive = store.exclusive().await.map_err(OpenError::Database)?;
        let lifecycle = Self {
            config,
            workshop,
            vault: Arc::new(vault),
            store,
            exclusive,
            live: Arc::new(LiveJobs::default()),
            shelf: Shelf::default(),
            queued: Notify::new(),
            admissions: Semaphore::new(ADMISSIONS),
            lives: Mutex::default(),
            derivations: Arc::new(Semaphore::new(DERIVATIONS)),
            history: History::default(),
            figures: Figures::default(),
            last_pass: AtomicI64::new(i64::MIN),
            suspects: std::sync::Mutex::default(),
        };
        lifecycle.reap().await.map_err(storage)?;
        lifecycle.recover().await.map_err(storage)?;
        lifecycle.learn().await;
        Ok(Arc::new(lifecycle))
    }

    /// Brings rows and objects into agreement after a crash. Both may lack what the other names.
    async fn recover(&self) -> Result<(), StorageError> {
        let sealed: HashSet<Id> = self.vault.list().iter().map(|terms| terms.id).collect();
        let exists = |object: Option<Id>| object.is_some_and(|id| sealed.contains(&id));
        // The only process with workers is this one, and it has none yet.
        let interrupted = self.store.orphaned_leases(self.vault.now()).await?;
        self.see_to_taken_back(&interrupted).await?;
        for row in self.store.live_jobs().await? {
            match row.state {
                JobState::Queued if !exists(row.picture) => {
                    self.keep_receipts(&row.key, row.picture).await?;
                    let lost = Failure::PictureLost.code();
                    let now = self.vault.now();
                    self.store.give_up(&row.key, lost, now).await?;
                }
                JobState::Done if !(exists(row.model) && exists(row.preview)) => {
                    self.bury(&row.key, Reason::Restart).await?;
                }
                JobState::Failed if row.picture.is_some() && !exists(row.picture) => {
                    self.keep_receipts(&row.key, row.picture).await?;
                    self.store.forget_picture(&row.key).await?;
                }
                // Whoever ended it was stopped before the picture's end.
                JobState::Failed if row.retries < MAX_RETRIES => {}
                JobState::Failed | JobState::Done | JobState::Cancelled
                    if row.picture.is_some() =>
                {
                    self.shred_picture(&row.key, row.picture, Reason::Unused)
                        .await?;
                }
                _ => {}
            }
        }
        let rows = self.store.live_jobs().await?;
        let named: HashSet<Id> = rows.iter().flat_map(JobRow::objects).collect();
        for object in sealed.difference(&named) {
            self.shred(Some(*object), Reason::Unused).await?;
        }
        Ok(())
    }
}

/// Creates the folder for its owner only. One that exists keeps its mode: it may hold other
/// things; the vault's folder inside is always closed.
fn create_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

async fn open_vault(
    data_dir: &Path,
    clock: Arc<dyn Clock>,
    options: VaultOptions,
) -> Result<Vault, OpenError> {
    let path = data_dir.to_owned();
    let folder = data_dir.join("vault");
    let opened = spawn_blocking(move || Vault::open_with(&folder, clock, options)).await;
    match opened {
        Ok(Ok(vault)) => Ok(vault),
        Ok(Err(VaultError::InUse)) => Err(OpenError::InUse { path }),
        Ok(Err(VaultError::Io(reason))) => Err(OpenError::Folder { path, reason }),
        Ok(Err(error)) => Err(OpenError::Storage {
            path,
            source: error.into(),
        }),
        Err(error) => Err(OpenError::Storage {
            path,
            source: error.into(),
        }),
    }
}
