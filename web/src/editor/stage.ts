import { Compare } from './compare.ts';
import type { Look } from './look.ts';
import type { Preview } from './preview.ts';
import { placed, scaled } from './shape.ts';
import type { Source } from './source.ts';
import type { Stroke } from './strokes.ts';
import type { Surface } from './surface.ts';

/** So many late drawings in a row are too large. */
const PATIENCE = 3;
const SMALLEST_SCALE = 1 / 4;
/** A setting that hasn't moved for so long rests. */
const REST_MILLIS = 200;

/** What is to be seen. */
export interface Scene {
  readonly source: Source;
  /** As it came. */
  readonly original: Source;
  readonly look: Look;
  readonly strokes: readonly Stroke[];
}

/** Draws a scene before the next frame, once; quickly while a setting moves, and whole when it rests. */
export class Stage {
  readonly #preview: Preview;
  readonly #surface: Surface;
  readonly #compare: Compare;
  readonly #root: HTMLElement;
  readonly #scene: () => Scene | undefined;
  #shown: Source | undefined;
  #aspect = 0;
  #frame = 0;
  #settling = 0;
  /** How many drawings in a row were not there at the next frame. */
  #late = 0;
  /** Pixels of the preview for one while settings move: fewer where drawing takes too long for that. */
  #scale = 1;

  /** `root` has the attribute `moving` while what it shows isn't whole. */
  constructor(root: HTMLElement, preview: Preview, surface: Surface, scene: () => Scene | undefined) {
    this.#root = root;
    this.#preview = preview;
    this.#surface = surface;
    this.#compare = new Compare(root);
    this.#scene = scene;
  }

  draw(moves = false): void {
    this.stop();
    this.#root.toggleAttribute('moving', moves);
    if (!moves) this.#frame = requestAnimationFrame(() => this.#drawAt(1));
    else this.#frame = requestAnimationFrame(() => this.#drawMoving());
  }

  /** Draws fewer pixels from now on if drawings are late. The browser itself asks for no frame while too many wait. */
  #drawMoving(): void {
    this.#late = this.#preview.isDrawing ? this.#late + 1 : 0;
    if (this.#late === PATIENCE) {
      this.#late = 0;
      this.#scale = Math.max(SMALLEST_SCALE, this.#scale / 2);
    }
    this.#drawAt(this.#scale);
    this.#settling = window.setTimeout(() => this.draw(), REST_MILLIS);
  }

  /** Draws nothing more. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    window.clearTimeout(this.#settling);
  }

  /** Draws the scene at a share of the preview's pixels. */
  #drawAt(share: number): void {
    const scene = this.#scene();
    if (!scene) return;
    const { width, height, pixels } = scene.source;
    if (this.#shown !== scene.source) {
      this.#preview.show(pixels);
      this.#shown = scene.source;
      this.#scale = 1;
    }
    const whole = placed(width, height, scene.look.shape);
    const scale = pixels.width / width;
    this.#preview.draw(scaled(whole, scale, share), scene.look);
    const sheet = scaled(whole, scale);
    this.#surface.show(sheet.width, sheet.height, scene.strokes);
    const aspect = whole.width / whole.height;
    this.#compare.show(scene.original, aspect);
    this.#shape(aspect);
  }

  /** Nothing is laid out anew while the picture's shape stays. */
  #shape(aspect: number): void {
    if (this.#aspect === aspect) return;
    this.#aspect = aspect;
    this.#root.querySelector<HTMLElement>('[data-part=sheet]')!.style.setProperty('--aspect', String(aspect));
  }
}
