import type { Look } from './look.ts';
import type { Preview } from './preview.ts';
import { placed, scaled } from './shape.ts';
import type { Source } from './source.ts';
import type { Stroke } from './strokes.ts';
import type { Surface } from './surface.ts';

/** A drawing that takes longer misses frames on a screen that shows sixty in a second. */
const SLOW_MILLIS = 16;
const SMALLEST_SCALE = 1 / 8;
/** A setting that hasn't moved for so long rests. */
const REST_MILLIS = 200;

/** What is to be seen. */
export interface Scene {
  readonly source: Source;
  readonly look: Look;
  readonly strokes: readonly Stroke[];
}

/** Draws a scene before the next frame, once; quickly while a setting moves, and whole when it rests. */
export class Stage {
  readonly #preview: Preview;
  readonly #surface: Surface;
  readonly #root: HTMLElement;
  readonly #scene: () => Scene | undefined;
  #shown: Source | undefined;
  #frame = 0;
  #settling = 0;
  /** Pixels of the preview for one while settings move: fewer where drawing takes too long for that. */
  #scale = 1;

  /** `root` has the attribute `moving` while what it shows isn't whole. */
  constructor(root: HTMLElement, preview: Preview, surface: Surface, scene: () => Scene | undefined) {
    this.#root = root;
    this.#preview = preview;
    this.#surface = surface;
    this.#scene = scene;
  }

  draw(moves = false): void {
    this.stop();
    this.#root.toggleAttribute('moving', moves);
    this.#frame = requestAnimationFrame(() => {
      const took = this.#drawAt(moves ? this.#scale : 1);
      if (!moves) return;
      if (took > SLOW_MILLIS && this.#scale > SMALLEST_SCALE) this.#scale /= 2;
      this.#settling = window.setTimeout(() => this.draw(), REST_MILLIS);
    });
  }

  /** Draws nothing more. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    window.clearTimeout(this.#settling);
  }

  /** Draws the scene at a share of the preview's pixels; answers how many milliseconds that took. */
  #drawAt(share: number): number {
    const scene = this.#scene();
    if (!scene) return 0;
    const { width, height, pixels } = scene.source;
    if (this.#shown !== scene.source) {
      this.#preview.show(pixels);
      this.#shown = scene.source;
      this.#scale = 1;
    }
    const whole = placed(width, height, scene.look.shape);
    const scale = pixels.width / width;
    const took = this.#preview.draw(scaled(whole, scale, share), scene.look);
    const sheet = scaled(whole, scale);
    this.#surface.show(sheet.width, sheet.height, scene.strokes);
    this.#root.querySelector<HTMLElement>('[data-part=sheet]')!.style.setProperty('--aspect', String(whole.width / whole.height));
    return took;
  }
}
