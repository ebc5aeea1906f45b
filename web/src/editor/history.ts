/** Steps that can be gone back and forth. */
export class History<T> {
  #past: T[] = [];
  #present: T;
  #future: T[] = [];

  constructor(start: T) {
    this.#present = start;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** What was undone can't be redone any more. */
  push(next: T): void {
    this.#past.push(this.#present);
    this.#present = next;
    this.#future = [];
  }

  undo(): void {
    const before = this.#past.pop();
    if (before === undefined) return;
    this.#future.push(this.#present);
    this.#present = before;
  }

  redo(): void {
    const after = this.#future.pop();
    if (after === undefined) return;
    this.#past.push(this.#present);
    this.#present = after;
  }
}
