import { megabytesText } from '../format.ts';
import { announce } from '../swap.ts';
import { takeFiles } from '../take-files.ts';
import { text } from '../text.ts';
import { UploadError } from '../upload.ts';
import { Behind } from './behind.ts';
import { History } from './history.ts';
import { lookOf, PLAIN } from './look.ts';
import { offer, type Made } from './made.ts';
import { Preview } from './preview.ts';
import { restore, settingsOf } from './settings.ts';
import { placed } from './shape.ts';
import { addSliders } from './sliders.ts';
import { open, type Source } from './source.ts';
import { Stage, type Scene } from './stage.ts';
import { masks, type Stroke } from './strokes.ts';
import { Surface } from './surface.ts';
import { work } from './work.ts';

/** Everything that undoing brings back. */
interface State {
  readonly source: Source;
  /** The picture as it came, before the server made anything of it. */
  readonly original: Source;
  /** The form's settings, as a query. */
  readonly settings: string;
  readonly strokes: readonly Stroke[];
  /** Where the server has the picture, if it made it. */
  readonly made?: Made;
}

/**
 * `<image-editor data-tool="edit" data-limit-bytes="…">` around the form of an image tool: shows what the form asks for
 * while it is set, takes strokes and crops by hand, and has the form's result replace the picture.
 * Where the browser has no WebGL 2, or can't decode a picture, the form works as it does without scripts.
 */
export class ImageEditor extends HTMLElement {
  readonly #lifetime = new AbortController();
  #surface!: Surface;
  #stage!: Stage;
  #behind!: Behind;
  #history: History<State> | undefined;
  #working: AbortController | undefined;
  /** The picture as it was, while somebody holds the button. */
  #before = false;

  connectedCallback(): void {
    let preview: Preview;
    try {
      preview = new Preview(this.#part('canvas'));
    } catch {
      return;
    }
    const { signal } = this.#lifetime;
    addSliders(this.#form);
    this.#surface = new Surface(this.#part('surface'), {
      stroke: (stroke) => this.#push({ strokes: [...this.#now!.strokes, stroke] }),
      rectangle: (sides) => this.#crop(sides),
    }, signal);
    this.#behind = new Behind(this.#part('sheet'));
    this.#stage = new Stage(this, preview, this.#surface, () => this.#scene());
    if (this.#tool === 'matte') this.#surface.opposite = '#2a7df0';
    this.toggleAttribute('ready', true);

    const form = this.#form;
    form.addEventListener('input', (event) => {
      if (event.target !== this.#file) this.#stage.draw(true);
    }, { signal });
    form.addEventListener('change', (event) => {
      if (event.target === this.#file) void this.#open(this.#file.files?.[0]);
      else this.#set();
    }, { signal });
    form.addEventListener('submit', (event) => {
      if (!this.#now) return;
      event.preventDefault();
      void this.#work();
    }, { signal });
    this.#listen(signal);
    // Chosen before this script came.
    void this.#open(this.#file.files?.[0]);
  }

  disconnectedCallback(): void {
    this.#working?.abort();
    this.#lifetime.abort();
    this.#stage?.stop();
    this.#behind?.stop();
  }

  #listen(signal: AbortSignal): void {
    const on = (name: string, event: string, act: (event: Event) => void): void =>
      this.querySelector(`[data-part=${name}]`)?.addEventListener(event, act, { signal });
    on('undo', 'click', () => this.#travel('undo'));
    on('redo', 'click', () => this.#travel('redo'));
    on('stop', 'click', () => this.#working?.abort());
    for (const event of ['pointerdown', 'keydown']) on('before', event, (e) => this.#hold(e, true));
    for (const event of ['pointerup', 'pointerleave', 'keyup', 'blur']) on('before', event, (e) => this.#hold(e, false));
    for (const mode of ['crop', 'brush', 'rubber'] as const) on(mode, 'click', () => this.#choose(mode));
    on('size', 'input', (event) => (this.#surface.radius = Number((event.target as HTMLInputElement).value) / 200));
    this.addEventListener('expired', () => offer(this.#part('made'), this.#now?.made), { signal });

    takeFiles(this, ([picture]) => void this.#open(picture), signal);
    document.addEventListener('keydown', (event) => this.#shortcut(event), { signal });
  }

  get #now(): State | undefined {
    return this.#history?.present;
  }

  get #tool(): string {
    return this.dataset['tool']!;
  }

  /** Takes a picture in the place of the present one. */
  async #open(picture: File | undefined): Promise<void> {
    if (!picture || this.#working) return;
    const limit = Number(this.dataset['limitBytes'] ?? Infinity);
    if (picture.size === 0) return this.#fail(text('empty-file'));
    if (picture.size > limit) {
      return this.#fail(text('file-too-large', { size: megabytesText(picture.size), limit: megabytesText(limit) }));
    }
    try {
      const source = await open(picture);
      const first = !this.#history;
      const start = { source, original: source, settings: settingsOf(this.#form), strokes: NONE };
      if (first) this.#history = new History<State>(start);
      else this.#history!.push(start);
      this.#show(true);
      if (first && this.#tool === 'erase') this.#choose('brush');
      this.#part('canvas').focus({ preventScroll: true });
    } catch {
      // The server reads more kinds of pictures than this browser: the form takes it as it is.
      this.#history = undefined;
      this.#edits(false);
      this.#give(picture);
      this.#fail(text('edit-unshown'));
    }
  }

  /** Whether the picture is shown; a mask is painted then, and else a file. */
  #edits(on: boolean): void {
    this.toggleAttribute('editing', on);
    const mask = this.#form.querySelector<HTMLInputElement>('[name=mask]');
    if (mask) mask.required = !on;
  }

  /** Puts a picture into the form. */
  #give(picture: File): void {
    const carried = new DataTransfer();
    carried.items.add(picture);
    this.#file.files = carried.files;
  }

  #push(change: Partial<State>): void {
    if (!this.#history) return;
    this.#history.push({ ...this.#history.present, ...change });
    this.#show(false);
  }

  #set(): void {
    const settings = settingsOf(this.#form);
    if (this.#now && settings !== this.#now.settings) this.#push({ settings });
  }

  #travel(way: 'undo' | 'redo'): void {
    if (!this.#history || this.#working) return;
    const shown = this.#now!.source;
    this.#history[way]();
    restore(this.#form, this.#now!.settings);
    this.#show(shown !== this.#now!.source);
    announce(this.#part(way).textContent ?? '');
  }

  #shortcut(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    this.#travel(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  #hold(event: Event, held: boolean): void {
    if (event instanceof KeyboardEvent) {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
    }
    if (this.#before === held) return;
    this.#before = held;
    this.#part('before').setAttribute('aria-pressed', String(held));
    this.#stage.draw();
  }

  /** What hands on the picture do; the same again: nothing. */
  #choose(mode: 'crop' | 'brush' | 'rubber'): void {
    this.#surface.mode = this.#surface.mode === mode ? undefined : mode;
    for (const name of ['crop', 'brush', 'rubber']) {
      this.querySelector(`[data-part=${name}]`)?.setAttribute('aria-pressed', String(name === this.#surface.mode));
    }
    this.toggleAttribute('drawing', this.#surface.mode !== undefined);
    this.#stage.draw();
  }

  #crop([left, top, right, bottom]: readonly [number, number, number, number]): void {
    const { width, height } = this.#uncropped();
    const [x, y] = [Math.floor(left * width), Math.floor(top * height)];
    const [columns, rows] = [Math.ceil(right * width) - x, Math.ceil(bottom * height) - y];
    this.#choose('crop');
    if (columns < 2 || rows < 2) return;
    this.#form.querySelector<HTMLInputElement>('[name=crop]')!.value = [x, y, columns, rows].join(',');
    this.#set();
  }

  #uncropped(): { width: number; height: number } {
    const { width, height } = this.#now!.source;
    return placed(width, height, { ...lookOf(new FormData(this.#form)).shape, crop: null });
  }

  /** Shows the present state; `fresh` if its picture wasn't the one that is shown. */
  #show(fresh: boolean): void {
    const { source } = this.#now!;
    if (fresh) {
      this.#give(source.file);
      this.#edits(true);
      this.#part('problem').hidden = true;
    }
    this.#part<HTMLButtonElement>('undo').disabled = !this.#history!.canUndo;
    this.#part<HTMLButtonElement>('redo').disabled = !this.#history!.canRedo;
    offer(this.#part('made'), this.#now?.made);
    this.#stage.draw();
  }

  /** What is to be seen now. */
  #scene(): Scene | undefined {
    const now = this.#now;
    if (!now) return undefined;
    this.#behind.show(this.#form, !this.#before);
    const { original } = now;
    if (this.#before) return { source: original, original, look: PLAIN, strokes: NONE };
    const look = lookOf(new FormData(this.#form));
    const whole = { ...look, shape: { ...look.shape, crop: null } };
    return { source: now.source, original, look: this.#surface.mode === 'crop' ? whole : look, strokes: now.strokes };
  }

  async #work(): Promise<void> {
    const now = this.#now;
    if (!now || this.#working) return;
    const form = new FormData(this.#form);
    this.#working = new AbortController();
    this.toggleAttribute('working', true);
    this.#part('problem').hidden = true;
    announce(text('edit-working'));
    try {
      const marked = await masks(this.#tool, now.source.width, now.source.height, now.strokes);
      if (this.#tool === 'erase' && marked.size === 0) throw new UploadError(text('edit-unmarked'));
      for (const [name, mask] of marked) form.set(name, mask, name);
      const { job, secondsLeft, picture } = await work(this.#form.action, form, (doing) => this.#say(doing), this.#working.signal);
      const source = await open(picture);
      restore(this.#form, '');
      const made = { job, until: performance.now() + secondsLeft * 1000 };
      this.#history!.push({ source, original: now.original, settings: settingsOf(this.#form), strokes: NONE, made });
      this.#show(true);
      announce(text('edit-done'));
    } catch (error) {
      this.#fail(error instanceof UploadError ? error.message : text('unreachable'));
    } finally {
      this.#say('');
      this.#working = undefined;
      this.toggleAttribute('working', false);
    }
  }

  #fail(message: string): void {
    const problem = this.#part('problem');
    problem.textContent = message;
    problem.hidden = false;
  }

  #say(doing: string): void {
    this.#part('status').textContent = doing;
  }

  get #form(): HTMLFormElement {
    return this.querySelector('form.tool')!;
  }

  get #file(): HTMLInputElement {
    return this.#form.querySelector('[name=picture]')!;
  }

  #part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.querySelector<T>(`[data-part=${name}]`)!;
  }
}

const NONE: readonly Stroke[] = [];

customElements.define('image-editor', ImageEditor);
