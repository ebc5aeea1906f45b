//! The boxes around the AV1 data: items, where their bytes are, what they refer to and how they
//! are to be shown (ISO/IEC 14496-12 section 8.11, ISO/IEC 23008-12 sections 6 and 9).
//!
//! Slices of the file, nothing copied until an item's data is asked for. Counts in the file are
//! never used to reserve memory.

use super::boxes::{Fault, Part, Reader};

/// What an item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// One AV1 frame.
    Av1,
    /// A layout of other items.
    Grid,
    /// Anything else.
    Other,
}

/// Which parts a mirror exchanges (`imir`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mirror {
    TopBottom,
    LeftRight,
}

/// Colour description of a `colr` property of type `nclx`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nclx {
    pub primaries: u8,
    pub matrix: u8,
    pub full_range: bool,
}

/// The properties of an item that matter for showing it.
#[derive(Default)]
pub(super) struct Properties<'a> {
    /// Width and height before rotation.
    pub size: Option<(u32, u32)>,
    pub nclx: Option<Nclx>,
    pub icc: Option<&'a [u8]>,
    pub quarter_turns_anticlockwise: u8,
    pub mirror: Option<Mirror>,
}

/// The part of an item's data in one place of the file.
struct Extent {
    offset: u64,
    /// Zero: up to the end.
    length: u64,
}

struct Location {
    item: u32,
    in_idat: bool,
    extents: Vec<Extent>,
}

struct Reference {
    kind: [u8; 4],
    from: u32,
    to: u32,
}

/// A parsed `meta` box over the bytes of its file.
pub(super) struct Container<'a> {
    file: &'a [u8],
    idat: &'a [u8],
    primary: u32,
    kinds: Vec<(u32, ItemKind)>,
    locations: Vec<Location>,
    references: Vec<Reference>,
    /// In file order.
    properties: Vec<Part<'a>>,
    /// Item and index into `properties`.
    associations: Vec<(u32, usize)>,
}

const ALPHA_URN: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

impl<'a> Container<'a> {
    /// Reads the item structure.
    pub fn parse(file: &'a [u8]) -> Result<Self, Fault> {
        let mut boxes = Reader(file);
        let meta = loop {
            match boxes.next_box()? {
                Some((kind, body)) if &kind == b"meta" => break body,
                Some(_) => {}
                None => return Err(Fault::NoStillPicture),
            }
        };
        let mut container = Self {
            file,
            idat: &[],
            primary: 0,
            kinds: Vec::new(),
            locations: Vec::new(),
            references: Vec::new(),
            properties: Vec::new(),
            associations: Vec::new(),
        };
        let mut primary = None;
        let mut boxes = Reader(meta);
        boxes.full_box()?;
        while let Some((kind, body)) = boxes.next_box()? {
            let mut body = Reader(body);
            match &kind {
                b"pitm" => primary = Some(read_pitm(&mut body)?),
                b"iinf" => container.kinds = read_iinf(&mut body)?,
                b"iloc" => container.locations = read_iloc(&mut body)?,
                b"iref" => container.references = read_iref(&mut body)?,
                b"iprp" => container.read_iprp(&mut body)?,
                b"idat" => container.idat = body.0,
                _ => {}
            }
        }
        container.primary = primary.ok_or(Fault::NoStillPicture)?;
        Ok(container)
    }

    /// The item to show.
    pub fn primary_item(&self) -> u32 {
        self.primary
    }

    /// What an item holds, if it exists.
    pub fn kind(&self, item: u32) -> Option<ItemKind> {
        self.kinds
            .iter()
            .find(|(id, _)| *id == item)
            .map(|(_, kind)| *kind)
    }

    /// The AV1 item with the alpha channel of another.
    pub fn alpha_of(&self, item: u32) -> Option<u32> {
        self.references
            .iter()
            .filter(|r| &r.kind == b"auxl" && r.to == item)
            .map(|r| r.from)
            .find(|&auxiliary| {
                self.kind(auxiliary) == Some(ItemKind::Av1)
                    && self.properties_of(auxiliary).any(|(kind, body)| {
                        &kind == b"auxC" && body.get(4..).is_some_and(|b| b.starts_with(ALPHA_URN))
                    })
            })
    }

    /// Whether the colour was multiplied by the alpha.
    pub fn is_premultiplied(&self, item: u32, alpha: u32) -> bool {
        self.references
            .iter()
            .any(|r| &r.kind == b"prem" && r.from == item && r.to == alpha)
    }

    /// How an item is to be shown.
    pub fn properties(&self, item: u32) -> Result<Properties<'a>, Fault> {
        let mut properties = Properties::default();
        for (kind, body) in self.properties_of(item) {
            let mut body = Reader(body);
            match &kind {
                b"ispe" => {
                    body.full_box()?;
                    properties.size = Some((body.u32()?, body.u32()?));
                }
                b"colr" => match body.take(4)? {
                    b"nclx" => {
                        let codes = [body.u16()?, body.u16()?, body.u16()?];
                        let full_range = body.u8()? & 0x80 != 0;
                        // No code above 255 exists; such a one is as good as reserved.
                        let [primaries, _, matrix] =
                            codes.map(|code| u8::try_from(code).unwrap_or(u8::MAX));
                        properties.nclx = Some(Nclx {
                            primaries,
                            matrix,
                            full_range,
                        });
                    }
                    b"prof" | b"rICC" => properties.icc = Some(body.0),
                    _ => {}
                },
                b"irot" => properties.quarter_turns_anticlockwise = body.u8()? & 3,
                b"imir" => {
                    let left_right = body.u8()? & 1 == 1;
                    properties.mirror = Some(if left_right {
                        Mirror::LeftRight
                    } else {
                        Mirror::TopBottom
                    });
                }
                _ => {}
            }
        }
        Ok(properties)
    }

    /// An item's bytes, its extents joined.
    pub fn data(&self, item: u32) -> Result<Vec<u8>, Fault> {
        let location = self
            .locations
            .iter()
            .find(|l| l.item == item)
            .ok_or(Fault::Malformed)?;
        let source = if location.in_idat {
            self.idat
        } else {
            self.file
        };
        let mut data = Vec::new();
        for extent in &location.extents {
            let start = usize::try_from(extent.offset).map_err(|_| Fault::CutOff)?;
            let rest = source.get(start..).ok_or(Fault::CutOff)?;
            let length = match extent.length {
                0 => rest.len(),
                length => usize::try_from(length).map_err(|_| Fault::CutOff)?,
            };
            let part = rest.get(..length).ok_or(Fault::CutOff)?;
            // Thousands of extents over the same bytes would make a bomb of a small file.
            if data.len() + part.len() > source.len() {
                return Err(Fault::Malformed);
            }
            data.extend_from_slice(part);
        }
        Ok(data)
    }

    fn properties_of(&self, item: u32) -> impl Iterator<Item = Part<'a>> {
        self.associations
            .iter()
            .filter(move |(id, _)| *id == item)
            .filter_map(|(_, index)| self.properties.get(*index).copied())
    }

    fn read_iprp(&mut self, body: &mut Reader<'a>) -> Result<(), Fault> {
        while let Some((kind, inner)) = body.next_box()? {
            let mut inner = Reader(inner);
            match &kind {
                b"ipco" => {
                    while let Some(property) = inner.next_box()? {
                        self.properties.push(property);
                    }
                }
                b"ipma" => read_ipma(&mut inner, &mut self.associations)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn read_pitm(body: &mut Reader<'_>) -> Result<u32, Fault> {
    let (version, _) = body.full_box()?;
    body.id(version >= 1)
}

fn read_iinf(body: &mut Reader<'_>) -> Result<Vec<(u32, ItemKind)>, Fault> {
    let (version, _) = body.full_box()?;
    body.id(version >= 1)?; // the count: the box's end says the same
    let mut kinds = Vec::new();
    while let Some((kind, entry)) = body.next_box()? {
        if &kind != b"infe" {
            continue;
        }
        let mut entry = Reader(entry);
        let (version, _) = entry.full_box()?;
        if version < 2 {
            continue;
        }
        let item = entry.id(version >= 3)?;
        entry.u16()?; // protection
        kinds.push((
            item,
            match entry.take(4)? {
                b"av01" => ItemKind::Av1,
                b"grid" => ItemKind::Grid,
                _ => ItemKind::Other,
            },
        ));
    }
    Ok(kinds)
}

fn read_iloc(body: &mut Reader<'_>) -> Result<Vec<Location>, Fault> {
    let (version, _) = body.full_box()?;
    let sizes = body.u16()?;
    let [offset_size, length_size, base_size, index_size] =
        [12, 8, 4, 0].map(|shift| usize::from(sizes >> shift & 15));
    let count = body.id(version >= 2)?;
    let mut locations = Vec::new();
    for _ in 0..count {
        let item = body.id(version >= 2)?;
        let construction = if version >= 1 { body.u16()? & 15 } else { 0 };
        body.u16()?; // data reference: always this file
        let base = body.uint(base_size)?;
        let extent_count = body.u16()?;
        let mut extents = Vec::new();
        for _ in 0..extent_count {
            if version >= 1 {
                body.uint(index_size)?;
            }
            let offset = body
                .uint(offset_size)?
                .checked_add(base)
                .ok_or(Fault::Malformed)?;
            let length = body.uint(length_size)?;
            // Extents of no bytes in the file can be counted without end.
            if offset_size + length_size == 0 && extent_count > 1 {
                return Err(Fault::Malformed);
            }
            extents.push(Extent { offset, length });
        }
        // Construction 2 (inside another item) is not used by AVIF.
        if construction < 2 {
            locations.push(Location {
                item,
                in_idat: construction == 1,
                extents,
            });
        }
    }
    Ok(locations)
}

fn read_iref(body: &mut Reader<'_>) -> Result<Vec<Reference>, Fault> {
    let (version, _) = body.full_box()?;
    let mut references = Vec::new();
    while let Some((kind, inner)) = body.next_box()? {
        let mut inner = Reader(inner);
        let from = inner.id(version >= 1)?;
        for _ in 0..inner.u16()? {
            let to = inner.id(version >= 1)?;
            references.push(Reference { kind, from, to });
        }
    }
    Ok(references)
}

fn read_ipma(body: &mut Reader<'_>, out: &mut Vec<(u32, usize)>) -> Result<(), Fault> {
    let (version, flags) = body.full_box()?;
    let wide_index = flags & 1 == 1;
    for _ in 0..body.u32()? {
        let item = body.id(version >= 1)?;
        for _ in 0..body.u8()? {
            let index = if wide_index {
                body.u16()? & 0x7fff
            } else {
                u16::from(body.u8()? & 0x7f)
            };
            // Counted from one; zero means none.
            if let Some(index) = usize::from(index).checked_sub(1) {
                out.push((item, index));
            }
        }
    }
    Ok(())
}
