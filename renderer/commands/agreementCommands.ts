import {
  AGREEMENT_COLUMNS,
  AGREEMENT_MATRIX_COLUMNS,
  agreementMatrixRows,
  agreementRows,
} from '../../core/agreement/agreementTables.js';
import { csvChunks } from '../../core/report/csv.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { commandGroup } from './command.js';

function compare(w: Workbench): void {
  const recordingId = w.workspace.entry?.recordingId;
  if (recordingId === undefined) return;
  w.view.name = 'agreement';
  void w.attempt('Compare raters', () => w.bridge.call('job/agreement', { recordingId, ...w.agreements.request() }));
}

function addRaters(w: Workbench): void {
  const recordingId = w.workspace.entry?.recordingId;
  if (recordingId === undefined) return;
  w.view.name = 'agreement';
  void w.attempt('Add raters', () => w.bridge.call('job/ratings', { recordingId }));
}

/** The same tables as in a report. */
function saveTable(name: 'agreement.csv' | 'agreement_matrix.csv'): (w: Workbench) => void {
  return (w) => {
    const { result } = w.agreements;
    if (!result) return;
    const chunks =
      name === 'agreement.csv'
        ? csvChunks(AGREEMENT_COLUMNS, agreementRows(result, result.recordings))
        : csvChunks(AGREEMENT_MATRIX_COLUMNS, agreementMatrixRows(result, result.recordings));
    const text = [...chunks].join('');
    void w.attempt(`Save ${name}`, async () => {
      if (await w.bridge.call('text/save', { name, text })) w.view.say(`Saved ${name}`);
    });
  };
}

const isSeen = (w: Workbench) => w.workspace.entry !== undefined && !w.view.blind;
const isIdle = (w: Workbench) => !w.jobs.active.some(({ kind }) => kind === 'agreement' || kind === 'ratings');
const canCompare = (w: Workbench) => isSeen(w) && isIdle(w) && w.agreements.chosen.length > 1;
const canSave = (w: Workbench) => isSeen(w) && w.agreements.result !== undefined;

export const AGREEMENT_COMMANDS = commandGroup('Recording', isSeen, [
  ['agreement.compare', 'Compare raters', 'Ctrl+Shift+KeyG', compare, canCompare],
  ['agreement.addRaters', 'Add raters from files…', '', addRaters, (w) => isSeen(w) && isIdle(w)],
  ['agreement.saveTable', 'Save agreement.csv…', '', saveTable('agreement.csv'), canSave],
  ['agreement.saveMatrix', 'Save the confusion matrices…', '', saveTable('agreement_matrix.csv'), canSave],
]);
