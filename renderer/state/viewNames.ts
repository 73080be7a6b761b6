/** The views of the window; the first one is where work begins. */
export const VIEWS = [
  { id: 'annotate', title: 'Annotate' },
  { id: 'review', title: 'Review' },
  { id: 'compare', title: 'Compare' },
  { id: 'agreement', title: 'Agreement' },
] as const;

export type ViewName = (typeof VIEWS)[number]['id'];
