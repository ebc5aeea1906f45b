// What the form asks for that a preview can show, by the names and units of its fields.

/** Where pixels come from. Coordinates are those of the picture as the steps before have left it. */
export interface Shape {
  /** Quarter turns clockwise. */
  readonly quarters: number;
  /** x and y of four corners, clockwise from the top left. */
  readonly corners: readonly number[] | null;
  /** Degrees clockwise. */
  readonly straighten: number;
  /** Left, top, width, height. */
  readonly crop: readonly number[] | null;
}

export interface Light {
  readonly autoWhite: boolean;
  /** Per cent, as all that follow but the stops. */
  readonly temperature: number;
  readonly tint: number;
  /** Stops. */
  readonly exposure: number;
  readonly contrast: number;
  readonly saturation: number;
}

export interface Look {
  readonly shape: Shape;
  readonly light: Light;
  /** Per cent. */
  readonly sharpen: number;
}

/** What a form asks for; what it lacks changes nothing. */
export function lookOf(form: FormData): Look {
  const word = (name: string): string => String(form.get(name) ?? '').trim();
  const number = (name: string): number => Number(word(name)) || 0;
  const numbers = (name: string, count: number): number[] | null => {
    const all = word(name).split(',').map((one) => (one.trim() === '' ? NaN : Number(one)));
    return all.length === count && all.every(Number.isFinite) ? all : null;
  };
  return {
    shape: {
      quarters: (number('rotate') / 90 + 4) % 4,
      corners: numbers('perspective', 8),
      straighten: number('straighten'),
      crop: numbers('crop', 4),
    },
    light: {
      autoWhite: word('auto_white') === 'true',
      temperature: number('temperature'),
      tint: number('tint'),
      exposure: number('exposure'),
      contrast: number('contrast'),
      saturation: number('saturation'),
    },
    sharpen: number('sharpen'),
  };
}

/** Changes nothing. */
export const PLAIN: Look = lookOf(new FormData());
