import type { Project, ProjectRecording } from './project.js';

/** Recordings of one participant, or of nobody yet. */
export interface RecordingGroup<T> {
  /** Absent for recordings without a participant. */
  readonly participantId?: string;
  readonly items: readonly { readonly item: T; readonly sessionId?: string }[];
}

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/**
 * Recordings by participant in order of pseudonym, those of nobody last; inside by session, then by name.
 * @param nameOf what recordings of one session are ordered by.
 */
export function groupRecordings<T extends { readonly recordingId: string }>(
  project: Project,
  recordings: readonly T[],
  nameOf: (item: T) => string,
): readonly RecordingGroup<T>[] {
  const known = new Map<string, ProjectRecording>(project.recordings.map((item) => [item.recordingId, item]));
  const groups = new Map<string, { item: T; sessionId?: string }[]>();
  for (const item of recordings) {
    const member = known.get(item.recordingId);
    if (!member) continue;
    const key = member.participantId ?? '';
    const session = member.sessionId === undefined ? {} : { sessionId: member.sessionId };
    groups.set(key, [...(groups.get(key) ?? []), { item, ...session }]);
  }
  return [...groups]
    .sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : byName(a, b)))
    .map(([key, items]) => ({
      ...(key === '' ? {} : { participantId: key }),
      items: items.sort(
        (a, b) => byName(a.sessionId ?? '\uffff', b.sessionId ?? '\uffff') || byName(nameOf(a.item), nameOf(b.item)),
      ),
    }));
}
