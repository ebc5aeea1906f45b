//! Image tools take the same way as models.

use domain::{JobState, Lifetime, Tool};
use formats::Format;
use imaging::{Area, Edit, Enlarge, Limits, Picture};
use lifecycle::{Again, Artifact, Backdrop, Failure, ReadError, Recipe, RetryError, Wishes};
use vault::Kind;

use crate::common::{House, options, picture};

fn edit(steps: Edit) -> Recipe {
    Recipe::Edit {
        steps: Box::new(steps),
        backdrop: None,
    }
}

fn decoded(file: &[u8]) -> Picture {
    imaging::decode(file, &Limits::default()).unwrap()
}

/// What a tool made of a picture, and its job.
async fn done(house: &House, upload: Vec<u8>, recipe: Recipe) -> domain::Id {
    let submitted = house.lifecycle().submit(upload, recipe).await.unwrap();
    let running = house.run();
    house.wait_for(submitted.id, JobState::Done).await;
    running.stop().await;
    submitted.id
}

#[tokio::test]
async fn a_picture_becomes_another_one_that_lives_and_ends_as_models_do() {
    let house = House::new().await;
    let blue = Recipe::Matte(Backdrop::Colour([0, 0, 255]));
    let id = done(&house, picture(b"a comment"), blue).await;
    let view = house.lifecycle().job(id).await.unwrap();
    assert_eq!((view.tool, view.progress), (Some(Tool::Matte), 1.0));
    assert_eq!(house.named_objects().await, 2, "the sent picture is gone");

    for artifact in [Artifact::Edited, Artifact::Preview] {
        let made = house.lifecycle().download(id, artifact).await.unwrap();
        assert_eq!(made.expires_at, view.expires_at);
        let made = decoded(&made.bytes);
        assert_eq!((made.width, made.height), (64, 64));
        assert_eq!(made.rgba[..4], [0, 0, 255, 255]);
    }
    house.clock.advance_secs(600);
    house.lifecycle().downloaded(id).await.unwrap();
    let later = house.lifecycle().job(id).await.unwrap().expires_at;
    assert_eq!(later, view.expires_at.plus_secs(600));

    house.lifecycle().destroy(id).await.unwrap();
    let gone = house.lifecycle().download(id, Artifact::Edited).await;
    assert!(matches!(gone, Err(ReadError::Gone)));
    assert!(house.object_files().is_empty());
    let receipts = house.lifecycle().receipts(id).await.unwrap();
    let kinds: Vec<Kind> = receipts.iter().map(|one| one.unverified().kind).collect();
    for kind in [Kind::Picture, Kind::Edited, Kind::Preview] {
        assert!(kinds.contains(&kind), "{kinds:?} lacks {kind:?}");
    }
}

#[tokio::test]
async fn a_tool_makes_no_model_and_a_model_is_no_edited_picture() {
    let house = House::new().await;
    let turned = edit(Edit {
        rotate: 1,
        ..Edit::default()
    });
    let id = done(&house, picture(b"a comment"), turned).await;
    let model = house.lifecycle().download(id, Artifact::Model).await;
    assert!(matches!(model, Err(ReadError::OtherKind)));
    let stl = house.lifecycle().export(id, Format::Stl, None).await;
    assert!(matches!(stl, Err(ReadError::OtherKind)));
    let report = house.lifecycle().report(id, 0.1).await;
    assert!(matches!(report, Err(ReadError::OtherKind)));

    let model = house.finished(Lifetime::HOUR).await;
    let edited = house.lifecycle().download(model, Artifact::Edited).await;
    assert!(matches!(edited, Err(ReadError::OtherKind)));
}

#[tokio::test]
async fn a_large_picture_keeps_its_size_and_a_recipe_lies_in_no_file() {
    let house = House::new().await;
    let size = (engine::PICTURE_PX + 500, 30);
    let long = Picture::new(
        size.0,
        size.1,
        [90, 80, 70, 255].repeat((size.0 * size.1) as usize),
    );
    let straight = -7.123_456_f32;
    let recipe = edit(Edit {
        straighten: straight,
        rotate: 2,
        crop: Some(Area {
            left: 0,
            top: 0,
            width: 9,
            height: 9,
        }),
        ..Edit::default()
    });
    let submitted = house.lifecycle().submit(imaging::encode_png(&long), recipe);
    submitted.await.unwrap();
    for (path, bytes) in house.all_files() {
        let found = bytes.windows(4).any(|four| four == straight.to_le_bytes());
        let told = bytes.windows(6).any(|six| six == b"7.1234");
        assert!(!found && !told, "{}", path.display());
    }

    let whole = edit(Edit {
        rotate: 2,
        ..Edit::default()
    });
    let id = done(&house, imaging::encode_png(&long), whole).await;
    let made = house.lifecycle().download(id, Artifact::Edited).await;
    let made = decoded(&made.unwrap().bytes);
    assert_eq!((made.width, made.height), size);
}

#[tokio::test]
async fn what_fails_says_why_and_only_what_may_pass_is_tried_again() {
    let house = House::new().await;
    for (steps, failure, passes) in [
        (
            Edit {
                enlarge: Some(Enlarge::Twice),
                ..Edit::default()
            },
            Failure::ToolMissing,
            true,
        ),
        (
            Edit {
                crop: Some(Area {
                    left: 64,
                    top: 0,
                    width: 1,
                    height: 1,
                }),
                ..Edit::default()
            },
            Failure::Outside,
            false,
        ),
    ] {
        let submitted = house.lifecycle().submit(picture(b"a comment"), edit(steps));
        let id = submitted.await.unwrap().id;
        let running = house.run();
        house.wait_for(id, JobState::Failed).await;
        running.stop().await;
        let view = house.lifecycle().job(id).await.unwrap();
        assert_eq!((view.failure, view.can_be_retried), (Some(failure), passes));
        let again = house.lifecycle().retry(id, Again::default()).await;
        match passes {
            true => assert_eq!(again.unwrap().tool, Some(Tool::Edit)),
            false => assert!(matches!(again, Err(RetryError::Impossible))),
        }
        house.lifecycle().destroy(id).await.unwrap();
    }
    assert!(house.object_files().is_empty());
}

#[tokio::test]
async fn the_same_request_twice_is_one_job_and_another_recipe_is_another_request() {
    let house = House::new().await;
    let keyed = |recipe: Recipe| Wishes {
        idempotency_key: Some("once".into()),
        ..recipe.into()
    };
    let send = |recipe| {
        house
            .lifecycle()
            .submit(picture(b"a comment"), keyed(recipe))
    };
    let first = send(Recipe::Matte(Backdrop::Nothing)).await.unwrap();
    let second = send(Recipe::Matte(Backdrop::Nothing)).await.unwrap();
    assert_eq!(first.id, second.id);
    let other = send(Recipe::Matte(Backdrop::Colour([0; 3]))).await;
    assert!(matches!(other, Err(lifecycle::SubmitError::KeyReused)));
}

#[tokio::test]
async fn what_a_tool_made_can_become_a_model() {
    let house = House::new().await;
    let cut = Recipe::Matte(Backdrop::Nothing);
    let id = done(&house, picture(b"a comment"), cut).await;
    let made = house
        .lifecycle()
        .download(id, Artifact::Edited)
        .await
        .unwrap();
    let model = house
        .lifecycle()
        .submit(made.bytes.to_vec(), options())
        .await;
    let model = model.unwrap().id;
    let running = house.run();
    house.wait_for(model, JobState::Done).await;
    running.stop().await;
    let glb = house.lifecycle().download(model, Artifact::Model).await;
    assert!(glb.unwrap().bytes.starts_with(b"glTF"));
}
