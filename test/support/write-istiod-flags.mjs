// Writes src/parse/istiod-flags.json and istiod-variables.json from Istio's source:
//
//   node test/support/write-istiod-flags.mjs path/to/istio 1.28=1.28.10 1.29=1.29.6 …
//
// The releases are given oldest first, each with its tag. A flag is an environment variable of istiod that is true or
// false; those of the agent beside a proxy are not istiod's. The variables are all others that it reads.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [repository, ...given] = process.argv.slice(2);
const releases = given.map((argument) => argument.split('='));
const git = (...command) =>
  execFileSync('git', ['-C', repository, ...command], { encoding: 'utf8', maxBuffer: 1 << 28 });

const registration =
  /(?:env\.Register\w*(?:\[\w+\])?|registerAmbient)\(\s*("[A-Z][A-Z0-9_]+"|\w+)\s*,\s*"?(?:true|false)"?\s*,/g;

const anyRegistration = /(?:env\.Register\w*(?:\[[\w.]+\])?|registerAmbient)\(\s*("[A-Z][A-Z0-9_]+"|\w+)\s*,/g;

function namesOf(tag, pattern) {
  const files = git('grep', '-lE', 'env\\.Register|registerAmbient', tag, '--', 'pilot', 'pkg', 'security')
    .split('\n')
    .filter((file) => file !== '' && !/_test\.go$|\/cni\/|:pilot\/cmd\/pilot-agent\//.test(file));
  return new Set(files.flatMap((file) => namesIn(git('show', file), pattern)));
}

/** A name may stand in a constant of the same file. */
function namesIn(text, pattern) {
  const written = [...text.matchAll(pattern)].map(([, name]) => name);
  const constant = (name) => new RegExp(`\\b${name}\\s*=\\s*("[A-Z0-9_]+")`).exec(text)?.[1] ?? '';
  return written
    .map((name) => (name.startsWith('"') ? name : constant(name)).replaceAll('"', ''))
    .filter((name) => name !== '');
}

const known = releases.map(([release, tag]) => [release, namesOf(tag, registration)]);
const names = [...new Set(known.flatMap(([, flags]) => [...flags]))].sort();
const [oldest] = known.at(0);
const [newest] = known.at(-1);

function lifetime(name) {
  const having = known.filter(([, flags]) => flags.has(name)).map(([release]) => release);
  const [first, last] = [having.at(0), having.at(-1)];
  if (first === oldest && last === newest) return '';
  return `${first === oldest ? '' : first}-${last === newest ? '' : last}`;
}

const target = new URL('../../src/parse/istiod-flags.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(Object.fromEntries(names.map((name) => [name, lifetime(name)])), null, 2)}\n`);

const variables = releases
  .flatMap(([, tag]) => [...namesOf(tag, anyRegistration)])
  .filter((name) => !names.includes(name));
const other = new URL('../../src/parse/istiod-variables.json', import.meta.url);
writeFileSync(other, `${JSON.stringify([...new Set(variables)].sort(), null, 2)}\n`);
