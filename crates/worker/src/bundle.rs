//! All pictures of one job in one sequence of bytes, so that they are sealed, kept, granted and
//! destroyed as one object.
//!
//! ```text
//! "A3DP" · for each picture, in the order of Role: its role, 1 byte · its length, 8 bytes · the file
//! ```

use std::collections::BTreeMap;
use std::fmt;

use domain::Tool;
use zeroize::Zeroizing;

use crate::codec::Malformed;
use crate::message::MAX_PICTURE;

const MAGIC: &[u8; 4] = b"A3DP";
/// Role and length.
const HEADER_LEN: usize = 1 + 8;

/// What a picture is to its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The only picture, or the front of several.
    Picture,
    /// [`engine::Viewpoint::Left`].
    Left,
    /// [`engine::Viewpoint::Back`].
    Back,
    /// [`engine::Viewpoint::Right`].
    Right,
    /// White where something is to be erased, of the picture's size.
    Mask,
    /// White on what belongs to the object, likewise.
    Keep,
    /// White on what doesn't.
    Remove,
    /// What comes behind the object.
    Background,
    /// No picture: a [`Recipe`](crate::Recipe).
    Recipe,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::Picture,
        Self::Left,
        Self::Back,
        Self::Right,
        Self::Mask,
        Self::Keep,
        Self::Remove,
        Self::Background,
        Self::Recipe,
    ];
    /// What a model is made of.
    pub const VIEWS: [Self; 4] = [Self::Picture, Self::Left, Self::Back, Self::Right];

    /// What is sent for a tool.
    pub fn of_tool(tool: Tool) -> &'static [Self] {
        match tool {
            Tool::Matte => &[Self::Picture, Self::Keep, Self::Remove, Self::Background],
            Tool::Edit => &[Self::Picture, Self::Background],
            Tool::Erase => &[Self::Picture, Self::Mask],
        }
    }

    /// Lower-case name, as forms have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Left => "left",
            Self::Back => "back",
            Self::Right => "right",
            Self::Mask => "mask",
            Self::Keep => "keep",
            Self::Remove => "remove",
            Self::Background => "background",
            Self::Recipe => "recipe",
        }
    }

    /// The role of that name among those.
    pub fn from_name(name: &str, among: &[Self]) -> Option<Self> {
        among.iter().copied().find(|role| role.name() == name)
    }

    /// Written in sealed objects: never renumber.
    fn code(self) -> u8 {
        match self {
            Self::Picture => 1,
            Self::Left => 2,
            Self::Back => 3,
            Self::Right => 4,
            Self::Mask => 5,
            Self::Keep => 6,
            Self::Remove => 7,
            Self::Background => 8,
            Self::Recipe => 9,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// One picture for each role that is taken, as files. What is in it is content: owned bytes are
/// wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Bundle<B = Zeroizing<Vec<u8>>>(BTreeMap<Role, B>);

impl<B> Default for Bundle<B> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<B: AsRef<[u8]>> Bundle<B> {
    /// Adds a picture, in the place of an earlier one of that role.
    pub fn insert(&mut self, role: Role, file: B) {
        self.0.insert(role, file);
    }

    /// The picture of that role.
    pub fn get(&self, role: Role) -> Option<&[u8]> {
        self.0.get(&role).map(AsRef::as_ref)
    }

    /// How many views of an object are in it.
    pub fn views(&self) -> u32 {
        let is_view = |role: &&Role| self.0.contains_key(role);
        Role::VIEWS.iter().filter(is_view).count() as u32
    }

    /// Bytes of all files together.
    pub fn content_len(&self) -> usize {
        self.0.values().map(|file| file.as_ref().len()).sum()
    }

    /// Whether it is longer than a worker takes.
    pub fn is_too_long(&self) -> bool {
        self.written_len() as u64 > MAX_PICTURE
    }

    fn written_len(&self) -> usize {
        MAGIC.len() + self.0.len() * HEADER_LEN + self.content_len()
    }

    /// All of it, to be sealed.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Enough from the start: growing would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.written_len()));
        bytes.extend_from_slice(MAGIC);
        for (role, file) in &self.0 {
            let file = file.as_ref();
            bytes.push(role.code());
            bytes.extend_from_slice(&(file.len() as u64).to_le_bytes());
            bytes.extend_from_slice(file);
        }
        bytes
    }
}

impl<'a> Bundle<&'a [u8]> {
    /// What [`Bundle::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Malformed`] for anything else: there is one way to write a bundle.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(Malformed)?;
        let mut files = BTreeMap::new();
        while let Some((header, body)) = rest.split_first_chunk::<HEADER_LEN>() {
            let [code, len @ ..] = *header;
            let role = Role::from_code(code).ok_or(Malformed)?;
            let len = usize::try_from(u64::from_le_bytes(len)).map_err(|_| Malformed)?;
            let (file, behind) = body.split_at_checked(len).ok_or(Malformed)?;
            let in_order = files.last_key_value().is_none_or(|(last, _)| *last < role);
            if !in_order {
                return Err(Malformed);
            }
            files.insert(role, file);
            rest = behind;
        }
        rest.is_empty().then_some(Self(files)).ok_or(Malformed)
    }
}

impl<B> IntoIterator for Bundle<B> {
    type Item = (Role, B);
    type IntoIter = std::collections::btree_map::IntoIter<Role, B>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A single picture.
impl From<Vec<u8>> for Bundle {
    fn from(file: Vec<u8>) -> Self {
        Self([(Role::Picture, Zeroizing::new(file))].into())
    }
}

impl<B: AsRef<[u8]>> fmt::Debug for Bundle<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Bundle({} of {} bytes)",
            self.0.len(),
            self.content_len()
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bundles() -> impl Strategy<Value = Bundle> {
        let role = prop::sample::select(&Role::ALL[..]);
        let file = prop::collection::vec(any::<u8>(), 0..50).prop_map(Zeroizing::new);
        prop::collection::btree_map(role, file, 0..=Role::ALL.len()).prop_map(Bundle)
    }

    proptest! {
        #[test]
        fn every_picture_comes_out_as_it_went_in(bundle in bundles()) {
            let bytes = bundle.to_bytes();
            prop_assert_eq!(bytes.capacity(), bytes.len(), "written without growing");
            let read = Bundle::from_bytes(&bytes).unwrap();
            for role in Role::ALL {
                prop_assert_eq!(read.get(role), bundle.get(role));
            }
        }

        #[test]
        fn what_is_cut_off_or_longer_is_no_bundle(bundle in bundles(), cut in any::<prop::sample::Index>()) {
            let mut bytes = bundle.to_bytes();
            let shorter = Bundle::from_bytes(&bytes[..cut.index(bytes.len())]);
            // Cut between two pictures it is a bundle of fewer.
            let fewer = shorter.map_or(0, |shorter| shorter.content_len());
            prop_assert!(bundle.content_len() == 0 || fewer < bundle.content_len());
            bytes.push(0);
            prop_assert!(Bundle::from_bytes(&bytes).is_err());
        }

        #[test]
        fn whatever_reads_as_a_bundle_is_written_like_that(mut bytes in prop::collection::vec(0..11_u8, 0..60)) {
            bytes.splice(..0, *MAGIC);
            if let Ok(read) = Bundle::from_bytes(&bytes) {
                prop_assert_eq!(&*read.to_bytes(), &bytes);
            }
        }
    }
}
