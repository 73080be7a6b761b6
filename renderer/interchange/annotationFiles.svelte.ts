import type { AnnotationSet } from '../../core/interchange/annotationSet.js';
import { describeRecording } from '../../core/interchange/describeRecording.js';
import type { ExportFormatId } from '../../core/interchange/formats.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import type { LacunaBridge } from '../../electron/contract/contract.js';
import type { ImportedAnnotations, JobSnapshot } from '../../electron/contract/types.js';
import type { Editor } from '../state/editor.svelte.js';
import type { Workspace } from '../state/workspace.svelte.js';

/** Annotations of the recording on screen as files of other programs. */
export class AnnotationFiles {
  /** Annotations of a file that wait for the person's word. */
  imported = $state.raw<ImportedAnnotations>();
  private readonly bridge: LacunaBridge;
  private readonly workspace: Workspace;
  private readonly editor: Editor;

  constructor(bridge: LacunaBridge, workspace: Workspace, editor: Editor) {
    this.bridge = bridge;
    this.workspace = workspace;
    this.editor = editor;
  }

  /** Asks for a file of annotations; what was read waits in `imported` until the person has looked at it. */
  async import(): Promise<void> {
    const document = this.editor.document;
    if (document) await this.bridge.call('job/import', { recordingId: document.recordingId });
  }

  /** Takes what an import has read for the recording on screen; answers whether it did. */
  take({ result, recordingId }: JobSnapshot): boolean {
    if (result?.kind !== 'import' || this.workspace.entry?.recordingId !== recordingId) return false;
    this.imported = result.file;
    return true;
  }

  /** The work on screen as tiers; the model's results are left out where they are of other segments or marks. */
  describe(results: readonly SegmentResult[] | undefined): AnnotationSet | undefined {
    const document = this.editor.document;
    if (!document) return undefined;
    const { duration, segments, cues, labels, marks, tiers = [], annotations = [], schemes = [] } = document;
    const mediaName = this.workspace.entry?.fileName;
    return describeRecording({
      ...{ duration, segments, cues, labels, marks, tiers, annotations, schemes },
      ...(mediaName === undefined ? {} : { mediaName }),
      ...(results === undefined ? {} : { results }),
    });
  }

  /** Asks for a place and writes annotations for another program there. */
  async export(format: ExportFormatId, set: AnnotationSet, utf16: boolean): Promise<void> {
    const document = this.editor.document;
    if (!document) return;
    const tiers = set.tiers.map((tier) => ({ ...tier, items: [...tier.items] }));
    const vocabularies = set.vocabularies.map(({ entries, ...rest }) => ({ ...rest, entries: [...entries] }));
    await this.bridge.call('job/exportAs', {
      recordingId: document.recordingId,
      format,
      set: { ...set, tiers, vocabularies },
      utf16,
    });
  }
}
