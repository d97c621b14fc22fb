import { beginningOf, type ReadSpan, type ReadTrace } from './trace-reader.ts';

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A trace as people read it: one line for each piece of work, in the order in which they began. */
export interface Waterfall {
  readonly traceId: string;
  /** What began it. */
  readonly title: string;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Ids of the orders it is about. */
  readonly orders: readonly string[];
  readonly services: readonly string[];
  readonly spans: number;
  /** Whether a piece of work failed; a call that was refused, or a try that was repeated within it, is none. */
  readonly failed: boolean;
  readonly hops: readonly Hop[];
}

/** A request, a call or a message being handled, with what happened within it. */
export interface Hop {
  readonly spanId: string;
  readonly service: string;
  readonly name: string;
  /** How many requests and calls it is within. */
  readonly depth: number;
  /** Since the beginning of the trace. */
  readonly startMs: number;
  readonly durationMs: number;
  /** What went wrong; undefined when nothing did. */
  readonly error: string | undefined;
  /** How the message came here; undefined for everything else. */
  readonly journey: Journey | undefined;
  /** Where the order's saga went from here: its next step, or its end; undefined for everything else. */
  readonly saga: string | undefined;
  readonly attributes: Attributes;
  readonly steps: readonly Step[];
}

/** The way of a message to its handler, since the beginning of the trace. */
export interface Journey {
  readonly createdMs: number;
  /** When the relay took it from the outbox; undefined when that is not recorded. */
  readonly sentMs: number | undefined;
  /** When the broker had it for good. */
  readonly acknowledgedMs: number | undefined;
}

/** Something within a hop: a statement, a call to another context, a message that was made or sent. */
export interface Step {
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly error: string | undefined;
  readonly attributes: Attributes;
}

interface Node {
  readonly span: ReadSpan;
  readonly attributes: Attributes;
  readonly service: string;
  readonly parent: Node | undefined;
  readonly children: Node[];
}

/** Lays a trace out. Spans whose parent is not there begin hops of their own. */
export function waterfallOf(trace: ReadTrace): Waterfall {
  const beginUs = beginningOf(trace);
  const nodes = nodesOf(trace);
  const hops = nodes.filter(isHop).map((node) => hopOf(node, beginUs));
  const endUs = Math.max(...trace.spans.map(({ startTime, duration }) => startTime + duration));
  const orders = nodes.flatMap(({ attributes }) => {
    const order = attributes['mall.order.id'];
    return typeof order === 'string' ? [order] : [];
  });
  return {
    traceId: trace.traceID,
    title: hops[0]?.name ?? '',
    startedAt: new Date(beginUs / 1000).toISOString(),
    durationMs: (endUs - beginUs) / 1000,
    orders: [...new Set(orders)],
    services: [...new Set(hops.map(({ service }) => service))],
    spans: trace.spans.length,
    failed: hops.some(({ error }) => error !== undefined),
    hops,
  };
}

function nodesOf(trace: ReadTrace): Node[] {
  const byId = new Map(trace.spans.map((span) => [span.spanID, span]));
  const nodes = new Map<string, Node>();
  const nodeOf = (span: ReadSpan): Node => {
    const known = nodes.get(span.spanID);
    if (known !== undefined) return known;
    const parentId = span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID ?? '';
    const above = parentId === span.spanID ? undefined : byId.get(parentId);
    const node: Node = {
      span,
      attributes: Object.fromEntries(span.tags.map(({ key, value }) => [key, value])),
      service: trace.processes[span.processID]?.serviceName ?? 'unknown',
      parent: above && nodes.get(above.spanID),
      children: [],
    };
    nodes.set(span.spanID, node);
    return node;
  };
  // Parents begin before their children, except where clocks differ: those then stand alone.
  const ordered = [...trace.spans].sort(
    (one, other) => one.startTime - other.startTime || depthFirst(one, other),
  );
  for (const span of ordered) {
    const node = nodeOf(span);
    node.parent?.children.push(node);
  }
  return [...nodes.values()];
}

/** Of two spans that begin at once, the parent comes first. */
function depthFirst(one: ReadSpan, other: ReadSpan): number {
  if (other.references.some(({ spanID }) => spanID === one.spanID)) return -1;
  if (one.references.some(({ spanID }) => spanID === other.spanID)) return 1;
  return other.duration - one.duration;
}

function kindOf({ attributes }: Node): unknown {
  return attributes['span.kind'];
}

function isHop(node: Node): boolean {
  return node.parent === undefined || kindOf(node) === 'server' || kindOf(node) === 'consumer';
}

function hopOf(node: Node, beginUs: number): Hop {
  const { span, service, attributes } = node;
  const since = (us: number) => (us - beginUs) / 1000;
  return {
    spanId: span.spanID,
    service,
    name: span.operationName,
    depth: depthOf(node),
    startMs: since(span.startTime),
    durationMs: span.duration / 1000,
    error: errorOf(node),
    journey: journeyOf(node, since),
    saga: sagaOf(node),
    attributes,
    steps: stepsOf(node).map((step) => ({
      service: step.service,
      name: step.span.operationName,
      startMs: since(step.span.startTime),
      durationMs: step.span.duration / 1000,
      error: errorOf(step),
      attributes: step.attributes,
    })),
  };
}

function sagaOf({ attributes }: Node): string | undefined {
  const { 'mall.saga.status': status, 'mall.saga.step': step } = attributes;
  if (status === undefined) return undefined;
  if (status === 'running') return String(step);
  return status === 'compensating' ? `undo ${step}` : String(status);
}

function depthOf(node: Node): number {
  let depth = 0;
  for (let at: Node | undefined = node; at !== undefined && kindOf(at) !== 'consumer'; at = at.parent) {
    if (at !== node && isHop(at)) depth++;
  }
  return depth;
}

function journeyOf(node: Node, since: (us: number) => number): Journey | undefined {
  const { parent } = node;
  if (kindOf(node) !== 'consumer' || parent === undefined) return undefined;
  const sent = parent.children.find(
    ({ attributes }) => attributes['messaging.operation.type'] === 'send',
  )?.span;
  return {
    createdMs: since(parent.span.startTime),
    sentMs: sent && since(sent.startTime),
    acknowledgedMs: sent && since(sent.startTime + sent.duration),
  };
}

/** All that is within a hop and in no other, in the order in which it began. */
function stepsOf(hop: Node): Node[] {
  const within = (node: Node): Node[] =>
    node.children.flatMap((child) => (isHop(child) ? [] : [child, ...within(child)]));
  return within(hop).sort((one, other) => one.span.startTime - other.span.startTime);
}

function errorOf({ span, attributes }: Node): string | undefined {
  const failed = attributes.error === true || attributes.error === 'true';
  if (!failed) return undefined;
  const told = span.logs
    ?.flatMap(({ fields }) => fields)
    .find(({ key }) => key === 'exception.message')?.value;
  return String(attributes['otel.status_description'] ?? told ?? 'it failed');
}
