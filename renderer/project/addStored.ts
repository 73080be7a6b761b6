import type { StoredItem } from '../../electron/contract/types.js';

/** What is kept of several recordings, the same things as one line. */
export function addStored(lists: readonly (readonly StoredItem[])[]): readonly StoredItem[] {
  const sums = new Map<string, StoredItem>();
  for (const item of lists.flat()) {
    const before = sums.get(item.what);
    const bytes = (before?.bytes ?? 0) + (item.bytes ?? 0);
    sums.set(item.what, {
      what: item.what,
      count: (before?.count ?? 0) + item.count,
      ...(before?.bytes === undefined && item.bytes === undefined ? {} : { bytes }),
      ...(item.deleted === undefined ? {} : { deleted: item.deleted && (before?.deleted ?? true) }),
    });
  }
  return [...sums.values()];
}
