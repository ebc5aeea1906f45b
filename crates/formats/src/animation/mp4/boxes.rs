//! The boxes of an MP4 file (ISO/IEC 14496-12; H.264 in them, 14496-15) with one video track.

use super::super::{AnimationError, Reel};
use super::Track;

/// 1 in the fixed point of 16 bits before and 16 after.
const ONE: u32 = 1 << 16;
/// No rotation, no scale: the last column counts with 30 bits after the point.
const UNTURNED: [u32; 9] = [ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30];
/// "und" in three times five bits: no language, then 16 bits of nothing.
const NO_LANGUAGE: u32 = 0x55C4 << 16;
/// What everybody writes and nobody reads, with 16 bits after the point.
const DOTS_PER_INCH: u32 = 72 << 16;

/// The whole file.
pub(super) fn file(reel: &Reel, track: &Track) -> Result<Vec<u8>, AnimationError> {
    // Offsets have 32 bits, and everything else in the file is small.
    if track.data.len() > (u32::MAX / 2) as usize {
        return Err(AnimationError::encoder("more than 2 GiB"));
    }
    if track.sequence_parameters.len() < 4 || track.picture_parameters.is_empty() {
        return Err(AnimationError::encoder("no parameters"));
    }
    // The main brand, its version, and all that the file conforms to.
    let begin = atom(b"ftyp", &[b"isom", &[0, 0, 2, 0], b"isomiso2avc1mp41"]);
    // The index is as long whatever it says.
    let index_bytes = index(reel, track, 0).len();
    let first = begin.len() + index_bytes + 8;
    let index = index(reel, track, first as u32);
    Ok([begin, index, atom(b"mdat", &[&track.data])].concat())
}

/// Everything about the pictures, which begin at byte `first` of the file.
fn index(reel: &Reel, track: &Track, first: u32) -> Vec<u8> {
    let header = [
        &[0, 0, timescale(reel), duration(reel), ONE, 256 << 16, 0, 0][..],
        &UNTURNED,
        &[0, 0, 0, 0, 0, 0, 2], // six that are no longer used, the next track's number
    ];
    atom(
        b"moov",
        &[
            &full(b"mvhd", 0, &words(&header.concat())),
            &video(reel, track, first),
        ],
    )
}

/// Ticks per second, such that every frame lasts a whole number of them: `duration_ms`.
fn timescale(reel: &Reel) -> u32 {
    reel.frames * 1000
}

/// In ticks.
fn duration(reel: &Reel) -> u32 {
    reel.frames * reel.duration_ms
}

fn video(reel: &Reel, track: &Track, first: u32) -> Vec<u8> {
    const SHOWN: u32 = 3;
    let header = [
        &[0, 0, 1, 0, duration(reel), 0, 0, 0, 0][..],
        &UNTURNED,
        &[reel.width * ONE, reel.height * ONE],
    ];
    let media = [0, 0, timescale(reel), duration(reel), NO_LANGUAGE];
    let handler = [&words(&[0])[..], b"vide", &[0; 12], b"\0"].concat();
    let here = full(b"url ", 1, &[]);
    let sources = full(b"dref", 0, &[&words(&[1])[..], &here].concat());
    let information = atom(
        b"minf",
        &[
            &full(b"vmhd", 1, &words(&[0, 0])),
            &atom(b"dinf", &[&sources]),
            &samples(reel, track, first),
        ],
    );
    atom(
        b"trak",
        &[
            &full(b"tkhd", SHOWN, &words(&header.concat())),
            &atom(
                b"mdia",
                &[
                    &full(b"mdhd", 0, &words(&media)),
                    &full(b"hdlr", 0, &handler),
                    &information,
                ],
            ),
        ],
    )
}

/// Where each frame is, how long it is shown and how to read it.
fn samples(reel: &Reel, track: &Track, first: u32) -> Vec<u8> {
    let count = track.samples.len() as u32;
    let keys: Vec<u32> = (1..)
        .zip(&track.samples)
        .filter_map(|(number, sample)| sample.key.then_some(number))
        .collect();
    let sizes: Vec<u32> = track.samples.iter().map(|sample| sample.bytes).collect();
    let description = [&words(&[1])[..], &coding(reel, track)].concat();
    atom(
        b"stbl",
        &[
            &full(b"stsd", 0, &description),
            &full(b"stts", 0, &words(&[1, count, reel.duration_ms])),
            &full(
                b"stss",
                0,
                &words(&[&[keys.len() as u32], &keys[..]].concat()),
            ),
            &full(b"stsc", 0, &words(&[1, 1, count, 1])),
            &full(b"stsz", 0, &words(&[&[0, count], &sizes[..]].concat())),
            &full(b"stco", 0, &words(&[1, first])),
        ],
    )
}

fn coding(reel: &Reel, track: &Track) -> Vec<u8> {
    let size = (reel.width << 16) | reel.height;
    let mut body = words(&[0, 1, 0, 0, 0, 0, size, DOTS_PER_INCH, DOTS_PER_INCH, 0]);
    // One frame per sample, no name, 24 bits of colour, no table of colours.
    body.extend([0, 1]);
    body.extend([0; 32]);
    body.extend([0, 24, 255, 255]);
    let (sequence, picture) = (&track.sequence_parameters, &track.picture_parameters);
    let length = |unit: &[u8]| (unit.len() as u16).to_be_bytes();
    let parameters = [
        &[1, sequence[1], sequence[2], sequence[3]][..], // version, profile, its limits, level
        &[0xFC | 3, 0xE0 | 1], // lengths have four bytes; one set of each parameters
        &length(sequence),
        sequence,
        &[1],
        &length(picture),
        picture,
    ];
    // BT.709 three times (primaries, transfer, matrix), narrow range.
    let colour = [&b"nclx"[..], &[0, 1, 0, 1, 0, 1, 0]];
    atom(
        b"avc1",
        &[&body, &atom(b"avcC", &parameters), &atom(b"colr", &colour)],
    )
}

/// A box: its length, its name, what is in it.
fn atom(name: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let length = content.iter().map(|part| part.len()).sum::<usize>() + 8;
    let mut out = Vec::with_capacity(length);
    out.extend((length as u32).to_be_bytes());
    out.extend(name);
    for part in content {
        out.extend(*part);
    }
    out
}

/// A box that begins with its version, 0, and 24 flags.
fn full(name: &[u8; 4], flags: u32, content: &[u8]) -> Vec<u8> {
    atom(name, &[&flags.to_be_bytes(), content])
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}
