/** What a person can choose about a report. Nothing here changes a number. */
export interface ReportOptions {
  /** Adds segments_wide.csv, one row per segment with the raters side by side. */
  readonly wide: boolean;
  /** Begins CSV files with a byte order mark, which some spreadsheet programs need to see UTF-8. */
  readonly byteOrderMark: boolean;
  /** Words of the segments and who speaks; without them free text on tiers is left out, too. */
  readonly transcripts: boolean;
  /** Notes of raters, segments and marks; without them free text on tiers is left out, too. */
  readonly notes: boolean;
  /** Name and place of the input file; without it names and folders are taken out of messages, too. */
  readonly fileNames: boolean;
  /** Ids of raters as they are; without it they become R1, R2, … */
  readonly raterNames: boolean;
  /** Compares people and model in agreement.csv and agreement_matrix.csv, which takes seconds with many labels. */
  readonly agreement: boolean;
  /** Adds data-handling.md, the statement for an ethics board. */
  readonly dataHandling: boolean;
  /** Adds report.html, the report on a page. */
  readonly html: boolean;
  /** Adds report.pdf, the same page printed; only the app can print. */
  readonly pdf: boolean;
}

/** Names and places stay out unless they are asked for. */
export const DEFAULT_REPORT_OPTIONS: ReportOptions = {
  wide: false,
  byteOrderMark: false,
  transcripts: true,
  notes: true,
  fileNames: false,
  raterNames: false,
  agreement: true,
  dataHandling: false,
  html: false,
  pdf: false,
};
