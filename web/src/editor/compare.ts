import type { Source } from './source.ts';

/** Shapes that differ by no more than rounding. */
const ALIKE = 0.01;

/**
 * The picture as it was, over what it becomes: a slider moves the edge between them. Not where the picture has another shape
 * now, for nothing would lie on what it came from.
 */
export class Compare {
  readonly #sheet: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #slider: HTMLInputElement;
  #shown: Source | undefined;

  constructor(root: HTMLElement) {
    this.#sheet = root.querySelector('[data-part=sheet]')!;
    this.#canvas = root.querySelector('[data-part=original]')!;
    this.#slider = root.querySelector('[data-part=split]')!;
    this.#slider.addEventListener('input', () => this.#split());
  }

  /** What is compared, and how wide for its height the picture is now. */
  show(original: Source, aspect: number): void {
    const fits = Math.abs(original.width / original.height / aspect - 1) < ALIKE;
    this.#slider.closest('label')!.hidden = !fits;
    if (fits === (this.#shown === original)) return;
    // Where nothing was shown yet, somebody may have been quicker than the first frame.
    if (this.#shown) this.#slider.value = '0';
    this.#shown = fits ? original : undefined;
    this.#split();
    if (!fits) return;
    const { pixels } = original;
    [this.#canvas.width, this.#canvas.height] = [pixels.width, pixels.height];
    this.#canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  }

  #split(): void {
    this.#sheet.toggleAttribute('data-split', this.#slider.value !== '0');
    this.#sheet.style.setProperty('--split', `${this.#slider.value}%`);
  }
}
