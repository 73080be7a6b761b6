import type { JobKind } from '../contract/types.js';
import type { GrantedFiles } from '../files/grantedFiles.js';
import type { RunOptions } from '../host/hostClient.js';
import type { HostAnswer, HostArgument, KnownMedium } from '../host/protocol.js';
import type { JobHost } from './jobs.js';

interface Known {
  readonly files: GrantedFiles;
  /** Project files by project id. */
  readonly projectFiles: GrantedFiles;
}

/** Notes in main what jobs found out: where media and project files lie, and the hashes of media. The page sees no place. */
export function rememberingHost(host: JobHost, { files, projectFiles }: Known): JobHost {
  const note = async (media: readonly KnownMedium[]): Promise<void> => {
    const places = media.flatMap(({ mediaId, path }) => (path === undefined ? [] : [[mediaId, path] as const]));
    await files.remember(places);
    await files.noteHashes(media);
  };
  const notes: { readonly [K in JobKind]?: (answer: HostAnswer<K>, argument: HostArgument<K>) => Promise<void> } = {
    perceive: ({ inputSha256 }, { recordingId }) => files.noteHashes([{ mediaId: recordingId, sha256: inputSha256 }]),
    openProject: async ({ media, projectId }, { file, purpose }) => {
      await note(media);
      if (purpose === 'open' && projectId !== undefined) await projectFiles.remember([[projectId, file]]);
    },
    saveProject: async ({ saved, media }, { file, projectId }) => {
      await note(media);
      if (!saved.changed && projectId !== undefined) await projectFiles.remember([[projectId, file]]);
    },
  };
  return {
    run: async <K extends JobKind>(kind: K, argument: HostArgument<K>, options: RunOptions): Promise<HostAnswer<K>> => {
      const answer = await host.run(kind, argument, options);
      await notes[kind]?.(answer, argument);
      return answer;
    },
  };
}
