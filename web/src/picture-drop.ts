import { megabytesText, percentText } from './format.ts';
import { rememberedTier, rememberTier } from './remember.ts';
import { announce, showPage } from './swap.ts';
import { takeFiles } from './take-files.ts';
import { text } from './text.ts';
import { upload, UploadError } from './upload.ts';

/**
 * Wraps the upload form: choosing, dropping or pasting a picture sends it at once, shows how far
 * it is, and moves on to the job's page. Without this element the form still works, with its button.
 */
export class PictureDrop extends HTMLElement {
  #sending: AbortController | undefined;
  /** What waits for the button. */
  #chosen: File | undefined;
  readonly #lifetime = new AbortController();

  connectedCallback(): void {
    const { signal } = this.#lifetime;
    const wanted = this.dataset['tier'] ?? rememberedTier();
    const tier = this.querySelector<HTMLInputElement>(`input[name=tier][value="${CSS.escape(wanted)}"]`);
    if (tier) tier.checked = true;
    this.#form.addEventListener('change', (event) => {
      const changed = event.target as HTMLInputElement;
      if (changed.name === 'tier') rememberTier(changed.value);
    }, { signal });
    this.#input.addEventListener('change', () => this.#choose(this.#input.files?.[0]), { signal });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#take(this.#chosen ?? this.#input.files?.[0]);
    }, { signal });
    this.#part('sample').addEventListener('click', () => void this.#sample(), { signal });
    this.#part('stop').addEventListener('click', () => this.#sending?.abort(), { signal });
    takeFiles(this, ([picture]) => this.#choose(picture), signal);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#sending?.abort();
    }, { signal });
  }

  disconnectedCallback(): void {
    this.#lifetime.abort();
  }

  /** Takes the picture that the page has for those who have none at hand. */
  async #sample(): Promise<void> {
    try {
      const reply = await fetch(this.querySelector<HTMLImageElement>('.sample img')!.src);
      this.#choose(new File([await reply.blob()], 'picture', { type: 'image/jpeg' }));
    } catch {
      this.#fail(text('unreachable'));
    }
  }

  /** Sends it at once, unless other sides may follow: then it waits for the button. */
  #choose(picture: File | undefined): void {
    if (!picture || this.#sending) return;
    if (!this.#part<HTMLDetailsElement>('sides').open) return void this.#take(picture);
    this.#chosen = picture;
    // A picture that was dropped or pasted is none of the form's.
    this.#input.required = false;
    this.#problem.hidden = true;
    this.#show(URL.createObjectURL(picture));
  }

  async #take(picture: File | undefined): Promise<void> {
    if (!picture || this.#sending) return;
    const form = new FormData(this.#form);
    form.set('picture', picture, 'picture');
    const refusal = this.#refusal(picture, form);
    if (refusal !== undefined) return this.#fail(refusal);

    const shown = URL.createObjectURL(picture);
    this.#begin(shown);
    try {
      const { location: job } = await upload(this.#form.action, form, (fraction) => this.#advance(fraction), this.#sending!.signal);
      await showPage(new URL(job, location.href).pathname, (main) => {
        const slot = main.querySelector<HTMLImageElement>('img[data-part=picture]');
        if (!slot) return;
        slot.src = shown;
        slot.hidden = false;
      });
    } catch (error) {
      URL.revokeObjectURL(shown);
      this.#fail(error instanceof UploadError ? error.message : text('page-broken'));
    }
  }

  /** What the server would refuse anyway, said before sending megabytes. */
  #refusal(picture: File, form: FormData): string | undefined {
    const limit = Number(this.dataset['limitBytes'] ?? Infinity);
    if (picture.size === 0) return text('empty-file');
    const size = [...form.values()].reduce((sum, value) => sum + (value instanceof File ? value.size : 0), 0);
    if (size > limit) {
      return text('file-too-large', { size: megabytesText(size), limit: megabytesText(limit) });
    }
    return undefined;
  }

  #begin(shown: string): void {
    this.#sending = new AbortController();
    this.toggleAttribute('sending', true);
    this.#problem.hidden = true;
    this.#show(shown);
    this.#advance(0);
    announce(text('sending-picture'));
  }

  /** Puts the picture at that address on the stage. */
  #show(address: string): void {
    const picture = this.#part<HTMLImageElement>('picture');
    if (picture.src.startsWith('blob:')) URL.revokeObjectURL(picture.src);
    picture.src = address;
    picture.hidden = false;
  }

  #advance(fraction: number): void {
    this.#part<HTMLProgressElement>('progress').value = fraction;
    this.#part('percent').textContent = fraction < 1 ? text('sending', { percent: percentText(fraction) }) : text('looking');
  }

  #fail(message: string): void {
    this.#sending = undefined;
    this.#chosen = undefined;
    this.#input.required = true;
    this.toggleAttribute('sending', false);
    const picture = this.#part<HTMLImageElement>('picture');
    picture.hidden = true;
    picture.removeAttribute('src');
    this.#input.value = '';
    this.#problem.textContent = message;
    this.#problem.hidden = false;
    this.#input.focus();
  }

  get #form(): HTMLFormElement {
    return this.querySelector('form')!;
  }

  get #input(): HTMLInputElement {
    return this.querySelector('input[type=file]')!;
  }

  get #problem(): HTMLElement {
    return this.#part('problem');
  }

  #part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.querySelector<T>(`[data-part=${name}]`)!;
  }
}
