//! What a tool is to do, exactly. Where a picture is cut and what is put behind it says something about
//! the picture, so a recipe is sealed with it and lies in no row.

use domain::Tool;
use imaging::{Adjustments, Area, Edit, Enlarge, Style, WhiteBalance};
use zeroize::Zeroizing;

use crate::codec::{Malformed, Packer, Unpacker};

/// One tool's work on one picture. Steps and ranges are those of [`imaging::edit`].
#[derive(Clone, Debug)]
pub enum Recipe {
    /// The background goes.
    Matte(Backdrop),
    /// Everything else, in one go.
    Edit {
        /// The steps. Its `background` is not looked at: the next field says it.
        steps: Box<Edit>,
        /// What becomes of the background; `None`: it stays.
        backdrop: Option<Backdrop>,
    },
    /// What [`Role::Mask`](crate::Role::Mask) marks goes.
    Erase {
        /// Other seeds fill otherwise.
        seed: u64,
    },
}

/// What comes behind the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backdrop {
    /// Nothing: it is transparent.
    Nothing,
    /// One colour, sRGB.
    Colour([u8; 3]),
    /// The picture [`Role::Background`](crate::Role::Background).
    Picture,
}

impl Recipe {
    /// Which tool it is for.
    pub fn tool(&self) -> Tool {
        match self {
            Self::Matte(_) => Tool::Matte,
            Self::Edit { .. } => Tool::Edit,
            Self::Erase { .. } => Tool::Erase,
        }
    }

    /// To be sealed beside the picture.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let packer = Packer::default().text(self.tool().name());
        match self {
            Self::Matte(backdrop) => packer.backdrop(*backdrop),
            Self::Edit { steps, backdrop } => {
                packer.steps(steps).optional(*backdrop, Packer::backdrop)
            }
            Self::Erase { seed } => packer.u64(*seed),
        }
        .done()
    }

    /// What [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Malformed`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut message = Unpacker::of(bytes);
        let recipe = match message.named(&Tool::ALL, Tool::name)? {
            Tool::Matte => Self::Matte(message.backdrop()?),
            Tool::Edit => Self::Edit {
                steps: Box::new(message.steps()?),
                backdrop: message.optional(Unpacker::backdrop)?,
            },
            Tool::Erase => Self::Erase {
                seed: message.u64()?,
            },
        };
        message.end().map(|()| recipe)
    }
}

impl Packer {
    fn backdrop(self, backdrop: Backdrop) -> Self {
        match backdrop {
            Backdrop::Nothing => self.u8(0),
            Backdrop::Colour([r, g, b]) => self.u8(1).u8(r).u8(g).u8(b),
            Backdrop::Picture => self.u8(2),
        }
    }

    fn steps(self, edit: &Edit) -> Self {
        // Named one by one, so that a new step can't be forgotten here.
        let Edit {
            rotate,
            perspective,
            straighten,
            crop,
            denoise,
            adjustments,
            background: _,
            style,
            enlarge,
            sharpen,
        } = edit;
        let Adjustments {
            white_balance,
            exposure_ev,
            contrast,
            saturation,
        } = *adjustments;
        let packer = self
            .u8(*rotate)
            .optional(*perspective, |packer, corners| {
                let numbers = corners.into_iter().flatten();
                numbers.fold(packer, Self::f32)
            })
            .f32(*straighten)
            .optional(*crop, |packer, area| {
                let sides = [area.left, area.top, area.width, area.height];
                sides.into_iter().fold(packer, Self::u32)
            })
            .optional(*denoise, Self::f32)
            .flag(white_balance.auto);
        [
            white_balance.temperature,
            white_balance.tint,
            exposure_ev,
            contrast,
            saturation,
        ]
        .into_iter()
        .fold(packer, Self::f32)
        .optional(*style, |packer, style| packer.text(style.name()))
        .optional(*enlarge, |packer, by| packer.u32(by.factor()))
        .f32(*sharpen)
    }
}

impl Unpacker<'_> {
    fn backdrop(&mut self) -> Result<Backdrop, Malformed> {
        Ok(match self.u8()? {
            0 => Backdrop::Nothing,
            1 => Backdrop::Colour([self.u8()?, self.u8()?, self.u8()?]),
            2 => Backdrop::Picture,
            _ => return Err(Malformed),
        })
    }

    fn steps(&mut self) -> Result<Edit, Malformed> {
        Ok(Edit {
            rotate: self.u8()?,
            perspective: self.optional(|message| {
                let mut corners = [[0.0; 2]; 4];
                for number in corners.as_flattened_mut() {
                    *number = message.f32()?;
                }
                Ok(corners)
            })?,
            straighten: self.f32()?,
            crop: self.optional(|message| {
                Ok(Area {
                    left: message.u32()?,
                    top: message.u32()?,
                    width: message.u32()?,
                    height: message.u32()?,
                })
            })?,
            denoise: self.optional(Self::f32)?,
            adjustments: Adjustments {
                white_balance: WhiteBalance {
                    auto: self.flag()?,
                    temperature: self.f32()?,
                    tint: self.f32()?,
                },
                exposure_ev: self.f32()?,
                contrast: self.f32()?,
                saturation: self.f32()?,
            },
            background: None,
            style: self.optional(|message| Style::named(message.text(64)?).ok_or(Malformed))?,
            enlarge: self.optional(|message| match message.u32()? {
                2 => Ok(Enlarge::Twice),
                4 => Ok(Enlarge::FourTimes),
                _ => Err(Malformed),
            })?,
            sharpen: self.f32()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_reads_back_as_it_was_written() {
        let all = Edit {
            rotate: 3,
            perspective: Some([[0.5, 1.0], [90.0, 2.0], [88.0, 70.0], [3.0, 69.5]]),
            straighten: -2.5,
            crop: Some(Area {
                left: 1,
                top: 2,
                width: 30,
                height: 40,
            }),
            denoise: Some(15.0),
            adjustments: Adjustments {
                white_balance: WhiteBalance {
                    auto: true,
                    temperature: -20.0,
                    tint: 4.0,
                },
                exposure_ev: 0.5,
                contrast: 12.0,
                saturation: -100.0,
            },
            background: None,
            style: Style::named("mist"),
            enlarge: Some(Enlarge::FourTimes),
            sharpen: 40.0,
        };
        let backdrops = [
            Backdrop::Nothing,
            Backdrop::Colour([1, 2, 255]),
            Backdrop::Picture,
        ];
        let mut recipes: Vec<Recipe> = backdrops.map(Recipe::Matte).into();
        recipes.push(Recipe::Erase { seed: u64::MAX });
        for (steps, backdrop) in [(all, Some(Backdrop::Picture)), (Edit::default(), None)] {
            let steps = Box::new(steps);
            recipes.push(Recipe::Edit { steps, backdrop });
        }
        for recipe in recipes {
            let bytes = recipe.to_bytes();
            let read = Recipe::from_bytes(&bytes).unwrap();
            assert_eq!(format!("{read:?}"), format!("{recipe:?}"));
            assert!(Recipe::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        }
    }
}
