import { announce } from './swap.ts';
import { text } from './text.ts';

/**
 * `<model-stage>` around a picture of a model, a button and the buttons that turn it: the button puts the
 * viewer over the picture. Nobody loads the viewer who only reads.
 */
export class ModelStage extends HTMLElement {
  readonly #lifetime = new AbortController();

  connectedCallback(): void {
    const button = this.querySelector<HTMLButtonElement>('button[data-part=open]')!;
    button.addEventListener('click', () => void this.#view(button), { signal: this.#lifetime.signal });
  }

  disconnectedCallback(): void {
    this.#lifetime.abort();
  }

  async #view(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    try {
      const { mountViewer } = await import('./viewer.ts');
      const viewer = await mountViewer(this.querySelector<HTMLElement>('[data-viewer]')!);
      button.hidden = true;
      this.querySelector<HTMLElement>('[data-part=tools]')!.hidden = false;
      // The element hands its focus to nobody by itself.
      viewer.shadowRoot?.querySelector<HTMLElement>('[tabindex]')?.focus();
    } catch {
      button.disabled = false;
      this.querySelector('[data-part=status]')!.textContent = text('undrawable');
      announce(text('undrawable'));
    }
  }
}
