import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { callersFolder, defaultCacheFolder, findAppFolder } from '../../../electron/cli/appFolder.js';
import { exitCodeOf } from '../../../electron/cli/exitCodes.js';
import { ProgressLine, clock } from '../../../electron/cli/progressLine.js';
import { summaryText } from '../../../electron/cli/summary.js';
import { ProblemError } from '../../../core/problems/problem.js';
import { fromSeconds } from '../../../core/time/microseconds.js';
import { analysisOf } from '../report/smallReport.js';

/** A progress line on a clock of its own. */
function lineOn(isTTY: boolean) {
  let now = 0;
  const written: string[] = [];
  const output = { isTTY, columns: 40, write: (text: string) => written.push(text) };
  const line = new ProgressLine(output, () => now);
  const show = (milliseconds: number, step: string, fraction?: number): void => {
    now = milliseconds;
    line.show({ step, stepNumber: 1, stepCount: 1, ...(fraction === undefined ? {} : { fraction }) });
  };
  return { show, written, line };
}

describe('progress', () => {
  it('is one redrawn line on a terminal, never longer than it', () => {
    const { show, written } = lineOn(true);
    show(0, 'Measure voice, find faces and expressions', 0.1);
    show(50, 'Measure voice, find faces and expressions', 0.2);
    show(150, 'Measure voice, find faces and expressions', 0.3);
    expect(written).toHaveLength(2);
    for (const text of written) {
      expect(text.startsWith('\r\u001b[K')).toBe(true);
      expect(text.length - 4).toBeLessThan(40);
      expect(text).not.toContain('\n');
    }
  });

  it('is a plain line per step and every five seconds elsewhere, with the elapsed time', () => {
    const { show, written } = lineOn(false);
    show(0, 'Read', 0);
    show(4_900, 'Read', 0.5);
    show(5_000, 'Read', 0.51);
    show(65_000, 'Write');
    expect(written).toEqual(['0:00  Read  0 %\n', '0:05  Read  51 %\n', '1:05  Write\n']);
  });

  it('shows hours from one hour on', () => {
    expect(clock(3_723_000)).toBe('1:02:03');
  });
});

describe('the exit status', () => {
  it.each([
    ['media.empty', 3],
    ['transcript.unreadable', 3],
    ['marks.columns', 3],
    ['bundle.hash', 4],
    ['report.disk-full', 1],
    ['report.folder-not-empty', 2],
    ['provider.unknown', 2],
    ['provider.unusable', 1],
    ['media.no_ffmpeg', 1],
    ['model.checksum', 1],
    ['host.ended', 1],
  ])('of %s is %d', (code, status) => {
    expect(exitCodeOf(new ProblemError({ code, severity: 'error', message: '', tip: '' }))).toBe(status);
  });

  it('of a bug is 1', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(1);
  });
});

describe('folders of the command line', () => {
  it('start where the person was, also when npm moved to the package', () => {
    const { root } = findAppFolder();
    expect(callersFolder(root, { INIT_CWD: '/home/me' })).toBe('/home/me');
    expect(callersFolder('/data', { INIT_CWD: '/home/me' })).toBe('/data');
    expect(callersFolder(root, {})).toBe(root);
  });

  it('keep the cache in the user cache folder', () => {
    expect(defaultCacheFolder({ XDG_CACHE_HOME: path.resolve('/xdg') })).toBe(
      path.join(path.resolve('/xdg'), 'lacuna'),
    );
    expect(defaultCacheFolder({ XDG_CACHE_HOME: 'relative' })).not.toContain('relative');
  });
});

describe('the summary', () => {
  it('counts states and segments without an estimate', () => {
    const text = summaryText({
      recordingId: 'rec-0123456789ab',
      duration: fromSeconds(20),
      analysis: analysisOf(3),
      problems: [],
      report: { folder: '/out', files: ['a', 'b'] },
      elapsedMs: 10_000,
    });
    expect(text).toContain('recording  rec-0123456789ab, 00:00:20.000, 3 segments\n');
    expect(text).toContain('visual     3 missing\n');
    expect(text).toContain('emotions   3 without an estimate\n');
    expect(text).toContain('score      none\n');
    expect(text).toContain('time       10.0 s, 2.0 x real time\n');
  });
});
