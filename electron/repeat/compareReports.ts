import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import Papa from 'papaparse';
import { CHECKSUM_FILE } from '../../core/report/reportFiles.js';
import type { FileComparison, ReportComparison } from '../contract/types.js';

const SUM_LINE = /^([0-9a-f]{64}) [ *]([A-Za-z0-9._-]+)$/;

/** Tables by name with their checksums; undefined when the folder holds no checksums. */
async function tableSums(folder: string): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await readFile(path.join(folder, CHECKSUM_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const entries = text.split('\n').flatMap((line): [string, string][] => {
    const [, sum = '', name = ''] = SUM_LINE.exec(line) ?? [];
    return /\.(csv|tsv)$/.test(name) ? [[name, sum]] : [];
  });
  return new Map(entries);
}

async function hashOf(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

function cells(line: string, fileName: string): readonly string[] {
  const delimiter = fileName.endsWith('.tsv') ? '\t' : ',';
  return Papa.parse<string[]>(line, { delimiter }).data[0] ?? [];
}

/** The first line in which two files differ, with the first column that does. */
async function firstDifference(before: string, now: string, fileName: string): Promise<FileComparison['difference']> {
  const read = (file: string) => createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  const [a, b] = [read(before), read(now)];
  const [left, right] = [a[Symbol.asyncIterator](), b[Symbol.asyncIterator]()];
  try {
    let header: readonly string[] = [];
    for (let line = 1; ; line += 1) {
      const [was, is] = await Promise.all([left.next(), right.next()]);
      if (was.done === true && is.done === true) return undefined;
      const wasText = was.done === true ? undefined : was.value;
      const isText = is.done === true ? undefined : is.value;
      if (line === 1) header = cells(wasText ?? '', fileName);
      if (wasText === isText) continue;
      const [wasCells, isCells] = [cells(wasText ?? '', fileName), cells(isText ?? '', fileName)];
      const column = wasCells.findIndex((cell, index) => cell !== isCells[index]);
      return {
        line,
        column: header[Math.max(0, column)] ?? '',
        before: wasText === undefined ? 'no such line' : (wasCells[Math.max(0, column)] ?? ''),
        now: isText === undefined ? 'no such line' : (isCells[Math.max(0, column)] ?? ''),
      };
    }
  } finally {
    a.close();
    b.close();
  }
}

/**
 * Compares the tables of two reports by the checksums that were written with them.
 * @param before folder of the earlier report; its files may be gone or changed, its SHA256SUMS must be there.
 * @returns undefined when the earlier report has no checksums to compare with.
 */
export async function compareReports(before: string, now: string): Promise<ReportComparison | undefined> {
  const [earlier, later] = [await tableSums(before), await tableSums(now)];
  if (earlier === undefined || earlier.size === 0 || later === undefined) return undefined;
  const names = [...new Set([...earlier.keys(), ...later.keys()])];
  const files: FileComparison[] = [];
  for (const name of names) {
    const [was, is] = [earlier.get(name), later.get(name)];
    if (is === undefined) files.push({ name, verdict: 'only before' });
    else if (was === undefined) files.push({ name, verdict: 'only now' });
    else if (was === is) files.push({ name, verdict: 'identical' });
    else files.push(await differing(before, now, name, was));
  }
  return { identical: files.every(({ verdict }) => verdict === 'identical'), files };
}

async function differing(before: string, now: string, name: string, was: string): Promise<FileComparison> {
  const found = await hashOf(path.join(before, name));
  if (found === undefined) return { name, verdict: 'differs' };
  if (found !== was) return { name, verdict: 'changed since' };
  const difference = await firstDifference(path.join(before, name), path.join(now, name), name);
  return { name, verdict: 'differs', ...(difference === undefined ? {} : { difference }) };
}
