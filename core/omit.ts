/** A copy without one field: where a field may be absent, absent is what "none" means, never undefined. */
export function omit<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const copy = { ...object };
  delete copy[key];
  return copy;
}
