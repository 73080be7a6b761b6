import { analysisFingerprint } from '../../core/document/analysisFingerprint.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { type DocumentMerge, mergeDocuments } from '../../core/project/mergeDocuments.js';
import type { Choice, Conflict } from '../../core/project/mergeParts.js';
import { mergeProjects, type ProjectMerge } from '../../core/project/mergeProjects.js';
import type { ReadProject } from '../../core/project/projectFile.js';
import type { RecordingEntry, StoredAnalysis, StoredProject } from '../store/database.js';
import type { ProjectImport } from '../store/projectImport.js';
import { utcNow } from '../document/now.js';

/** What this computer has of a recording of the file. */
export interface KnownRecording {
  /** Whether the recording is listed here. */
  readonly listed: boolean;
  readonly document?: AnnotationDocument;
  readonly analysis?: StoredAnalysis;
}

/** One recording of the file and what would come of it. */
export interface PlannedRecording {
  readonly recordingId: string;
  readonly fileName: string;
  /** Absent for a recording that this computer has no work of: it is taken as it is. */
  readonly merge?: DocumentMerge;
  /** Both sides are equal. */
  readonly same: boolean;
}

/** A file beside what is here: everything that would be added, and every question. */
export interface MergePlan {
  readonly fileName: string;
  readonly project: ProjectMerge;
  readonly recordings: readonly PlannedRecording[];
  /** Keys are unique in the whole plan. */
  readonly conflicts: readonly Conflict[];
  readonly build: (choices: Readonly<Record<string, Choice>>) => ProjectImport;
}

/** `study-anna.lacuna` -> `anna` is not guessed: the whole name, as far as an id can carry it. */
function suffixOf(fileName: string): string {
  const plain = fileName.replace(/\.lacuna.*$/, '').replace(/[^A-Za-z0-9]+/g, '-');
  return plain.replace(/^-+|-+$/g, '').slice(0, 24) || 'merged';
}

const keyIn = (recordingId: string, key: string): string => `${recordingId}\n${key}`;

/** The answers to the questions of one recording. */
function answersFor(merge: DocumentMerge, choices: Readonly<Record<string, Choice>>): Record<string, Choice> {
  const answers = merge.conflicts.map(({ key }) => [key, choices[keyIn(merge.recordingId, key)] ?? 'mine'] as const);
  return Object.fromEntries(answers);
}

function isSame({ counts, conflicts }: DocumentMerge): boolean {
  return conflicts.length === 0 && Object.values(counts).every((count) => count === 0);
}

/** Plans how a file comes into `mine`, a project of this computer. */
export function planMerge(
  read: ReadProject,
  fileName: string,
  mine: { readonly stored: StoredProject; readonly known: Readonly<Record<string, KnownRecording>> },
): MergePlan {
  const project = mergeProjects(mine.stored.project, read.project);
  const documents = new Map(read.documents.map((document) => [document.recordingId, document]));
  const merges = new Map<string, DocumentMerge>();
  for (const [id, theirs] of documents) {
    const own = mine.known[id]?.document;
    if (own) merges.set(id, mergeDocuments(own, theirs, suffixOf(fileName)));
  }
  const recordings = read.recordings.map((item): PlannedRecording => {
    const merge = merges.get(item.recordingId);
    const same = merge ? isSame(merge) : !documents.has(item.recordingId);
    return { recordingId: item.recordingId, fileName: item.fileName, same, ...(merge ? { merge } : {}) };
  });
  const conflicts = [
    ...project.conflicts,
    ...[...merges.values()].flatMap((merge) =>
      merge.conflicts.map((conflict) => ({ ...conflict, key: keyIn(merge.recordingId, conflict.key) })),
    ),
  ];
  return {
    fileName,
    project,
    recordings,
    conflicts,
    build: (choices) => build(read, mine, { project, merges, choices }),
  };
}

function build(
  read: ReadProject,
  { stored, known }: { readonly stored: StoredProject; readonly known: Readonly<Record<string, KnownRecording>> },
  plan: {
    readonly project: ProjectMerge;
    readonly merges: ReadonlyMap<string, DocumentMerge>;
    readonly choices: Readonly<Record<string, Choice>>;
  },
): ProjectImport {
  const after = new Map<string, AnnotationDocument>();
  const documents = read.documents.flatMap((theirs) => {
    const { recordingId } = theirs;
    const before = known[recordingId]?.document;
    const merge = plan.merges.get(recordingId);
    const next = merge ? merge.apply(answersFor(merge, plan.choices)) : theirs;
    after.set(recordingId, next);
    if (before && merge && isSame(merge)) return [];
    return [before ? { before, after: next } : { after: next }];
  });
  return {
    project: { ...stored, project: plan.project.apply(plan.choices) },
    entries: entriesOf(read).filter(({ recordingId }) => known[recordingId]?.listed !== true),
    documents,
    // a result is taken where this computer has none and it is of the very document that will be here
    analyses: read.analyses.filter(({ recordingId, fingerprint }) => {
      const document = after.get(recordingId);
      return !known[recordingId]?.analysis && document && analysisFingerprint(document) === fingerprint;
    }),
  };
}

/** The recordings of a file as the rail lists them. */
export function entriesOf(read: ReadProject): readonly RecordingEntry[] {
  return read.recordings.map(({ recordingId, fileName, info }) => ({
    recordingId,
    fileName,
    info,
    lastOpenedUtc: utcNow(),
  }));
}
