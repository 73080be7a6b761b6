/**
 * `npm test`: system packages, Electron runtime, fresh build, unit tests, end-to-end tests under a virtual display.
 * Ends with one line, `N passed, N failed, N skipped`, over everything that ran.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureFreshBuild, projectFolder } from './freshBuild.mjs';
import { resolveElectron } from './resolveElectron.mjs';
import { ensureSystemPackages } from './systemPackages.mjs';

const RESULTS = path.join(projectFolder, 'test-results');

/**
 * Runs vitest projects and counts.
 * @returns {{passed: number, failed: number, skipped: number}}
 */
function runVitest(name, projects, wrapper, env) {
  const outputFile = path.join(RESULTS, `${name}.json`);
  rmSync(outputFile, { force: true });
  const vitest = path.join(projectFolder, 'node_modules', 'vitest', 'vitest.mjs');
  const [program, ...args] = [
    ...wrapper,
    process.execPath,
    vitest,
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outputFile}`,
  ];
  const done = spawnSync(program, args, { cwd: projectFolder, stdio: 'inherit', env });
  const counts = existsSync(outputFile)
    ? countOf(JSON.parse(readFileSync(outputFile, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  // Errors outside of any test (a crash, an unhandled rejection) fail the run without failing a test.
  if (done.status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function countOf(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Electron needs a display; a virtual one is the same everywhere. */
function displayWrapper() {
  return process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'] : [];
}

async function test() {
  ensureSystemPackages();
  const runtime = await resolveElectron();
  await ensureFreshBuild();
  mkdirSync(RESULTS, { recursive: true });
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.folder };
  const unit = runVitest('unit', ['node', 'dom'], [], env);
  const e2e = runVitest('e2e', ['e2e'], displayWrapper(), env);
  const sum = (key) => unit[key] + e2e[key];
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
  return sum('failed') === 0 ? 0 : 1;
}

try {
  process.exitCode = await test();
} catch (error) {
  process.stderr.write(`test: ${error.message}\n`);
  process.exitCode = 1;
}
