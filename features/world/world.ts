import { World } from '@cucumber/cucumber';
import type { z } from 'zod';
import { newTrace, type Trace } from '../../cli/busywork/trace.ts';
import type { Doors } from './doors.ts';
import type { Inside } from './inside.ts';
import type { Lab } from './lab.ts';
import type { FeatureParameters } from './mall-under-test.ts';
import { Memory } from './memory.ts';
import { UniqueNames } from './names.ts';
import type { Answer, Method, RestDoor } from './rest-door.ts';
import { created } from './views.ts';
import { type Seen, until } from './waiting.ts';

export interface Sent {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a scenario has at hand: the mall's doors, names of its own, what it remembers, and patience. */
export class MallWorld extends World<FeatureParameters> {
  readonly names = new UniqueNames();
  readonly memory = new Memory();
  /** Every call of a scenario is of one trace, which failures name. */
  readonly trace: Trace = newTrace({ sampled: true });
  /** Headers of every call, such as a token. */
  headers: Readonly<Record<string, string>> = {};
  #doors: Doors | undefined;
  #lab: Lab | undefined;

  /** The mall of this scenario. */
  get doors(): Doors {
    const doors = this.#doors ?? this.#lab?.doors;
    if (doors === undefined) throw new Error('the scenario has not begun');
    return doors;
  }
  set doors(doors: Doors) {
    this.#doors = doors;
  }

  /** The mall that this scenario may do with as it likes. @throws Error where its tags ask for none */
  get lab(): Lab {
    if (this.#lab === undefined)
      throw new Error('the scenario has no mall of its own: it needs the tag @lab');
    return this.#lab;
  }
  set lab(lab: Lab) {
    this.#lab = lab;
  }

  /** Goes on in another mall, where nothing of this one is known. */
  moveTo(doors: Doors): void {
    this.#doors = doors;
    this.memory.leave();
  }

  /** Leaves a mall of its own as the next scenario wants to find it. */
  async tidy(): Promise<void> {
    await this.#lab?.tidy();
  }

  get rest(): RestDoor {
    return this.doors.rest;
  }

  get inside(): Inside {
    return this.doors.inside;
  }

  get patienceMs(): number {
    return this.parameters.patienceMs;
  }

  /** Calls the REST door and remembers the answer for the steps that judge it. */
  async ask(what: string, method: Method, path: string, sent: Sent = {}): Promise<Answer> {
    const answer = await this.#send(method, path, sent);
    this.memory.last = { what, answer };
    return answer;
  }

  /** As {@link ask}, for something that is to be made; answers its id when it was. */
  async make(what: string, path: string, body: unknown): Promise<string | undefined> {
    const answer = await this.ask(what, 'POST', path, { body });
    return answer.status === 200 ? created.parse(answer.body).id : undefined;
  }

  /** Calls the REST door for a step that takes for granted that it works. @throws Error with the refusal */
  async must(method: Method, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.#send(method, path, { ...(body !== undefined && { body }) });
    if (answer.status === 200) return answer;
    throw new Error(`${method} ${path} was refused: ${answer.status} ${answer.message}`);
  }

  /** As {@link must}, for something that is to be made. */
  async mustMake(path: string, body: unknown): Promise<string> {
    return created.parse((await this.must('POST', path, body)).body).id;
  }

  /** Reads a thing that is there. */
  async read<T>(path: string, view: z.ZodType<T>): Promise<T> {
    return view.parse((await this.must('GET', path)).body);
  }

  /** Reads a thing that may not be there yet. */
  async readIfThere<T>(path: string, view: z.ZodType<T>): Promise<T | undefined> {
    const answer = await this.#send('GET', path, {});
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new Error(`GET ${path} was refused: ${answer.status} ${answer.message}`);
    return view.parse(answer.body);
  }

  /** Waits until a look sees what it is for. @throws Error that tells what was there instead */
  until<T>(
    what: string,
    look: () => Promise<Seen<T>>,
    { withinMs = this.patienceMs, explain }: { withinMs?: number; explain?: () => Promise<string> } = {},
  ): Promise<T> {
    return until({
      what,
      withinMs,
      look,
      explain: async () =>
        [explain === undefined ? '' : await explain(), `trace ${this.trace.id}`].filter(Boolean).join('; '),
    });
  }

  #send(method: Method, path: string, sent: Sent): Promise<Answer> {
    return this.rest.send(method, path, {
      ...sent,
      headers: { ...this.headers, ...sent.headers },
      trace: this.trace,
    });
  }
}
