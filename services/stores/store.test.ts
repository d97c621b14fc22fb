import { describe, test } from 'node:test';
import { given, proveOutcomes } from '../kernel/domain/given-when-then.ts';
import { type StoreCommand, type StoreEvent, store } from './store.ts';

const created: StoreEvent = { type: 'stores.StoreCreated', name: 'Waldorf Books', location: 'East' };
const enabled: StoreEvent = { type: 'stores.StoreParticipationEnabled' };
const disabled: StoreEvent = { type: 'stores.StoreParticipationDisabled' };

const situations = {
  'no store': [],
  'a new store': [created],
  'a participating store': [created, enabled],
  'a store that left': [created, enabled, disabled],
} satisfies Record<string, readonly StoreEvent[]>;

const commands = {
  CreateStore: { type: 'CreateStore', name: 'Waldorf Books', location: 'East' },
  'CreateStore without name': { type: 'CreateStore', name: ' ', location: '' },
  'CreateStore without location': { type: 'CreateStore', name: 'Waldorf Books', location: '\t' },
  EnableParticipation: { type: 'EnableParticipation' },
  DisableParticipation: { type: 'DisableParticipation' },
  RebrandStore: { type: 'RebrandStore', name: 'Statler Books' },
  'RebrandStore to blank': { type: 'RebrandStore', name: '' },
} satisfies Record<string, StoreCommand>;

const notParticipating = {
  CreateStore: 'AlreadyExists: store with that ID already exists',
  'CreateStore without name': 'AlreadyExists: store with that ID already exists',
  'CreateStore without location': 'AlreadyExists: store with that ID already exists',
  EnableParticipation: 'stores.StoreParticipationEnabled',
  DisableParticipation: 'BadRequest: the store is already not participating',
  RebrandStore: 'stores.StoreRebranded',
  'RebrandStore to blank': 'BadRequest: the store name cannot be blank',
} as const;

describe('every command in every situation', () => {
  proveOutcomes(store, situations, commands, {
    // Row T7: that there is no store to change is found out before the rules are asked.
    'no store': {
      ...notParticipating,
      CreateStore: 'stores.StoreCreated',
      'CreateStore without name': 'BadRequest: the store name cannot be blank',
      'CreateStore without location': 'BadRequest: the store location cannot be blank',
    },
    'a new store': notParticipating,
    'a participating store': {
      ...notParticipating,
      EnableParticipation: 'BadRequest: the store is already participating',
      DisableParticipation: 'stores.StoreParticipationDisabled',
    },
    'a store that left': notParticipating,
  });
});

describe('what the commands leave behind', () => {
  const { state, when } = given(store, created);

  test('a new store does not take part', () => {
    given(store).when(commands.CreateStore).gives(created);
    const details = { name: 'Waldorf Books', location: 'East' };
    given(store)
      .when(commands.CreateStore)
      .leaves({ exists: true, ...details, participating: false });
  });
  test('taking part is switched on and off', () => {
    when(commands.EnableParticipation).leaves({ ...state, participating: true });
    given(store, created, enabled).when(commands.DisableParticipation).leaves(state);
  });
  test('rebranding changes the name alone', () => {
    when(commands.RebrandStore).gives({ type: 'stores.StoreRebranded', name: 'Statler Books' });
    when(commands.RebrandStore).leaves({ ...state, name: 'Statler Books' });
  });
  test('row T6: rebranding to blank is refused as on creation', () => {
    when({ type: 'RebrandStore', name: ' ' }).isRefused('BadRequest: the store name cannot be blank');
  });
  test('row T11: a store is created once', () => {
    when(commands.CreateStore).isRefused('AlreadyExists: store with that ID already exists');
  });
});
