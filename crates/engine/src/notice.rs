//! What a person should know about a picture that makes no good model.

use crate::Viewpoint;

/// Something a person should know about the result, though the run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The object goes on beyond the picture's border, so part of it is missing.
    TouchesBorder,
    /// Nothing was cut out, as asked: the whole picture was taken as the object.
    WholePicture,
    /// Nothing stands out from the background: the whole picture was taken as the object.
    NoObject,
    /// There are several objects far apart; only one was modelled.
    SeveralObjects {
        /// How many, the modelled one included.
        count: u32,
    },
    /// No single object stands out clearly.
    Scene,
    /// The object fills the picture and goes on beyond it.
    FullFrame,
    /// Most of the cut-out is see-through; it was modelled as solid.
    SeeThrough,
    /// The object has too few pixels to show any detail.
    Small {
        /// Its longer side, in pixels.
        px: u32,
    },
    /// The object is thinner than the finest detail and was thickened.
    Thickened,
    /// The network made nothing of it; the outline was inflated instead.
    Inflated,
    /// No sound quads could be made; the model has triangles.
    Triangles,
    /// Thin parts need more faces than were asked for.
    MoreFaces {
        /// How many the model has.
        faces: u32,
    },
    /// This view contradicts the others too much to be of the same object from the side it was
    /// said to be from; the model was made without it.
    LeftOut(Viewpoint),
}

impl Notice {
    /// One of each, with 0 where there is a number.
    pub const ALL: [Self; 15] = [
        Self::TouchesBorder,
        Self::WholePicture,
        Self::NoObject,
        Self::SeveralObjects { count: 0 },
        Self::Scene,
        Self::FullFrame,
        Self::SeeThrough,
        Self::Small { px: 0 },
        Self::Thickened,
        Self::Inflated,
        Self::Triangles,
        Self::MoreFaces { faces: 0 },
        Self::LeftOut(Viewpoint::Left),
        Self::LeftOut(Viewpoint::Back),
        Self::LeftOut(Viewpoint::Right),
    ];

    /// One English sentence for a person: what is the matter and what helps.
    pub fn text(self) -> String {
        match self {
            Self::TouchesBorder => {
                "the object is cut off at the picture's border; leave some room around it for a complete model".into()
            }
            Self::WholePicture => {
                "the whole picture was used as the object because background removal is off".into()
            }
            Self::NoObject => {
                "nothing stands out from the background, so the whole picture was used as the object; use a picture of a single object in front of a plain background".into()
            }
            Self::SeveralObjects { count } => {
                format!("{count} separate objects were found and only the main one was modelled; crop the picture to the one you want")
            }
            Self::Scene => {
                "no single object stands out clearly, so the model may be a guess at a part of the scene; use a picture of one object in front of a plain background".into()
            }
            Self::FullFrame => {
                "the object fills the whole picture and goes on beyond it; step back until all of it is in the picture, with some room around it".into()
            }
            Self::SeeThrough => {
                "most of the object is see-through and was modelled as solid; an opaque cut-out shows its shape better".into()
            }
            Self::Small { px } => {
                let pixels = if px == 1 { "pixel" } else { "pixels" };
                format!("the object is only {px} {pixels} large; use a picture in which it has 256 or more")
            }
            Self::Thickened => {
                "the object is thinner than the finest detail a model can have and was made thicker; crop the picture to a part of it, or choose a higher tier".into()
            }
            Self::Inflated => {
                "the shape network made nothing of this picture, so the outline was inflated instead; another view of the object may work better".into()
            }
            Self::Triangles => {
                "parts of the object are too thin for so few quads, so the model has triangles; ask for more faces to get quads".into()
            }
            Self::MoreFaces { faces } => {
                format!("the model has {faces} faces, more than you asked for: with fewer, thin parts would tear; take some away in a 3D program if that doesn't matter to you")
            }
            Self::LeftOut(from) => {
                let side = from.name();
                format!("the {side} picture doesn't fit the others and was left out; check that it shows the same object from that side")
            }
        }
    }

    /// Lower-case name, stable: it is part of `--json`, of the progress stream and of stored jobs.
    pub fn name(self) -> &'static str {
        match self {
            Self::TouchesBorder => "touches_border",
            Self::WholePicture => "whole_picture",
            Self::NoObject => "no_object",
            Self::SeveralObjects { .. } => "several_objects",
            Self::Scene => "scene",
            Self::FullFrame => "full_frame",
            Self::SeeThrough => "see_through",
            Self::Small { .. } => "small",
            Self::Thickened => "thickened",
            Self::Inflated => "inflated",
            Self::Triangles => "triangles",
            Self::MoreFaces { .. } => "more_faces",
            Self::LeftOut(Viewpoint::Front) => "front_left_out",
            Self::LeftOut(Viewpoint::Left) => "left_left_out",
            Self::LeftOut(Viewpoint::Back) => "back_left_out",
            Self::LeftOut(Viewpoint::Right) => "right_left_out",
        }
    }

    /// The number in it, if it has one.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::SeveralObjects { count: number }
            | Self::Small { px: number }
            | Self::MoreFaces { faces: number } => Some(number),
            _ => None,
        }
    }

    /// The notice of that name, with that number if it has one.
    pub fn from_name(name: &str, number: u32) -> Option<Self> {
        let notice = Self::ALL.into_iter().find(|notice| notice.name() == name)?;
        Some(match notice {
            Self::SeveralObjects { .. } => Self::SeveralObjects { count: number },
            Self::Small { .. } => Self::Small { px: number },
            Self::MoreFaces { .. } => Self::MoreFaces { faces: number },
            plain => plain,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_is_found_by_its_name_and_says_what_helps() {
        for notice in Notice::ALL {
            let number = notice.number().map_or(0, |_| 7);
            let again = Notice::from_name(notice.name(), number).unwrap();
            assert_eq!(
                (again.name(), again.number().unwrap_or(0)),
                (notice.name(), number)
            );
            let text = again.text();
            assert!(
                notice == Notice::WholePicture || text.contains("; "),
                "{text}"
            );
            assert!(number == 0 || text.contains('7'), "{text}");
        }
        assert_eq!(Notice::from_name("of_the_future", 1), None);
    }
}
