//! What may be asked for, and the same as a job of ours.

use formats::Format;
use lifecycle::{Bundle, Role, Wishes};
use serde::Deserialize;

use crate::api::error::{ApiError, no_text_model};
use crate::api::picture;
use crate::compat::speak::{Asked, Tier, refuse};
use crate::place::Place;
use crate::problem::Problem;

/// Other fields are skipped, as the original does.
#[derive(Deserialize)]
pub struct Request {
    image: Option<String>,
    image_front: Option<String>,
    image_left: Option<String>,
    image_back: Option<String>,
    image_right: Option<String>,
    text: Option<String>,
    mesh: Option<String>,
    seed: Option<u64>,
    octree_resolution: Option<u32>,
    face_count: Option<u32>,
    #[serde(rename = "type")]
    format: Option<String>,
}

impl Request {
    /// The pictures, what to make of them, and in which format it is wanted.
    pub fn read(self, place: Place) -> Result<(Bundle, Wishes, Format), ApiError> {
        refuse(self.mesh.is_some(), "mesh")?;
        let Some(front) = self.image.or(self.image_front) else {
            return Err(match self.text {
                Some(_) => no_text_model(),
                None => Problem::no_picture().into(),
            });
        };
        let mut pictures = Bundle::from(plain(&front, &place)?);
        let sides = [
            (Role::Left, self.image_left),
            (Role::Back, self.image_back),
            (Role::Right, self.image_right),
        ];
        for (role, side) in sides {
            if let Some(side) = side {
                pictures.insert(role, plain(&side, &place)?.into());
            }
        }
        let asked = Asked {
            tier: match self.octree_resolution {
                Some(512..) => Tier::Ultra,
                Some(384..) => Tier::Pro,
                _ => Tier::Base,
            },
            faces: self.face_count,
            seed: self.seed,
            ..Asked::default()
        };
        let format = self.format.as_deref().unwrap_or("glb");
        let format = Format::from_name(format).ok_or_else(Problem::unknown_format)?;
        Ok((pictures, asked.wishes()?, format))
    }
}

/// The bytes of a picture in base64, as a data URI or without its head.
fn plain(image: &str, place: &Place) -> Result<Vec<u8>, ApiError> {
    let text = image.split_once(";base64,").map_or(image, |(_, text)| text);
    Ok(place.counted(picture::base64(text, place.allowance.left())?)?)
}
