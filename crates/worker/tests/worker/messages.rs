//! Whatever arrives is a message or an error, and never a panic.

use engine::{Event, Notice, Stage};
use imaging::DecodeError;
use worker::sandbox::Report;
use worker::{Answer, Frame, MAX_FRAME, News, Part, Request, Trouble};

use crate::common::Desk;

/// One of each.
fn frames() -> Vec<Frame> {
    let desk = Desk::new();
    let report = Report {
        landlock: Some(7),
        seccomp: true,
    };
    let format = "TIFF with this encoding".to_owned();
    let answers = [
        Answer::Hello(report),
        Answer::Beat { cpu_millis: 12 },
        Answer::News(News::Event(Event::Progress(Stage::Shape, 0.5))),
        Answer::News(News::Event(Event::Notice(Notice::Small { px: 9 }))),
        Answer::News(News::Share(0.25)),
        Answer::Admitted { len: 70 },
        Answer::Refused(DecodeError::Unsupported { format }),
        Answer::Sealed {
            part: Part::Preview,
            len: 9,
        },
        Answer::Done,
        Answer::Failed(Trouble::MatteMissing),
        Answer::Piece(vec![3; 30].into()),
    ];
    let requests = [
        Request::Hello { prepare: true },
        Request::Admit {
            len: 5,
            largest_side: 2048,
        },
        Request::Piece(vec![3; 30].into()),
        Request::Cancel,
    ];
    let mut frames = vec![desk.order.to_frame(123, 7)];
    frames.extend(answers.map(|answer| answer.to_frame(7)));
    frames.extend(requests.map(|request| request.to_frame(7)));
    frames
}

/// Reads whatever is there, as either side would.
fn read_all(mut bytes: &[u8]) -> usize {
    let mut messages = 0;
    let mut either = bytes;
    while let Ok(Some(frame)) = Frame::read(&mut bytes) {
        messages += usize::from(Answer::from_frame(frame).is_ok());
    }
    while let Ok(Some(frame)) = Frame::read(&mut either) {
        messages += usize::from(Request::from_frame(frame).is_ok());
    }
    messages
}

#[test]
fn every_message_is_understood_by_one_side_only() {
    for frame in frames() {
        let mut bytes = Vec::new();
        frame.write(&mut bytes).unwrap();
        assert_eq!(read_all(&bytes), 1, "kind {}", frame.kind);
    }
}

#[test]
fn mutated_messages_are_errors_or_other_messages() {
    let mut state = 0x9e37_79b9_u32;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize
    };
    for frame in frames() {
        let mut whole = Vec::new();
        frame.write(&mut whole).unwrap();
        for _ in 0..2000 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random() % 3 {
                let place = random() % bytes.len();
                match random() % 3 {
                    0 => bytes[place] = random() as u8,
                    1 => bytes.truncate(place + 1),
                    _ => bytes.insert(place, random() as u8),
                }
            }
            read_all(&bytes);
        }
    }
}

#[test]
fn lengths_beyond_every_bound_are_refused_before_anything_is_reserved() {
    let admit = Request::Admit {
        len: u64::MAX,
        largest_side: 2048,
    }
    .to_frame(1);
    assert!(Request::from_frame(admit).is_err());
    let order = Desk::new().order.to_frame(u64::MAX, 1);
    assert!(Request::from_frame(order).is_err());
    for part in [Part::Result, Part::Preview] {
        let sealed = Answer::Sealed { part, len: 1 << 40 };
        assert!(Answer::from_frame(sealed.to_frame(1)).is_err());
    }
    let piece = Request::Piece(vec![0; MAX_FRAME + 1].into()).to_frame(1);
    assert!(piece.write(&mut Vec::new()).is_err());
}

#[test]
fn an_order_arrives_with_its_options_and_keys() {
    let order = Desk::new().order;
    let Ok(Request::Run { order: read, len }) = Request::from_frame(order.to_frame(99, 1)) else {
        panic!("a run");
    };
    assert_eq!(len, 99);
    assert_eq!(read.options, order.options);
    assert!(read.picture.to_bytes() == order.picture.to_bytes());
    assert!(read.result.to_bytes() == order.result.to_bytes());
    assert!(read.preview.to_bytes() == order.preview.to_bytes());
}
