import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const FIXTURE_MODELS = path.resolve(import.meta.dirname, '../../fixtures');

/** A copy of the tiny bundle in a fresh models folder, to be damaged. */
export function copyTinyBundle(): { readonly modelsDir: string; readonly folder: string } {
  const modelsDir = mkdtempSync(path.join(tmpdir(), 'lacuna-bundle-'));
  const folder = path.join(modelsDir, 'bundles', 'tiny');
  cpSync(path.join(FIXTURE_MODELS, 'bundles', 'tiny'), folder, { recursive: true });
  return { modelsDir, folder };
}

type Json = Record<string, unknown>;

/** Edits bundle.json in place. */
export function editManifest(folder: string, edit: (manifest: Json) => void): void {
  const file = path.join(folder, 'bundle.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Json;
  edit(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

/** Sets the recorded hash of parity.json to the file's own. */
export function rehashParity(folder: string): void {
  const sha256 = createHash('sha256')
    .update(readFileSync(path.join(folder, 'parity.json')))
    .digest('hex');
  editManifest(folder, (manifest) => {
    (manifest['parity'] as Json)['sha256'] = sha256;
  });
}
