import type { AnalysisParameters } from '../analysis/analysis.js';
import type { Microseconds } from '../time/microseconds.js';

/** Name of the project that recordings belong to before anybody made one. */
export const FIRST_PROJECT_NAME = 'My recordings';

/** A person who was recorded, under a pseudonym. Who that is stays outside the program. */
export interface Participant {
  /** Pseudonym, `P01`. */
  readonly id: string;
  readonly note: string;
}

/** An occasion of recording, `S1`, the same for all participants. */
export interface Session {
  readonly id: string;
  readonly note: string;
}

export const CONDITION_TYPES = ['category', 'number', 'text'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** An independent variable of the study; each recording can have a value of it. */
export interface Condition {
  /** Unique in the project; becomes part of a column's name. */
  readonly name: string;
  readonly type: ConditionType;
  /** Allowed values of a `category`; empty for the other types. */
  readonly levels: readonly string[];
}

/** A further file of the same event, a second camera or microphone. */
export interface AdditionalMedia {
  /** Id of the file by content, as of a recording. */
  readonly mediaId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly kind: 'video' | 'audio';
  /** Time of the recording's clock at which the file begins; negative when it began before the recording. */
  readonly offset: Microseconds;
  /** How much faster the file's clock runs than the recording's, parts per million. */
  readonly driftPpm: number;
}

/** A recording in its project. What was annotated in it is its `AnnotationDocument`. */
export interface ProjectRecording {
  readonly recordingId: string;
  readonly participantId?: string;
  readonly sessionId?: string;
  /** Value of each condition by its name; numbers as text with a decimal point. Without an entry: not known. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly media: readonly AdditionalMedia[];
}

/** A change that a study has to account for, such as unlocking the parameters. */
interface ProjectEvent {
  readonly utc: string;
  readonly what: string;
}

/** A study: its recordings, who and when they are of, its variables and its plan. Immutable: an edit makes a new one. */
export interface Project {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly createdUtc: string;
  readonly participants: readonly Participant[];
  readonly sessions: readonly Session[];
  readonly conditions: readonly Condition[];
  readonly recordings: readonly ProjectRecording[];
  /** Free text or address of a preregistration; `''` when there is none. */
  readonly analysisPlan: string;
  /** Day after which the data are to be deleted, `2031-12-31`. */
  readonly retentionDate?: string;
  /** Parameters of recordings that are added; the program's own where absent. */
  readonly parameters?: AnalysisParameters;
  /** On: parameters cannot be changed in the app. Locking and unlocking are in `log`. */
  readonly parametersLocked: boolean;
  readonly log: readonly ProjectEvent[];
}

/** A project without anything in it. */
export function emptyProject(id: string, name: string, createdUtc: string): Project {
  return {
    id,
    name,
    createdUtc,
    participants: [],
    sessions: [],
    conditions: [],
    recordings: [],
    analysisPlan: '',
    parametersLocked: false,
    log: [],
  };
}
