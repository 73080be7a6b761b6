import type { App, Session, WebContents } from 'electron';
import { APP_ORIGIN, APP_SCHEME, MEDIA_SCHEME } from './schemes.js';

/** Sent with every file of the page. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  // blob: the page draws its own pictures to PNG
  "img-src 'self' blob:",
  `media-src 'self' ${MEDIA_SCHEME}:`,
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sent with a page that is printed: it loads nothing and runs nothing. */
export const PRINT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const ALLOWED_PROTOCOLS: ReadonlySet<string> = new Set([`${APP_SCHEME}:`, `${MEDIA_SCHEME}:`]);
/** DevTools load their own page; they exist only where the app is not packaged. */
const DEVTOOLS_PROTOCOL = 'devtools:';

/** Whether a request may leave the page. Everything but the app's own schemes is refused. */
export function isAllowedRequest(url: string, devTools: boolean): boolean {
  const protocol = protocolOf(url);
  return protocol !== undefined && (ALLOWED_PROTOCOLS.has(protocol) || (devTools && protocol === DEVTOOLS_PROTOCOL));
}

/** Whether an IPC message comes from the app's own page: its top frame, on the app's own origin. */
export function isTrustedSender(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${APP_ORIGIN}/`);
}

function protocolOf(url: string): string | undefined {
  try {
    return new URL(url).protocol;
  } catch {
    return undefined;
  }
}

/** Switches off everything in Chromium that talks to the outside by itself. Call before the app is ready. */
export function hardenCommandLine(app: App): void {
  const { commandLine } = app;
  commandLine.appendSwitch('disable-background-networking');
  commandLine.appendSwitch('disable-component-update');
  commandLine.appendSwitch('disable-domain-reliability');
  commandLine.appendSwitch('disable-sync');
  commandLine.appendSwitch('no-pings');
  // Names are not even looked up: preconnect and prefetch hints do not pass the request blocker.
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp');
}

/** Refuses requests, permissions, downloads and spelling dictionaries for a whole session. */
export function lockSession(session: Session, devTools: boolean): void {
  session.webRequest.onBeforeRequest((details, respond) => {
    respond({ cancel: !isAllowedRequest(details.url, devTools) });
  });
  session.setPermissionRequestHandler((_contents, _permission, respond) => {
    respond(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}

/** Keeps a page where it is: no navigation, no new windows, no embedded pages. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
