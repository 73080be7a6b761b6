import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { BundleFacts } from '../../core/analysis/analysis.js';
import type { Problem } from '../../core/problems/problem.js';
import { ProblemError } from '../../core/problems/problem.js';
import type { BundleSummary } from '../contract/types.js';
import { bundleFacts } from './bundleFacts.js';
import type { BundleManifest, GraphName } from './bundleSchema.js';
import { BUNDLE_FORMAT, bundleSchema, graphNames } from './bundleSchema.js';
import type { GraphFiles } from './graphs.js';
import { Graphs, findShapeMismatch } from './graphs.js';
import type { ParityCase } from './parity.js';
import { maxDifference, parseParity } from './parity.js';
import { phrasesSchema } from './phraseBank.js';
import { chooseProvider } from './providers.js';

const MANIFEST = 'bundle.json';
const TIP = 'Put the complete folder of the bundle back, or choose another bundle.';

/** A verified bundle, opened and ready to run. */
export interface LoadedBundle {
  readonly manifest: BundleManifest;
  /** SHA-256 of bundle.json, which itself holds the hashes of all other files. */
  readonly sha256: string;
  readonly graphs: Graphs;
  readonly facts: BundleFacts;
  /** Phrases that recovered texts are compared with; absent for a bundle without. */
  readonly phrases?: readonly string[];
  /** Why another provider than the wished one is used, if so. */
  readonly problems: readonly Problem[];
}

interface VerifiedFiles {
  readonly manifest: BundleManifest;
  readonly sha256: string;
  readonly files: GraphFiles;
  readonly parityBytes: Uint8Array;
  readonly phrases?: readonly string[];
}

/**
 * Verifies a bundle completely - schema, format version, hash of every file, tensor names and shapes of the opened
 * graphs, and a self-test against the numbers of the trained network - and opens it on the asked provider.
 * @param modelsDir the folder that holds `bundles/`.
 * @param provider `auto`, `cpu` or a name of `availableProviders()`.
 * @throws ProblemError `bundle.*` naming the file and the mismatch, `provider.*` when a forced provider cannot be used.
 */
export async function loadBundle(modelsDir: string, id: string, provider: string): Promise<LoadedBundle> {
  const verified = await verifyFiles(modelsDir, id);
  const { graphs: cpu, parity } = await openVerified(verified, id);
  const { graphs, problems } = await chooseProvider(provider, {
    cpu,
    parity,
    open: (name) => Graphs.open(verified.files, verified.manifest, name),
  });
  const facts = await bundleFacts(path.join(modelsDir, 'bundles', id), verified.manifest);
  const { manifest, sha256, phrases } = verified;
  return { manifest, sha256, graphs, facts, problems, ...(phrases === undefined ? {} : { phrases }) };
}

/** All bundles under `modelsDir/bundles` in order of id; refused ones say why. Empty when the folder is absent. */
export async function listBundles(modelsDir: string): Promise<readonly BundleSummary[]> {
  const entries = await readdir(path.join(modelsDir, 'bundles'), { withFileTypes: true }).catch(() => []);
  const ids = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  const summaries: BundleSummary[] = [];
  for (const id of ids) summaries.push(await summarise(modelsDir, id));
  return summaries;
}

async function summarise(modelsDir: string, id: string): Promise<BundleSummary> {
  try {
    const verified = await verifyFiles(modelsDir, id);
    await (await openVerified(verified, id)).graphs.release();
    const { version, title, licence, intended_use: intendedUse, benchmark } = verified.manifest;
    const facts = await bundleFacts(path.join(modelsDir, 'bundles', id), verified.manifest);
    const { sha256 } = verified;
    return {
      id,
      version,
      sha256,
      title,
      licence,
      intendedUse,
      facts,
      ...(benchmark === undefined ? {} : { benchmark: true }),
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { id, version: '', title: id, licence: '', intendedUse: '', refused: error.problem };
  }
}

async function verifyFiles(modelsDir: string, id: string): Promise<VerifiedFiles> {
  const folder = path.join(modelsDir, 'bundles', id);
  if (!/^[A-Za-z0-9._-]{1,80}$/.test(id) || /^\.+$/.test(id))
    throw refusal(id, 'unknown', 'its name is not a bundle id');
  const known = await readdir(folder).catch(() => undefined);
  if (known === undefined) throw await unknownBundle(modelsDir, id);
  const bytes = await readBundleFile(folder, id, MANIFEST);
  const manifest = parseManifest(id, bytes);
  if (manifest.id !== id) {
    throw refusal(id, 'schema', `${MANIFEST} names the bundle ${manifest.id}, but its folder is named ${id}`);
  }
  const files = new Map<GraphName, Uint8Array>();
  for (const name of graphNames(manifest)) {
    const spec = manifest.graphs[name];
    if (spec !== undefined) files.set(name, await readHashed(folder, id, spec));
  }
  const parityBytes = await readHashed(folder, id, manifest.parity);
  const phrases = await readPhrases(folder, id, manifest);
  return { manifest, sha256: hash(bytes), files, parityBytes, ...(phrases === undefined ? {} : { phrases }) };
}

async function readPhrases(folder: string, id: string, manifest: BundleManifest): Promise<string[] | undefined> {
  if (manifest.phrases === undefined) return undefined;
  const { file } = manifest.phrases;
  const parsed = v.safeParse(phrasesSchema, parseJson(id, file, await readHashed(folder, id, manifest.phrases)));
  if (parsed.success) return parsed.output.phrases.map(({ text }) => text);
  const issue = parsed.issues[0];
  throw refusal(id, 'schema', `${file} does not fit at ${v.getDotPath(issue) ?? 'its top level'}: ${issue.message}`);
}

function parseManifest(id: string, bytes: Uint8Array): BundleManifest {
  const json = parseJson(id, MANIFEST, bytes);
  const format = v.safeParse(v.object({ format: v.number() }), json);
  if (format.success && format.output.format !== BUNDLE_FORMAT) {
    const found = format.output.format;
    const what = `${MANIFEST} has format ${found}, this version of Lacuna reads format ${BUNDLE_FORMAT}`;
    throw refusal(id, 'format', what, found > BUNDLE_FORMAT ? 'Install a newer version of Lacuna for it.' : TIP);
  }
  const parsed = v.safeParse(bundleSchema, json);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw refusal(
    id,
    'schema',
    `${MANIFEST} does not fit at ${v.getDotPath(issue) ?? 'its top level'}: ${issue.message}`,
  );
}

function readParity(id: string, manifest: BundleManifest, bytes: Uint8Array): ParityCase {
  const json = parseJson(id, manifest.parity.file, bytes);
  try {
    return parseParity(json, manifest);
  } catch (error) {
    throw refusal(id, 'schema', `${manifest.parity.file} does not fit at ${(error as Error).message}`);
  }
}

/** Opens the graphs on the cpu and refuses a bundle whose tensors or numbers do not fit. */
async function openVerified(
  { manifest, files, parityBytes }: VerifiedFiles,
  id: string,
): Promise<{ readonly graphs: Graphs; readonly parity: ParityCase }> {
  let graphs: Graphs;
  try {
    graphs = await Graphs.open(files, manifest, 'cpu');
  } catch (error) {
    throw refusal(id, 'graph', `a graph cannot be opened: ${(error as Error).message}`);
  }
  const misfit = findShapeMismatch(graphs, manifest);
  if (misfit !== undefined) {
    throw refusal(
      id,
      'shape',
      `${manifest.graphs[misfit.graph]?.file ?? misfit.graph} does not fit: ${misfit.mismatch}`,
    );
  }
  const parity = readParity(id, manifest, parityBytes);
  const actual = await graphs.runParity(parity).catch((error: unknown) => {
    throw refusal(id, 'parity', `the self-test of ${manifest.parity.file} failed: ${(error as Error).message}`);
  });
  for (const [name, expected] of Object.entries(parity.outputs)) {
    const difference = maxDifference(expected, actual[name as keyof typeof actual]);
    if (difference <= manifest.parity.tolerance) continue;
    const amount = Number.isFinite(difference) ? difference.toPrecision(2) : 'not-a-number';
    const what = `${name} differs by ${amount} from ${manifest.parity.file}, ${manifest.parity.tolerance} allowed`;
    throw refusal(id, 'parity', what);
  }
  return { graphs, parity };
}

async function readHashed(
  folder: string,
  id: string,
  spec: { readonly file: string; readonly sha256: string },
): Promise<Uint8Array> {
  const bytes = await readBundleFile(folder, id, spec.file);
  const found = hash(bytes);
  if (found === spec.sha256) return bytes;
  throw refusal(id, 'hash', `${spec.file} has SHA-256 ${found}, ${MANIFEST} says ${spec.sha256}`);
}

async function readBundleFile(folder: string, id: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(path.join(folder, file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refusal(
      id,
      'unreadable',
      `${file} ${code === 'ENOENT' ? 'is missing' : `cannot be read (${code ?? 'unknown'})`}`,
    );
  }
}

function parseJson(id: string, file: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refusal(id, 'schema', `${file} is not JSON: ${(error as Error).message}`);
  }
}

async function unknownBundle(modelsDir: string, id: string): Promise<ProblemError> {
  const entries = await readdir(path.join(modelsDir, 'bundles'), { withFileTypes: true }).catch(() => []);
  const known = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const tip = known.length === 0 ? 'No bundle is installed.' : `Choose one of: ${known.sort().join(', ')}.`;
  return refusal(id, 'unknown', `there is no folder of this name in ${path.join(modelsDir, 'bundles')}`, tip);
}

function refusal(id: string, what: string, mismatch: string, tip = TIP): ProblemError {
  return new ProblemError({
    code: `bundle.${what}`,
    severity: 'error',
    message: `The bundle "${id}" was refused: ${mismatch}.`,
    tip,
  });
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
