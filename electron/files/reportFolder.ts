import { access, readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Where a report goes when a person chose `folder`: there, if it is empty, else into a new folder inside it. An earlier
 * report is never written over. The new folder carries the recording's id, not its name, which may name a participant.
 */
export async function reportFolder(folder: string, recordingId: string): Promise<string> {
  const entries = await readdir(folder).catch(() => []);
  if (entries.length === 0) return folder;
  return freshFolder(path.join(folder, `lacuna-report-${recordingId}`));
}

/** A place where nothing lies yet: this one, or with a number behind it. */
export async function freshFolder(base: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    const taken = await access(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
