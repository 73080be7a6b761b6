import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../renderer/document/history.js';

describe('undo', () => {
  it('takes back and does again any series of edits, exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (values) => {
        const history = new History<number>();
        let now = 0;
        const seen = [now];
        for (const value of values) {
          history.record('edit', now, value);
          now = value;
          seen.push(now);
        }
        for (let index = seen.length - 2; index >= 0; index -= 1) expect(history.undo()?.value).toBe(seen[index]);
        expect(history.undo()).toBeUndefined();
        for (let index = 1; index < seen.length; index += 1) expect(history.redo()?.value).toBe(seen[index]);
      }),
    );
  });

  it('makes typing in one field one step, and a new edit ends redo', () => {
    const history = new History<string>();
    history.record('note', '', 'a', 'note 1');
    history.record('note', 'a', 'ab', 'note 1');
    history.record('note', 'ab', 'x', 'note 2');
    expect(history.undo()?.value).toBe('ab');
    expect(history.undo()?.value).toBe('');
    history.record('other', '', 'y');
    expect(history.redo()).toBeUndefined();
  });
});
