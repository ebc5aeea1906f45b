//! The image tools, each in a process of its own.

use imaging::{Edit, Enlarge, Limits, Picture};
use worker::{Backdrop, Bundle, News, Recipe, Role, RunError, Trouble};

use crate::common::{Desk, picture, workers};

fn decoded(file: &[u8]) -> Picture {
    imaging::decode(file, &Limits::default()).unwrap()
}

/// What the tool makes of these pictures: the whole picture and the small one.
fn made(recipe: &Recipe, mut pictures: Bundle) -> Result<[Picture; 2], RunError> {
    pictures.insert(Role::Recipe, recipe.to_bytes());
    let desk = Desk::of(None, pictures);
    desk.run(&workers("good"))?;
    let news = desk.news.lock().unwrap();
    assert!(!news.iter().any(|news| matches!(news, News::Event(_))));
    let results = desk.results();
    Ok([0, 1].map(|part: usize| decoded(&results[part].1)))
}

fn trouble(recipe: &Recipe, pictures: Bundle) -> Trouble {
    match made(recipe, pictures) {
        Err(RunError::Trouble(trouble)) => trouble,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("made"),
    }
}

fn edit(steps: Edit) -> Recipe {
    Recipe::Edit {
        steps: Box::new(steps),
        backdrop: None,
    }
}

#[test]
fn an_object_comes_back_before_a_colour_and_before_a_picture() {
    let before = Recipe::Matte(Backdrop::Colour([1, 2, 3]));
    let [whole, small] = made(&before, picture(64).into()).unwrap();
    assert_eq!((whole.width, whole.height), (64, 64));
    assert_eq!(whole.rgba[..4], [1, 2, 3, 255], "the corner was clear");
    assert!(small == whole, "small enough already");

    let mut pictures = Bundle::from(picture(64));
    let wall = Picture::new(64, 64, [9, 8, 7, 255].repeat(64 * 64));
    pictures.insert(Role::Background, imaging::encode_png(&wall).into());
    let [whole, _] = made(&Recipe::Matte(Backdrop::Picture), pictures).unwrap();
    assert_eq!(whole.rgba[..4], [9, 8, 7, 255]);
}

#[test]
fn large_results_have_a_small_picture() {
    let turned = edit(Edit {
        rotate: 1,
        ..Edit::default()
    });
    let long = Picture::new(2000, 40, [90, 80, 70, 255].repeat(2000 * 40));
    let [whole, small] = made(&turned, imaging::encode_png(&long).into()).unwrap();
    assert_eq!((whole.width, whole.height), (40, 2000));
    assert_eq!(small.height, 1024);
}

#[test]
fn what_is_marked_goes() {
    let side = 48;
    let pixels = (0..side * side).flat_map(|at| {
        let (x, y) = (at % side, at / side);
        let spot = (20..26).contains(&x) && (20..26).contains(&y);
        if spot {
            [250, 0, 0, 255]
        } else {
            [60, 90, 120, 255]
        }
    });
    let spotted = Picture::new(side, side, pixels.collect());
    let marked = (0..side * side).flat_map(|at| {
        let (x, y) = (at % side, at / side);
        let near = (18..28).contains(&x) && (18..28).contains(&y);
        [if near { 255 } else { 0 }; 3].into_iter().chain([255])
    });
    let mask = Picture::new(side, side, marked.collect());
    let mut pictures = Bundle::from(imaging::encode_png(&spotted));
    pictures.insert(Role::Mask, imaging::encode_png(&mask).into());
    let [whole, _] = made(&Recipe::Erase { seed: 7 }, pictures).unwrap();
    assert!(
        whole
            .rgba
            .chunks_exact(4)
            .all(|pixel| pixel == [60, 90, 120, 255])
    );
}

#[test]
fn what_cannot_be_done_has_a_reason() {
    let opaque = || {
        let grey = Picture::new(64, 64, [90, 80, 70, 255].repeat(64 * 64));
        Bundle::from(imaging::encode_png(&grey))
    };
    let enlarged = edit(Edit {
        enlarge: Some(Enlarge::Twice),
        ..Edit::default()
    });
    // This worker has no networks.
    assert_eq!(trouble(&enlarged, opaque()), Trouble::ToolMissing);
    let matte = Recipe::Matte(Backdrop::Nothing);
    assert_eq!(trouble(&matte, opaque()), Trouble::ToolMissing);
    let outside = edit(Edit {
        crop: Some(imaging::Area {
            left: 60,
            top: 0,
            width: 5,
            height: 5,
        }),
        ..Edit::default()
    });
    assert_eq!(trouble(&outside, opaque()), Trouble::Outside);
    let mut other = opaque();
    other.insert(Role::Mask, picture(32).into());
    assert_eq!(trouble(&Recipe::Erase { seed: 0 }, other), Trouble::Mask);
    assert_eq!(
        trouble(&Recipe::Erase { seed: 0 }, opaque()),
        Trouble::PictureLost
    );
}
