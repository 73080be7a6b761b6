import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import * as v from 'valibot';
import { ProblemError } from '../../core/problems/problem.js';

const fileName = v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'must be a plain file name'));

const companionSchema = v.object({
  file: fileName,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const networkSchema = v.object({
  id: v.string(),
  ...companionSchema.entries,
  bytes: v.pipe(v.number(), v.integer()),
  /** SPDX expression of the weights. */
  licence: v.string(),
  /** Registry package and version the file was taken from or made of. */
  source: v.string(),
  upstream: v.string(),
  /** Tensor names, shapes, units and what has to be done around the network. */
  contract: v.string(),
  /** Script that made or fetched the file, relative to the project root. */
  importer: v.string(),
  /** How the file was checked against its original, with the measured figure. */
  check: v.string(),
  /** Files that belong to the network, a tokenizer for instance. */
  companions: v.optional(v.array(companionSchema), []),
});

const manifestSchema = v.object({ format: v.literal(1), networks: v.array(networkSchema) });

/** One entry of models/perception/manifest.json. */
export type NetworkEntry = v.InferOutput<typeof networkSchema>;

export interface NetworkOptions {
  /** Threads inside one operator. One by default: several workers share few cores. */
  readonly intraOpNumThreads?: number;
}

/**
 * Reads and checks the list of perception networks.
 * @param modelsDir the folder that holds `perception/` and `bundles/`.
 * @throws ProblemError when the manifest is absent or does not fit its schema.
 */
export async function readManifest(modelsDir: string): Promise<readonly NetworkEntry[]> {
  const file = path.join(modelsDir, 'perception', 'manifest.json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw refused('model.manifest-unreadable', `The list of networks ${file} cannot be read: ${reason(error)}.`);
  }
  const result = v.safeParse(manifestSchema, parsed);
  if (result.success) return result.output.networks;
  const issue = result.issues[0];
  const where = v.getDotPath(issue) ?? 'the top level';
  throw refused('model.manifest-invalid', `The list of networks ${file} is not valid at ${where}: ${issue.message}.`);
}

/**
 * Finds a network's manifest entry by id.
 * @throws ProblemError when the manifest does not list it.
 */
export async function networkEntry(modelsDir: string, id: string): Promise<NetworkEntry> {
  const entry = (await readManifest(modelsDir)).find((candidate) => candidate.id === id);
  if (entry) return entry;
  throw refused('model.unknown', `The list of networks in ${path.join(modelsDir, 'perception')} has no "${id}".`);
}

/**
 * Reads a file of `modelsDir/perception` and verifies its checksum.
 * @throws ProblemError that names the file, the expected and the found SHA-256.
 */
export async function readVerified(modelsDir: string, file: string, sha256: string): Promise<Uint8Array> {
  const full = path.join(modelsDir, 'perception', file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(full);
  } catch (error) {
    throw refused('model.unreadable', `The network file ${full} cannot be read: ${reason(error)}.`);
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return bytes;
  throw refused(
    'model.checksum',
    `The network file ${full} is not the one listed in manifest.json: SHA-256 is ${found}, expected ${sha256}.`,
  );
}

/**
 * Opens a perception network on the cpu after verifying its SHA-256.
 * @param modelsDir the folder that holds `perception/` and `bundles/`.
 * @param id the network's id in `perception/manifest.json`.
 * @throws ProblemError when the manifest or the file is absent, invalid or altered.
 */
export async function loadNetwork(
  modelsDir: string,
  id: string,
  options: NetworkOptions = {},
): Promise<ort.InferenceSession> {
  const entry = await networkEntry(modelsDir, id);
  const bytes = await readVerified(modelsDir, entry.file, entry.sha256);
  return ort.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.intraOpNumThreads ?? 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
}

/** Float data of a named output; a network without it is a bug, the checksum has been verified. */
export function floatOutput(outputs: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const tensor = outputs[name];
  if (tensor?.type !== 'float32') throw new Error(`network output "${name}" is missing or not float32`);
  return tensor.data as Float32Array;
}

function refused(code: string, message: string): ProblemError {
  return new ProblemError({
    code,
    severity: 'error',
    message,
    tip: 'Reinstall Lacuna, or restore the models folder from the release.',
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
