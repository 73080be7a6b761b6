/** Says what a media file holds, from ffprobe's answer, or why it cannot be used. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { ProblemError, type Problem } from '../../core/problems/problem.js';
import type { MediaInfo } from '../../core/recording/mediaInfo.js';
import { fromSeconds, microseconds, type Microseconds } from '../../core/time/microseconds.js';
import { inputArguments, startChild } from './childProgram.js';
import { mediaPrograms } from './ffmpegPrograms.js';
import { scanPacketEnds } from './packetScan.js';
import { declaredWaveDuration } from './waveHeader.js';

export interface ProbeResult {
  readonly info: MediaInfo;
  readonly problems: readonly Problem[];
}

export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
}

/** ffprobe writes most numbers as text and leaves out what it does not know. */
const numeral = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => (value === 'N/A' ? undefined : Number(value))),
  v.check((value) => value === undefined || Number.isFinite(value), 'not a number'),
);

const streamSchema = v.looseObject({
  index: v.number(),
  codec_type: v.optional(v.string(), 'unknown'),
  codec_name: v.optional(v.string(), 'unknown'),
  width: v.optional(v.number()),
  height: v.optional(v.number()),
  sample_aspect_ratio: v.optional(v.string()),
  avg_frame_rate: v.optional(v.string()),
  r_frame_rate: v.optional(v.string()),
  sample_rate: v.optional(numeral),
  channels: v.optional(v.number()),
  start_time: v.optional(numeral),
  duration: v.optional(numeral),
  disposition: v.optional(v.looseObject({ attached_pic: v.optional(v.number()) })),
  tags: v.optional(v.record(v.string(), v.string())),
  side_data_list: v.optional(v.array(v.looseObject({ rotation: v.optional(numeral) }))),
});

const answerSchema = v.looseObject({
  streams: v.optional(v.array(streamSchema), []),
  format: v.looseObject({
    format_name: v.string(),
    start_time: v.optional(numeral),
    duration: v.optional(numeral),
  }),
});

type Stream = v.InferOutput<typeof streamSchema>;
type Answer = v.InferOutput<typeof answerSchema>;

/** Formats that ffmpeg opens but that are not recordings: text art, still pictures, playlists that point elsewhere. */
const TEXT_FORMATS =
  /^(?:tty|ass|srt|webvtt|subviewer|microdvd|lrc|ffmetadata|sami|realtext|jacosub|mpl2|vplayer|pjs|stl|aqtitle|scc)$/;
const STILL_FORMATS = /^image2|_pipe$/;
const PLAYLIST_FORMATS = /^(?:hls|concat|dash|sdp|rtsp|imf)$/;

/**
 * Reads container, streams, times and rotation. Only the first sound track and the first picture track count; cover art is no
 * picture track.
 * @throws ProblemError `media.not_found`, `media.not_a_file`, `media.unreadable`, `media.empty`, `media.not_media`,
 * `media.no_index`, `media.still_image`, `media.playlist`, `media.no_streams`
 * @throws the signal's reason when aborted
 */
export async function probeMedia(path: string, options: ProbeOptions = {}): Promise<ProbeResult> {
  options.signal?.throwIfAborted();
  const sizeBytes = await readableSize(path);
  const { answer, log } = await askFfprobe(path, options.signal);
  refuseOther(path, answer.format.format_name);
  const audio = answer.streams.filter((stream) => stream.codec_type === 'audio' && (stream.channels ?? 0) > 0);
  const video = answer.streams.filter((stream) => isPicture(stream));
  if (!audio[0] && !video[0]) throw noStreams(path);
  const estimated = log.includes('Estimating duration from bitrate');
  const declared = estimated ? undefined : answer.format.duration;
  const ends = declared === undefined ? await scanPacketEnds(path, options.signal) : new Map<number, Microseconds>();
  // What lies before the file's own time 0 is a codec's priming, which nobody ever hears.
  const containerStart = fromSeconds(Math.max(0, answer.format.start_time ?? 0));
  const clock: Clock = { containerStart, ends, trustStreams: !estimated };
  const waveEnd = answer.format.format_name === 'wav' ? await declaredWaveDuration(path) : undefined;
  const tracks = {
    ...(audio[0]
      ? { audio: { ...audioInfo(audio[0], clock), ...(waveEnd === undefined ? {} : { end: waveEnd }) } }
      : {}),
    ...(video[0] ? { video: videoInfo(video[0], clock) } : {}),
  };
  const info: MediaInfo = {
    container: answer.format.format_name,
    sizeBytes,
    duration: durationOf(declared, [tracks.audio, tracks.video]),
    ...(containerStart === 0 ? {} : { containerStart }),
    ...tracks,
  };
  return { info, problems: [...severalTracks('audio', audio.length), ...severalTracks('visual', video.length)] };
}

async function readableSize(path: string): Promise<number> {
  const name = basename(path);
  const info = await stat(path).catch((error: unknown) => {
    throw cannotRead(name, error);
  });
  if (info.isDirectory()) {
    throw refusal('media.not_a_file', `${name} is a folder, not a recording.`, 'Choose the file inside it.');
  }
  if (!info.isFile()) {
    throw refusal('media.not_a_file', `${name} is not an ordinary file.`, 'Copy the recording to a file first.');
  }
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw cannotRead(name, error);
  });
  await handle.close();
  if (info.size === 0) {
    const tip = 'Copy it again from its source; the copy probably failed.';
    throw refusal('media.empty', `${name} is empty (0 bytes).`, tip);
  }
  return info.size;
}

function cannotRead(name: string, error: unknown): ProblemError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return refusal(
      'media.not_found',
      `${name} does not exist.`,
      'Check the path; the file may have been moved or renamed.',
    );
  }
  if (code === 'ENAMETOOLONG') {
    return refusal(
      'media.not_found',
      `The name of the file is too long for this system.`,
      'Give the file a shorter name.',
    );
  }
  return refusal('media.unreadable', `${name} cannot be read (${code ?? String(error)}).`, 'Check its access rights.');
}

function refusal(code: string, message: string, tip: string): ProblemError {
  return new ProblemError({ code, severity: 'error', message, tip });
}

async function askFfprobe(path: string, signal: AbortSignal | undefined): Promise<{ answer: Answer; log: string }> {
  const { ffprobe } = await mediaPrograms();
  const log: string[] = [];
  const args = ['-hide_banner', '-v', 'warning', '-print_format', 'json', '-show_format', '-show_streams'];
  const child = startChild(ffprobe, [...args, ...inputArguments(path)], {
    signal,
    onLogLine: (line) => {
      if (log.length < 100) log.push(line);
    },
  });
  try {
    const pieces: Buffer[] = [];
    for await (const piece of child.stdout) pieces.push(piece as Buffer);
    const exitCode = await child.ended;
    signal?.throwIfAborted();
    if (exitCode === null) throw crashed(path, ffprobe.version);
    if (exitCode !== 0) throw await notMedia(path, log);
    return { answer: parseAnswer(Buffer.concat(pieces).toString('utf8'), path), log: log.join('\n') };
  } finally {
    await child.stop();
  }
}

function parseAnswer(json: string, path: string): Answer {
  const parsed = v.safeParse(answerSchema, JSON.parse(json));
  if (parsed.success) return parsed.output;
  throw refusal(
    'media.not_media',
    `ffprobe's description of ${basename(path)} makes no sense: ${parsed.issues[0].message}.`,
    'Convert the file to MP4 (H.264, AAC) or WAV, or use a newer ffmpeg (LACUNA_FFPROBE).',
  );
}

function crashed(path: string, version: string): ProblemError {
  return refusal(
    'media.probe_crashed',
    `ffprobe ${version} crashed on ${basename(path)}.`,
    'Install a newer ffmpeg, or convert the file to MP4 (H.264, AAC) or WAV.',
  );
}

/** Boxes that an MP4 or MOV file may begin with. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'uuid'];

/** Whether a file begins as MP4 and MOV files do; ffprobe takes any file with such an ending for one. */
async function beginsWithBox(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return FIRST_BOXES.includes(buffer.toString('latin1', 4, 8));
  } finally {
    await handle.close();
  }
}

async function notMedia(path: string, log: readonly string[]): Promise<ProblemError> {
  const name = basename(path);
  if (log.some((line) => line.includes('moov atom not found')) && (await beginsWithBox(path))) {
    return refusal(
      'media.no_index',
      `${name} is an MP4 or MOV file without its index (moov): the recording was not finished or the copy is cut off.`,
      'Copy it again from the camera. If that is all there is, a repair tool needs an intact file of the same camera.',
    );
  }
  return refusal(
    'media.not_media',
    `${name} is not a sound or video file, whatever its ending says.`,
    'Check that the right file was chosen and that it plays elsewhere; otherwise copy it again from its source.',
  );
}

function refuseOther(path: string, format: string): void {
  const name = basename(path);
  if (TEXT_FORMATS.test(format)) {
    throw refusal('media.not_media', `${name} is a text file, not a recording.`, 'Choose the sound or video file.');
  }
  if (STILL_FORMATS.test(format)) {
    throw refusal('media.still_image', `${name} is a still picture, not a recording.`, 'Choose a sound or video file.');
  }
  if (PLAYLIST_FORMATS.test(format)) {
    const tip = 'Download the recording itself and open that file.';
    throw refusal('media.playlist', `${name} is a playlist that points to other files, not a recording.`, tip);
  }
}

function noStreams(path: string): ProblemError {
  return refusal(
    'media.no_streams',
    `${basename(path)} holds neither sound nor moving pictures.`,
    'Choose the sound or video file.',
  );
}

function severalTracks(modality: 'audio' | 'visual', count: number): Problem[] {
  if (count <= 1) return [];
  const [what, code] = modality === 'audio' ? ['sound', 'audio'] : ['picture', 'video'];
  return [
    {
      code: `media.several_${code}_tracks`,
      severity: 'note',
      message: `The file has ${count} ${what} tracks; the first one is used.`,
      tip: `If another one shows the speaker, extract it to a file of its own.`,
      modality,
    },
  ];
}

function isPicture(stream: Stream): boolean {
  return (
    stream.codec_type === 'video' &&
    (stream.disposition?.attached_pic ?? 0) === 0 &&
    (stream.width ?? 0) > 0 &&
    (stream.height ?? 0) > 0
  );
}

interface Clock {
  readonly containerStart: Microseconds;
  /** Ends found by reading all packets, by stream index, on the file's own clock; empty where the container declares them. */
  readonly ends: ReadonlyMap<number, Microseconds>;
  readonly trustStreams: boolean;
}

/**
 * The end of the last track. Where a track declares none, what the container says; Matroska counts that from the file's time 0,
 * not from the first sample.
 */
function durationOf(
  declared: number | undefined,
  tracks: readonly (MediaInfo['audio'] | MediaInfo['video'])[],
): Microseconds {
  const ends = tracks.filter((track) => track !== undefined).map((track) => track.end);
  const known = ends.filter((end) => end !== undefined);
  if (known.length === ends.length || declared === undefined) return microseconds(Math.max(0, ...known));
  return microseconds(Math.max(0, fromSeconds(declared), ...known));
}

function streamTimes(stream: Stream, clock: Clock): { start: Microseconds; end?: Microseconds } {
  const startOnFile = stream.start_time === undefined ? clock.containerStart : fromSeconds(stream.start_time);
  const start = microseconds(Math.max(0, startOnFile - clock.containerStart));
  const found = clock.ends.get(stream.index);
  if (found !== undefined) return { start, end: microseconds(found - clock.containerStart) };
  if (stream.duration !== undefined && clock.trustStreams) {
    return { start, end: microseconds(start + fromSeconds(stream.duration)) };
  }
  // Matroska keeps the end of each track, counted from the file's time 0, in a tag.
  const tag = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(stream.tags?.['DURATION'] ?? '');
  if (!tag) return { start };
  const end = fromSeconds(Number(tag[1]) * 3600 + Number(tag[2]) * 60 + Number(tag[3]));
  return end > startOnFile ? { start, end: microseconds(end - clock.containerStart) } : { start };
}

function audioInfo(stream: Stream, clock: Clock): NonNullable<MediaInfo['audio']> {
  return {
    codec: stream.codec_name,
    sampleRateHz: stream.sample_rate ?? Number.NaN,
    channels: stream.channels ?? Number.NaN,
    ...streamTimes(stream, clock),
  };
}

function videoInfo(stream: Stream, clock: Clock): NonNullable<MediaInfo['video']> {
  const rotationDegrees = rotationOf(stream);
  const [horizontal, vertical] = ratio(stream.sample_aspect_ratio, ':') ?? [1, 1];
  const width = Math.max(1, Math.round(((stream.width ?? 0) * horizontal) / vertical));
  const height = stream.height ?? 0;
  const turned = rotationDegrees === 90 || rotationDegrees === 270;
  const rate = ratio(stream.avg_frame_rate, '/') ?? ratio(stream.r_frame_rate, '/');
  return {
    codec: stream.codec_name,
    width: turned ? height : width,
    height: turned ? width : height,
    framesPerSecond: rate ? rate[0] / rate[1] : Number.NaN,
    rotationDegrees,
    ...streamTimes(stream, clock),
  };
}

/** Two positive numbers around a separator; undefined for `0:1`, `0/0`, `N/A`. */
function ratio(text: string | undefined, separator: string): [number, number] | undefined {
  const [a, b] = (text ?? '').split(separator).map(Number);
  return a !== undefined && b !== undefined && a > 0 && b > 0 ? [a, b] : undefined;
}

/** Clockwise, a multiple of 90. The display matrix counts counter-clockwise, the older `rotate` tag clockwise. */
function rotationOf(stream: Stream): number {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const tag = Number(stream.tags?.['rotate'] ?? 0);
  const clockwise = matrix !== undefined ? -matrix : Number.isFinite(tag) ? tag : 0;
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360;
}
