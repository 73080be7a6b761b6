import Dexie, { type EntityTable, type Table } from 'dexie';
import type { Analysis } from '../../core/analysis/analysis.js';
import type { SelfTest } from '../../core/selfTest/selfTest.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import type { PerceptionSummary } from '../../electron/contract/types.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { addRecordings, withoutLearned } from '../../core/project/editProject.js';
import { emptyProject, FIRST_PROJECT_NAME, type Project } from '../../core/project/project.js';
import type { HistoryEntry } from '../document/history.js';

/** A recording that was opened once; the rail lists them. No path: main keeps those. */
export interface RecordingEntry {
  readonly recordingId: string;
  readonly fileName: string;
  readonly info: MediaInfo;
  /** ISO 8601 UTC. */
  readonly lastOpenedUtc: string;
}

export interface StoredPerception {
  readonly recordingId: string;
  readonly summary: PerceptionSummary;
}

/** An analysis with the fingerprint of the document that it was made from. */
export interface StoredAnalysis {
  readonly recordingId: string;
  readonly fingerprint: string;
  readonly finishedUtc: string;
  readonly analysis: Analysis;
}

/** A self-test of recovery with the fingerprint of the document that it was made from. */
export interface StoredSelfTest {
  readonly recordingId: string;
  readonly fingerprint: string;
  readonly finishedUtc: string;
  readonly selfTest: SelfTest;
}

/** One edit of a recording, at its place in the history. */
export interface StoredEdit {
  readonly recordingId: string;
  /** From 0. */
  readonly seq: number;
  readonly madeUtc: string;
  readonly entry: HistoryEntry;
}

/** How many of a recording's edits are in its document; the rest were undone. */
interface StoredPosition {
  readonly recordingId: string;
  readonly done: number;
}

/** A project with what only this computer knows of it. */
export interface StoredProject {
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly lastOpenedUtc: string;
  readonly project: Project;
  /** Name of the portable file that it was saved to or opened from; main knows where that lies. */
  readonly fileName?: string;
  /** SHA-256 of that file as this computer last read or wrote it. */
  readonly fileHash?: string;
  /** When it was saved or opened last; edits after it are not in the file. ISO 8601 UTC. */
  readonly savedUtc?: string;
  /** Last edit of the project itself. */
  readonly editedUtc?: string;
}

export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** The page's database. A change of shape is a new version with an upgrade, never an edit of an old version. */
export class LacunaDatabase extends Dexie {
  recordings!: EntityTable<RecordingEntry, 'recordingId'>;
  documents!: EntityTable<AnnotationDocument, 'recordingId'>;
  perceptions!: EntityTable<StoredPerception, 'recordingId'>;
  analyses!: EntityTable<StoredAnalysis, 'recordingId'>;
  selfTests!: EntityTable<StoredSelfTest, 'recordingId'>;
  settings!: EntityTable<Setting, 'key'>;
  edits!: Table<StoredEdit, [string, number]>;
  histories!: EntityTable<StoredPosition, 'recordingId'>;
  projects!: EntityTable<StoredProject, 'id'>;

  constructor(name = 'lacuna') {
    // a commit is on the disk, not only in the system's memory, before it counts as saved
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({
      recordings: 'recordingId, lastOpenedUtc',
      documents: 'recordingId',
      perceptions: 'recordingId',
      analyses: 'recordingId',
      settings: 'key',
    });
    // version 1 kept no edits: its documents begin with an empty history
    this.version(2).stores({ edits: '[recordingId+seq], recordingId, madeUtc', histories: 'recordingId' });
    // version 2 had no projects: what was there is the first one
    this.version(3)
      .stores({ projects: 'id, lastOpenedUtc' })
      .upgrade(async (transaction) => {
        const ids = await transaction.table('recordings').orderBy('lastOpenedUtc').primaryKeys();
        if (ids.length > 0) await transaction.table('projects').put(firstProject(ids as string[]));
      });
    // version 3 kept no self-tests of recovery
    this.version(4).stores({ selfTests: 'recordingId' });
    // projects of version 4 may hold a read-out that was learned from people's recordings
    this.version(5).upgrade((transaction) =>
      transaction
        .table<StoredProject, string>('projects')
        .toCollection()
        .modify((stored, entry) => {
          const project = withoutLearned(stored.project);
          if (project !== stored.project) entry.value = { ...stored, project };
        }),
    );
  }
}

/** `prj-` and 12 hex digits. */
export function newProjectId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `prj-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The project of recordings that nobody put into one. */
export function firstProject(recordingIds: readonly string[]): StoredProject {
  const utc = new Date().toISOString();
  const project = addRecordings(emptyProject(newProjectId(), FIRST_PROJECT_NAME, utc), recordingIds);
  return { id: project.id, lastOpenedUtc: utc, project };
}
