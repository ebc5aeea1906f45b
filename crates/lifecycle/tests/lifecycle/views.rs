//! Several pictures of one object are one object in the vault, from the way in to the end.

use domain::{JobState, Lifetime};
use lifecycle::{Bundle, Role, SubmitError, Wishes};
use zeroize::Zeroizing;

use crate::common::{House, options, picture, traces, two_views};

fn wishes(key: &str) -> Wishes {
    Wishes {
        idempotency_key: Some(key.into()),
        lifetime: Lifetime::HOUR,
        ..options().into()
    }
}

#[tokio::test]
async fn all_sides_are_sealed_under_one_key_and_end_with_the_model() {
    let house = House::new().await;
    let submitted = house.lifecycle().submit(two_views(b"x"), options()).await;
    let id = submitted.unwrap().id;
    assert_eq!(house.object_files().len(), 2, "one object, one key");
    let sides = [picture(b"x"), picture(b"from the left")];
    assert_eq!(traces(&house, &sides), 0, "nothing readable of either");
    let sealed = house.sealed_bytes();
    let running = house.run();
    house.wait_for(id, JobState::Done).await;
    running.stop().await;
    assert_eq!(traces(&house, &sealed), 0, "neither is there any more");
    let receipts = house.lifecycle().receipts(id).await.unwrap();
    assert_eq!(receipts.len(), 1, "one receipt for all sides");
}

#[tokio::test]
async fn a_side_that_is_no_picture_is_named_and_nothing_is_kept() {
    let house = House::new().await;
    let mut views = two_views(b"x");
    views.insert(Role::Back, Zeroizing::new(b"Dear diary".to_vec()));
    let refused = house.lifecycle().submit(views, options()).await;
    let error = refused.unwrap_err();
    assert!(matches!(error, SubmitError::Picture(Role::Back, _)));
    let text = error.to_string();
    assert!(text.starts_with("the back picture: this is not"), "{text}");
    assert!(house.object_files().is_empty());
}

#[tokio::test]
async fn all_sides_together_are_no_longer_than_one_may_be() {
    let len = picture(b"x").len();
    let house = House::with(|config| config.max_upload_bytes = len * 3 / 2).await;
    house.submit_bytes(picture(b"x")).await.unwrap();
    let refused = house.lifecycle().submit(two_views(b"x"), options()).await;
    assert!(matches!(refused, Err(SubmitError::TooLarge { .. })));
}

#[tokio::test]
async fn a_request_is_the_same_only_with_the_same_pictures_on_the_same_sides() {
    let house = House::new().await;
    let submit = |views: Bundle| house.lifecycle().submit(views, wishes("key"));
    let first = submit(two_views(b"x")).await.unwrap().id;
    assert_eq!(submit(two_views(b"x")).await.unwrap().id, first);
    let mut turned = Bundle::from(picture(b"x"));
    turned.insert(Role::Right, picture(b"from the left").into());
    for other in [two_views(b"y"), picture(b"x").into(), turned] {
        let refused = submit(other).await;
        assert!(matches!(refused, Err(SubmitError::KeyReused)));
    }
}
