/** The app's two own URL schemes. Nothing else is ever loaded. */
export const APP_SCHEME = 'lacuna-app';
export const MEDIA_SCHEME = 'lacuna-media';
export const APP_ORIGIN = `${APP_SCHEME}://app`;
/** Where pages that are printed stand; another origin than the workbench, so that main trusts none of them. */
export const PRINT_ORIGIN = `${APP_SCHEME}://print`;
export const PAGE_URL = `${APP_ORIGIN}/index.html`;

const MEDIA_PREFIX = `${MEDIA_SCHEME}://recording/`;

/** URL under which a granted recording plays in a media element. */
export function mediaUrl(recordingId: string): string {
  return `${MEDIA_PREFIX}${recordingId}`;
}

/** The recording id in a media URL; undefined when it is not one of ours. */
export function recordingIdOf(url: string): string | undefined {
  if (!url.startsWith(MEDIA_PREFIX)) return undefined;
  const id = url.slice(MEDIA_PREFIX.length);
  return /^[A-Za-z0-9._-]{1,80}$/.test(id) ? id : undefined;
}
