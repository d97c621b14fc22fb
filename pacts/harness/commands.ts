import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { MatchersV3 } from '@pact-foundation/pact';
import { type MessageDefinition, metadataKeys } from '../../proto/catalogue.ts';
import type { TestProcess } from '../../services/kernel/testing/index.ts';
import { contractStream } from '../contracts.ts';
import type { Overrides } from './message-consumer.ts';
import type { About } from './provider.ts';
import type { Stage } from './stage.ts';

const { regex } = MatchersV3;
const sagaName = 'cosec.CreateOrder';
const replyChannel = 'cosec.replies.CreateOrder';

/** What a commanded context reads of a command: where its answer goes, and what the answer has to repeat. */
export const commandHeaders = {
  [metadataKeys.commandReplyChannel]: `${contractStream}.${replyChannel}`,
  [metadataKeys.commandSagaId]: 'order-id',
  [metadataKeys.commandSagaName]: sagaName,
  [metadataKeys.commandId]: regex('.+', 'command-id'),
};

/** What the saga reads of an answer. */
export function replyHeaders(outcome: 'SUCCESS' | 'FAILURE') {
  return {
    [metadataKeys.replySagaId]: 'order-id',
    [metadataKeys.replySagaName]: sagaName,
    [metadataKeys.replyId]: 'command-id',
    [metadataKeys.replyOutcome]: outcome,
    ...(outcome === 'FAILURE' && {
      [metadataKeys.replyErrorMessage]: regex('.+', 'it cannot be done'),
    }),
  };
}

/** Has a command published and answers what the context replied, whose headers must be the command's. */
export async function answerTo<Payload>(
  mall: TestProcess,
  publish: (overrides: Overrides) => Promise<void>,
  reply: MessageDefinition<Payload>,
): Promise<Payload> {
  const commandId = randomUUID();
  await publish({
    [metadataKeys.commandId]: commandId,
    [metadataKeys.commandReplyChannel]: `${mall.ground.stream}.${replyChannel}`,
  });
  const answer = await mall.nextMessage(
    reply,
    (_payload, { metadata }) => metadata[metadataKeys.replyId] === commandId,
  );
  assert.equal(answer.subject, `${mall.ground.stream}.${replyChannel}`);
  assert.equal(answer.metadata[metadataKeys.replySagaId], 'order-id');
  assert.equal(answer.metadata[metadataKeys.replySagaName], sagaName);
  assert.equal(answer.metadata[metadataKeys.replyOutcome], 'SUCCESS');
  return answer.content;
}

/** Headers of a command that a provider is sent, whose answer the contract is about. */
export function sentCommand(stage: Stage, about: About) {
  return {
    [metadataKeys.commandReplyChannel]: `${stage.mall.ground.stream}.${replyChannel}`,
    [metadataKeys.commandSagaId]: stage.id(about.text('sagaId')),
    [metadataKeys.commandSagaName]: sagaName,
    [metadataKeys.commandId]: stage.id(about.text('commandId')),
  };
}
