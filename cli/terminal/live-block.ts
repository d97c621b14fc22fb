/** Lines of a terminal that are drawn again in place, below everything else that is written. */
export class LiveBlock {
  readonly #terminal: NodeJS.WriteStream;
  #height = 0;

  constructor(terminal: NodeJS.WriteStream) {
    this.#terminal = terminal;
  }

  /** Draws lines in place of those before; what does not fit the width is cut off, since it would take two lines. */
  draw(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.#terminal;
    const shown = lines.slice(0, rows - 1).map((line) => line.slice(0, columns - 1));
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
