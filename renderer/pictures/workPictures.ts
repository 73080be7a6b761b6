import { captionOf, type Picture } from '../../core/pictures/pictureFrame.js';
import { stateOverviewPicture, stateSeconds } from '../../core/pictures/stateOverview.js';
import { timelinePicture, type TimelineRows, wholeRange } from '../../core/pictures/timelinePicture.js';
import { microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { orderByStart } from '../../core/time/orderByStart.js';
import type { Workbench } from '../state/workbench.svelte.js';
import { pictureOfPlot, shownPlots } from './shownPictures.js';

/** A picture that can be saved; made when it is looked at. */
export interface PictureChoice {
  readonly id: string;
  readonly title: string;
  readonly make: () => Picture;
}

/** Pictures of the recording on screen, and plots that the view shows. Blind mode: nothing of the model, so none. */
export function pictureChoices(workbench: Workbench): readonly PictureChoice[] {
  const { workspace, viewport, view } = workbench;
  const { analysis } = workspace.analysis ?? {};
  const duration = workspace.info?.duration;
  if (duration === undefined || view.blind) return [];
  const recordingId = workspace.entry?.recordingId ?? '';
  const about = { recordingId, appVersion: workspace.app?.version ?? '' };
  const below = analysis
    ? captionOf(analysis, { ...about, what: '' }).trim()
    : `Recording ${recordingId}. Lacuna ${about.appVersion}.`;
  const plots = shownPlots().map((svg, index): PictureChoice => ({
    id: `plot-${index + 1}`,
    title: svg.dataset['picture'] ?? 'Plot',
    make: () => pictureOfPlot(svg, below),
  }));
  // raters can be compared where nothing was recovered
  if (!analysis) return plots;
  const caption = (what: string) => captionOf(analysis, { ...about, what });
  const results = new Map(analysis.results.map((result) => [result.segmentId, result]));
  const timeline = (range: TimeRange, rows: TimelineRows) => (): Picture =>
    timelinePicture(
      {
        range,
        segments: orderByStart(analysis.segments),
        results,
        marks: orderByStart(analysis.marks),
        labels: workbench.raters.flatMap(({ labels }) => [...labels.values()]),
        intervalLevel: analysis.intervalLevel,
        ...(workspace.perception?.peaks ? { peaks: workspace.perception.peaks } : {}),
      },
      caption(rows === 'all' ? 'Marks over what was used of each modality, labels, and sentiment.' : 'Sentiment.'),
      rows,
    );
  const end = Math.min(duration, viewport.start + viewport.span);
  const shown = { start: microseconds(Math.round(viewport.start)), end: microseconds(Math.round(end)) };
  return [
    ...plots,
    { id: 'timeline', title: 'Timeline, whole recording', make: timeline(wholeRange(duration), 'all') },
    { id: 'timeline-shown', title: 'Timeline, as on screen', make: timeline(shown, 'all') },
    { id: 'sentiment', title: 'Sentiment curve', make: timeline(wholeRange(duration), 'sentiment') },
    {
      id: 'states',
      title: 'State of each modality',
      make: () =>
        stateOverviewPicture(stateSeconds(analysis.segments, results), caption('Share of the analysed time.')),
    },
  ];
}
