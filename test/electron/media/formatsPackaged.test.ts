import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import ffprobeInstaller from '@ffprobe-installer/ffprobe';
import { describe, vi } from 'vitest';
import { checkFormats } from './formatChecks.js';

vi.stubEnv('LACUNA_FFMPEG', ffmpegInstaller.path);
vi.stubEnv('LACUNA_FFPROBE', ffprobeInstaller.path);

describe('recordings of every supported container, by the packaged ffmpeg', () => {
  checkFormats('environment');
});
