import type { HostClient } from '../host/hostClient.js';
import type { ExportArgument, HostAnswer, HostArgument } from '../host/protocol.js';
import type { JobKind } from '../contract/types.js';
import type { RunOptions } from '../host/hostClient.js';
import type { JobHost } from './jobs.js';

/**
 * The host of jobs whose report may hold a PDF: the analysis process makes the page, `print` makes the PDF of it, and the
 * analysis process writes everything in one step. Only main can print.
 */
export function printingHost(host: Pick<HostClient, 'run'>, print: (html: string) => Promise<Uint8Array>): JobHost {
  const exportWithPdf = async (argument: ExportArgument, options: RunOptions) => {
    const html = await host.run('reportHtml', argument, options);
    options.signal?.throwIfAborted();
    options.onProgress?.({ step: 'Print the report', stepNumber: 5, stepCount: 5 });
    return host.run('export', { ...argument, pdf: await print(html) }, options);
  };
  return {
    run: <K extends JobKind>(kind: K, argument: HostArgument<K>, options: RunOptions): Promise<HostAnswer<K>> => {
      if (kind !== 'export') return host.run(kind, argument, options);
      const exporting = argument as ExportArgument;
      if (exporting.options?.pdf !== true) return host.run(kind, argument, options);
      // what answers an export answers this kind
      return exportWithPdf(exporting, options);
    },
  };
}
