// What a brush has marked, independent of any size: lengths are shares of the picture's longer side.

export interface Stroke {
  /** x and y of each point, one after the other. */
  readonly points: readonly number[];
  readonly radius: number;
  /** Takes marks away. */
  readonly rubs: boolean;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Paints strokes in one colour on what is clear. */
export function paint(context: Context, strokes: readonly Stroke[], colour: string): void {
  const { width, height } = context.canvas;
  const side = Math.max(width, height);
  context.save();
  context.clearRect(0, 0, width, height);
  context.lineCap = context.lineJoin = 'round';
  context.strokeStyle = colour;
  for (const { points, radius, rubs } of strokes) {
    context.globalCompositeOperation = rubs ? 'destination-out' : 'source-over';
    context.lineWidth = 2 * radius * side;
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(points[at]! * side, points[at + 1]! * side);
    // A line without length isn't drawn.
    context.lineTo(points.at(-2)! * side + 0.01, points.at(-1)! * side);
    context.stroke();
  }
  context.restore();
}

/** White where it is marked and clear elsewhere, of the picture's size; nothing if nothing is marked. */
export async function mask(width: number, height: number, strokes: readonly Stroke[]): Promise<Blob | undefined> {
  if (strokes.every(({ rubs }) => rubs)) return undefined;
  const whole = new OffscreenCanvas(width, height);
  paint(whole.getContext('2d')!, strokes, '#fff');
  return whole.convertToBlob({ type: 'image/png' });
}
