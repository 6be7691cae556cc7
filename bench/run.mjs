import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { writeAdopted } from './adopted.mjs';
import { denseCase, generateDense } from './dense.mjs';
import { generateProject, writeProject } from './generate.mjs';
import { generateInheritance, inheritanceCase } from './inheritance.mjs';
import { answerOf, interleave, peakMemoryOf, ratios, summary, timeOf } from './measure.mjs';
import { planMesh } from './mesh.mjs';
import { generateCase, policyCases } from './policies.mjs';
import { sizeOf } from './sizes.mjs';
import { formatTable, spread } from './table.mjs';

const ambit = fileURLToPath(new URL('../dist/ambit.js', import.meta.url));
const again = fileURLToPath(new URL('again.mjs', import.meta.url));
const floor = fileURLToPath(new URL('floor.mjs', import.meta.url));
const proof = fileURLToPath(new URL('proof.mjs', import.meta.url));
const read = fileURLToPath(new URL('read.mjs', import.meta.url));

/** What verifying and compiling a large policy may take. */
const budget = { ms: 5000, mebibytes: 500 };

/** So many namespaces with rules have a thousand policies. */
const adoptedNamespaces = 210;

/** What each run measures: names of sizes, the one that is doubled, and how many rounds each takes. */
const plans = {
  full: {
    sizes: ['small', 'large'],
    doubled: 'large',
    startRounds: 21,
    rounds: 7,
    growthRounds: 3,
    inheriting: 1,
    dense: 1,
    moving: 200,
  },
  quick: {
    sizes: ['small', 'medium'],
    doubled: 'medium',
    startRounds: 7,
    rounds: 3,
    growthRounds: 3,
    inheriting: 0.1,
    dense: 0.25,
    moving: 30,
  },
};

function main() {
  const plan = process.argv.includes('--quick') ? plans.quick : plans.full;
  if (!existsSync(ambit)) {
    console.error('dist/ambit.js is missing: run `npm run build` first');
    process.exitCode = 2;
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'ambit-bench-'));
  try {
    console.log(`${machine()}\n`);
    console.log(startSection(plan, directory));
    for (const size of plan.sizes) console.log(compileSection(size, plan, directory));
    console.log(routesSection(plan, directory));
    console.log(networkPoliciesSection(plan, directory));
    console.log(policiesSection(plan, directory));
    console.log(inheritanceSection(plan, directory));
    console.log(proofSection(plan, directory));
    console.log(againSection(plan, directory));
    console.log(diffSection(plan, directory));
    console.log(importSection(plan, directory));
    console.log(denseImportSection(plan, directory));
    console.log(migrateSection(plan, directory));
    console.log(traceSection(plan, directory));
    console.log(growthSection(plan, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function machine() {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory}, ${process.platform}, Node ${process.versions.node}`;
}

/** What starting costs beyond Node itself, and what a hook takes on a mesh of a few workloads, whose output is up to date. */
function startSection({ startRounds }, directory) {
  const { project, describes, output, command } = prepareProject('small', 1, directory);
  answerOf(command);
  const subjects = [
    { name: 'node -e 0', command: ['-e', '0'] },
    { name: 'ambit --version', command: [ambit, '--version'] },
    {
      name: `ambit compile --check on small: ${describes}`,
      command: [ambit, 'compile', '--check', '--project', project, '--output-dir', output],
    },
  ];
  return section('start', subjects, interleave(subjects, startRounds));
}

/** What compiling and proving costs beyond reading and printing, in time and in memory. */
function compileSection(name, { rounds }, directory) {
  const project = prepareProject(name, 1, directory);
  const subjects = [floorOf(project), project];
  const times = interleave(subjects, rounds);
  const memory = subjects.map((subject) => peakMemoryOf(subject, directory));
  return section(`${name}: ${project.describes}`, subjects, times, memory);
}

/** What routes cost, where every third Service has one. */
function routesSection({ doubled, rounds }, directory) {
  const subjects = [
    { ...prepareProject(doubled, 1, directory), name: 'without routes' },
    { ...prepareProject(doubled, 1, directory, { routes: 3 }), name: 'a route on every third Service' },
  ];
  return section(`routes on ${doubled}: ${subjects[0].describes}`, subjects, interleave(subjects, rounds));
}

/** What it costs that NetworkPolicies tell callers apart as well, everywhere. */
function networkPoliciesSection({ doubled, rounds }, directory) {
  const subjects = [
    { ...prepareProject(doubled, 1, directory), name: 'without NetworkPolicies' },
    { ...prepareProject(doubled, 1, directory, { networkPolicies: 1 }), name: 'one for every Service with rules' },
  ];
  return section(`NetworkPolicies on ${doubled}: ${subjects[0].describes}`, subjects, interleave(subjects, rounds));
}

/** What large policies cost for one workload. Each is to be verified and compiled within the budget. */
function policiesSection({ growthRounds }, directory) {
  const rows = Object.entries(policyCases).flatMap(([name, { title }]) => {
    const project = join(directory, `policies-${name}`);
    writeProject(generateCase(name), project);
    const output = join(project, 'out');
    const prepare = () => rmSync(output, { recursive: true, force: true });
    // A finding is an answer too.
    const verify = { command: [ambit, 'verify', '-f', join(project, 'policies.yaml')], statuses: [0, 1] };
    const compile = { command: [ambit, 'compile', '--project', project, '--output-dir', output], prepare };
    const times = interleave([verify, compile], growthRounds).map(summary);
    const memory = [verify, compile].map((subject) => peakMemoryOf(subject, directory));
    const isWithin = times.every(({ median }) => median < budget.ms) && memory.every((each) => each < budget.mebibytes);
    return [
      [title, ...times.flatMap((time, index) => [spread(time, 0), memory[index].toFixed(0)]), isWithin ? 'yes' : 'no'],
    ];
  });
  const head = ['', 'verify ms', 'peak MiB', 'compile ms', 'peak MiB', 'in budget'];
  return `large policies, each within ${budget.ms} ms and ${budget.mebibytes} MiB\n${formatTable(head, rows)}\n`;
}

/** What it costs that namespaces replace rules of the mesh, or are stricter, where else these would add up. */
function inheritanceSection({ inheriting, growthRounds }, directory) {
  const size = { ...inheritanceCase, namespaces: inheritanceCase.namespaces * inheriting };
  const subjects = [false, true].map((inherits) => {
    const project = join(directory, `inheritance-${inherits}`);
    writeProject(generateInheritance(size, inherits), project);
    const output = join(project, 'out');
    return {
      name: inherits ? 'Replace and Stricter' : 'Add',
      command: [ambit, 'compile', '--project', project, '--output-dir', output],
      prepare: () => rmSync(output, { recursive: true, force: true }),
    };
  });
  const memory = subjects.map((subject) => peakMemoryOf(subject, directory));
  const title = `inheritance: ${size.namespaces} namespaces, ${size.namespaces * size.rules} rules`;
  return section(title, subjects, interleave(subjects, growthRounds), memory);
}

/** What the comparison with the intents costs by itself, for a thousand workloads. */
function proofSection({ doubled, growthRounds }, directory) {
  const { project, describes } = prepareProject(doubled, 1, directory);
  const modes = ['grouped', 'apart'];
  const times = modes.map(() => []);
  for (let round = 0; round < growthRounds; round++) {
    modes.forEach((mode, index) => {
      const { milliseconds, workloads } = JSON.parse(answerOf([proof, project, mode]));
      times[index].push((milliseconds * 1000) / workloads);
    });
  }
  const names = ['workloads that are alike once', 'every workload by itself'];
  const rows = names.map((name, index) => [
    name,
    spread(summary(times[index]), 0),
    index === 0 ? '' : spread(ratios(times[index], times[0]), 2),
  ]);
  return `proof on ${doubled}: ${describes}\n${formatTable(['', 'ms per 1,000 workloads', 'ratio'], rows)}\n`;
}

/** What compiling and proving cost once more after one rule has changed, of what they cost the first time. */
function againSection({ doubled, growthRounds }, directory) {
  const { project, output, describes, prepare } = prepareProject(doubled, 1, directory);
  const runs = Array.from({ length: growthRounds }, () => {
    prepare();
    return JSON.parse(answerOf([again, project, output]));
  });
  const firsts = runs.map(({ first }) => first);
  const changes = [
    ['again, with one rule changed', ({ rule }) => rule],
    ['again, with one Service changed', ({ service }) => service],
  ].map(([name, timesOf]) => [name, runs.map((run) => summary(timesOf(run.again)).median)]);
  const rows = [
    ['the first time', spread(summary(firsts), 0), ''],
    ...changes.map(([name, times]) => [name, spread(summary(times), 0), spread(ratios(times, firsts), 3)]),
  ];
  const held = `held in memory afterwards: ${summary(runs.map((run) => run.held)).median.toFixed(0)} MiB`;
  return `watch on ${doubled}: ${describes}\n${formatTable(['', 'ms of processor', 'ratio'], rows)}\n${held}\n`;
}

/** What comparing two states of a mesh costs, of which one rule differs. */
function diffSection({ doubled, growthRounds }, directory) {
  const compile = prepareProject(doubled, 1, directory);
  const changed = `${compile.project}-changed`;
  cpSync(compile.project, changed, { recursive: true });
  const intents = join(changed, 'intents');
  const file = readdirSync(intents)
    .sort()
    .find((name) => /paths: \[/.test(readFileSync(join(intents, name), 'utf8')));
  const text = readFileSync(join(intents, file), 'utf8');
  writeFileSync(join(intents, file), text.replace(/paths: \[/, 'paths: [/one-more, '));
  const diff = {
    name: 'ambit diff, one rule changed',
    command: [ambit, 'diff', compile.project, changed],
    statuses: [1],
  };
  const subjects = [compile, diff];
  return section(`diff on ${doubled}: ${compile.describes}`, subjects, interleave(subjects, growthRounds));
}

/** What taking over a thousand policies costs, with the proof that nothing changes, of what compiling the same rules costs. */
function importSection({ doubled, growthRounds }, directory) {
  const compile = prepareProject(doubled, 1, directory, { intents: adoptedNamespaces });
  return importedFrom(compile, `import on ${doubled}: ${compile.describes}`, growthRounds, directory);
}

/** The same where all call each other, each by a policy of its own that says what the others say. */
function denseImportSection({ dense, growthRounds }, directory) {
  const size = { ...denseCase, namespaces: denseCase.namespaces * dense };
  const project = join(directory, 'dense');
  writeProject(generateDense(size), project);
  const output = join(project, 'out');
  const compile = {
    name: 'ambit compile',
    project,
    command: [ambit, 'compile', '--project', project, '--output-dir', output],
    prepare: () => rmSync(output, { recursive: true, force: true }),
  };
  const title = `import of ${size.namespaces * size.workloads} workloads that all call each other`;
  return importedFrom(compile, title, growthRounds, directory);
}

function importedFrom(compile, title, rounds, directory) {
  const adopted = `${compile.project}-adopted`;
  const policies = writeAdopted(compile.project, adopted);
  const intents = join(adopted, 'intents');
  const subject = {
    name: `ambit import, ${policies} policies`,
    command: [ambit, 'import', '-f', join(adopted, 'ambit.yaml'), '--output', intents],
    prepare: () => rmSync(intents, { recursive: true, force: true }),
  };
  const subjects = [compile, subject];
  const memory = subjects.map((each) => peakMemoryOf(each, directory));
  return section(title, subjects, interleave(subjects, rounds), memory);
}

/** What a plan of the move to ambient costs, each of its states proved, where callers move in three waves before those whom they call. */
function migrateSection({ moving, growthRounds }, directory) {
  const project = join(directory, 'moving');
  const size = { namespaces: moving, services: moving * 5, pods: moving * 15, modes: { sidecar: 1 }, layers: 3 };
  writeProject(generateProject({ ...sizeOf('large'), ...size }), project);
  const output = join(project, 'out');
  const prepare = () => rmSync(output, { recursive: true, force: true });
  const compile = {
    name: 'ambit compile',
    command: [ambit, 'compile', '--project', project, '--output-dir', output],
    prepare,
  };
  // A gap that nobody has accepted is an answer too.
  const statuses = [0, 3];
  const command = [ambit, 'migrate', 'plan', '--project', project, '--output', 'json'];
  const plan = { name: 'ambit migrate plan', command, statuses, prepare };
  const { phases } = JSON.parse(answerOf(command, statuses));
  const states = phases.reduce((sum, phase) => sum + phase.states.length, 0);
  const title = `migrate: ${moving} namespaces with sidecars, ${phases.length} phases, ${states} states`;
  return section(title, [compile, plan], interleave([compile, plan], growthRounds));
}

/** What one answer costs, on the largest of the meshes that were compiled, beyond Node and beyond reading its files. */
function traceSection({ doubled, rounds }, directory) {
  const { project, describes, output } = prepareProject(doubled, 1, directory);
  const question = questionAbout(sizeOf(doubled));
  const written = ['trace', '--project', project, '--output-dir', output, ...question];
  const subjects = [
    { name: 'node -e 0', command: ['-e', '0'] },
    { name: 'every file read', command: [read, project] },
    { name: 'ambit trace --written', command: [ambit, ...written] },
  ];
  const [start, reading, trace] = interleave(subjects, rounds);
  const rows = [start, reading, trace].map((times, index) => [
    subjects[index].name,
    spread(summary(times), 0),
    index === 0 ? '' : spread(ratios(times, start), 2),
    index <= 1 ? '' : spread(ratios(times, reading), 2),
  ]);
  return `trace on ${doubled}: ${describes}\n${formatTable(['', 'ms', 'to node', 'to reading'], rows)}\n`;
}

/** A caller and a Service of two namespaces of one cluster. */
function questionAbout(options) {
  const [{ namespaces }] = planMesh(options);
  const services = namespaces.filter(({ mode }) => mode !== 'none').map((namespace) => namespace.services[0]);
  const [caller, callee] = services;
  const nameOf = ({ namespace, name }) => `${namespace}/${name}`;
  return ['--from', nameOf(caller), '--to', `${nameOf(callee)}:${callee.protocol}`];
}

/** What doubling the mesh costs, twice. */
function growthSection({ doubled, growthRounds }, directory) {
  const subjects = [1, 2, 4].map((scale) => prepareProject(doubled, scale, directory));
  const times = interleave(subjects, growthRounds);
  const rows = subjects.map(({ name }, index) => [
    name,
    spread(summary(times[index]), 0),
    index === 0 ? '' : spread(ratios(times[index], times[index - 1]), 2),
  ]);
  return `growth of ${doubled}\n${formatTable(['', 'ms', 'per doubling'], rows)}\n`;
}

/** Generates a project, compiles it once, and answers with how to compile it again into an empty directory. */
function prepareProject(size, scale, directory, changed = {}) {
  const project = join(directory, [size, scale, ...Object.entries(changed).flat()].join('-'));
  const options = { ...sizeOf(size, scale), ...changed };
  if (!existsSync(project)) writeProject(generateProject(options), project);
  const output = join(project, 'out');
  const { clusters, namespaces, services, pods } = options;
  return {
    name: `ambit compile (${scale}x)`,
    describes: `clusters ${clusters}, namespaces ${namespaces}, services ${services}, pods ${pods}`,
    project,
    output,
    command: [ambit, 'compile', '--project', project, '--output-dir', output],
    prepare: () => rmSync(output, { recursive: true, force: true }),
  };
}

/** The floor of a project, which prints the documents that a compilation writes. */
function floorOf(compilation) {
  timeOf(compilation);
  const documents = `${compilation.project}.json`;
  writeFileSync(documents, JSON.stringify(readOutput(compilation.output)));
  return { name: 'floor (read and print)', command: [floor, compilation.project, documents] };
}

function readOutput(directory) {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  const texts = paths
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => readFileSync(join(directory, path), 'utf8'));
  return texts.flatMap((text) => loadAll(text));
}

/** A table of subjects; each ratio is to the first of them. */
function section(title, subjects, times, memory) {
  const rows = subjects.map(({ name }, index) => [
    name,
    spread(summary(times[index]), 0),
    index === 0 ? '' : spread(ratios(times[index], times[0]), 2),
    ...(memory === undefined ? [] : [memory[index].toFixed(0)]),
  ]);
  return `${title}\n${formatTable(['', 'ms', 'ratio', ...(memory === undefined ? [] : ['peak MiB'])], rows)}\n`;
}

main();
