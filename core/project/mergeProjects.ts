import type { Condition, Project, ProjectRecording } from './project.js';
import type { Choice, Conflict } from './mergeParts.js';

export interface ProjectMerge {
  /** Recordings that only the other side has. */
  readonly newRecordings: number;
  readonly conflicts: readonly Conflict[];
  readonly apply: (choices: Readonly<Record<string, Choice>>) => Project;
}

interface Step {
  readonly conflict: Conflict;
  readonly take: (project: Project) => Project;
}

const NOT_KNOWN = 'not known';

/** Both lists, mine first; an id of both is mine. */
function union<T>(mine: readonly T[], theirs: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const known = new Set(mine.map(keyOf));
  return [...mine, ...theirs.filter((item) => !known.has(keyOf(item)))];
}

/** Conditions of both; a category of both has the levels of both. */
function unionConditions(mine: readonly Condition[], theirs: readonly Condition[]): readonly Condition[] {
  const others = new Map(theirs.map((item) => [item.name, item]));
  const merged = mine.map((item) => {
    const other = others.get(item.name);
    if (other?.type !== item.type) return item;
    return { ...item, levels: union(item.levels, other.levels, (level) => level) };
  });
  return union(merged, theirs, (item) => item.name);
}

function conflict(key: string, what: string, mine: string | undefined, theirs: string | undefined): Conflict {
  const words = (value: string | undefined) => (value === undefined || value === '' ? NOT_KNOWN : value.slice(0, 200));
  return { key, kind: 'field', what, mine: words(mine), theirs: words(theirs), choices: ['mine', 'theirs'] };
}

function change(project: Project, recordingId: string, part: Partial<ProjectRecording>): Project {
  const recordings = project.recordings.map((item) => (item.recordingId === recordingId ? { ...item, ...part } : item));
  return { ...project, recordings };
}

/** My recording filled with what only the other side knows, and steps for what both say differently. */
function mergeRecording(mine: ProjectRecording, theirs: ProjectRecording): { merged: ProjectRecording; steps: Step[] } {
  const id = mine.recordingId;
  const steps: Step[] = [];
  for (const field of ['participantId', 'sessionId'] as const) {
    const [own, other] = [mine[field], theirs[field]];
    if (own === undefined || other === undefined || own === other) continue;
    const what = `${field === 'participantId' ? 'participant' : 'session'} of ${id}`;
    steps.push({
      conflict: conflict(`${id} ${field}`, what, own, other),
      take: (project) => change(project, id, { [field]: other }),
    });
  }
  for (const [name, other] of Object.entries(theirs.conditions)) {
    const own = mine.conditions[name];
    if (own === undefined || own === other) continue;
    steps.push({
      conflict: conflict(`${id} condition ${name}`, `${name} of ${id}`, own, other),
      take: (project) => {
        const now = project.recordings.find((item) => item.recordingId === id)?.conditions ?? {};
        return change(project, id, { conditions: { ...now, [name]: other } });
      },
    });
  }
  const merged = {
    ...theirs,
    ...mine,
    conditions: { ...theirs.conditions, ...mine.conditions },
    media: union(mine.media, theirs.media, (item) => item.mediaId),
  };
  return { merged, steps };
}

/** Brings a co-worker's project into one's own: everything of both; what differs is a conflict. */
export function mergeProjects(mine: Project, theirs: Project): ProjectMerge {
  const others = new Map(theirs.recordings.map((item) => [item.recordingId, item]));
  const steps: Step[] = [];
  const recordings = mine.recordings.map((item) => {
    const other = others.get(item.recordingId);
    if (!other) return item;
    const { merged, steps: own } = mergeRecording(item, other);
    steps.push(...own);
    return merged;
  });
  if (mine.analysisPlan !== theirs.analysisPlan && mine.analysisPlan !== '' && theirs.analysisPlan !== '') {
    steps.push({
      conflict: conflict('plan', 'analysis plan', mine.analysisPlan, theirs.analysisPlan),
      take: (project) => ({ ...project, analysisPlan: theirs.analysisPlan }),
    });
  }
  const all = union(recordings, theirs.recordings, (item) => item.recordingId);
  const project: Project = {
    ...theirs,
    ...mine,
    participants: union(mine.participants, theirs.participants, (item) => item.id),
    sessions: union(mine.sessions, theirs.sessions, (item) => item.id),
    conditions: unionConditions(mine.conditions, theirs.conditions),
    recordings: all,
    analysisPlan: mine.analysisPlan === '' ? theirs.analysisPlan : mine.analysisPlan,
    log: union(mine.log, theirs.log, ({ utc, what }) => `${utc} ${what}`),
  };
  return {
    newRecordings: all.length - mine.recordings.length,
    conflicts: steps.map((step) => step.conflict),
    apply: (choices) =>
      steps.reduce((made, step) => (choices[step.conflict.key] === 'theirs' ? step.take(made) : made), project),
  };
}
