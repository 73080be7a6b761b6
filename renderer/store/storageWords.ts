/** Names of errors that browsers give when the disk, or the program's share of it, is full. Dexie keeps the cause inside. */
function isFull(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, inner } = error as { readonly name?: unknown; readonly inner?: unknown };
  return name === 'QuotaExceededError' || (inner !== error && isFull(inner));
}

/** Why something could not be kept in the database and what to do, for a person. */
export function storageWords(error: unknown): string {
  if (isFull(error)) {
    return 'The disk, or the share of it that this program may use, is full. What was saved before is not lost. Free some space, or delete data of recordings that are done with, then save again.';
  }
  const why = error instanceof Error ? error.message : String(error);
  return `The database did not take it (${why}). What was saved before is not lost. Save again, or save the project as a file.`;
}
