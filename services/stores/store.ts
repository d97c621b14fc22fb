import { AlreadyExists, BadRequest, type Decider, isBlank } from '../kernel/domain/index.ts';

/** A store of the mall. Whether it takes part in automated shopping is the owner's switch, off at first. */
export interface Store {
  readonly exists: boolean;
  readonly name: string;
  readonly location: string;
  readonly participating: boolean;
}

export type StoreCommand =
  | { readonly type: 'CreateStore'; readonly name: string; readonly location: string }
  | { readonly type: 'EnableParticipation' }
  | { readonly type: 'DisableParticipation' }
  | { readonly type: 'RebrandStore'; readonly name: string };

export type StoreEvent =
  | { readonly type: 'stores.StoreCreated'; readonly name: string; readonly location: string }
  | { readonly type: 'stores.StoreParticipationEnabled' }
  | { readonly type: 'stores.StoreParticipationDisabled' }
  | { readonly type: 'stores.StoreRebranded'; readonly name: string };

export const store: Decider<Store, StoreCommand, StoreEvent> = {
  initial: { exists: false, name: '', location: '', participating: false },
  decide,
  evolve,
};

function decide(command: StoreCommand, state: Store): readonly StoreEvent[] {
  switch (command.type) {
    case 'CreateStore': {
      const { name, location } = command;
      // The original overwrote a store created twice (row T11).
      if (state.exists) throw new AlreadyExists('store with that ID already exists');
      checkName(name);
      if (isBlank(location)) throw new BadRequest('the store location cannot be blank');
      return [{ type: 'stores.StoreCreated', name, location }];
    }
    case 'EnableParticipation':
      if (state.participating) throw new BadRequest('the store is already participating');
      return [{ type: 'stores.StoreParticipationEnabled' }];
    case 'DisableParticipation':
      if (!state.participating) throw new BadRequest('the store is already not participating');
      return [{ type: 'stores.StoreParticipationDisabled' }];
    case 'RebrandStore':
      // A rebranded store needs a name as much as a new one (row T6).
      checkName(command.name);
      return [{ type: 'stores.StoreRebranded', name: command.name }];
  }
}

function checkName(name: string): void {
  if (isBlank(name)) throw new BadRequest('the store name cannot be blank');
}

function evolve(state: Store, event: StoreEvent): Store {
  switch (event.type) {
    case 'stores.StoreCreated':
      return { ...state, exists: true, name: event.name, location: event.location };
    case 'stores.StoreParticipationEnabled':
      return { ...state, participating: true };
    case 'stores.StoreParticipationDisabled':
      return { ...state, participating: false };
    case 'stores.StoreRebranded':
      return { ...state, name: event.name };
  }
}
