import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { compile, verify } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

type Spec = Record<string, unknown>;

function goldenNamed(name: string) {
  const found = goldenCases().find((each) => each.name === `traffic/${name}`);
  if (found === undefined) throw new Error(`there is no golden case ${name}`);
  return found;
}

/** What `verify` says of the output of a case whose objects of one kind are changed, beside remarks. */
function saidOf(name: string, kind: string, change: (spec: Spec) => Spec | undefined): readonly string[] {
  const { sources, options } = goldenNamed(name);
  const applied = compile(sources, options).files.flatMap((file) => {
    const object = parse(file.text);
    if (object.kind !== kind) return [file];
    const spec = change(object.spec);
    return spec === undefined ? [] : [{ ...file, text: stringify({ ...object, spec }) }];
  });
  const { diagnostics } = verify(sources, { ...options, applied });
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
}

function withoutHost(host: string) {
  return ({ egress, ...spec }: Spec): Spec => {
    const [{ hosts }] = egress as [{ hosts: string[] }];
    return { ...spec, egress: [{ hosts: hosts.filter((each) => each !== host) }] };
  };
}

describe('what sidecars know', () => {
  const written = compile(goldenNamed('reachability-of-namespace').sources, { verify: false });
  const hosts = written.placed?.sidecars.flatMap((sidecar) => sidecar.hosts) ?? [];

  it('is proved', () => {
    expect(hosts.length).toBeGreaterThan(3);
    expect(saidOf('reachability-of-namespace', 'Sidecar', (spec) => spec)).toEqual([]);
  });

  it.each(hosts)('is found to be too little without %s', (host) => {
    const said = saidOf('reachability-of-namespace', 'Sidecar', withoutHost(host));
    expect(said.filter((each) => each.startsWith('AMB5130'))).not.toEqual([]);
  });

  it('may be more than is needed, or all', () => {
    expect(saidOf('reachability-of-namespace', 'Sidecar', () => ({ egress: [{ hosts: ['*/*'] }] }))).toEqual([]);
    expect(saidOf('reachability-of-namespace', 'Sidecar', () => undefined)).toEqual([]);
  });

  it('is not decided by a listener for one port that leaves another out', () => {
    const said = saidOf('reachability-of-namespace', 'Sidecar', ({ egress, ...spec }) => {
      const [{ hosts: all }] = egress as [{ hosts: string[] }];
      const port = { number: 9090, protocol: 'HTTP', name: 'metrics' };
      return { ...spec, egress: [{ port, hosts: ['~/*'] }, { hosts: all }] };
    });
    expect(said.filter((each) => each.startsWith('AMB513'))).not.toEqual([]);
  });
});

describe('to whom routes and settings are exported', () => {
  const without = (namespace: string) => (spec: Spec) => ({
    ...spec,
    exportTo: (spec.exportTo as string[]).filter((each) => each !== namespace),
  });

  it('is proved', () => {
    expect(saidOf('exported-to-callers', 'VirtualService', (spec) => spec)).toEqual([]);
  });

  it.each([
    ['VirtualService', 'AMB5120'],
    ['DestinationRule', 'AMB5138'],
  ])('is found where a %s hides from a caller', (kind, code) => {
    const said = saidOf('exported-to-callers', kind, without('lending'));
    expect(said.map((each) => each.slice(0, 7))).toContain(code);
  });
});

function exportedTo(...namespaces: readonly string[]) {
  return (spec: Spec): Spec => ({ ...spec, exportTo: namespaces });
}

describe('to whom something is exported', () => {
  const listed = 'host-exported-to-listed';

  it.each(['ServiceEntry', 'VirtualService', 'DestinationRule'])('is found to be too few for a %s', (kind) => {
    expect(saidOf(listed, kind, exportedTo('.', 'depot'))).toEqual([]);
    expect(saidOf(listed, kind, exportedTo('.')).filter((each) => each.startsWith('AMB51'))).not.toEqual([]);
  });

  it('is nothing to whoever is not listed', () => {
    const { sources } = goldenNamed(listed);
    const all = sources.map(({ text, ...source }) => ({ ...source, text: text.replace('exportTo: [depot]', '') }));
    const { files } = compile(sources);
    const { diagnostics } = verify(all, { applied: files });
    const said = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    expect(said.length).toBeGreaterThan(0);
  });
});
