import { megabytesText, percentText } from './format.ts';
import { announce, showPage } from './swap.ts';
import { takeFiles } from './take-files.ts';
import { text } from './text.ts';
import { upload, UploadError } from './upload.ts';

/** What the server says of a picture that it refused. */
interface Refused {
  readonly detail?: string;
}

/**
 * `<picture-batch data-limit-bytes="…" data-most="32">` around the form for many pictures: they are dropped, pasted or chosen
 * one after the other, shown, and taken back one by one; what the server refuses is named and stays. Without this element
 * the form sends what its field has.
 */
export class PictureBatch extends HTMLElement {
  readonly #lifetime = new AbortController();
  #pictures: File[] = [];
  #sending: AbortController | undefined;

  connectedCallback(): void {
    const { signal } = this.#lifetime;
    this.#input.addEventListener('change', () => {
      this.#add([...(this.#input.files ?? [])]);
      this.#input.value = '';
    }, { signal });
    takeFiles(this, (files) => this.#add(files), signal);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    }, { signal });
    this.#part('stop').addEventListener('click', () => this.#sending?.abort(), { signal });
  }

  disconnectedCallback(): void {
    this.#lifetime.abort();
    this.#keep([]);
  }

  #add(files: readonly File[]): void {
    if (files.length === 0 || this.#sending) return;
    const most = Number(this.dataset['most']);
    const all = [...this.#pictures, ...files];
    if (all.length > most) return this.#fail(text('batch-too-many', { most }));
    this.#part('problem').hidden = true;
    this.#keep(all);
  }

  /** Shows those pictures and forgets all others. */
  #keep(pictures: readonly File[]): void {
    const list = this.#part('chosen');
    for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src);
    this.#pictures = [...pictures];
    list.replaceChildren(...this.#pictures.map((picture) => this.#item(picture)));
    list.hidden = pictures.length === 0;
    this.#input.required = pictures.length === 0;
    announce(text('batch-chosen', { number: pictures.length }));
  }

  #item(picture: File): HTMLElement {
    const image = document.createElement('img');
    image.src = URL.createObjectURL(picture);
    image.alt = '';
    // Browsers don't draw every kind that the server takes; the button says the name aloud.
    image.addEventListener('error', () => {
      URL.revokeObjectURL(image.src);
      const name = document.createElement('span');
      name.ariaHidden = 'true';
      name.textContent = picture.name;
      image.replaceWith(name);
    }, { once: true });
    const button = document.createElement('button');
    button.type = 'button';
    button.title = picture.name;
    button.setAttribute('aria-label', text('batch-leave-out', { name: picture.name }));
    button.addEventListener('click', () => {
      this.#keep(this.#pictures.filter((other) => other !== picture));
      this.#input.focus();
    });
    const item = document.createElement('li');
    item.append(image, button);
    return item;
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#pictures.length === 0) return;
    const limit = Number(this.dataset['limitBytes']);
    const size = this.#pictures.reduce((sum, picture) => sum + picture.size, 0);
    if (size > limit) return this.#fail(text('batch-too-large', { size: megabytesText(size), limit: megabytesText(limit) }));
    const form = new FormData(this.#form);
    form.delete('picture');
    for (const picture of this.#pictures) form.append('picture', picture, 'picture');
    this.#sending = new AbortController();
    this.toggleAttribute('sending', true);
    this.#part('problem').hidden = true;
    announce(text('sending-pictures'));
    try {
      const { location, body } = await upload(this.#form.action, form, (share) => this.#advance(share), this.#sending.signal);
      await this.#answered(location, (JSON.parse(body) as { pictures: Refused[] }).pictures);
    } catch (error) {
      this.#fail(error instanceof UploadError ? error.message : text('page-broken'));
    } finally {
      this.#sending = undefined;
      this.toggleAttribute('sending', false);
    }
  }

  /** Goes to the list of jobs, or says first which pictures became none. */
  async #answered(overview: string, answers: readonly Refused[]): Promise<void> {
    const { pathname, search } = new URL(overview, document.baseURI);
    const refused = answers.flatMap(({ detail }, nth) => {
      const picture = this.#pictures[nth];
      return detail !== undefined && picture ? [{ picture, detail }] : [];
    });
    if (refused.length === 0) return showPage(pathname + search);
    this.#keep(refused.map(({ picture }) => picture));
    const others = document.createElement('a');
    others.href = pathname + search;
    others.textContent = text('batch-others');
    this.#fail(...refused.map(({ picture, detail }) => `${picture.name}: ${detail}`), others);
  }

  #advance(share: number): void {
    this.#part<HTMLProgressElement>('progress').value = share;
    this.#part('percent').textContent = share < 1 ? text('sending', { percent: percentText(share) }) : text('looking');
  }

  #fail(...lines: (string | Node)[]): void {
    const problem = this.#part('problem');
    problem.replaceChildren(...lines.map((line) => {
      const paragraph = document.createElement('p');
      paragraph.append(line);
      return paragraph;
    }));
    problem.hidden = false;
    problem.focus();
  }

  get #form(): HTMLFormElement {
    return this.querySelector('form')!;
  }

  get #input(): HTMLInputElement {
    return this.querySelector('input[type=file]')!;
  }

  #part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.querySelector<T>(`[data-part=${name}]`)!;
  }
}
