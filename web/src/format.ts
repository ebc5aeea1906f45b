// Numbers as people read them.

/** `59:12`; never negative. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  return `${minutes}:${String(whole % 60).padStart(2, '0')}`;
}

/** `0.427` → `42 %`. Rounded down, so that only a finished job says 100. */
export function percentText(fraction: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}

/** `33554432` → `32 MB`: the binary megabytes that file managers show. */
export function megabytesText(bytes: number): string {
  const megabytes = bytes / (1024 * 1024);
  return `${megabytes >= 10 ? Math.round(megabytes) : Math.round(megabytes * 10) / 10} MB`;
}

/** What someone in the queue hears. `ahead` is the number of pictures to be made before theirs. */
export function queueText(ahead: number): string {
  if (ahead <= 0) return 'Yours is next';
  return ahead === 1 ? 'One picture is before yours' : `${ahead} pictures are before yours`;
}

/** What is left until there is a model. Nobody wants to know the seconds of many minutes. */
export function leftText(seconds: number): string {
  if (seconds <= 0) return 'longer than usual';
  return seconds < 100 ? `about ${Math.ceil(seconds)} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
