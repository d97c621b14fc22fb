import { GrpcDoor } from './grpc-door.ts';
import { Inside } from './inside.ts';
import type { MallUnderTest } from './mall-under-test.ts';
import { RestDoor } from './rest-door.ts';

/** All that scenarios reach of one mall; opened when first used, shared by the scenarios of a thread. */
export class Doors {
  readonly mall: MallUnderTest;
  readonly rest: RestDoor;
  /** From when on its messages are of interest. */
  readonly since: Date;
  #grpc: GrpcDoor | undefined;
  #inside: Inside | undefined;

  constructor(mall: MallUnderTest, since = new Date()) {
    this.mall = mall;
    this.since = since;
    this.rest = new RestDoor(mall.rest);
  }

  /** @throws Error when the run was not told where it is */
  get grpc(): GrpcDoor {
    if (this.mall.grpc === undefined)
      throw new Error(`nobody told where the gRPC door of ${this.mall.name} is`);
    this.#grpc ??= new GrpcDoor(this.mall.grpc);
    return this.#grpc;
  }

  /** @throws Error when the run knows the doors only */
  get inside(): Inside {
    const { inside, name } = this.mall;
    if (inside === undefined)
      throw new Error(`the databases and the broker of ${name} are not known to this run`);
    this.#inside ??= new Inside(inside, this.since);
    return this.#inside;
  }

  get hasInside(): boolean {
    return this.mall.inside !== undefined;
  }

  async close(): Promise<void> {
    this.#grpc?.close();
    await this.#inside?.close();
  }
}
