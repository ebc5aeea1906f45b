// What a brush has marked, independent of any size: lengths are shares of the picture's longer side.

export interface Stroke {
  /** x and y of each point, one after the other. */
  readonly points: readonly number[];
  readonly radius: number;
  /** Takes marks away, or marks the opposite. */
  readonly rubs: boolean;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Paints strokes in one colour on what is clear; those that rub take it away, unless they have a colour of their own. */
export function paint(context: Context, strokes: readonly Stroke[], colour: string, opposite?: string): void {
  const { width, height } = context.canvas;
  const side = Math.max(width, height);
  context.save();
  context.clearRect(0, 0, width, height);
  context.lineCap = context.lineJoin = 'round';
  for (const { points, radius, rubs } of strokes) {
    context.strokeStyle = rubs ? (opposite ?? '#000') : colour;
    context.globalCompositeOperation = rubs && !opposite ? 'destination-out' : 'source-over';
    context.lineWidth = 2 * radius * side;
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(points[at]! * side, points[at + 1]! * side);
    // A line without length isn't drawn.
    context.lineTo(points.at(-2)! * side + 0.01, points.at(-1)! * side);
    context.stroke();
  }
  context.restore();
}

/** The masks that a tool takes, by the names of their fields, each of the picture's size; none without marks. */
export async function masks(tool: string, width: number, height: number, strokes: readonly Stroke[]): Promise<Map<string, Blob>> {
  const found = new Map<string, Blob>();
  const add = async (name: string, marks: readonly Stroke[]): Promise<void> => {
    if (marks.every(({ rubs }) => rubs)) return;
    const whole = new OffscreenCanvas(width, height);
    paint(whole.getContext('2d')!, marks, '#fff');
    found.set(name, await whole.convertToBlob({ type: 'image/png' }));
  };
  if (tool === 'erase') await add('mask', strokes);
  if (tool === 'matte') {
    await add('keep', strokes.filter(({ rubs }) => !rubs));
    await add('remove', strokes.filter(({ rubs }) => rubs).map((stroke) => ({ ...stroke, rubs: false })));
  }
  return found;
}
