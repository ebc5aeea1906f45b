// What is taken for white, as a matrix over linear sRGB: the numbers of `imaging/src/white_balance.rs`.

import type { Light } from './look.ts';
import { applied, diagonal, IDENTITY, inverse, multiplied, type Matrix, type Vector } from './matrix.ts';

const MIREDS = 90;
const DAYLIGHT_MIRED = 1e6 / 6504;
const TINT = 0.02;
const NORM = 6;
const SAMPLES = 500_000;
const MOST = 2;

const XYZ_FROM_RGB: Matrix = [
  0.4124564, 0.3575761, 0.1804375,
  0.2126729, 0.7151522, 0.072175,
  0.0193339, 0.119192, 0.9503041,
];
const CONES_FROM_XYZ: Matrix = [
  0.8951, 0.2664, -0.1614,
  -0.7502, 1.7135, 0.0367,
  0.0389, -0.0685, 1.0296,
];

type Place = readonly [number, number];

/** What turns linear colours into balanced ones. `seen` is the light that the picture seems to be taken in. */
export function whiteMatrix({ autoWhite, temperature, tint }: Light, seen: Vector | undefined): Matrix {
  const byHand = temperature === 0 && tint === 0 ? IDENTITY : adapted(light(temperature, tint));
  return autoWhite && seen ? multiplied(byHand, adapted(applied(XYZ_FROM_RGB, seen))) : byHand;
}

/** The light of a picture (RGBA, 8 bits), as linear RGB: "shades of grey", Finlayson and Trezzi 2004. */
export function seenLight(rgba: Uint8ClampedArray): Vector | undefined {
  const step = 4 * Math.max(1, Math.ceil(rgba.length / 4 / SAMPLES));
  const sum = [0, 0, 0];
  let count = 0;
  const usable = (value: number): boolean => value >= 5 && value <= 250;
  for (let at = 0; at < rgba.length; at += step) {
    const rgb = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    if (rgba[at + 3]! <= 127 || !rgb.every(usable)) continue;
    count++;
    rgb.forEach((value, channel) => (sum[channel]! += decoded(value / 255) ** NORM));
  }
  if (count === 0) return undefined;
  const [r, g, b] = sum.map((one) => (one / count) ** (1 / NORM)) as [number, number, number];
  const mean = (r + g + b) / 3;
  const believed = (value: number): number => Math.min(MOST, Math.max(1 / MOST, value / mean));
  return [believed(r), believed(g), believed(b)];
}

/** sRGB's transfer function (IEC 61966-2-1), from value to light. */
function decoded(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** From pictures taken in this light (XYZ) to daylight, by the Bradford transform. */
function adapted(from: Vector): Matrix {
  const cones = (xyz: Vector): Vector => applied(CONES_FROM_XYZ, xyz);
  const [to, by] = [cones(applied(XYZ_FROM_RGB, [1, 1, 1])), cones([from[0] / from[1], 1, from[2] / from[1]])];
  const gain = diagonal([to[0] / by[0], to[1] / by[1], to[2] / by[2]]);
  const inXyz = multiplied(multiplied(inverse(CONES_FROM_XYZ), gain), CONES_FROM_XYZ);
  return multiplied(multiplied(inverse(XYZ_FROM_RGB), inXyz), XYZ_FROM_RGB);
}

/** The light in which a picture has to have been taken to need this correction. */
function light(temperature: number, tint: number): Vector {
  const mired = DAYLIGHT_MIRED - MIREDS * temperature / 100;
  const place = diagram(daylight(mired));
  const [before, after] = [diagram(daylight(mired - 1)), diagram(daylight(mired + 1))];
  const length = Math.hypot(after[0] - before[0], after[1] - before[1]);
  const along: Place = [(after[0] - before[0]) / length, (after[1] - before[1]) / length];
  const neutral = diagram(daylight(DAYLIGHT_MIRED));
  const white = diagram(srgbWhite());
  const u = place[0] - neutral[0] + white[0] - along[1] * TINT * tint / 100;
  const v = place[1] - neutral[1] + white[1] + along[0] * TINT * tint / 100;
  const below = 2 * u - 8 * v + 4;
  const [x, y] = [3 * u / below, 2 * v / below];
  return [x / y, 1, (1 - x - y) / y];
}

function srgbWhite(): Place {
  const [x, y, z] = applied(XYZ_FROM_RGB, [1, 1, 1]);
  return [x / (x + y + z), y / (x + y + z)];
}

/** Daylight's chromaticity (CIE 15:2004, section 3.1). */
function daylight(mired: number): Place {
  const t = mired / 1000;
  const x = mired > 1e6 / 7000
    ? ((-4.607 * t + 2.9678) * t + 0.09911) * t + 0.244063
    : ((-2.0064 * t + 1.9018) * t + 0.24748) * t + 0.23704;
  return [x, (-3 * x + 2.87) * x - 0.275];
}

/** The CIE 1960 diagram. */
function diagram([x, y]: Place): Place {
  const below = -2 * x + 12 * y + 3;
  return [4 * x / below, 6 * y / below];
}
