/** What the program is for, in every report, on the first run and in Help. */
export const INTENDED_USE_NOTICE =
  'Offline research tool. Estimates of expressed emotion are not direct readings of what a person feels. Not for ' +
  'decisions about individuals, and not for use in hiring, grading, the workplace or education.';
