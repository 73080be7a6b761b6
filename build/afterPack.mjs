import { rm } from 'node:fs/promises';
import path from 'node:path';

/** Removes the development stand-in for Electron's default app, which a registry-only runtime carries. */
export default async function afterPack({ appOutDir }) {
  await rm(path.join(appOutDir, 'resources', 'app'), { recursive: true, force: true });
}
