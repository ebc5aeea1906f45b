/**
 * Hands over the files that somebody drops anywhere on the page or pastes, so that a near miss doesn't open a picture
 * instead. `host` has the attribute `over` while files are dragged over the page.
 */
export function takeFiles(host: HTMLElement, take: (files: File[]) => void, signal: AbortSignal): void {
  const over = (on: boolean): void => void host.toggleAttribute('over', on);
  const files = (carried: DataTransfer | null): File[] => [...(carried?.files ?? [])];
  document.addEventListener('paste', (event) => take(files(event.clipboardData)), { signal });
  window.addEventListener('dragover', (event) => {
    event.preventDefault();
    over(true);
  }, { signal });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) over(false);
  }, { signal });
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    over(false);
    take(files(event.dataTransfer));
  }, { signal });
}
