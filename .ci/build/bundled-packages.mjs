// What is owed to the packages whose code is bundled: their licences, and a list that scanners of vulnerabilities read.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const separator = `\n${'-'.repeat(80)}\n\n`;

/** The packages of which code is in the bundles, each with its manifest and the directory where it is installed. */
export function bundledPackages(metafiles) {
  const files = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
    ),
  );
  const directories = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(directories)].sort().map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
    return { name, version, license, directory };
  });
}

export function writeNotices(packages, directory) {
  const head = 'Ambit holds code of the following packages, under the licences that follow them.\n';
  const notices = packages.map((bundled) => `${bundled.name} ${bundled.version}\n\n${licenceOf(bundled)}`);
  writeFileSync(`${directory}/THIRD-PARTY-NOTICES.txt`, [head, ...notices].join(separator));
}

function licenceOf({ name, directory }) {
  const file = readdirSync(directory).find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled, and has no licence to go with it`);
  return `${readFileSync(`${directory}/${file}`, 'utf8').trim()}\n`;
}

/**
 * The SBOM that npm makes of the whole project, kept to what is in the bundles. Its number, its time and npm's version are
 * left out, so that the same sources make the same package.
 */
export function writeSbom(packages, directory) {
  const { serialNumber, ...sbom } = npmSbom();
  const { timestamp, tools, component, ...metadata } = sbom.metadata;
  const bundled = new Map(packages.map(({ name, version }) => [`${name}@${version}`, name]));
  const components = sbom.components
    .filter((entry) => bundled.has(entry['bom-ref']))
    .map(({ scope, properties, ...entry }) => ({ ...entry, scope: 'required' }));
  const own = { ...component, name: JSON.parse(readFileSync('package.json', 'utf8')).name };
  const dependencies = [{ ref: own['bom-ref'], dependsOn: components.map((entry) => entry['bom-ref']) }];
  const text = { ...sbom, metadata: { ...metadata, component: own }, components, dependencies };
  writeFileSync(`${directory}/sbom.cdx.json`, `${JSON.stringify(text, null, 2)}\n`);
}

function npmSbom() {
  const argv = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26, shell: process.platform === 'win32' };
  return JSON.parse(execFileSync('npm', argv, options));
}
