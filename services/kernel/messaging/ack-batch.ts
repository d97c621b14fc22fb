/**
 * Acknowledgements of one turn of the event loop, told to the broker together: one by one, each would be a packet that
 * wakes the server. No more wait here than the broker lets messages be in hand.
 */
export class AckBatch {
  #due: (() => void)[] = [];

  add(tell: () => void): void {
    if (this.#due.push(tell) === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    const due = this.#due;
    this.#due = [];
    for (const tell of due) tell();
  }
}
