import type { FastifyInstance } from 'fastify';
import { BasketServiceService } from '../../../../proto/gen/baskets/api.ts';
import { SearchServiceService } from '../../../../proto/gen/search/api.ts';
import { type Call, type ReportFault, rpcService } from '../../rpc/index.ts';
import { gateway } from '../gateway.ts';
import { httpLimits, httpServer } from '../server.ts';

export const DEADLINE_MS = 100;

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

const blankOrder = {
  orderId: '',
  customerId: '',
  customerName: '',
  items: [],
  total: 0,
  status: '',
  createdAt: undefined,
};
const item = {
  productId: 'p',
  storeId: 's',
  productName: 'א',
  storeName: '👩‍👩‍👧',
  price: 0.1,
  quantity: 5n,
};
const fullOrder = { ...blankOrder, items: [item], total: 0.5, createdAt: new Date(1_700_000_000_123) };

/** The REST door in front of baskets and search that remember what they are asked and answer always the same. */
export class RestDoor {
  readonly asked: unknown[] = [];
  readonly faults: { path: string; error: unknown; correlationId: string }[] = [];
  /** What the services do instead of answering, once it is set. */
  instead: ((call: Call) => Promise<never>) | undefined;
  readonly #app: FastifyInstance;

  constructor() {
    const report: ReportFault = (path, error, correlationId) =>
      this.faults.push({ path, error, correlationId });
    const services = [this.#baskets(), this.#search()].flatMap((service) => service({ report }));
    this.#app = httpServer(httpLimits);
    const methods = new Map(services.map((method) => [method.path, method]));
    gateway(this.#app, { methods, deadlineMs: DEADLINE_MS });
  }

  send(method: Verb, url: string, payload?: string, headers: Record<string, string> = {}) {
    return this.#app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
  }

  async close(): Promise<void> {
    await this.#app.close();
  }

  #baskets() {
    return rpcService(BasketServiceService, {
      startBasket: this.#answering({ id: 'new' }),
      getBasket: this.#answering({ basket: undefined }),
      cancelBasket: this.#answering({}),
      checkoutBasket: this.#answering({}),
      addItem: this.#answering({}),
      removeItem: this.#answering({}),
    });
  }

  #search() {
    return rpcService(SearchServiceService, {
      searchOrders: this.#answering({ orders: [fullOrder, blankOrder], next: '' }),
      getOrder: this.#answering({ order: blankOrder }),
    });
  }

  #answering<Answer>(answer: Answer) {
    return async (request: unknown, call: Call): Promise<Answer> => {
      this.asked.push(request);
      await this.instead?.(call);
      return answer;
    };
  }
}
