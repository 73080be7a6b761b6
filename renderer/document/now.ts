/** Now as ISO 8601 UTC text. */
export function utcNow(): string {
  return new Date().toISOString();
}
