import { createOrderSaga } from '../../services/mall.ts';
import type { Check } from './check.ts';
import type { Rule } from './findings.ts';

const sagasInOrder: Rule = {
  id: 'sagas-in-order',
  title: 'sagas walk in order',
  promise: 'Each saga goes up its steps and, once it has turned back, down them, undoing the newest first.',
  whenQuiet: false,
};

interface TurnRow {
  saga_id: string;
  status: string;
  step: number;
  status_before: string;
  step_before: number;
}

const walked = `SELECT saga_id, status, step, lag(status) OVER walk AS status_before, lag(step) OVER walk AS step_before
  FROM cosec.saga_history WINDOW walk AS (PARTITION BY saga_id ORDER BY position)`;

/** The story of each saga, line by line. */
export const sagaWalkCheck: Check = {
  rules: [sagasInOrder],
  async run({ snapshots }, findings) {
    const snapshot = snapshots.of('cosec');
    const { count } = await snapshot.row<{ count: number }>(
      'SELECT count(*) AS count FROM cosec.saga_history',
    );
    findings.checked(sagasInOrder, count);
    const turns = snapshot.pages<TurnRow>(
      `SELECT * FROM (${walked}) AS w
       WHERE CASE status WHEN 'running' THEN status_before <> 'running' OR step < step_before
                         WHEN 'completed' THEN status_before <> 'running' ELSE step > step_before END`,
    );
    for await (const page of turns) {
      for (const { saga_id: id, status, step, status_before, step_before } of page) {
        const says = `its saga went from ${status_before}, ${nameOf(step_before)}, to ${status}, ${nameOf(step)}`;
        findings.found(sagasInOrder, [id], says);
      }
    }
  },
};

function nameOf(step: number): string {
  return createOrderSaga.steps[step]?.name ?? `step ${step}`;
}
