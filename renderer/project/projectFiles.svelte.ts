import { switchLearned } from '../../core/learn/learnInput.js';
import type { AnalysisParameters } from '../../core/analysis/analysis.js';
import { addRecordings, fromTemplate, templateOf } from '../../core/project/editProject.js';
import { assertDocumentInvariants } from '../../core/document/assertDocumentInvariants.js';
import type { Choice } from '../../core/project/mergeParts.js';
import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import type { FileRecording, ProjectContents, ReadProject } from '../../core/project/projectFile.js';
import { unpackRead } from '../../core/project/packedProject.js';
import type { Problem } from '../../core/problems/problem.js';
import type { CallArgument, LacunaBridge } from '../../electron/contract/contract.js';
import type { ProjectOpened, ProjectPurpose, ProjectSaved } from '../../electron/contract/types.js';
import { handOver } from '../document/handOver.js';
import { inSteps } from '../document/inSteps.js';
import { utcNow } from '../document/now.js';
import type { Jobs } from '../state/jobs.svelte.js';
import type { Workspace } from '../state/workspace.svelte.js';
import { type LacunaDatabase, newProjectId, type StoredAnalysis, type StoredProject } from '../store/database.js';
import { importProject } from '../store/projectImport.js';
import { storageWords } from '../store/storageWords.js';
import { entriesOf, type KnownRecording, type MergePlan, planMerge } from './mergePlan.js';
import type { Projects } from './projects.svelte.js';
import type { RecordingProgress } from './recordingProgress.svelte.js';

/** A project file with what it says. */
type Opened = Omit<ProjectOpened, 'read'> & { readonly read: ReadProject };
type ProjectWork = CallArgument<'job/packProject'>;

/** What works together when a project is saved or opened. */
interface Parts {
  readonly bridge: LacunaBridge;
  readonly database: LacunaDatabase;
  readonly projects: Projects;
  readonly workspace: Workspace;
  readonly progress: RecordingProgress;
  readonly jobs: () => Jobs;
  readonly say: (message: string) => void;
  /** Parameters of the recording on screen. */
  readonly parameters: () => AnalysisParameters | undefined;
  /** Shows the questions of `plan`, or that the file was changed by somebody else. */
  readonly ask: (dialog: 'mergeProject' | 'projectChanged') => void;
}

/** The portable files of projects: save, open, merge, templates. */
export class ProjectFiles {
  busy = $state<'saving' | 'opening'>();
  /** A file that waits for the person's answers. */
  plan = $state.raw<MergePlan>();
  /** What the person asked for with the file of `plan`. */
  purpose = $state<'open' | 'merge'>('merge');
  private waiting: { readonly opened: Opened; readonly into: StoredProject } | undefined;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Saves the project on screen; `overwrite` also over a file that somebody else changed. */
  async save(as = false, overwrite = false): Promise<void> {
    const { projects, ask } = this.parts;
    const { stored } = projects;
    if (!stored || projects.readOnly !== undefined) return;
    await this.during('saving', async () => {
      const hash = stored.fileHash;
      const how = { as, overwrite, template: false, ...(hash === undefined ? {} : { hash }) };
      const saved = await this.write(await this.contentsOf(stored), how);
      if (!saved) return;
      if (saved.changed) ask('projectChanged');
      else {
        await projects.noteFile(saved.fileName, saved.hash);
        this.parts.say(`Saved ${saved.fileName}`);
      }
    });
  }

  /** Saves conditions, plan and parameters without people and recordings. */
  async saveTemplate(): Promise<void> {
    const project = this.parts.projects.current;
    if (!project) return;
    const parameters = this.parts.parameters() ?? project.parameters;
    const contents: ProjectContents = {
      project: {
        ...templateOf(project),
        ...(parameters === undefined ? {} : { parameters: switchLearned(parameters, undefined) }),
      },
      ...{ template: true, recordings: [], documents: [], analyses: [] },
    };
    await this.during('saving', async () => {
      const saved = await this.write(contents, { as: true, overwrite: false, template: true });
      if (saved && !saved.changed) this.parts.say(`Saved the template ${saved.fileName}`);
    });
  }

  /** Writes a copy of the project with all its media into a folder of the person's choice. */
  async saveWithMedia(): Promise<void> {
    const { projects, jobs, bridge } = this.parts;
    const { stored } = projects;
    if (!stored || projects.readOnly !== undefined) return;
    await this.during('saving', async () => {
      const job = await this.handingOver(await this.contentsOf(stored), (work) =>
        jobs().run(() => bridge.call('job/packProject', work)),
      );
      this.tell(job?.result?.kind === 'packProject' ? job.result.problems : []);
    });
  }

  /** Runs the job that writes a project file; undefined when it was cancelled or failed, which its card tells. */
  private async write(
    contents: ProjectContents,
    how: Omit<CallArgument<'job/saveProject'>, keyof ProjectWork>,
  ): Promise<ProjectSaved | undefined> {
    const { jobs, bridge } = this.parts;
    let fileName = '';
    const job = await this.handingOver(contents, (work) =>
      jobs().run(
        () => bridge.call('job/saveProject', { ...work, ...how }),
        (answer) => (fileName = answer.fileName),
      ),
    );
    if (job?.failure) this.refuse(fileName, job.failure);
    if (job?.result?.kind !== 'saveProject') return undefined;
    const { saved } = job.result;
    this.tell(saved.changed ? [] : saved.problems);
    return saved;
  }

  /** Opens a project file. What differs from this computer's work is asked. */
  async open(): Promise<void> {
    await this.during('opening', async () => {
      const opened = await this.choose('open');
      if (!opened) return;
      if (opened.read.newerVersion !== undefined) await this.show(opened);
      else if (opened.read.template) await this.createFrom(opened);
      else await this.plans(opened, await this.storedOf(opened), 'open');
    });
  }

  /** Brings a co-worker's file into the project on screen. */
  async merge(): Promise<void> {
    await this.during('opening', async () => {
      const opened = await this.choose('merge');
      const { stored, readOnly } = this.parts.projects;
      if (!opened || !stored || readOnly !== undefined) return;
      if (opened.read.newerVersion === undefined) await this.plans(opened, stored, 'merge');
      else this.refuse(opened.fileName, newer(opened.read));
    });
  }

  /** A new project with the conditions, plan and parameters of a template or of another project. */
  async newFromTemplate(): Promise<void> {
    await this.during('opening', async () => {
      const opened = await this.choose('template');
      if (opened) await this.createFrom(opened);
    });
  }

  /** Takes the waiting file over under the person's answers; all of it or nothing. */
  async takePlan(choices: Readonly<Record<string, Choice>>): Promise<void> {
    const { plan, waiting } = this;
    if (!plan || !waiting) return;
    const { workspace, projects, progress, database } = this.parts;
    const before = workspace.entry?.recordingId;
    await workspace.close();
    const wanted = plan.build(choices);
    for (const { after } of wanted.documents) assertDocumentInvariants(after);
    const title = this.purpose === 'open' ? `Open ${plan.fileName}` : `Merge ${plan.fileName}`;
    const { fileName, hash } = waiting.opened;
    const file = this.purpose === 'open' ? { fileName, fileHash: hash, savedUtc: utcNow() } : {};
    const project = { ...wanted.project, ...file };
    try {
      await importProject(database, title, { ...wanted, project });
    } catch (error) {
      throw new Error(`Nothing of ${plan.fileName} was taken. ${storageWords(error)}`, { cause: error });
    }
    this.cancelPlan();
    await projects.open(project);
    await workspace.list();
    this.noteMedia(waiting.opened);
    void progress.load(project.project.recordings.map((item) => item.recordingId));
    const again = workspace.entries.find((entry) => entry.recordingId === before);
    if (this.purpose === 'merge' && again) await workspace.reopen(again);
    this.parts.say(`${this.purpose === 'open' ? 'Opened' : 'Merged'} ${plan.fileName}`);
  }

  /** Looks beside a recording that was found for those of the project that are missing. */
  async searchBeside(recordingId: string): Promise<void> {
    const { workspace, progress, bridge } = this.parts;
    const wanted = workspace.entries
      .filter((entry) => entry.recordingId !== recordingId && progress.missing.has(entry.recordingId))
      .map(({ recordingId: id, fileName, info }) => ({ recordingId: id, fileName, sizeBytes: info.sizeBytes }));
    if (wanted.length === 0) return;
    const states = await bridge.call('project/searchBeside', { recordingId, wanted });
    const found = wanted.filter((item) => states[item.recordingId] === 'found');
    for (const item of found) progress.noteFile(item.recordingId, true);
    if (found.length > 0) this.parts.say(`${found.length} more missing files were found beside it`);
  }

  cancelPlan(): void {
    this.plan = undefined;
    this.waiting = undefined;
  }

  private async choose(purpose: ProjectPurpose): Promise<Opened | undefined> {
    const { jobs, bridge } = this.parts;
    let fileName = '';
    const job = await jobs().run(
      () => bridge.call('job/openProject', { purpose }),
      (answer) => (fileName = answer.fileName),
    );
    if (job?.failure) this.refuse(fileName, job.failure);
    if (job?.result?.kind !== 'openProject') return undefined;
    const { opened } = job.result;
    return { ...opened, read: await inSteps(unpackRead(opened.read)) };
  }

  private async createFrom({ read }: Opened): Promise<void> {
    const project = fromTemplate(read.project, newProjectId(), read.project.name, utcNow());
    await this.parts.projects.open({ id: project.id, project, lastOpenedUtc: utcNow() });
    this.parts.say(`New project ${project.name}`);
  }

  /** The project of this computer that a file is of; a new one, still without its recordings, where there is none. */
  private async storedOf({ read }: Opened): Promise<StoredProject> {
    const known = await this.parts.database.projects.get(read.project.id);
    return known ?? { id: read.project.id, project: read.project, lastOpenedUtc: utcNow() };
  }

  /** Compares a file with what is here; without a question it is taken over at once. */
  private async plans(opened: Opened, into: StoredProject, purpose: 'open' | 'merge'): Promise<void> {
    await this.parts.workspace.flush();
    const known: Record<string, KnownRecording> = {};
    for (const { recordingId } of opened.read.recordings) known[recordingId] = await this.knownOf(recordingId);
    const plan = planMerge(opened.read, opened.fileName, { stored: into, known });
    this.plan = plan;
    this.purpose = purpose;
    this.waiting = { opened, into };
    const asks =
      purpose === 'merge' || plan.conflicts.length > 0 || plan.recordings.some((item) => item.merge && !item.same);
    if (asks) this.parts.ask('mergeProject');
    else await this.takePlan({});
  }

  private async knownOf(recordingId: string): Promise<KnownRecording> {
    const { documents, analyses, recordings } = this.parts.database;
    const [document, analysis, entry] = await Promise.all([
      documents.get(recordingId),
      analyses.get(recordingId),
      recordings.get(recordingId),
    ]);
    return { listed: entry !== undefined, ...(document ? { document } : {}), ...(analysis ? { analysis } : {}) };
  }

  /** Shows a file of a newer version: nothing of it is written anywhere. */
  private async show(opened: Opened): Promise<void> {
    const { read } = opened;
    const { projects, workspace, progress } = this.parts;
    const stored = {
      id: read.project.id,
      project: addRecordings(
        read.project,
        read.recordings.map((r) => r.recordingId),
      ),
      lastOpenedUtc: utcNow(),
    };
    await projects.open(stored, newer(read).message);
    const works = read.recordings.map(({ recordingId }) => {
      const analysis = read.analyses.find((item) => item.recordingId === recordingId);
      const document = read.documents.find((item) => item.recordingId === recordingId);
      return { recordingId, document, analysis };
    });
    workspace.showOnly(entriesOf(read), works, newer(read).message);
    this.noteMedia(opened);
    for (const { recordingId } of read.recordings) progress.forget(recordingId);
  }

  private noteMedia({ media, read }: Opened): void {
    for (const { recordingId, fileName } of read.recordings) {
      const state = media[recordingId];
      this.parts.progress.noteFile(recordingId, state === 'found');
      if (state === 'other size' || state === 'other content') this.refuse(fileName, replaced(state));
    }
  }

  /** Shows problems of media under the names of their files. */
  private tell(problems: readonly Problem[]): void {
    for (const problem of problems) this.refuse('Media of the project', problem);
  }

  /** Hands a project over, and takes it back when what was to be done with it is done. */
  private async handingOver<T>(contents: ProjectContents, action: (work: ProjectWork) => Promise<T>): Promise<T> {
    const { bridge } = this.parts;
    const { id: projectId, name } = contents.project;
    const handoverId = await handOver(bridge, contents);
    try {
      return await action({ projectId, name, handoverId });
    } finally {
      await bridge.call('handover/end', { handoverId });
    }
  }

  /** Everything of a project that goes into its file. */
  private async contentsOf(stored: StoredProject): Promise<ProjectContents> {
    await this.parts.workspace.flush();
    const { recordings, documents, analyses } = this.parts.database;
    const contents = {
      recordings: [] as FileRecording[],
      documents: [] as AnnotationDocument[],
      analyses: [] as StoredAnalysis[],
    };
    // one after the other: a large recording is much for one turn of the page already
    for (const { recordingId } of stored.project.recordings) {
      const entry = await recordings.get(recordingId);
      if (!entry) continue;
      contents.recordings.push({ recordingId, fileName: entry.fileName, info: entry.info });
      // what is on screen is in memory already
      const shown = this.parts.workspace.entry?.recordingId === recordingId;
      const document = await documents.get(recordingId);
      const analysis = shown ? this.parts.workspace.analysis : await analyses.get(recordingId);
      if (document) contents.documents.push(document);
      if (analysis) contents.analyses.push(analysis);
    }
    return { project: stored.project, template: false, ...contents };
  }

  private async during(what: 'saving' | 'opening', action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    try {
      await action();
    } finally {
      this.busy = undefined;
    }
  }

  private refuse(fileName: string, problem: Problem): void {
    const { workspace } = this.parts;
    const others = workspace.refusals.filter((known) => known.problem.message !== problem.message);
    workspace.refusals = [...others, { fileName, problem }];
  }
}

function replaced(state: 'other size' | 'other content'): Problem {
  const differs = state === 'other size' ? 'Its size is not' : 'It has the same size, but its content is not';
  return {
    code: 'project.media_replaced',
    severity: 'warning',
    message: `Another file of this name lies where the recording should. ${differs} that of the recording. It is not used.`,
    tip: 'Marks and labels stay readable. Locate the original file, or add the other one as a recording of its own.',
  };
}

function newer({ appVersion, newerVersion }: ReadProject): Problem {
  return {
    code: 'project.newer_version',
    severity: 'warning',
    message: `Written by a newer Lacuna (${appVersion}, file version ${newerVersion ?? ''}). It is shown read-only; nothing of it can be changed here.`,
    tip: 'Open it with the newer version to work on it.',
  };
}
