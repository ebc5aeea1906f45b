import { follow } from './follow.ts';
import { leftText, percentText, queueText } from './format.ts';
import { isFinal, parseJob, problemText, type Job } from './job.ts';
import { announce, showPage } from './swap.ts';
import { text } from './text.ts';
import { TimeLeft } from './time-left.ts';

/** A model is small: by then it has usually been sent. */
const AFTER_DOWNLOAD_MILLIS = 2500;
const RETRY_MILLIS = 2000;

/**
 * `<job-card data-job="/jobs/…" data-state="running">` around the server's rendering of a job:
 * keeps it live while the job runs, puts the viewer on the stage when there is a model, and lets
 * the page's own forms (stop, delete) act without leaving it.
 */
export class JobCard extends HTMLElement {
  readonly #lifetime = new AbortController();
  /** What is being done, and when it is likely to be over. */
  #doing = '';
  #readyAt: number | undefined;

  connectedCallback(): void {
    const { signal } = this.#lifetime;
    this.addEventListener('expired', () => void this.#refresh(), { signal });
    this.addEventListener('submit', (event) => {
      const form = event.target as HTMLFormElement;
      // The others ask for something and change nothing.
      if (form.method !== 'post') return;
      event.preventDefault();
      void this.#act(form);
    }, { signal });
    this.addEventListener('click', (event) => {
      const link = event.target instanceof Element && event.target.closest('a[download]');
      // A download moves the deadline when it ends, or ends everything.
      if (link) window.setTimeout(() => void this.#look(), AFTER_DOWNLOAD_MILLIS);
    }, { signal });
    if (this.dataset['state'] === 'done') void this.#view();
    else if (!isFinal(this.dataset['state'] as Job['state'])) {
      follow(this.#url, {
        job: (job) => this.#show(job),
        lost: () => {
          this.#doing = '';
          this.#say(text('connection-lost'));
        },
        gone: () => void this.#refresh(),
      }, signal);
      const ticking = window.setInterval(() => this.#tick(), 1000);
      signal.addEventListener('abort', () => window.clearInterval(ticking));
    }
  }

  disconnectedCallback(): void {
    this.#lifetime.abort();
    const shown = this.querySelector<HTMLImageElement>('img[data-part=picture]')?.src;
    if (shown?.startsWith('blob:')) URL.revokeObjectURL(shown);
  }

  #show(job: Job): void {
    if (isFinal(job.state)) return void this.#refresh();
    const left = this.querySelector('time-left');
    if (left instanceof TimeLeft) left.seconds = job.expiresInSecs;
    const bar = this.querySelector('progress');
    if (bar && job.state === 'running') bar.value = job.progress;

    let label = '';
    let past = job.stage !== null;
    for (const step of this.querySelectorAll<HTMLElement>('[data-stage]')) {
      const current = step.dataset['stage'] === job.stage;
      if (current) {
        label = step.textContent.trim();
        past = false;
        step.setAttribute('aria-current', 'step');
      } else step.removeAttribute('aria-current');
      step.dataset['step'] = current ? 'current' : past ? 'past' : 'ahead';
    }

    const waits = job.state === 'queued';
    this.#doing = waits ? queueText(job.queuePosition ?? 0) : this.#progress(job, label);
    this.#expect(job);
    this.#tick();
    announce(waits ? this.#doing : label);
    document.title = `${job.state === 'running' ? percentText(job.progress) : text('waiting')} · ai3dgen`;
  }

  #progress(job: Job, label: string): string {
    return label === '' ? text('starting') : text('doing', { doing: label, percent: percentText(job.progress) });
  }

  /** Notes when the model is likely to be there; never later than was told before. */
  #expect({ secondsLeft, longerThanUsual }: Job): void {
    if (longerThanUsual) this.#readyAt = 0;
    else if (secondsLeft === null) this.#readyAt = undefined;
    else this.#readyAt = Math.min(this.#readyAt ?? Infinity, Date.now() + secondsLeft * 1000);
  }

  /** Shows what is being done and what is left now. Not said aloud each second. */
  #tick(): void {
    const status = this.querySelector('[data-part=status]');
    if (!status || this.#doing === '') return;
    const left = this.#readyAt === undefined ? '' : ` · ${leftText((this.#readyAt - Date.now()) / 1000)}`;
    status.textContent = this.#doing + left;
  }

  /** Shows and says it, never the same thing twice. */
  #say(sentence: string): void {
    const status = this.querySelector('[data-part=status]');
    if (status) status.textContent = sentence;
    announce(sentence);
  }

  async #act(form: HTMLFormElement): Promise<void> {
    const button = form.querySelector('button');
    if (button) button.disabled = true;
    try {
      const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
      const body = new URLSearchParams(fields);
      const reply = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body });
      // Gone is an answer, too: the page says so.
      if (!reply.ok && reply.status !== 410) {
        if (button) button.disabled = false;
        return this.#say(problemText(await reply.text(), reply.status));
      }
      await this.#refresh();
    } catch {
      if (button) button.disabled = false;
      this.#say(text('unreachable'));
    }
  }

  async #view(): Promise<void> {
    const stage = this.querySelector<HTMLElement>('[data-viewer]');
    if (!stage) return;
    try {
      const { mountViewer } = await import('./viewer.ts');
      await mountViewer(stage);
    } catch {
      // The preview picture stays; the model can still be downloaded.
      stage.dataset['viewerState'] = 'failed';
      this.#say(text('undrawable'));
    }
  }

  /** Asks how long it is still kept, and shows that. */
  async #look(): Promise<void> {
    try {
      const reply = await fetch(this.#url, { headers: { accept: 'application/json' }, cache: 'no-store', signal: this.#lifetime.signal });
      if (reply.status === 410) return await this.#refresh();
      const left = this.querySelector('time-left');
      if (reply.ok && left instanceof TimeLeft) left.seconds = parseJob(await reply.text()).expiresInSecs;
    } catch {
      // The countdown stays as it was, which is never too long.
    }
  }

  /** Shows what has become of the job, as soon as the server can be reached. */
  async #refresh(): Promise<void> {
    this.#lifetime.abort();
    while (this.isConnected) {
      try {
        return await showPage(this.#url);
      } catch {
        this.#say(text('connection-lost'));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      }
    }
  }

  get #url(): string {
    return this.dataset['job'] ?? location.pathname;
  }
}
