import { describe } from 'vitest';
import { checkFormats } from './formatChecks.js';

describe('recordings of every supported container, by the ffmpeg of this machine', () => {
  checkFormats(undefined);
});
