import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  addRecordings,
  assignParticipant,
  assignSession,
  fromTemplate,
  lockParameters,
  planProject,
  removeParticipant,
  setCondition,
  setConditionValue,
  setMedia,
} from '../../../core/project/editProject.js';
import { groupRecordings } from '../../../core/project/groupRecordings.js';
import { emptyProject, type Project } from '../../../core/project/project.js';
import { projectSchema } from '../../../core/project/projectSchema.js';
import { microseconds } from '../../../core/time/microseconds.js';

const start = addRecordings(emptyProject('prj-1', 'Siblings', '2026-11-25T10:00:00.000Z'), ['rec-a', 'rec-b', 'rec-c']);

function study(): Project {
  const arm = setCondition(start, { name: 'arm', type: 'category', levels: ['control', 'treated'] });
  const age = setCondition(arm, { name: 'age', type: 'number', levels: [] });
  const people = assignParticipant(assignParticipant(age, 'rec-a', 'P10'), 'rec-b', ' P2 ');
  return assignSession(people, 'rec-a', 'S1');
}

describe('a project', () => {
  it('passes its own schema after edits', () => {
    const project = setConditionValue(setConditionValue(study(), 'rec-a', 'arm', 'treated'), 'rec-a', 'age', '31,5');
    expect(v.parse(projectSchema, project)).toEqual(project);
    expect(project.recordings[0]?.conditions).toEqual({ arm: 'treated', age: '31.5' });
  });

  it('makes a participant of a new pseudonym and orders them as a person would', () => {
    expect(study().participants.map(({ id }) => id)).toEqual(['P2', 'P10']);
  });

  it('refuses a pseudonym with a blank in it, and says how one looks', () => {
    expect(() => assignParticipant(start, 'rec-a', 'Anna Smith')).toThrow(/such as P01/);
  });

  it('refuses values that do not fit the condition', () => {
    expect(() => setConditionValue(study(), 'rec-a', 'arm', 'placebo')).toThrow(/none of them/);
    expect(() => setConditionValue(study(), 'rec-a', 'age', 'old')).toThrow(/is a number/);
  });

  it('takes a value away instead of keeping an empty one', () => {
    const set = setConditionValue(study(), 'rec-a', 'age', '31');
    expect(setConditionValue(set, 'rec-a', 'age', ' ').recordings[0]?.conditions).toEqual({});
  });

  it('takes values away that a changed condition does not allow any more', () => {
    const set = setConditionValue(study(), 'rec-a', 'arm', 'treated');
    const changed = setCondition(set, { name: 'arm', type: 'category', levels: ['control'] });
    expect(changed.recordings[0]?.conditions).toEqual({});
  });

  it('removes a participant with the recordings of that person only', () => {
    const left = removeParticipant(study(), 'P10');
    expect(left.recordings.map(({ recordingId }) => recordingId)).toEqual(['rec-b', 'rec-c']);
    expect(left.participants.map(({ id }) => id)).toEqual(['P2']);
  });

  it('logs when the parameters are locked and unlocked', () => {
    const locked = lockParameters(start, true, '2026-11-25T10:00:00.000Z');
    const unlocked = lockParameters(locked, false, '2026-11-25T11:00:00.000Z');
    expect(unlocked.log.map(({ what }) => what)).toEqual(['Parameters locked', 'Parameters unlocked']);
    expect(lockParameters(unlocked, false, '2026-11-25T12:00:00.000Z')).toBe(unlocked);
  });

  it('keeps conditions and plan in a template, and nobody', () => {
    const template = planProject(study(), 'https://osf.io/abcde', '2031-12-31');
    const fresh = fromTemplate(template, 'prj-2', 'Second wave', '2026-12-01T10:00:00.000Z');
    expect(fresh).toMatchObject({
      id: 'prj-2',
      participants: [],
      recordings: [],
      analysisPlan: 'https://osf.io/abcde',
    });
    expect(fresh.conditions).toHaveLength(2);
  });

  it('does not take a recording as a second file of itself', () => {
    const media = { fileName: 'a.mp4', sizeBytes: 1, kind: 'video', offset: microseconds(-5), driftPpm: 0 } as const;
    expect(() => setMedia(start, 'rec-a', { ...media, mediaId: 'rec-a' })).toThrow(/itself/);
    expect(setMedia(start, 'rec-a', { ...media, mediaId: 'rec-z' }).recordings[0]?.media).toHaveLength(1);
  });
});

describe('the list of recordings', () => {
  it('is grouped by participant in natural order, those of nobody last, and by session inside', () => {
    const project = assignParticipant(assignSession(study(), 'rec-c', 'S0'), 'rec-c', 'P10');
    const entries = ['rec-a', 'rec-b', 'rec-c', 'rec-x'].map((recordingId) => ({ recordingId, name: recordingId }));
    const all = addRecordings(project, ['rec-x']);
    const groups = groupRecordings(all, entries, ({ name }) => name);
    expect(groups.map(({ participantId }) => participantId)).toEqual(['P2', 'P10', undefined]);
    expect(groups[1]?.items.map(({ item }) => item.recordingId)).toEqual(['rec-c', 'rec-a']);
  });
});

describe('the schema of a project', () => {
  const broken: readonly (readonly [string, unknown])[] = [
    ['a participant twice', { ...start, participants: [1, 2].map(() => ({ id: 'P1', note: '' })) }],
    ['an unknown field', { ...start, extra: 1 }],
    [
      'a path as a media name',
      {
        ...start,
        recordings: [
          {
            recordingId: 'rec-a',
            conditions: {},
            media: [{ mediaId: 'm', fileName: '../x.mp4', sizeBytes: 1, kind: 'video', offset: 0, driftPpm: 0 }],
          },
        ],
      },
    ],
    ['a plan of a megabyte', { ...start, analysisPlan: 'x'.repeat(1e6) }],
    ['a blank name', { ...start, name: '  ' }],
  ];
  it.each(broken)('refuses %s', (_what, value) => {
    expect(v.safeParse(projectSchema, value).success).toBe(false);
  });
});
