import type { ModelViewerElement } from '@google/model-viewer';

type Place = { readonly x: number; readonly y: number; readonly z: number };

/** A pointer that moved farther turned the model, pixels. */
const STILL = 4;

/** How far two points of a model are apart: pressed by pointer, or by Enter what is in the middle of the stage. */
export class Measure {
  readonly #stage: HTMLElement;
  readonly #viewer: ModelViewerElement;
  readonly #tell: (metres: number | undefined) => void;
  #points: Place[] = [];
  #listening: AbortController | undefined;

  /** `tell` hears the distance; nothing while there is none. */
  constructor(stage: HTMLElement, viewer: ModelViewerElement, tell: (metres: number | undefined) => void) {
    this.#stage = stage;
    this.#viewer = viewer;
    this.#tell = tell;
  }

  switch(on: boolean): void {
    this.#listening?.abort();
    this.#listening = undefined;
    this.#stage.toggleAttribute('data-measuring', on);
    this.#show([]);
    if (!on) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    let [x, y] = [0, 0];
    this.#viewer.addEventListener('pointerdown', (event) => ([x, y] = [event.clientX, event.clientY]), { signal });
    this.#viewer.addEventListener('click', (event) => {
      if (Math.hypot(event.clientX - x, event.clientY - y) <= STILL) this.#take(event.clientX, event.clientY);
    }, { signal });
    this.#viewer.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const { left, top, width, height } = this.#viewer.getBoundingClientRect();
      this.#take(left + width / 2, top + height / 2);
    }, { signal });
  }

  /** A third point begins anew. */
  #take(x: number, y: number): void {
    const hit = this.#viewer.positionAndNormalFromPoint(x, y);
    if (hit) this.#show([...(this.#points.length === 2 ? [] : this.#points), hit.position]);
  }

  #show(points: Place[]): void {
    this.#points = points;
    for (const point of this.#viewer.querySelectorAll('.point')) point.remove();
    for (const [at, { x, y, z }] of points.entries()) {
      const mark = document.createElement('span');
      mark.className = 'point';
      mark.slot = `hotspot-${at}`;
      mark.dataset['position'] = `${x}m ${y}m ${z}m`;
      this.#viewer.append(mark);
    }
    const [a, b] = points;
    this.#tell(a && b ? Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) : undefined);
  }
}
