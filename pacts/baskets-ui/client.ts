/** What the original's user interface for baskets is to the mall: two calls, in the names of its own. */
export class Client {
  readonly #host: string;

  constructor(host = 'http://localhost:8080') {
    this.#host = host;
  }

  startBasket(customerId: string): Promise<unknown> {
    return this.#send('POST', '/api/baskets', { customerId });
  }

  addItem(basketId: string, productId: string, quantity = 1): Promise<unknown> {
    return this.#send('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity });
  }

  /** @throws RequestRefused for any answer but a success */
  async #send(method: string, path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.#host}${path}`, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw new RequestRefused(response.status, answer);
  }
}

/** The mall did not do what was asked. */
export class RequestRefused extends Error {
  readonly status: number;

  constructor(status: number, answer: unknown) {
    const told = typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : '';
    super(String(told));
    this.name = 'RequestRefused';
    this.status = status;
  }
}
