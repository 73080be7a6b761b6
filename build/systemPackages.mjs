/**
 * Checks that the system libraries and programs are there that Electron and its tests need on Linux. As root on Debian
 * or Ubuntu it installs what is missing and says which; elsewhere it prints the exact line and stops with exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Package names; the second is the name in distributions that renamed it for 64-bit time (Ubuntu 24.04, Debian 13). */
const PACKAGES = [
  ['xvfb'],
  ['xauth'],
  ['unzip'],
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  ['fonts-dejavu-core'],
];

function isDebianLike() {
  if (!existsSync('/etc/os-release') || !existsSync('/usr/bin/dpkg-query')) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function isInstalled(name) {
  const answer = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return answer.status === 0 && answer.stdout === 'installed';
}

function isKnown(name) {
  const answer = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(answer.stdout ?? '');
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], { stdio: ['ignore', 2, 2], env }).status ===
    0
  );
}

/**
 * Makes sure that the packages are installed.
 * @throws Error with the exact line to run where this script may not or cannot install them.
 */
export function ensureSystemPackages() {
  if (process.platform !== 'linux' || !isDebianLike()) return;
  const missing = PACKAGES.filter((names) => !names.some(isInstalled));
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot) apt(['update']);
  const names = missing.map(([plain, renamed]) => (renamed !== undefined && isKnown(renamed) ? renamed : plain));
  const line = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!isRoot) throw new Error(`System packages are missing. Run: sudo ${line}`);
  process.stderr.write(`packages: installing ${names.join(' ')}\n`);
  if (!apt(['install', '-y', '--no-install-recommends', ...names])) {
    throw new Error(`System packages could not be installed. See the messages above, then run: ${line}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    ensureSystemPackages();
  } catch (error) {
    process.stderr.write(`packages: ${error.message}\n`);
    process.exitCode = 1;
  }
}
