//! Memory in whole cache lines, so that no vector that is read from it lies across two.

use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

/// One line of the cache: the widest vector there is.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
struct Line([u32; 16]);

/// Numbers of four bytes, the first at the beginning of a line.
pub(crate) struct Lines<T> {
    lines: Vec<Line>,
    len: usize,
    of: std::marker::PhantomData<T>,
}

impl<T: Pod> Lines<T> {
    /// So many zeros.
    pub(crate) fn zeros(len: usize) -> Self {
        let lines = vec![Line([0; 16]); len.div_ceil(16)];
        Self {
            lines,
            len,
            of: std::marker::PhantomData,
        }
    }
}

impl<T: Pod> Deref for Lines<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }
}

impl<T: Pod> DerefMut for Lines<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}
