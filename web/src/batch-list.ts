import { announce } from './swap.ts';

const POLL_MILLIS = 3000;

/**
 * `<batch-list data-overview="/batch?jobs=…" data-live>` around the server's list of jobs: asks for it again while something
 * is still to come, and puts the lines that changed in place of the old ones.
 */
export class BatchList extends HTMLElement {
  #timer: number | undefined;

  connectedCallback(): void {
    if (this.dataset['live'] !== undefined) this.#timer = window.setTimeout(() => void this.#look(), POLL_MILLIS);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const fresh = await this.#asked();
    if (!this.isConnected) return;
    if (fresh) this.#show(fresh);
    this.connectedCallback();
  }

  /** The list as it is now; nothing where the server can't be reached. */
  async #asked(): Promise<HTMLElement | null> {
    try {
      const reply = await fetch(this.dataset['overview'] ?? '', { headers: { accept: 'text/html' }, cache: 'no-store' });
      return new DOMParser().parseFromString(await reply.text(), 'text/html').querySelector('batch-list');
    } catch {
      return null;
    }
  }

  #show(fresh: HTMLElement): void {
    const lines = fresh.querySelectorAll('li');
    this.querySelectorAll('li').forEach((line, nth) => {
      const now = lines[nth];
      if (!now || now.innerHTML === line.innerHTML) return;
      const title = now.querySelector('strong')?.textContent ?? '';
      if (title !== line.querySelector('strong')?.textContent) announce(`${nth + 1}: ${title}`);
      // Whoever is on a link of it stays there.
      if (!line.contains(document.activeElement)) line.replaceWith(now);
    });
    this.toggleAttribute('data-live', fresh.hasAttribute('data-live'));
  }
}
