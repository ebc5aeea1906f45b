// Moving to another page of ours without leaving this one: the server renders every page once,
// and what the browser holds (the picture just chosen) survives.

/** Shows the page at `url` in place of the present one. Error pages are pages, too. */
export async function showPage(url: string, prepare?: (main: HTMLElement) => void): Promise<void> {
  const reply = await fetch(url, { headers: { accept: 'text/html' }, cache: 'no-store' });
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  const fresh = page.querySelector('main');
  const present = document.querySelector('main');
  if (!fresh || !present) return location.assign(url);

  const replace = (): void => {
    document.title = page.title;
    prepare?.(fresh);
    present.replaceChildren(...fresh.childNodes);
  };
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!calm && 'startViewTransition' in document) await document.startViewTransition(replace).updateCallbackDone;
  else replace();

  if (url !== location.pathname + location.search) history.pushState(null, '', url);
  const heading = present.querySelector<HTMLElement>('h1');
  heading?.focus({ preventScroll: true });
  announce(heading?.textContent ?? '');
}

/** Says something to people who can't see the page. */
export function announce(text: string): void {
  const region = document.getElementById('announcer');
  if (region && region.textContent !== text) region.textContent = text;
}
