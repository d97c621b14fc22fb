/** How many claims are remembered: more than a page of any list they come from. */
const MOST_CLAIMS = 10_000;

/** Things that only one may work on, such as a shopping list: whoever claims one first has it. */
export interface Claims {
  /** Claims one that nobody has, in the order given; undefined where all are taken. */
  take(ids: readonly string[]): string | undefined;
}

export function createClaims(): Claims {
  const claimed = new Set<string>();
  return {
    take: (ids) => {
      const free = ids.find((id) => !claimed.has(id));
      if (free === undefined) return undefined;
      claimed.add(free);
      for (const oldest of claimed) {
        if (claimed.size <= MOST_CLAIMS) break;
        claimed.delete(oldest);
      }
      return free;
    },
  };
}
