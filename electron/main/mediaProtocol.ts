import type { Protocol } from 'electron';
import type { GrantedFiles } from '../files/grantedFiles.js';
import { serveFile } from '../files/serveFile.js';
import { MEDIA_SCHEME, recordingIdOf } from './schemes.js';

/** Serves the recordings that were opened in this session, by id only, with HTTP ranges for seeking. */
export function serveMedia(protocol: Protocol, files: GrantedFiles): void {
  protocol.handle(MEDIA_SCHEME, async (request) => {
    const recordingId = recordingIdOf(request.url);
    const file = recordingId === undefined ? undefined : files.openPath(recordingId);
    if (file === undefined) return new Response('not granted', { status: 403 });
    return serveFile(file, request.headers.get('range'));
  });
}
