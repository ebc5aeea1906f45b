// A picture that somebody chose, as the browser decodes it.

/** Longer side of what is drawn while settings change, pixels: enough for a screen, and quick everywhere. */
export const PREVIEW_SIDE = 1280;

export interface Source {
  /** The file, as it is sent. */
  readonly file: File;
  /** Columns and rows, upright. */
  readonly width: number;
  readonly height: number;
  /** The same, `PREVIEW_SIDE` pixels long at most. */
  readonly pixels: ImageData;
}

/** Decodes a picture. Throws where the browser can't, or lacks the memory. */
export async function open(blob: Blob): Promise<Source> {
  const whole = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  try {
    const { width, height } = whole;
    const scale = Math.min(1, PREVIEW_SIDE / Math.max(width, height));
    const [columns, rows] = [width, height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
    const canvas = new OffscreenCanvas(columns, rows);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(whole, 0, 0, columns, rows);
    // Its name is nobody's business.
    const file = new File([blob], 'picture', { type: blob.type });
    return { file, width, height, pixels: context.getImageData(0, 0, columns, rows) };
  } finally {
    whole.close();
  }
}
