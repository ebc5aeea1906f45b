use super::*;

const TILE: usize = TILES.side;

/// Weights of a network that copies every pixel into four, each with its own brightness, and
/// moves the channels on by one: nothing can be swapped or turned unnoticed.
fn copier() -> Vec<u8> {
    let mut file = Vec::new();
    let mut layer = |outputs: usize, inputs: usize, side: usize, at: &dyn Fn([usize; 4]) -> f32| {
        file.extend(0_u32.to_le_bytes());
        for i in 0..outputs * inputs * side * side {
            let (x, y) = (i % side, i / side % side);
            let (input, output) = (i / side / side % inputs, i / side / side / inputs);
            file.extend(at([output, input, y, x]).to_le_bytes());
        }
        file.extend([0; 4].repeat(outputs));
    };
    for pair in CHANNELS.windows(2) {
        layer(pair[1], pair[0], 3, &|[output, input, y, x]| {
            f32::from(u8::from(output == input && output < 3 && (x, y) == (1, 1)))
        });
    }
    layer(
        3,
        CHANNELS[6],
        LAST_KERNEL,
        &|[output, input, y, x]| match (input == (output + 1) % 3, y, x) {
            (true, 1, 1) => 1.0,
            (true, 1, 2) => 0.75,
            (true, 2, 1) => 0.5,
            (true, 2, 2) => 0.25,
            _ => 0.0,
        },
    );
    file
}

#[test]
fn every_pixel_becomes_four_in_the_right_place_across_tiles() {
    let (width, height) = (TILE + 9, 5);
    let picture = Plane::from_fn(width, height, |x, y| {
        [x as f32 / 200.0, y as f32 / 5.0, (x + y) as f32 / 200.0]
    });
    let large = Upscaler::load(&copier())
        .unwrap()
        .double(&picture, &Plane::filled(width, height, [1.0]))
        .unwrap();
    assert_eq!((large.width, large.height), (2 * width, 2 * height));
    for y in 0..2 * height {
        for x in 0..2 * width {
            let [r, g, b] = picture[(x / 2, y / 2)];
            let light = [[1.0, 0.75], [0.5, 0.25]][y % 2][x % 2];
            let expected = [g, b, r].map(|c| c * light);
            for (got, expected) in large[(x, y)].iter().zip(expected) {
                assert!(
                    (got - expected).abs() < 1e-6,
                    "{got} {expected} at {x}, {y}"
                );
            }
        }
    }
}

#[test]
fn what_is_not_wanted_is_enlarged_without_the_network() {
    let picture = Plane::filled(2 * TILE, 4, [0.8, 0.4, 0.2]);
    let wanted = Plane::from_fn(2 * TILE, 4, |x, _| [if x == 5 { 0.1 } else { 0.0 }]);
    let upscaler = Upscaler::load(&copier()).unwrap();
    let large = upscaler.double(&picture, &wanted).unwrap();
    assert_eq!(large[(0, 0)], [0.4, 0.2, 0.8], "the network ran");
    assert_eq!(large[(2 * TILE, 0)], [0.8, 0.4, 0.2], "it did not");
    let other_size = Plane::filled(3, 4, [1.0]);
    assert!(matches!(
        upscaler.double(&picture, &other_size),
        Err(NetworkError::Run { .. })
    ));
}

#[test]
fn a_file_that_is_no_such_network_is_refused() {
    let sound = copier();
    let cut = sound[..sound.len() - 1].to_vec();
    let longer = [&sound[..], &[0]].concat();
    let mut unknown = sound.clone();
    unknown[0] = 7;
    for (file, reason) in [
        (Vec::new(), "the file ends before the last layer"),
        (cut, "the file ends before the last layer"),
        (longer, "the file goes on after the last layer"),
        (unknown, "a layer is stored in an unknown way"),
    ] {
        let error = Upscaler::load(&file).err().expect("it is refused");
        assert!(error.to_string().contains(reason), "{error}");
    }
}
