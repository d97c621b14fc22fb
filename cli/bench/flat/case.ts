import type pg from 'pg';
import type { OwnServers } from '../own-servers.ts';
import type { Caller } from './cost.ts';
import type { FlatFigureId } from './flat-figures.ts';

/** What a case works on: a database of its own on servers of the bench's own. */
export interface FlatGround {
  readonly servers: OwnServers;
  readonly databaseUrl: string;
  /** Fills and counts; the calls have connections of their own. */
  readonly client: pg.Client;
}

/** A call whose cost must not grow with what is stored. */
export interface FlatCall {
  readonly figure: FlatFigureId;
  readonly calls: number;
  open(): Promise<Caller>;
}

/** Something that grows: filled to a hundredth, measured, filled to the whole, measured again. */
export interface FlatCase {
  readonly name: string;
  /** How many there are in the end. */
  readonly size: number;
  /** Makes the tables. */
  prepare(ground: FlatGround): Promise<void>;
  /** Adds the rows numbered `from` up to `to`. */
  fill(ground: FlatGround, rows: { readonly from: number; readonly to: number }): Promise<void>;
  /** The tables whose statistics the planner needs, as a running mall's have them. */
  readonly tables: readonly string[];
  calls(ground: FlatGround, size: number): readonly FlatCall[];
}
