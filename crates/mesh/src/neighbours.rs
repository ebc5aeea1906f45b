//! Which vertices are joined by an edge.

use crate::Surface;

/// The vertices around each vertex of a closed surface, as one list with offsets.
pub struct Neighbours {
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Neighbours {
    /// On a closed surface each neighbour is met once as the end of an edge that some triangle runs
    /// along; at an open border half of them are missing.
    pub fn of(surface: &Surface) -> Self {
        let mut starts = vec![0; surface.positions.len() + 1];
        let edges = || {
            let edges = |&[a, b, c]: &[u32; 3]| [(a, b), (b, c), (c, a)];
            surface.triangles.iter().flat_map(edges)
        };
        for (from, _) in edges() {
            starts[from as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut fill = starts.clone();
        let mut list = vec![0; surface.triangles.len() * 3];
        for (from, to) in edges() {
            list[fill[from as usize] as usize] = to;
            fill[from as usize] += 1;
        }
        Self { starts, list }
    }

    /// The neighbours of all vertices one after the other.
    pub fn all(&self) -> &[u32] {
        &self.list
    }

    /// Where in [`Self::all`] those of a vertex are.
    pub fn range(&self, vertex: usize) -> std::ops::Range<usize> {
        self.starts[vertex] as usize..self.starts[vertex + 1] as usize
    }

    /// Those of one vertex.
    pub fn around(&self, vertex: usize) -> &[u32] {
        &self.list[self.range(vertex)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    #[test]
    fn a_box_s_corners_have_their_three_edges_and_diagonals() {
        let cuboid = Surface::cuboid(Vec3::ZERO, Vec3::ONE);
        let neighbours = Neighbours::of(&cuboid);
        for (vertex, &position) in cuboid.positions.iter().enumerate() {
            let around = neighbours.around(vertex);
            let near = |v: &&u32| cuboid.positions[**v as usize].distance(position) == 1.0;
            assert_eq!(around.iter().filter(near).count(), 3);
            assert!(
                (around.iter()).all(|&v| neighbours.around(v as usize).contains(&(vertex as u32)))
            );
        }
        // Euler: two ends for each of 18 edges.
        assert_eq!(neighbours.all().len(), 36);
    }
}
