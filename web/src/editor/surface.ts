import { paint, type Stroke } from './strokes.ts';

/** How far an arrow key moves the brush, as a share of the longer side; with Shift ten times as far. */
const STEP = 0.01;

const MARK = '#f0602a';

/** What the surface is drawn on for: a mask, or the rectangle of a crop. */
export interface Hand {
  /** A stroke is finished. */
  stroke(stroke: Stroke): void;
  /** A rectangle is drawn: left, top, right, bottom as shares of width and height. */
  rectangle(sides: readonly [number, number, number, number]): void;
}

/**
 * The clear canvas over the preview that hands draw on, by pointer or keyboard: arrows move the brush,
 * space marks.
 */
export class Surface {
  /** What is drawn now; nothing: it can't be drawn on. */
  mode: 'brush' | 'rubber' | 'crop' | undefined;
  /** The colour of strokes that mark the opposite; without one they take marks away. */
  opposite: string | undefined;
  /** Of the brush, as a share of the longer side. */
  radius = 0.03;
  #strokes: readonly Stroke[] = [];
  #points: number[] = [];
  #start: readonly [number, number] | undefined;
  #cursor: [number, number] | undefined;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #hand: Hand;

  constructor(canvas: HTMLCanvasElement, hand: Hand, signal: AbortSignal) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
    this.#hand = hand;
    canvas.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#up(event), { signal });
    canvas.addEventListener('pointercancel', () => this.#end(), { signal });
    canvas.addEventListener('pointerleave', () => this.#hover(undefined), { signal });
    canvas.addEventListener('keydown', (event) => this.#key(event), { signal });
    canvas.addEventListener('blur', () => this.#hover(undefined), { signal });
  }

  /** Draws these strokes at that size. */
  show(width: number, height: number, strokes: readonly Stroke[]): void {
    const sized = this.#canvas.width === width && this.#canvas.height === height;
    if (sized && this.#strokes === strokes) return;
    if (!sized) [this.#canvas.width, this.#canvas.height] = [width, height];
    this.#strokes = strokes;
    this.#draw();
  }

  #down(event: PointerEvent): void {
    if (!this.mode || event.button !== 0) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#start = this.#at(event);
    this.#points = [...this.#start];
    this.#draw();
  }

  #move(event: PointerEvent): void {
    if (!this.mode) return;
    this.#cursor = this.#at(event);
    if (this.#start) {
      for (const part of event.getCoalescedEvents?.() ?? [event]) this.#points.push(...this.#at(part));
      this.#points.push(...this.#cursor);
    }
    this.#draw();
  }

  #up(event: PointerEvent): void {
    if (!this.#start) return;
    const [x, y] = this.#at(event);
    const [fromX, fromY] = this.#start;
    const { width, height } = this.#canvas;
    const side = Math.max(width, height);
    const points = this.#points;
    this.#end();
    if (this.mode !== 'crop') return this.#stroke(points);
    const share = (value: number, of: number): number => Math.min(1, Math.max(0, (value * side) / of));
    this.#hand.rectangle([
      share(Math.min(x, fromX), width), share(Math.min(y, fromY), height),
      share(Math.max(x, fromX), width), share(Math.max(y, fromY), height),
    ]);
  }

  #key(event: KeyboardEvent): void {
    if (this.mode !== 'brush' && this.mode !== 'rubber') return;
    const step = STEP * (event.shiftKey ? 10 : 1);
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    };
    const { width, height } = this.#canvas;
    const side = Math.max(width, height);
    const [x, y] = this.#cursor ?? [width / side / 2, height / side / 2];
    const move = moves[event.key];
    if (move) {
      const within = (value: number, most: number): number => Math.min(most / side, Math.max(0, value));
      this.#hover([within(x + move[0], width), within(y + move[1], height)]);
    } else if (event.key === ' ') {
      this.#cursor = [x, y];
      this.#stroke([x, y]);
    } else return;
    event.preventDefault();
  }

  #stroke(points: readonly number[]): void {
    this.#hand.stroke({ points, radius: this.radius, rubs: this.mode === 'rubber' });
  }

  #end(): void {
    this.#start = undefined;
    this.#points = [];
    this.#draw();
  }

  #hover(place: [number, number] | undefined): void {
    this.#cursor = place;
    this.#draw();
  }

  #at(event: PointerEvent): [number, number] {
    const box = this.#canvas.getBoundingClientRect();
    const side = Math.max(box.width, box.height);
    return [(event.clientX - box.left) / side, (event.clientY - box.top) / side];
  }

  #draw(): void {
    const context = this.#context;
    const side = Math.max(this.#canvas.width, this.#canvas.height);
    const present = { points: this.#points, radius: this.radius, rubs: this.mode === 'rubber' };
    const drawing = this.#start !== undefined && this.mode !== 'crop';
    // Opaque here, so that strokes over each other look like one; the style sheet lets the picture through.
    paint(context, drawing ? [...this.#strokes, present] : this.#strokes, MARK, this.opposite);
    context.lineWidth = Math.max(2, side / 400);
    if (this.mode === 'crop' && this.#start && this.#cursor) {
      const [x, y] = this.#start;
      context.strokeStyle = MARK;
      context.strokeRect(x * side, y * side, (this.#cursor[0] - x) * side, (this.#cursor[1] - y) * side);
    } else if (this.mode && this.mode !== 'crop' && this.#cursor) {
      context.strokeStyle = '#000';
      context.beginPath();
      context.arc(this.#cursor[0] * side, this.#cursor[1] * side, this.radius * side, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
