/** A command of the command line as a tool: what may be said of it, and what is always said. */
export interface Tool {
  /** The command's name, too. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Its options and arguments that may be given. None of them writes a file. */
  readonly inputs: readonly string[];
  /** Words of the command line that make it answer in JSON, and write nothing. */
  always(said: ReadonlySet<string>): readonly string[];
  /** The published schema of its answer, where there is one. */
  readonly answer?: 'diff';
}

const json = ['--output=json'];

export const tools: readonly Tool[] = [
  {
    name: 'compile',
    title: 'Compile and prove',
    description:
      'Compiles the intents of the project and proves that the mesh then does exactly what they say. Answers with the ' +
      'objects that would be applied, or, with `check`, with what differs from the committed output. Writes nothing.',
    inputs: [
      ...['filename', 'project', 'baseline', 'minSeverity', 'cluster', 'provenance', 'syncWaves'],
      ...['check', 'denyWarnings'],
    ],
    always: (said) => (said.has('check') ? json : ['--stdout', ...json]),
  },
  {
    name: 'trace',
    title: 'Follow a request',
    description:
      'Follows one request through the mesh, hop by hop, to its verdict, with the policies and the intents that decide; ' +
      'or shows with `matrix` who reaches a service at all.',
    inputs: [
      ...[
        'filename',
        'project',
        'from',
        'to',
        'fromIp',
        'podIp',
        'toWorkload',
        'atGateway',
        'cluster',
        'method',
        'path',
        'host',
        'header',
      ],
      ...['claim', 'invalidToken', 'tcp', 'fault', 'istio', 'matrix', 'written'],
    ],
    always: () => json,
  },
  {
    name: 'diff',
    title: 'Say what a change means',
    description:
      'Says what means something else between two states: who gains and loses access, where, by which line, with a ' +
      'request that shows it. Without sides it compares HEAD with the working tree.',
    inputs: ['sides', 'base', 'filename', 'project', 'istio'],
    always: () => json,
    answer: 'diff',
  },
  {
    name: 'explain',
    title: 'Explain',
    description:
      'Explains a diagnostic code, a law of Istio, a kind or a field, an emitted object, a rule, a line of a log, which ' +
      'settings hold for a service, or what would be without a document.',
    inputs: ['subject', 'kind', 'effective', 'impact', 'log', 'from', 'baseline', 'filename', 'project'],
    always: (said) => (['effective', 'impact', 'log'].some((each) => said.has(each)) ? json : []),
  },
  {
    name: 'test',
    title: 'Run the tests',
    description: 'Runs the AccessTests and Guardrails of the project on the mesh as it will be.',
    inputs: ['filename', 'project'],
    always: () => json,
  },
  {
    name: 'topology',
    title: 'Show the deployment',
    description:
      'Shows the deployment as Istio sees it: namespaces, services, workloads, their mode, waypoints and gateways.',
    inputs: ['names', 'namespace', 'filename', 'project', 'baseline', 'minSeverity'],
    always: () => json,
  },
];
