/**
 * A mall for the simulator's own tests: it keeps everything in memory, answers as the REST interface does,
 * refuses what the mall would refuse, and misbehaves on request. It proves the simulator, never the mall.
 */
export interface TestMall {
  readonly host: string;
  readonly requests: Seen[];
  readonly stores: Map<string, { id: string; name: string; location: string; participating: boolean }>;
  readonly products: Map<string, TestProduct>;
  readonly baskets: Map<
    string,
    { state: 'open' | 'cancelled' | 'checked out'; total: number; items: number }
  >;
  readonly payments: Map<string, { customerId: string; amount: number }>;
  /** How often each order was looked at. */
  readonly looks: Map<string, number>;
  /**
   * What becomes of an order when it is looked at for the nth time, counted from 1. A blank: not there yet.
   */
  orderStatus: (look: number, orderId: string) => string;
  /** Called before a request is answered; an answer given here replaces the usual one. */
  intercept: (request: Seen) => Reply | 'hang' | 'disconnect' | undefined;
  addStore(name: string): string;
  close(): Promise<void>;
}

export interface TestProduct {
  readonly id: string;
  readonly storeId: string;
  name: string;
  description: string;
  readonly sku: string;
  readonly price: number;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly traceparent: string;
}

export interface Reply {
  readonly status: number;
  readonly body: object | string;
}
