import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Analysis } from '../../core/analysis/analysis.js';
import type { Perception } from '../../core/perception/perception.js';
import { compareRaters, readRatings } from '../agreement/agreementTasks.js';
import type { AnalysisServices } from '../analysis/prepareRecording.js';
import { analyzeRecording } from '../analysis/analyzeRecording.js';
import type { PerceptionSource } from '../analysis/perceiveRecording.js';
import { perceiveRecording } from '../analysis/perceiveRecording.js';
import { learn } from '../analysis/learn.js';
import { selfTest } from '../analysis/selfTest.js';
import { whatIf } from '../analysis/whatIf.js';
import { measureCurves } from '../analysis/measureCurves.js';
import type { TextEmbedder } from '../analysis/segmentFeatures.js';
import type { LoadedBundle } from '../inference/loadBundle.js';
import { listBundles, loadBundle } from '../inference/loadBundle.js';
import { availableProviders } from '../inference/providers.js';
import { exportAnnotations, importAnnotations } from '../interchange/annotationTasks.js';
import { requireHash } from '../media/replacedMedia.js';
import { perceive } from '../perception/perceive.js';
import { TextExtractor } from '../perception/text/textExtractor.js';
import { repeatAnalysis } from '../repeat/repeatAnalysis.js';
import { checkReportFolder } from '../report/reportFolder.js';
import { exportReport, reportHtml, type Results } from '../report/exportReport.js';
import { makeTracks } from '../tracks/trackCache.js';
import type { AnalyzeArgument } from './protocol.js';
import type { FILE_TASKS } from './fileTasks.js';
import type { HostTaskTable, TaskContext } from './serveHost.js';

/** The tasks but those of files. */
type AnalysisTaskTable = Omit<HostTaskTable, keyof typeof FILE_TASKS>;

/** Texts whose embeddings are remembered; a long recording has some thousand cues. */
const REMEMBERED_TEXTS = 20_000;

/**
 * The tasks of the host with what they share: the opened bundle, the text network, and the latest perception and
 * analysis, so that an export right after an analysis does not repeat it.
 */
export function createHostTasks(): AnalysisTaskTable {
  const memory = new HostMemory();
  return {
    bundles: ({ modelsDir }) => listBundles(modelsDir),
    bundle: async ({ modelsDir, bundleId, provider }) => {
      const { graphs } = await memory.bundle(modelsDir, bundleId, provider);
      return { provider: graphs.provider };
    },
    providers: () => Promise.resolve(availableProviders()),
    perceive: (argument, context) => perceiveRecording(argument, memory.perceive, context),
    analyze: (argument, context) => memory.analyze(argument, context),
    whatIf: (argument, context) => whatIf(argument, memory, context),
    learn: (argument, context) => learn(argument, memory, context),
    selfTest: (argument, context) => selfTest(argument, memory, context),
    curves: (argument, context) => measureCurves(argument, memory.perceive, context),
    tracks: makeTracks,
    export: async (argument, context) => {
      await checkReportFolder(argument.outDir, argument.overwrite);
      return exportReport(argument, await memory.results(argument, context), context);
    },
    reportHtml: async (argument, context) => {
      await checkReportFolder(argument.outDir, argument.overwrite);
      return reportHtml(argument, await memory.results(argument, context));
    },
    repeat: (argument, context) => repeatAnalysis(argument, memory, context),
    import: importAnnotations,
    exportAs: exportAnnotations,
    agreement: compareRaters,
    ratings: readRatings,
  };
}

class HostMemory implements AnalysisServices {
  #perception: { readonly key: string; readonly value: Perception } | undefined;
  #analysis: { readonly key: string; readonly value: Analysis } | undefined;
  readonly #bundles = new Map<string, Promise<LoadedBundle>>();
  readonly #texts = new Map<string, Promise<TextEmbedder>>();

  /** The latest perception from memory while the file is unchanged, else from the cache or measured. */
  readonly perceive: PerceptionSource = async (recording, options) => {
    const { path, sha256, modelsDir, cacheDir } = recording;
    const key = `${modelsDir}\n${await fileKey(path)}`;
    const kept = this.#perception?.key === key ? this.#perception.value : undefined;
    const value = kept ?? (await perceive(path, { modelsDir, cacheDir, sha256, ...options }));
    requireHash(path, value.inputSha256, sha256);
    this.#perception = { key, value };
    return value;
  };

  async analyze(argument: AnalyzeArgument, context: TaskContext): Promise<Analysis> {
    const { path, recordingId, modelsDir, segments, marks, parameters } = argument;
    const inputs = JSON.stringify([await fileKey(path), recordingId, modelsDir, segments, marks, parameters]);
    const key = createHash('sha256').update(inputs).digest('hex');
    if (this.#analysis?.key === key) return this.#analysis.value;
    const value = await analyzeRecording(argument, this, context);
    this.#analysis = { key, value };
    return value;
  }

  /** Analysis and perception behind a report. */
  async results(argument: AnalyzeArgument, context: TaskContext): Promise<Results> {
    const analysis = await this.analyze(argument, context);
    const perception = await this.perceive(argument, { signal: context.signal, onProgress: () => undefined });
    return { analysis, perception };
  }

  bundle(modelsDir: string, id: string, provider: string): Promise<LoadedBundle> {
    return remember(this.#bundles, [modelsDir, id, provider].join('\n'), () => loadBundle(modelsDir, id, provider));
  }

  text(modelsDir: string): Promise<TextEmbedder> {
    return remember(this.#texts, modelsDir, async () => rememberTexts(await TextExtractor.create(modelsDir)));
  }
}

/** Keeps a promise by key; a failed one is forgotten, so that a repaired file is found the next time. */
function remember<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  made.catch(() => map.delete(key));
  return made;
}

function rememberTexts(embedder: TextEmbedder): TextEmbedder {
  const known = new Map<string, Promise<Float32Array>>();
  return {
    embed: (text) => {
      if (known.size > REMEMBERED_TEXTS) known.clear();
      return remember(known, text, () => embedder.embed(text));
    },
  };
}

/** Changes when the file does. A file that cannot be looked at has no key; opening it says why. */
async function fileKey(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  return `${path}\n${info?.size ?? ''}\n${info?.mtimeMs ?? ''}`;
}
