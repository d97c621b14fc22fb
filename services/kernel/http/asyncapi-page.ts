import type { ContextName } from '../../../proto/catalogue.ts';
import { fieldsOf } from './asyncapi-fields.ts';
import type { AsyncApiDocument, Channel, EmptySchema, Message, Operation } from './asyncapi-model.ts';
import { type Html, html, joined, prose } from './html.ts';
import { htmlPage } from './html-page.ts';
import type { ObjectSchema, Reference } from './openapi-model.ts';

/** A document with the addresses around it. */
export interface DocumentedContext {
  readonly context: ContextName;
  readonly document: AsyncApiDocument;
  /** Where the context's REST routes are described, if it has any. */
  readonly restPage?: string;
}

/** A document to be read by people, without a script: channels with their messages, headers, envelope. */
export function asyncApiPage(
  { context, document, restPage }: DocumentedContext,
  linked: readonly ContextName[],
): string {
  const { info, servers, operations } = document;
  const flows = Object.entries(operations);
  const broker = servers ? html`, NATS at <code>${servers.nats.host}</code>` : '';
  return page(
    info.title,
    html`<p><a href="/asyncapi/">All messages of the mall</a></p>
<h1>${info.title}</h1>
<p class="soft">${context}, version ${info.version}${broker}</p>
<p>${prose(info.description)}</p>
<ul class="links">
<li><a href="/${context}-asyncapi/asyncapi.json">asyncapi.json</a></li>
${restPage ? html`<li><a href="${restPage}">REST routes</a></li>` : ''}
<li><a href="#headers">Headers</a></li>
<li><a href="#envelope">Envelope</a></li>
</ul>
<nav aria-label="Channels"><ul class="contents">
${flows.map(([id, flow]) => html`<li><a href="#${id}">${flow.title}</a></li>`)}
</ul></nav>
<main>
${flows.map(([id, operation]) => section(document, id, operation, linked))}
${headersSection(document)}
${envelopeSection(document)}
</main>`,
  );
}

/** All documents with what each context sends and takes. */
export function asyncApiIndex(documented: readonly DocumentedContext[]): string {
  return page(
    'Messages of the mall',
    html`<p><a href="/">The mall</a></p>
<h1>Messages of the mall</h1>
<p>What the contexts tell each other over NATS JetStream, by the context that sends or takes it.</p>
<main>
${documented.map(indexCard)}
</main>`,
  );
}

function indexCard({ context, document }: DocumentedContext): Html {
  const rows = Object.values(document.operations).map((operation) => {
    const names = messagesOf(document, operation).map(
      ({ name }) => html`<a href="/${context}-asyncapi/#${name}"><code>${name}</code></a>`,
    );
    return html`<dt>${tag(operation)}${address(channelOf(document, operation))}</dt>
<dd>${joined(names, ', ')}</dd>`;
  });
  return html`<article class="card" id="${context}">
<h2 class="plain"><a href="/${context}-asyncapi/">${document.info.title}</a></h2>
<p class="soft">${context}</p>
<dl class="stacked">${rows}</dl>
</article>`;
}

function section(
  document: AsyncApiDocument,
  id: string,
  operation: Operation,
  linked: readonly ContextName[],
): Html {
  const channel = channelOf(document, operation);
  const consumer = operation['x-jetstream-consumer'];
  const answers = operation.reply?.messages.map(({ $ref }) => html`<code>${nameIn($ref)}</code>`);
  return html`<section id="${id}">
<h2>${tag(operation)}${operation.title}</h2>
<dl>
<dt>Channel</dt><dd>${address(channel)}</dd>
${consumer ? html`<dt>Consumer group</dt><dd><code>${consumer.durable}</code></dd>` : ''}
${answers ? html`<dt>Answered by</dt><dd>${joined(answers, ', ')}</dd>` : ''}
</dl>
<p>${prose(operation.summary)}</p>
${messagesOf(document, operation).map((message) => messageCard(document, message, linked))}
</section>`;
}

function messageCard(document: AsyncApiDocument, message: Message, linked: readonly ContextName[]): Html {
  const consumers = message['x-consumed-by'].map(
    ({ context, group }) => html`${contextLink(context, linked)} (<code>${group}</code>)`,
  );
  const publishers = message['x-published-by'].map((context) => contextLink(context, linked));
  const type = message['x-protobuf-type'];
  return html`<article class="card" id="${message.name}">
<h3><code>${message.name}</code></h3>
<p>${prose(`${message.summary}. ${message.description ?? ''}`.trim())}</p>
<dl>
<dt>Payload</dt><dd>${type ? html`<code>${type}</code>` : 'none'}</dd>
<dt>Published by</dt><dd>${joined(publishers, ', ')}</dd>
<dt>Consumed by</dt><dd>${consumers.length > 0 ? joined(consumers, ', ') : 'no context'}</dd>
</dl>
${fieldsTable(document, message.payload)}
</article>`;
}

function headersSection(document: AsyncApiDocument): Html {
  const references = Object.values(document.components.messages).map(({ headers }) => headers);
  return html`<section id="headers">
<h2>Headers</h2>
<p>They travel as the envelope's metadata; each value is a text.</p>
${schemaCards(document, references)}
</section>`;
}

function envelopeSection(document: AsyncApiDocument): Html {
  const references = Object.values(document.components.messages).flatMap((message) => [
    message['x-envelope'],
    message['x-envelope-data'],
  ]);
  return html`<section id="envelope">
<h2>Envelope</h2>
<p>What the broker carries.</p>
${schemaCards(document, references)}
</section>`;
}

/** One card for each schema, however often it is referred to. */
function schemaCards(document: AsyncApiDocument, references: readonly Reference[]): Html[] {
  const names = new Set(references.map(({ $ref }) => nameIn($ref)));
  return [...names].flatMap((name) => {
    const schema = document.components.schemas[name];
    if (!schema) return [];
    return html`<article class="card">
<h3><code>${name}</code></h3>
<p>${prose(schema.description ?? '')}</p>
${fieldsTable(document, schema)}
</article>`;
  });
}

function fieldsTable(document: AsyncApiDocument, schema: Reference | ObjectSchema | EmptySchema): Html {
  const rows = fieldsOf(document, schema).map(
    ({ path, type, isRequired, description }) => html`<tr>
<td><code>${path}</code></td>
<td>${type}${isRequired ? '' : ', may be missing'}</td>
<td>${prose(description)}</td>
</tr>`,
  );
  if (rows.length === 0) return html``;
  return html`<table>
<thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody>
</table>`;
}

function tag({ action }: Operation): Html {
  return html`<span class="tag ${action}">${action === 'send' ? 'sends' : 'takes'}</span>`;
}

function address({ address: subject, description }: Channel): Html {
  return subject === null ? prose(description ?? 'named by each command') : html`<code>${subject}</code>`;
}

function contextLink(context: string, linked: readonly ContextName[]): Html {
  const isServed = linked.some((each) => each === context);
  return isServed ? html`<a href="/${context}-asyncapi/">${context}</a>` : html`${context}`;
}

function channelOf(document: AsyncApiDocument, operation: Operation): Channel {
  const channel = document.channels[nameIn(operation.channel.$ref)];
  if (!channel) throw new Error(`${operation.channel.$ref}: the document has no such channel`);
  return channel;
}

function messagesOf(document: AsyncApiDocument, operation: Operation): Message[] {
  return operation.messages.flatMap(({ $ref }) => document.components.messages[nameIn($ref)] ?? []);
}

function nameIn(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

function page(title: string, body: Html): string {
  return htmlPage({ title, assets: '/asyncapi/', body });
}
