// 3 × 3 matrices as nine numbers, row by row.

export type Matrix = readonly number[];
export type Vector = readonly [number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export function multiplied(a: Matrix, b: Matrix): Matrix {
  return IDENTITY.map((_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + a[row * 3 + k]! * b[k * 3 + column]!, 0);
  });
}

export function applied(m: Matrix, [x, y, z]: Vector): Vector {
  const row = (at: number): number => m[at]! * x + m[at + 1]! * y + m[at + 2]! * z;
  return [row(0), row(3), row(6)];
}

export function diagonal([x, y, z]: Vector): Matrix {
  return [x, 0, 0, 0, y, 0, 0, 0, z];
}

/** The inverse of a matrix that has one. */
export function inverse(m: Matrix): Matrix {
  const [a, b, c, d, e, f, g, h, i] = m as [number, number, number, number, number, number, number, number, number];
  const cofactors = [
    e * i - f * h, c * h - b * i, b * f - c * e,
    f * g - d * i, a * i - c * g, c * d - a * f,
    d * h - e * g, b * g - a * h, a * e - b * d,
  ];
  const determinant = a * cofactors[0]! + b * cofactors[3]! + c * cofactors[6]!;
  return cofactors.map((value) => value / determinant);
}
