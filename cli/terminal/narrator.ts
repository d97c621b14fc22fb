import type { Output } from './output.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;
const plainProgressEveryMs = 5_000;

/**
 * Tells long work step by step. On a terminal the step at work has a spinner and, once done, a tick and its time;
 * elsewhere each step is a plain line when it begins.
 */
export class Narrator {
  readonly #output: Output;
  #current:
    | { readonly text: string; readonly since: number; readonly timer: NodeJS.Timeout; detail: string }
    | undefined;
  #progressToldAt = Number.NEGATIVE_INFINITY;
  #frame = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Begins a step; the one before counts as done. */
  step(text: string): void {
    this.done();
    if (!this.#output.lively) {
      this.#output.say(text);
      return;
    }
    const timer = setInterval(() => this.#draw(), frameMs).unref();
    this.#current = { text, since: performance.now(), timer, detail: '' };
    this.#draw();
  }

  /** Says something without ending the step at work. */
  note(text: string): void {
    if (this.#current !== undefined) this.#output.redraw('');
    this.#output.say(this.#output.lively ? `  ${text}` : text);
    if (this.#current !== undefined) this.#draw();
  }

  /** How far the step at work has come: beside it on a terminal, elsewhere a line now and then. */
  progress(text: string): void {
    if (this.#current !== undefined) {
      this.#current.detail = `: ${text}`;
      return;
    }
    if (performance.now() - this.#progressToldAt < plainProgressEveryMs) return;
    this.#progressToldAt = performance.now();
    this.#output.say(text);
  }

  /** Ends the step at work, if there is one. */
  done(): void {
    this.#end('green', '✔');
  }

  failed(): void {
    this.#end('red', '✖');
  }

  /** Takes the step at work away: what is written next tells of it. */
  clear(): void {
    if (this.#current === undefined) return;
    clearInterval(this.#current.timer);
    this.#current = undefined;
    this.#output.redraw('');
  }

  #end(color: 'green' | 'red', mark: string): void {
    const step = this.#current;
    if (step === undefined) return;
    clearInterval(step.timer);
    this.#current = undefined;
    const seconds = ((performance.now() - step.since) / 1000).toFixed(1);
    const time = this.#output.paint('dim', `${seconds} s`, 'err');
    this.#output.redraw(`${this.#output.paint(color, mark, 'err')} ${step.text} ${time}\n`);
  }

  #draw(): void {
    if (this.#current === undefined) return;
    this.#frame = (this.#frame + 1) % frames.length;
    const spinner = this.#output.paint('cyan', frames[this.#frame] ?? '', 'err');
    // A line that is longer than the terminal is wide would not be drawn over: the rest of it stays above.
    const text = `${this.#current.text}${this.#current.detail}`.slice(0, this.#output.width - 3);
    this.#output.redraw(`${spinner} ${text}`);
  }
}
