//! Wavefront OBJ with its MTL: read by everything, stating little.
//!
//! Layout: Wavefront's "Object Files" and "Material Library File" appendices (Advanced Visualizer
//! manual, B1 and B2); `Pr`, `Pm`, `map_Pr`, `map_Pm` and `norm` are Exocortex' PBR extension;
//! colours behind a vertex' coordinates are MeshLab's. Metres, +Y up.

use std::fmt::Write as _;

use mesh::{Model, Texture};

use super::textures::{Image, Images};
use super::{
    Companion, WriteError, WriteOptions, Written, file_stem, lone_triangles, one_line, quads,
};
use crate::{png, weld};

pub(super) fn write(model: &Model, options: &WriteOptions) -> Result<Written, WriteError> {
    let stem = file_stem(&options.name);
    let images = Images::of(model)?;
    let mut pictures: Vec<Image> = [images.base_colour, images.normal]
        .into_iter()
        .flatten()
        .collect();
    if let Some(orm) = &model.material.orm {
        pictures.push(channel(orm, 1, "roughness")?);
        pictures.push(channel(orm, 2, "metalness")?);
    }
    let mut companions = vec![Companion {
        name: format!("{stem}.mtl"),
        bytes: material(model, &stem, &pictures, options).into_bytes(),
    }];
    companions.extend(pictures.into_iter().map(|image| Companion {
        name: image.file_name(&stem),
        bytes: image.png,
    }));
    Ok(Written {
        bytes: geometry(model, &stem, options).into_bytes(),
        companions,
        name: format!("{stem}.obj"),
    })
}

/// One channel of a texture as a grey picture.
fn channel(texture: &Texture, channel: usize, what: &'static str) -> Result<Image, WriteError> {
    let (texels, _) = texture.rgb.as_chunks::<3>();
    let grey: Vec<u8> = texels
        .iter()
        .flat_map(|texel| [texel[channel]; 3])
        .collect();
    let png = png::encode_rgb(texture.width, texture.height, &grey)?;
    Ok(Image { what, png })
}

// Writing to a String can't fail, so what `write!` returns is let go below.

fn material(model: &Model, stem: &str, pictures: &[Image], options: &WriteOptions) -> String {
    let mut text = format!("# {}\nnewmtl surface\n", one_line(&options.generator));
    text += "Kd 1 1 1\nd 1\nillum 2\n";
    if model.material.orm.is_none() {
        let _ = writeln!(text, "Pr {}\nPm 0", model.material.roughness);
    }
    for picture in pictures {
        let name = picture.file_name(stem);
        let _ = match picture.what {
            "base colour" => writeln!(text, "map_Kd {name}"),
            // Programs without the extension know normal maps by the older statement only.
            "normals" => writeln!(text, "norm {name}\nmap_Bump -bm 1 {name}"),
            "roughness" => writeln!(text, "Pr 1\nmap_Pr {name}"),
            _ => writeln!(text, "Pm 1\nmap_Pm {name}"),
        };
    }
    text
}

fn geometry(model: &Model, stem: &str, options: &WriteOptions) -> String {
    // Positions, texture coordinates and normals have numbers of their own, so seams close.
    let (positions, position_of) = weld::distinct(model.positions.iter().map(|p| p.to_array()));
    let (uvs, uv_of) = weld::distinct(model.uvs.iter().map(|uv| uv.to_array()));
    let (normals, normal_of) = weld::distinct(model.normals.iter().map(|n| n.to_array()));

    let mut text = format!("# {}\n# metres, +Y up\n", one_line(&options.generator));
    let _ = writeln!(text, "mtllib {stem}.mtl\no {stem}");
    let colours = first_colours(model, &position_of, positions.len());
    for (vertex, [x, y, z]) in positions.iter().enumerate() {
        let _ = write!(text, "v {x} {y} {z}");
        if let Some(colour) = colours.get(vertex) {
            let [r, g, b] = colour.map(|byte| f32::from(byte) / 255.0);
            let _ = write!(text, " {r} {g} {b}");
        }
        text.push('\n');
    }
    for [u, v] in uvs {
        let _ = writeln!(text, "vt {u} {}", 1.0 - v);
    }
    for [x, y, z] in normals {
        let _ = writeln!(text, "vn {x} {y} {z}");
    }
    text += "usemtl surface\ns 1\n";
    let mut face = |corners: &[u32]| {
        text.push('f');
        for &corner in corners {
            let corner = corner as usize;
            // The format counts from 1.
            let (position, normal) = (position_of[corner] + 1, normal_of[corner] + 1);
            let _ = match uv_of.get(corner) {
                Some(uv) => write!(text, " {position}/{}/{normal}", uv + 1),
                None => write!(text, " {position}//{normal}"),
            };
        }
        text.push('\n');
    };
    quads(model).for_each(|quad| face(&quad));
    lone_triangles(model)
        .iter()
        .for_each(|triangle| face(triangle));
    text
}

/// One colour per position: the first where a seam has several.
fn first_colours(model: &Model, position_of: &[u32], positions: usize) -> Vec<[u8; 3]> {
    if model.colours.is_empty() {
        return Vec::new();
    }
    let mut colours = Vec::with_capacity(positions);
    for (&position, &colour) in position_of.iter().zip(&model.colours) {
        // Positions are numbered by first appearance.
        if position as usize == colours.len() {
            colours.push(colour);
        }
    }
    colours
}
