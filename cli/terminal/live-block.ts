/** Lines of a terminal that are drawn again in place, below everything else that is written. */
export class LiveBlock {
  readonly #terminal: NodeJS.WriteStream;
  #height = 0;

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
  }

  /** How many characters a line holds; the last column is left free, where some terminals break the line. */
  get width(): number {
    return (this.#terminal.columns ?? 80) - 1;
  }

  /** Draws lines in place of those before; what does not fit the width is cut off, since it would take two lines. */
  draw(lines: readonly string[]): void {
    const { rows = 24 } = this.#terminal;
    const shown = lines.slice(0, rows - 1).map((line) => line.slice(0, this.width));
    this.#terminal.write(`${this.#up()}${shown.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    this.#height = shown.length;
  }

  /** Takes the lines away, so that something else can be written. */
  clear(): void {
    if (this.#height === 0) return;
    this.#terminal.write(`${this.#up()}\u001b[J`);
    this.#height = 0;
  }

  #up(): string {
    return this.#height === 0 ? '\r' : `\r\u001b[${this.#height}A`;
  }
}
