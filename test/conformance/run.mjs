import { spawnSync } from 'node:child_process';
import { buildJudge, findEnvoy, Missing } from './build.mjs';

/** `node run.mjs --out FOLDER [--analyze] CASE.json…`: builds the judge where it has to, and has cases judged. */
try {
  const arguments_ = ['--envoy', findEnvoy(), ...process.argv.slice(2)];
  // Istio's helpers for tests complain where the folders of its own build are not there. TCPRoutes need a flag until 1.31.0 (T-50).
  const env = { TARGET_OUT: '/', LOCAL_OUT: '/', PILOT_ENABLE_ALPHA_GATEWAY_API: 'true', ...process.env };
  const { status, error } = spawnSync(buildJudge(), arguments_, { stdio: 'inherit', env });
  if (error) throw error;
  process.exitCode = status ?? 2;
} catch (problem) {
  if (!(problem instanceof Missing)) throw problem;
  console.error(`conformance: ${problem.message}.`);
  process.exitCode = 2;
}
