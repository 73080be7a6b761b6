import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Protocol } from 'electron';
import { APP_ORIGIN, APP_SCHEME } from './schemes.js';
import { CONTENT_SECURITY_POLICY, PRINT_POLICY } from './security.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * The file that a page URL stands for.
 * @param folder folder of the built page, absolute.
 * @returns undefined for another host, a malformed URL, a kind of file the page does not use, or a path out of the folder.
 */
export function pageFileOf(folder: string, url: string): string | undefined {
  if (!url.startsWith(`${APP_ORIGIN}/`)) return undefined;
  const encoded = url.slice(APP_ORIGIN.length + 1).replace(/[?#].*$/s, '');
  let relative: string;
  try {
    relative = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  if (relative.includes('\0') || relative.includes('\\')) return undefined;
  const file = path.resolve(folder, relative);
  const inside = file.startsWith(folder + path.sep);
  return inside && path.extname(file) in CONTENT_TYPES ? file : undefined;
}

/**
 * Serves the built page and pages that are printed, with a content security policy on every answer.
 * @param printed a page that is printed now, by address.
 */
export function serveApp(protocol: Protocol, folder: string, printed: (url: string) => string | undefined): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const page = printed(request.url);
    if (page !== undefined) return answer(page, '.html', PRINT_POLICY);
    const file = pageFileOf(folder, request.url);
    if (file === undefined) return new Response('no such file', { status: 404 });
    try {
      return answer(await readFile(file), path.extname(file), CONTENT_SECURITY_POLICY);
    } catch {
      return new Response('no such file', { status: 404 });
    }
  });
}

function answer(body: BodyInit, extension: string, policy: string): Response {
  return new Response(body, {
    headers: {
      'content-type': CONTENT_TYPES[extension] ?? 'application/octet-stream',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    },
  });
}
