//! What is made of a model on demand: in memory, under the model's own deadline, leaving nothing.

use crate::common::{finished, traces};
use domain::Id;
use formats::{Format, Limits};
use lifecycle::{Artifact, ReadError};

const HOUR: i64 = 3600;

#[tokio::test]
async fn the_model_comes_in_another_format_and_size_and_the_sealed_one_stays_as_it_is() {
    let (house, id) = finished().await;
    let lifecycle = house.lifecycle();
    let sealed = house.sealed_bytes();
    let glb = lifecycle.download(id, Artifact::Model).await.unwrap();
    let exported = lifecycle
        .export(id, Format::ThreeMf, Some(0.08))
        .await
        .unwrap();
    assert_eq!(exported.expires_at, glb.expires_at);
    let read = |bytes: &[u8]| formats::read(bytes, &|_| None, &Limits::default()).unwrap();
    let (opened, original) = (read(&exported.bytes), read(&glb.bytes));
    assert_eq!(opened.format, Format::ThreeMf);
    assert_eq!(opened.model.triangles.len(), original.model.triangles.len());
    let (low, high) = mesh::measure::bounds(&opened.model.positions);
    assert!(((high - low).max_element() - 0.08).abs() < 1e-5);

    let usual = lifecycle.export(id, Format::Glb, None).await.unwrap();
    assert!(
        usual.bytes == glb.bytes,
        "GLB is handed out as it was sealed"
    );
    let again = lifecycle.export(id, Format::ThreeMf, Some(0.08)).await;
    assert!(
        again.unwrap().bytes == exported.bytes,
        "the same request, the same bytes"
    );
    assert!(house.sealed_bytes() == sealed);
}

#[tokio::test]
async fn a_file_that_can_say_how_it_was_made_does() {
    let (house, id) = finished().await;
    let glb = house.lifecycle().export(id, Format::Glb, Some(0.1)).await;
    let text = String::from_utf8_lossy(&glb.unwrap().bytes).into_owned();
    // Nobody named an engine, and the row doesn't keep which one was taken.
    for words in [r#""tier":"base""#, r#""seed":"#] {
        assert!(text.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_report_is_of_the_size_that_was_asked_for_and_has_a_picture() {
    let (house, id) = finished().await;
    let lifecycle = house.lifecycle();
    let findings = lifecycle.report(id, 0.1).await.unwrap();
    let longest = findings.report.size.into_iter().fold(0.0, f32::max);
    assert!((longest - 0.1).abs() < 1e-5, "{longest}");
    assert!(findings.report.printable, "{}", findings.report);
    let picture = lifecycle.report_picture(id, 0.1).await.unwrap();
    assert!(picture.bytes.starts_with(b"\x89PNG"));
    assert_eq!(picture.expires_at, findings.expires_at);
}

#[tokio::test]
async fn nothing_that_was_derived_is_kept_in_the_data_folder() {
    let (house, id) = finished().await;
    let lifecycle = house.lifecycle();
    let files = house.object_files();
    let mut secrets = Vec::new();
    for format in [Format::Stl, Format::Ply, Format::Obj] {
        let made = lifecycle.export(id, format, None).await.unwrap();
        // The beginning is the format's own text, the same for every model.
        secrets.push(made.bytes[1000..].to_vec());
    }
    let picture = lifecycle.report_picture(id, 0.1).await.unwrap();
    secrets.push(picture.bytes.to_vec());
    assert_eq!(house.object_files(), files);
    assert_eq!(traces(&house, &secrets), 0);
}

#[tokio::test]
async fn what_is_destroyed_or_due_or_not_there_is_not_derived_either() {
    let (house, id) = finished().await;
    let lifecycle = house.lifecycle();
    let waiting = house.submit().await.id;
    assert!(matches!(
        lifecycle.report(waiting, 0.1).await,
        Err(ReadError::NotReady)
    ));
    let unknown = lifecycle.export(Id::random(), Format::Stl, None).await;
    assert!(matches!(unknown, Err(ReadError::NotFound)));

    house.clock.advance_secs(HOUR - 1);
    assert!(lifecycle.export(id, Format::Stl, None).await.is_ok());
    house.clock.advance_secs(1);
    let gone = async || {
        let export = lifecycle.export(id, Format::Stl, None).await;
        assert!(matches!(export, Err(ReadError::Gone)));
        assert!(matches!(
            lifecycle.report(id, 0.1).await,
            Err(ReadError::Gone)
        ));
        let picture = lifecycle.report_picture(id, 0.1).await;
        assert!(matches!(picture, Err(ReadError::Gone)));
    };
    gone().await;
    lifecycle.destroy(id).await.unwrap();
    gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_all_get_theirs() {
    let (house, id) = finished().await;
    let asked = (0..8).map(|_| {
        let lifecycle = house.lifecycle().clone();
        tokio::spawn(async move { lifecycle.export(id, Format::Stl, None).await })
    });
    for answer in asked.collect::<Vec<_>>() {
        assert!(answer.await.unwrap().is_ok());
    }
}
