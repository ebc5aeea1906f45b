//! What was done and what is left, in sentences.

use std::fmt;

use super::Repaired;
use crate::Surface;

/// What is still wrong with the result.
pub(super) fn remaining(body: &Surface, sound: bool, crossing: usize) -> Vec<String> {
    if body.triangles.is_empty() {
        return vec![
            "Nothing is left: the faces enclose no volume. Give the shape thickness in a \
             modelling program."
                .into(),
        ];
    }
    let mut remaining = Vec::new();
    if !sound {
        remaining.push("It is still open; allow it to be wrapped anew.".into());
    }
    if crossing > 0 {
        remaining.push(format!(
            "{crossing} pairs of faces still run through each other. Slicers join pieces that \
             overlap; wrapping anew makes them one."
        ));
    }
    remaining
}

impl fmt::Display for Repaired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            (
                self.merged_vertices,
                "Merged",
                "vertex",
                "vertices",
                "that lay on others",
            ),
            (
                self.not_finite,
                "Dropped",
                "face",
                "faces",
                "that were not numbers",
            ),
            (self.degenerate, "Dropped", "face", "faces", "without area"),
            (
                self.duplicate,
                "Dropped",
                "face",
                "faces",
                "that repeated others",
            ),
            (
                self.joined_edges,
                "Joined",
                "edge",
                "edges",
                "with a vertex in the middle",
            ),
            (
                self.split_edges,
                "Separated",
                "edge",
                "edges",
                "where faces did not fit together",
            ),
            (
                self.split_vertices,
                "Separated",
                "vertex",
                "vertices",
                "where parts only touched",
            ),
            (self.turned_faces, "Turned", "face", "faces", "outwards"),
            (
                self.dropped_crumbs,
                "Dropped",
                "piece",
                "pieces",
                "too small or without volume",
            ),
            (
                self.dropped_inner,
                "Dropped",
                "piece",
                "pieces",
                "inside others",
            ),
            (self.filled_holes, "Closed", "hole", "holes", ""),
            (
                self.untangled,
                "Untangled",
                "pair",
                "pairs",
                "of crossing faces",
            ),
        ];
        let mut is_sound = true;
        for (number, verb, one, many, what) in lines.into_iter().filter(|line| line.0 > 0) {
            is_sound = false;
            let noun = if number == 1 { one } else { many };
            let gap = if what.is_empty() { "" } else { " " };
            writeln!(f, "{verb} {number} {noun}{gap}{what}.")?;
        }
        if self.rewrapped {
            is_sound = false;
            writeln!(
                f,
                "Wrapped the whole surface anew: sharp edges are rounder than they were."
            )?;
        }
        if is_sound && self.remaining.is_empty() {
            writeln!(f, "There was nothing to repair.")?;
        }
        self.remaining
            .iter()
            .try_for_each(|sentence| writeln!(f, "{sentence}"))
    }
}
