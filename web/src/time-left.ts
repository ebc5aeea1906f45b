import { clockText } from './format.ts';

/**
 * `<time-left data-seconds="3552">59:12</time-left>` counts down and fires `expired` at zero.
 * The seconds are the server's, measured from now on a clock that nobody can set.
 */
export class TimeLeft extends HTMLElement {
  #deadline = 0;
  #timer: number | undefined;

  connectedCallback(): void {
    this.seconds = Number(this.dataset['seconds'] ?? 0);
    this.#timer = window.setInterval(() => this.#tick(), 500);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#timer);
  }

  /** Seconds from now; setting it corrects the countdown. */
  set seconds(seconds: number) {
    this.#deadline = performance.now() + seconds * 1000;
    this.#tick();
  }

  get seconds(): number {
    return (this.#deadline - performance.now()) / 1000;
  }

  #tick(): void {
    const text = clockText(this.seconds);
    if (this.textContent !== text) this.textContent = text;
    if (this.seconds > 0) return;
    window.clearInterval(this.#timer);
    this.dispatchEvent(new Event('expired', { bubbles: true }));
  }
}
