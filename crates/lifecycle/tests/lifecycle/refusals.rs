//! What is not taken is refused with a reason, and leaves nothing behind.

use std::sync::Arc;

use crate::common::{House, START, picture};
#[cfg(unix)]
use crate::full_disk::ran_inside;
use domain::TestClock;
use lifecycle::{Config, InProcess, Lifecycle, OpenError, StorageError, SubmitError};

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let house = House::new().await;
    let cut_off = picture(b"x")[..100].to_vec();
    for upload in [vec![], b"just some text".to_vec(), cut_off] {
        let refused = house.submit_bytes(upload).await;
        assert!(matches!(refused, Err(SubmitError::Picture(..))));
    }
    assert!(house.object_files().is_empty());
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused() {
    let house = House::with(|config| config.max_upload_bytes = 1 << 20).await;
    let refused = house.submit_bytes(vec![0; (1 << 20) + 1]).await;
    let error = refused.unwrap_err();
    assert!(matches!(error, SubmitError::TooLarge { .. }));
    assert_eq!(error.to_string(), "the file is larger than 1 MiB");
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back_and_keeps_no_picture() {
    let house = House::with(|config| config.max_queued_jobs = 2).await;
    house.submit().await;
    house.submit().await;
    let refused = house.submit_bytes(picture(b"x")).await;
    let Err(SubmitError::QueueFull { retry_after_secs }) = refused else {
        panic!("{refused:?}");
    };
    assert!((1..=600).contains(&retry_after_secs));
    assert_eq!(house.object_files().len(), 4, "two pictures, two keys");
}

#[tokio::test]
async fn many_uploads_at_once_never_overfill_the_queue() {
    let house = House::with(|config| config.max_queued_jobs = 3).await;
    let uploads: Vec<_> = (0..8)
        .map(|_| {
            let lifecycle = house.lifecycle().clone();
            let options = crate::common::options();
            tokio::spawn(async move { lifecycle.submit(picture(b"x"), options).await })
        })
        .collect();
    let mut taken = 0;
    for upload in uploads {
        taken += usize::from(upload.await.unwrap().is_ok());
    }
    assert_eq!(taken, 3);
    assert_eq!(house.object_files().len(), 6, "three pictures, three keys");
}

#[tokio::test]
async fn an_upload_whose_sender_hangs_up_leaves_no_content() {
    let house = House::new().await;
    for millis in [0, 1, 2, 5, 10, 20] {
        let submit = house.submit_bytes(picture(b"x"));
        let _ = tokio::time::timeout(std::time::Duration::from_millis(millis), submit).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let named = house.named_objects().await;
    let kept = house.object_files().len();
    // Where the sender hung up between row and answer the row stays, without its picture.
    assert!(kept <= 2 * named, "{kept} files for {named} objects");
    let running = house.run();
    let next = house.submit().await.id;
    house.wait_for(next, domain::JobState::Done).await;
    running.stop().await;
}

#[tokio::test]
async fn a_folder_that_can_not_be_used_is_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let opened = Lifecycle::open(
        Config::new(file.join("data")),
        Arc::new(InProcess::new(Arc::new(engine::Engine::new(None)))),
        Arc::new(TestClock::at(START)),
    )
    .await;
    let error = opened.err().expect("refused");
    assert!(matches!(error, OpenError::Folder { .. }), "{error:?}");
    assert!(error.to_string().contains("file/data"), "{error}");
    assert!(error.to_string().contains("choose another"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_data_folder_is_for_its_owner_only_and_so_is_every_file_in_it() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new().await;
    house.submit().await;
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&house.data_dir()), 0o700);
    assert_eq!(mode(&house.data_dir().join("vault")), 0o700);
    for (path, _) in house.all_files() {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

/// There is room for the database, but not for the picture.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    if ran_inside(
        "refusals::a_full_disk_is_told_and_leaves_nothing_half_written",
        1024,
    ) {
        return;
    }
    let house = House::new().await;
    let refused = house.submit_bytes(crate::common::noise(1024)).await;
    assert!(
        matches!(refused, Err(SubmitError::Storage(StorageError::DiskFull))),
        "{refused:?}"
    );
    assert!(house.object_files().is_empty());
    assert!(house.submit_bytes(picture(b"x")).await.is_ok());
}
