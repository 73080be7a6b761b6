/** One thing that was kept about a recording or a participant, and whether it is gone. */
interface DeletedItem {
  readonly what: string;
  readonly count: number;
  readonly bytes?: number;
  readonly deleted?: boolean;
}

/** Report of a deletion, for the files of a study. Names no file and no person. */
export function deletionReport(about: {
  /** What was deleted, by code: `Recording rec-0123456789ab`, `Participant P01 (recordings …)`. */
  readonly subject: string;
  readonly appVersion: string;
  readonly deletedUtc: string;
  readonly items: readonly DeletedItem[];
}): string {
  const failed = about.items.filter(({ deleted }) => deleted !== true).length;
  return [
    '# Deletion report',
    '',
    `${about.subject}, deleted ${about.deletedUtc} with Lacuna ${about.appVersion}.`,
    '',
    '| what | items | bytes | result |',
    '| --- | --- | --- | --- |',
    ...about.items.map(
      ({ what, count, bytes, deleted }) =>
        `| ${what} | ${count} | ${bytes ?? 'NA'} | ${count === 0 ? 'nothing was stored' : deleted === true ? 'deleted' : 'NOT deleted'} |`,
    ),
    '',
    failed === 0
      ? 'Everything that was found is deleted.'
      : `${failed} items could not be deleted; delete them by hand.`,
    '',
    'Not touched, because they are files of the user: the recording itself, transcripts, exported reports and tables, copies and backups.',
    'A database may keep removed rows on the disk until it tidies up; on an encrypted disk they cannot be read without its key.',
    '',
  ].join('\n');
}
