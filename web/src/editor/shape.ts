// Turning, straightening, cutting: the geometry of `imaging/src/geometry.rs` as one projective map.

import type { Shape } from './look.ts';
import { multiplied, type Matrix } from './matrix.ts';

/** A picture of that size whose points come from where the matrix says in the one before. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly from: Matrix;
}

/** The picture that a shape makes of one of `width` × `height` pixels. A step that can't be done is left out. */
export function placed(width: number, height: number, shape: Shape): Placed {
  const start: Placed = { width, height, from: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  const steps = [
    (now: Placed) => turned(now, shape.quarters),
    (now: Placed) => (shape.corners ? seenFromBefore(now, shape.corners) : undefined),
    (now: Placed) => (shape.straighten ? straightened(now, shape.straighten) : undefined),
    (now: Placed) => (shape.crop ? cropped(now, shape.crop) : undefined),
  ];
  return steps.reduce((now, step) => {
    const next = step(now);
    return next ? { ...next, from: multiplied(now.from, next.from) } : now;
  }, start);
}

/** The same of a picture that has `scale` pixels for one; of what comes out only a share along each side. */
export function scaled({ width, height, from }: Placed, scale: number, share = 1): Placed {
  const sized = (side: number): number => Math.max(1, Math.round(side * scale * share));
  const there = [scale, 0, 0, 0, scale, 0, 0, 0, 1];
  const back = [1 / (scale * share), 0, 0, 0, 1 / (scale * share), 0, 0, 0, 1];
  return { width: sized(width), height: sized(height), from: multiplied(multiplied(there, from), back) };
}

function turned({ width, height }: Placed, quarters: number): Placed {
  switch (quarters) {
    case 1: return { width: height, height: width, from: [0, 1, 0, -1, 0, height, 0, 0, 1] };
    case 2: return { width, height, from: [-1, 0, width, 0, -1, height, 0, 0, 1] };
    case 3: return { width: height, height: width, from: [0, -1, width, 1, 0, 0, 0, 0, 1] };
    default: return { width, height, from: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  }
}

/** The largest part of the same aspect without empty corners. */
function straightened({ width, height }: Placed, degrees: number): Placed {
  const [sine, cosine] = [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
  const [across, along] = [Math.abs(sine), Math.abs(cosine)];
  const scale = Math.min(width / (width * along + height * across), height / (width * across + height * along));
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.floor(side * scale))) as [number, number];
  return {
    width: columns,
    height: rows,
    from: [
      cosine, sine, (width - cosine * columns - sine * rows) / 2,
      -sine, cosine, (height + sine * columns - cosine * rows) / 2,
      0, 0, 1,
    ],
  };
}

/** What lies between four corners as a rectangle (Heckbert 1989, section 2.2.3). */
function seenFromBefore({ width, height }: Placed, corners: readonly number[]): Placed | undefined {
  const at = (i: number): [number, number] => [corners[(i % 4) * 2]!, corners[(i % 4) * 2 + 1]!];
  const convex = [0, 1, 2, 3].every((i) => {
    const [a, b, c] = [at(i), at(i + 1), at(i + 2)];
    const inside = a[0] >= 0 && a[0] <= width && a[1] >= 0 && a[1] <= height;
    return inside && (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) > 1;
  });
  if (!convex) return undefined;
  const length = (i: number): number => Math.hypot(at(i)[0] - at(i + 1)[0], at(i)[1] - at(i + 1)[1]);
  const columns = Math.max(1, Math.round(Math.max(length(0), length(2))));
  const rows = Math.max(1, Math.round(Math.max(length(1), length(3))));
  const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
  const [dx1, dy1, dx2, dy2] = [b[0] - c[0], b[1] - c[1], d[0] - c[0], d[1] - c[1]];
  const [sx, sy] = [a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  const from = [
    (b[0] - a[0] + g * b[0]) / columns, (d[0] - a[0] + h * d[0]) / rows, a[0],
    (b[1] - a[1] + g * b[1]) / columns, (d[1] - a[1] + h * d[1]) / rows, a[1],
    g / columns, h / rows, 1,
  ];
  return { width: columns, height: rows, from };
}

function cropped(now: Placed, [left, top, width, height]: readonly number[]): Placed | undefined {
  const fits = left! >= 0 && top! >= 0 && width! > 0 && height! > 0 && left! + width! <= now.width && top! + height! <= now.height;
  return fits ? { width: width!, height: height!, from: [1, 0, left!, 0, 1, top!, 0, 0, 1] } : undefined;
}
