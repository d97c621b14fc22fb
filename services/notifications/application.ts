import { type Causation, type Database, inUnitOfWork, type UnitOfWork } from '../kernel/database/index.ts';
import { checkNews, type OrderNews } from './notification.ts';
import type { Notifications } from './notifications.ts';

export interface NotificationsOptions {
  readonly database: Database;
  readonly notifications: Notifications;
  /** Called after each commit that left something to send. */
  readonly recorded: () => void;
}

/** The use case of notifications: telling customers how their orders fare. */
export class NotificationsApplication {
  readonly #options: NotificationsOptions;

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  /**
   * Records what is to be told as part of a unit of work; it is sent after the commit, to the number the
   * customer has then. News told before are no news. @throws BadRequest when order or customer is blank
   */
  record(unit: UnitOfWork, news: OrderNews): void {
    checkNews(news);
    unit.add(this.#options.notifications.add(news));
    unit.afterCommit(this.#options.recorded);
  }

  /** As {@link record}, in a unit of work of its own. */
  async notify(news: OrderNews, causation: Causation): Promise<void> {
    await inUnitOfWork(this.#options.database, causation, async (unit) => this.record(unit, news));
  }
}
