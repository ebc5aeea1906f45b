import { announce } from './swap.ts';
import { text } from './text.ts';

/**
 * `<report-panel data-report="/jobs/…/report">` around a `<details>`: when it is opened for the
 * first time, the server's report takes the place of the link to it, and its form measures anew
 * without leaving the page.
 */
export class ReportPanel extends HTMLElement {
  readonly #lifetime = new AbortController();
  #asked: AbortController | undefined;

  connectedCallback(): void {
    const { signal } = this.#lifetime;
    this.#details.addEventListener('toggle', () => {
      if (this.#details.open && !this.#asked) void this.#load(this.dataset['report'] ?? '');
    }, { signal });
    this.addEventListener('submit', (event) => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const fields = new URLSearchParams({ size_mm: String(new FormData(form).get('size_mm')) });
      void this.#load(`${form.action}?${fields}`);
    }, { signal });
  }

  disconnectedCallback(): void {
    this.#lifetime.abort();
    this.#asked?.abort();
  }

  async #load(url: string): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.#findings.setAttribute('aria-busy', 'true');
    if (!this.querySelector('[data-part=report]')) this.#say(text('report-looking'));
    try {
      const reply = await fetch(url, { headers: { accept: 'text/html' }, cache: 'no-store', signal: asked.signal });
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const report = page.querySelector('[data-part=report]');
      if (report) {
        this.#findings.replaceChildren(report);
        announce(report.querySelector('.verdict')?.textContent ?? '');
      } else {
        this.#say(page.querySelector('.lead')?.textContent ?? text('server-answered', { status: reply.status }));
        this.#asked = undefined;
      }
    } catch {
      if (asked.signal.aborted) return;
      this.#say(text('unreachable'));
      this.#asked = undefined;
    }
    this.#findings.removeAttribute('aria-busy');
  }

  #say(sentence: string): void {
    const words = document.createElement('p');
    words.textContent = sentence;
    this.#findings.replaceChildren(words);
    announce(sentence);
  }

  get #details(): HTMLDetailsElement {
    return this.querySelector('details')!;
  }

  get #findings(): HTMLElement {
    return this.querySelector('[data-part=findings]')!;
  }
}
