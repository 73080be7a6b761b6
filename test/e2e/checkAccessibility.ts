import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** One rule of WCAG that elements of the page break. */
export interface Violation {
  readonly rule: string;
  readonly help: string;
  readonly elements: readonly string[];
}

interface AxeWindow {
  axe?: {
    run(
      context: Document,
      options: {
        runOnly: readonly string[];
        resultTypes: readonly string[];
        rules: Readonly<Record<string, { enabled: boolean }>>;
      },
    ): Promise<{
      violations: readonly { id: string; help: string; nodes: readonly { html: string; failureSummary?: string }[] }[];
    }>;
  };
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds against WCAG 2.2 A and AA on the page as it stands, contrast of text included. */
export async function accessibilityViolations(page: Page): Promise<readonly Violation[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (runOnly) => {
    const results = await (window as unknown as AxeWindow).axe!.run(document, {
      runOnly,
      resultTypes: ['violations'],
      // a row of a list is named by a sentence with the same content as its cells, not by their text in a string
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
    return results.violations.map(({ id, help, nodes }) => ({
      rule: id,
      help,
      elements: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)}\n      ${failureSummary ?? ''}`),
    }));
  }, RULES);
}
