import { TimeLeft } from '../time-left.ts';

/** Where the server keeps a picture that it made, and until when, on this page's clock. */
export interface Made {
  readonly job: string;
  readonly until: number;
}

/** Offers what can be done with it in a row of the page, as long as the server has it. */
export function offer(row: HTMLElement, made: Made | undefined): void {
  const left = made ? (made.until - performance.now()) / 1000 : 0;
  row.hidden = left <= 0;
  if (!made || left <= 0) return;
  row.querySelector<HTMLAnchorElement>('[data-part=download]')!.href = `${made.job}/picture.png`;
  row.querySelector<HTMLAnchorElement>('[data-part=page]')!.href = made.job;
  row.querySelector('form')!.action = `${made.job}/model`;
  const countdown = row.querySelector('time-left');
  if (countdown instanceof TimeLeft) countdown.seconds = left;
}
