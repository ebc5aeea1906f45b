// Numbers as people read them, in the page's language.
import { text } from './text.ts';

/** `59:12`; never negative. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, '0')}`;
}

/** `0.427` → `42 %`. Rounded down, so that only a finished job says 100. */
export function percentText(fraction: number): string {
  return text('percent', { percent: Math.floor(Math.min(1, Math.max(0, fraction)) * 100) });
}

/** `33554432` → `32 MB`: the binary megabytes that file managers show. */
export function megabytesText(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  const digits = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: megabytes >= 10 ? 0 : 1 });
  return text('megabytes', { megabytes: digits.format(megabytes) });
}

/** What someone in the queue hears. `ahead` is the number of pictures to be made before theirs. */
export function queueText(ahead: number): string {
  return ahead <= 0 ? text('queue-next') : text('queue-ahead', { ahead });
}

/** What is left until there is a model. Nobody wants to know the seconds of many minutes. */
export function leftText(seconds: number): string {
  if (seconds <= 0) return text('left-longer');
  return seconds < 100
    ? text('left-seconds', { seconds: Math.ceil(seconds) })
    : text('left-minutes', { minutes: Math.ceil(seconds / 60) });
}
