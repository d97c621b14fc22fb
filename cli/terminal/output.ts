import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface OutputFlags {
  /** Results as one JSON document. */
  readonly json?: boolean | undefined;
  /** No narration, only results, warnings and errors. */
  readonly quiet?: boolean | undefined;
  /** False for `--no-color`. NO_COLOR and a stream that is no terminal switch colour off as well. */
  readonly color?: boolean | undefined;
}

/** The one place that writes: results on standard output, everything said along the way on standard error. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether somebody watches the narration, so that a line may be drawn again. CI logs do not count. */
  readonly lively: boolean;
  readonly #color: boolean;

  constructor(flags: OutputFlags = {}) {
    this.json = flags.json ?? false;
    this.quiet = flags.quiet ?? false;
    this.#color = flags.color ?? true;
    this.lively = !this.quiet && process.stderr.isTTY === true && !inCi() && process.env.TERM !== 'dumb';
  }

  /** A line, or several, of the result. */
  result(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** The result as one JSON document that names its shape and that shape's version, as `mall.ps/1`. */
  document(schema: string, content: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${JSON.stringify({ schema, ...content }, null, 2)}\n`);
  }

  /** Narration: left out with `--quiet`. */
  say(text: string): void {
    if (!this.quiet) process.stderr.write(`${text}\n`);
  }

  /** Something the reader has to know even with `--quiet`. */
  warn(text: string): void {
    process.stderr.write(`${this.paint('yellow', 'warning:', 'err')} ${text}\n`);
  }

  /** Draws the line of standard error that is being worked on anew, without ending it. */
  redraw(text: string): void {
    process.stderr.write(`\r\u001b[2K${text}`);
  }

  /** How many characters a line of standard error holds. */
  get width(): number {
    return process.stderr.columns ?? 80;
  }

  /** How many characters a line of the result holds; undefined where it goes to no terminal. */
  get resultWidth(): number | undefined {
    return process.stdout.isTTY === true ? process.stdout.columns : undefined;
  }

  /** Colours text for the stream it will be written to, where that shows colours. */
  paint(style: Style, text: string, stream: 'out' | 'err' = 'out'): string {
    return this.colorful(stream) ? styleText(style, text, { validateStream: false }) : text;
  }

  colorful(stream: 'out' | 'err'): boolean {
    const target = stream === 'out' ? process.stdout : process.stderr;
    return this.#color && target.isTTY === true && target.hasColors();
  }
}

/** Keeps documents, which are to be parts of another. */
export class CollectingOutput extends Output {
  readonly documents: Readonly<Record<string, unknown>>[] = [];

  override document(schema: string, content: Readonly<Record<string, unknown>>): void {
    this.documents.push({ schema, ...content });
  }
}

/** A reader that goes away (`| head`, a closed terminal) ends the writing, not the program. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Aborted once nobody reads the result on: what would go on writing for ever ends. */
export function readerGone(): AbortSignal {
  const gone = new AbortController();
  // What has been written before may have told it already.
  if (process.stdout.errored !== null) gone.abort();
  process.stdout.once('error', () => gone.abort());
  return gone.signal;
}

/** Whether a CI system says that it runs us. */
export function inCi(): boolean {
  const { CI } = process.env;
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0';
}
