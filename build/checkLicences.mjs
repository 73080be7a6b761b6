/**
 * Refuses packages inside the app whose licence is not permissive. Programs that run as separate processes (ffmpeg,
 * ffprobe) may be GPL; they are named here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PERMISSIVE =
  /^(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|CC0-1\.0|Unlicense|BlueOak-1\.0\.0|Python-2\.0|Zlib)$/;
const SEPARATE_PROGRAMS = /^node_modules\/@(ffmpeg|ffprobe)-installer\//;

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const bad = [];
let checked = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.dev || entry.devOptional || SEPARATE_PROGRAMS.test(path)) continue;
  checked += 1;
  const licence = entry.license ?? readLicence(path);
  const choices = licence.replace(/[()]/g, '').split(/ OR /);
  if (!choices.some((choice) => choice.split(/ AND /).every((part) => PERMISSIVE.test(part.trim())))) {
    bad.push(`${path}: ${licence}`);
  }
}
if (bad.length > 0) {
  console.error(`Not permissive, so not inside the app:\n${bad.join('\n')}`);
  process.exit(1);
}
console.log(`${checked} packages inside the app, all under permissive licences.`);

function readLicence(path) {
  try {
    return String(JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).license ?? 'unknown');
  } catch {
    return 'unknown';
  }
}
