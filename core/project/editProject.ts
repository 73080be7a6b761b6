/** Edits of a project. Each gives a new project, or the same one when there is nothing to change. */
import { switchLearned } from '../learn/learnInput.js';
import type { AdditionalMedia, Condition, Participant, Project, ProjectRecording, Session } from './project.js';

/** What a person typed cannot be taken; the message says why and what to do. */
export class ProjectEditError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProjectEditError';
  }
}

const ID = /^[A-Za-z0-9._-]{1,80}$/;

/** Checks a pseudonym that a person typed; answers with it without blanks around it. */
function checkId(typed: string, what: string): string {
  const id = typed.trim();
  if (ID.test(id)) return id;
  throw new ProjectEditError(`A ${what} is 1 to 80 letters, digits, dots, hyphens or underscores, such as P01.`);
}

function checkName(typed: string, what: string): string {
  const name = typed.trim();
  if (name === '') throw new ProjectEditError(`Give the ${what} a name.`);
  if (name.length > 200 || /\p{Cc}/u.test(name))
    throw new ProjectEditError('A name is one line of at most 200 characters.');
  return name;
}

/** @throws ProjectEditError when the name is blank or too long. */
export function renameProject(project: Project, typed: string): Project {
  const name = checkName(typed, 'project');
  return name === project.name ? project : { ...project, name };
}

/** The recording as the project knows it; a plain one where it does not. */
export function recordingOf(project: Project, recordingId: string): ProjectRecording {
  const known = project.recordings.find((item) => item.recordingId === recordingId);
  return known ?? { recordingId, conditions: {}, media: [] };
}

/** Adds recordings that are not in the project yet. */
export function addRecordings(project: Project, recordingIds: readonly string[]): Project {
  const known = new Set(project.recordings.map((item) => item.recordingId));
  const fresh = [...new Set(recordingIds)].filter((id) => !known.has(id));
  if (fresh.length === 0) return project;
  return { ...project, recordings: [...project.recordings, ...fresh.map((id) => recordingOf(project, id))] };
}

/** Takes recordings out of the project; their annotations are not touched by this. */
export function removeRecordings(project: Project, recordingIds: readonly string[]): Project {
  const gone = new Set(recordingIds);
  const recordings = project.recordings.filter((item) => !gone.has(item.recordingId));
  return recordings.length === project.recordings.length ? project : { ...project, recordings };
}

function withRecording(project: Project, next: ProjectRecording): Project {
  const added = addRecordings(project, [next.recordingId]);
  const recordings = added.recordings.map((item) => (item.recordingId === next.recordingId ? next : item));
  return { ...added, recordings };
}

/** The list with the member under this id, made if it is new. */
function having<T extends Participant | Session>(
  members: readonly T[],
  id: string,
  make: (id: string) => T,
): readonly T[] {
  if (members.some((member) => member.id === id)) return members;
  return [...members, make(id)].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

const member = (id: string): Participant & Session => ({ id, note: '' });

/**
 * Sets who a recording is of; a new pseudonym becomes a participant, `''` takes it away.
 * @throws ProjectEditError when the pseudonym cannot be one.
 */
export function assignParticipant(project: Project, recordingId: string, typed: string): Project {
  const { participantId: before, ...rest } = recordingOf(project, recordingId);
  if (typed.trim() === '') return before === undefined ? project : withRecording(project, rest);
  const participantId = checkId(typed, 'participant');
  if (participantId === before) return project;
  const participants = having(project.participants, participantId, member);
  return withRecording({ ...project, participants }, { ...rest, participantId });
}

/** Sets the session of a recording, as `assignParticipant` does. */
export function assignSession(project: Project, recordingId: string, typed: string): Project {
  const { sessionId: before, ...rest } = recordingOf(project, recordingId);
  if (typed.trim() === '') return before === undefined ? project : withRecording(project, rest);
  const sessionId = checkId(typed, 'session');
  if (sessionId === before) return project;
  const sessions = having(project.sessions, sessionId, member);
  return withRecording({ ...project, sessions }, { ...rest, sessionId });
}

/**
 * Sets the value of a condition for a recording; `''` takes it away: not known is not a value.
 * @throws ProjectEditError when the value does not fit the condition.
 */
export function setConditionValue(project: Project, recordingId: string, name: string, typed: string): Project {
  const condition = project.conditions.find((item) => item.name === name);
  if (!condition) throw new ProjectEditError(`The project has no condition ${name}.`);
  const old = recordingOf(project, recordingId);
  const value = checkValue(condition, typed.trim());
  if (old.conditions[name] === value || (value === '' && !Object.hasOwn(old.conditions, name))) return project;
  const others = Object.entries(old.conditions).filter(([key]) => key !== name);
  const conditions = Object.fromEntries(value === '' ? others : [...others, [name, value]]);
  return withRecording(project, { ...old, conditions });
}

function checkValue({ name, type, levels }: Condition, value: string): string {
  if (value === '') return value;
  if (value.length > 1_000) throw new ProjectEditError(`${name}: at most 1 000 characters.`);
  if (type === 'category' && !levels.includes(value)) {
    throw new ProjectEditError(`${name} has the levels ${levels.join(', ')}; ${value} is none of them.`);
  }
  if (type !== 'number') return value;
  const number = value.replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number))
    throw new ProjectEditError(`${name} is a number; ${value} is none.`);
  return String(Number(number));
}

/** Changes the note of a participant; the same project when there is no such participant. */
export function noteParticipant(project: Project, id: string, note: string): Project {
  const participants = project.participants.map((item) =>
    item.id === id ? { ...item, note: note.slice(0, 5_000) } : item,
  );
  return { ...project, participants };
}

/** Takes a participant out, with all recordings that are of this person. */
export function removeParticipant(project: Project, id: string): Project {
  const gone = recordingsOfParticipant(project, id);
  const participants = project.participants.filter((item) => item.id !== id);
  return { ...removeRecordings(project, gone), participants };
}

/** Ids of the recordings of a participant. */
export function recordingsOfParticipant(project: Project, id: string): readonly string[] {
  return project.recordings.filter((item) => item.participantId === id).map((item) => item.recordingId);
}

/**
 * Adds a condition or changes the one of that name; values that do not fit any more are taken away.
 * @throws ProjectEditError for a blank name, a category without levels or with a level twice.
 */
export function setCondition(project: Project, typed: Condition): Project {
  const name = checkName(typed.name, 'condition');
  // columns of a report and keys of objects are made of names
  if (['__proto__', 'constructor', 'prototype'].includes(name)) throw new ProjectEditError(`${name} cannot be a name.`);
  const levels =
    typed.type === 'category' ? typed.levels.map((level) => level.trim()).filter((level) => level !== '') : [];
  if (typed.type === 'category' && levels.length === 0)
    throw new ProjectEditError('A category needs its levels, separated by commas.');
  if (new Set(levels).size < levels.length) throw new ProjectEditError('Each level is named once.');
  const next: Condition = { name, type: typed.type, levels };
  const known = project.conditions.some((item) => item.name === name);
  const conditions = known
    ? project.conditions.map((item) => (item.name === name ? next : item))
    : [...project.conditions, next];
  return { ...project, conditions, recordings: project.recordings.map((item) => fitted(item, next)) };
}

/** The recording without a value of the condition that does not fit it. */
function fitted(recording: ProjectRecording, condition: Condition): ProjectRecording {
  const value = recording.conditions[condition.name];
  if (value === undefined) return recording;
  try {
    checkValue(condition, value);
    return recording;
  } catch {
    return withoutValue(recording, condition.name);
  }
}

function withoutValue(recording: ProjectRecording, name: string): ProjectRecording {
  const conditions = Object.fromEntries(Object.entries(recording.conditions).filter(([key]) => key !== name));
  return { ...recording, conditions };
}

/** Takes a condition away, with its values. */
export function removeCondition(project: Project, name: string): Project {
  const conditions = project.conditions.filter((item) => item.name !== name);
  if (conditions.length === project.conditions.length) return project;
  return { ...project, conditions, recordings: project.recordings.map((item) => withoutValue(item, name)) };
}

/** Adds a file to a recording or changes offset and drift of one it has. */
export function setMedia(project: Project, recordingId: string, media: AdditionalMedia): Project {
  if (media.mediaId === recordingId)
    throw new ProjectEditError('This is the recording itself, not a second file of it.');
  if (Math.abs(media.driftPpm) > 100_000) throw new ProjectEditError('The drift is at most 100 000 parts per million.');
  const old = recordingOf(project, recordingId);
  const known = old.media.some((item) => item.mediaId === media.mediaId);
  const next = known ? old.media.map((item) => (item.mediaId === media.mediaId ? media : item)) : [...old.media, media];
  if (next.length > 20) throw new ProjectEditError('A recording has at most 20 further files.');
  return withRecording(project, { ...old, media: next });
}

export function removeMedia(project: Project, recordingId: string, mediaId: string): Project {
  const old = recordingOf(project, recordingId);
  return withRecording(project, { ...old, media: old.media.filter((item) => item.mediaId !== mediaId) });
}

/**
 * A project without a learned read-out in its parameters. Earlier versions left one there: weights that were fitted to some
 * people's recordings would go on to new recordings and into the project file, and outlive the deletion of those people.
 */
export function withoutLearned(project: Project): Project {
  const { parameters } = project;
  return parameters?.learned === undefined ? project : { ...project, parameters: switchLearned(parameters, undefined) };
}

/** Locks or unlocks the parameters; both are logged. */
export function lockParameters(project: Project, locked: boolean, utc: string): Project {
  if (project.parametersLocked === locked) return project;
  const what = locked ? 'Parameters locked' : 'Parameters unlocked';
  return { ...project, parametersLocked: locked, log: [...project.log, { utc, what }] };
}

/**
 * Sets plan and retention date; an empty date takes it away.
 * @throws ProjectEditError when the date is no day.
 */
export function planProject(project: Project, analysisPlan: string, retentionDate: string): Project {
  if (retentionDate !== '' && !/^\d{4}-\d\d-\d\d$/.test(retentionDate)) {
    throw new ProjectEditError('The day is written 2031-12-31.');
  }
  const next: { -readonly [K in keyof Project]: Project[K] } = {
    ...project,
    analysisPlan: analysisPlan.slice(0, 100_000),
    retentionDate,
  };
  if (retentionDate === '') delete next.retentionDate;
  return next;
}

/** The project without people and recordings: what a template holds. */
export function templateOf(project: Project): Project {
  return { ...project, participants: [], recordings: [], log: [] };
}

/** A fresh project after a template. */
export function fromTemplate(template: Project, id: string, name: string, createdUtc: string): Project {
  return { ...templateOf(template), id, name, createdUtc };
}
