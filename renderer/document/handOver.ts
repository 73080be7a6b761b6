import { jsonSlices } from '../../core/text/jsonSlices.js';
import type { LacunaBridge } from '../../electron/contract/contract.js';

/** Longest stretch of work before the page may do something else, milliseconds. */
const SLICE_MS = 8;
/** Characters that are handed over in one go: few enough that copying them does not hold up the page. */
const PART_CHARACTERS = 512 * 1024;

/** Hands a value over to main as JSON, in small steps so that the page goes on meanwhile; answers with its id. */
export async function handOver(bridge: LacunaBridge, value: unknown): Promise<string> {
  const { handoverId } = await bridge.call('handover/begin');
  const encoder = new TextEncoder();
  let part = '';
  const send = async (): Promise<void> => {
    const bytes = encoder.encode(part);
    part = '';
    await bridge.call('handover/part', { handoverId, bytes });
  };
  try {
    let end = performance.now() + SLICE_MS;
    for (const slice of jsonSlices(value)) {
      part += slice;
      if (part.length >= PART_CHARACTERS) await send();
      else if (performance.now() >= end) await new Promise((resolve) => setTimeout(resolve));
      else continue;
      end = performance.now() + SLICE_MS;
    }
    await send();
    return handoverId;
  } catch (error) {
    await bridge.call('handover/end', { handoverId });
    throw error;
  }
}
