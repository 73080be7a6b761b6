import type { FilePreview, PreviewSources } from '../../core/report/previewFiles.js';
import type { ReportOptions } from '../../core/report/reportOptions.js';
import { omit } from '../../core/omit.js';
import type { SegmentResult } from '../../core/recovery/estimate.js';
import { codingOf } from '../../core/tiers/coding.js';
import type { Problem } from '../../core/problems/problem.js';
import { handOver } from '../document/handOver.js';
import type { Workbench } from '../state/workbench.svelte.js';

function sourcesOf({ workspace, editor, projects }: Workbench): PreviewSources | undefined {
  const { analysis, info, perception, app, entry, intendedUseReadUtc } = workspace;
  const { document } = editor;
  if (!analysis || !info || !document || !entry) return undefined;
  return {
    input: {
      recordingId: document.recordingId,
      inputSha256: perception?.inputSha256 ?? '',
      duration: info.duration,
      ...(info.video ? { framesPerSecond: info.video.framesPerSecond } : {}),
      appVersion: app?.version ?? '',
      analysis: { ...analysis.analysis, results: analysis.analysis.results.map(withoutCurves) },
      labels: document.labels,
      ...projects.reportOf(document.recordingId),
      ...codingOf(document),
      ...(document.reviews ? { reviews: document.reviews } : {}),
      ...(document.reviewThreshold === undefined ? {} : { reviewThreshold: document.reviewThreshold }),
      problems: [...document.transcriptProblems, ...(perception?.problems ?? [])],
      sourceFile: entry.fileName,
    },
    info,
    ...(intendedUseReadUtc === undefined ? {} : { intendedUseReadUtc }),
  };
}

/** A report has no decoded curves, and they are most of what a result holds. */
function withoutCurves(result: SegmentResult): SegmentResult {
  return result.estimate?.curves === undefined ? result : { ...result, estimate: omit(result.estimate, 'curves') };
}

/** The files that an export would write, made by the host while the page goes on. */
export class ReportPreview {
  files = $state.raw<readonly FilePreview[]>([]);
  /** Why there is none. */
  problem = $state.raw<Problem>();
  /** The person stopped it; the files can be written without. */
  stopped = $state(false);
  private readonly w: Workbench;
  private jobId: string | undefined;
  private handedOver: Promise<string> | undefined;
  private asked = 0;

  constructor(workbench: Workbench) {
    this.w = workbench;
  }

  /** Makes the preview anew; one under way ends. */
  async make(options: ReportOptions): Promise<void> {
    const asked = (this.asked += 1);
    await this.cancel();
    [this.stopped, this.problem] = [false, undefined];
    const sources = sourcesOf(this.w);
    if (!sources) return;
    const { peaks } = this.w.workspace.perception ?? {};
    // results and work stay as they are while the window is open; only the options change
    const handoverId = await (this.handedOver ??= handOver(this.w.bridge, sources));
    if (asked !== this.asked) return;
    const call = {
      recordingId: sources.input.recordingId,
      handoverId,
      ...(peaks ? { peaks: { hop: peaks.hop, minMax: bytesOf(peaks.minMax) } } : {}),
      options,
    };
    const job = await this.w.jobs.run(
      () => this.w.bridge.call('job/preview', call),
      ({ jobId }) => {
        if (asked === this.asked) this.jobId = jobId;
        else void this.w.jobs.cancel(jobId);
      },
    );
    if (asked !== this.asked) return;
    this.jobId = undefined;
    if (job?.result?.kind === 'preview') this.files = job.result.files;
    this.problem = job?.failure;
    this.stopped = job?.state === 'cancelled';
  }

  /** Ends the one under way. */
  async cancel(): Promise<void> {
    if (this.jobId !== undefined) await this.w.jobs.cancel(this.jobId);
  }

  /** Ends it for good, when the window closes. */
  async leave(): Promise<void> {
    this.asked += 1;
    await this.cancel();
    if (this.handedOver) await this.w.bridge.call('handover/end', { handoverId: await this.handedOver });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
