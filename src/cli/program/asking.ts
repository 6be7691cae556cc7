import { type Command, Option } from 'commander';
import { faultNames } from '../../mesh/fault-names.js';
import { istioVersions } from '../../parse/mesh.js';
import { addFindings, addInputs, addNarrowing, examples, pathIn, repeatable } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addTopology(program: Command, runtime: Runtime): void {
  addFindings(
    addNarrowing(
      addInputs(
        program.command('topology').description('show the deployment as Istio sees it, and what is wrong with it'),
      ),
    ),
  )
    .option('--all', 'show a large deployment object by object, too')
    .addOption(
      new Option('-o, --output <format>', 'the format; `mesh-config` is what has to be merged into the MeshConfig')
        .choices(['human', 'json', 'mesh-config'])
        .default('human'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit topology',
        'ambit topology -n payments',
        'ambit topology payments/ledger',
        'ambit topology -o mesh-config',
        'kubectl get ns,svc,deploy,pod,gateway -A -o yaml | ambit topology -f -',
      ),
    )
    .action(async (names: readonly string[], options) => {
      const { runTopology } = await import('../commands/topology.js');
      runtime.answer(await runTopology(session(runtime), names, options));
    });
}

export function addTrace(program: Command, runtime: Runtime): void {
  addInputs(
    program.command('trace').description('follow one request through the mesh: each hop, each policy, the verdict'),
  )
    .option('--from <caller>', 'who calls: `namespace/name`, `gateway:namespace/name`, `external:name` or `outside`')
    .option(
      '--to <service>',
      'who is called: `namespace/service:port`, `gateway:namespace/name:port`, a host of a ServiceEntry, a URL that a gateway serves, or `tls://host:port` for a connection',
    )
    .option('--from-ip <address>', 'the address that the caller has')
    .option('--pod-ip', 'address the pods behind the name instead of the Service, by a port of theirs')
    .option('--at-gateway', 'of a request to a gateway, what the gateway itself says, and not what is behind it')
    .option('--to-workload <name>', 'of several workloads behind the Service, the one whose pods are asked about')
    .option('--cluster <name>', 'where a name stands in several clusters')
    .option('--method <method>', 'the method of the request; default: GET')
    .option('--path <path>', 'the path of the request; default: /')
    .option('--host <host>', "the host that the request names; default: the Service's name")
    .addOption(repeatable(new Option('--header <pair>', 'a header of the request, `name: value`; repeatable')))
    .addOption(
      repeatable(
        new Option(
          '--claim <pair>',
          'a claim of its token, `name=value`, sent where its issuer’s are looked for; repeatable; `iss` is needed; `true` and `7` are no texts, `"7"` is one',
        ),
      ),
    )
    .option('--invalid-token', 'the token is expired or badly signed')
    .option('--tcp', 'send bytes that no proxy can read as a request')
    .addOption(repeatable(new Option('--fault <fault>', 'what is broken meanwhile; repeatable').choices(faultNames)))
    .addOption(
      new Option('--istio <version>', 'take every cluster to have this version of Istio').choices(istioVersions),
    )
    .option(
      '--matrix',
      'show who reaches the service at all, as a table, and with what; with `--from outside` only what comes through gateways, and without `--to` to all services',
    )
    .option('--written', 'compile nothing: apply what the output directory holds, and read only what can matter')
    .addOption(
      new Option('--output-dir <directory>', "the directory with the applied output; default: the project's output")
        .argParser(pathIn)
        .implies({ written: true }),
    )
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .option('--exit-code', 'exit 1 when the request is denied; 3 always says that it is undecided')
    .addHelpText(
      'after',
      examples(
        'ambit trace --from shop/checkout --to payments/ledger:http --method POST --path /charge',
        'ambit trace --from outside --from-ip 203.0.113.9 --to payments/ledger:8080 --pod-ip',
        'ambit trace -f manifests/ --from shop/checkout --to payments/ledger:80 --fault waypoint-down',
        'ambit trace --matrix --to payments/ledger:http',
        'ambit trace --matrix --from outside',
        'ambit trace --written --from shop/checkout --to payments/ledger:http',
      ),
    )
    .action(async (options) => {
      const { runTrace } = await import('../commands/trace.js');
      runtime.answer(await runTrace(session(runtime), options));
    });
}

export function addSuggest(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('suggest')
      .description('write candidate rules for the calls in a log that no rule lets through, for somebody to review'),
  )
    .addOption(
      repeatable(
        new Option(
          '--log <file>',
          'an access log of ztunnel or Envoy, or metrics of Istio as Prometheus prints or answers them; `-` is stdin; repeatable',
        ).argParser(pathIn),
      ).makeOptionMandatory(),
    )
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .addHelpText(
      'after',
      examples(
        'kubectl logs -n istio-system -l app=ztunnel --tail=-1 | ambit suggest --log -',
        'kubectl logs -n shop -l app=web -c istio-proxy --prefix --tail=-1 | ambit suggest --log -',
        'ambit suggest -f manifests/ --log ztunnel.log --log metrics.txt > candidates.yaml',
      ),
    )
    .action(async (options) => {
      const { runSuggest } = await import('../commands/suggest.js');
      runtime.answer(await runSuggest(session(runtime), options));
    });
}

export function addExplain(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('explain')
      .description(
        'explain a diagnostic code, a law of Istio, a kind or a field, what is accepted, an emitted object or a rule, which settings hold, or what a document changes',
      ),
  )
    .argument(
      '[subject]',
      'a code, a law such as `I-02`, `kinds`, a kind or a field of it, `accepted`, `Kind/namespace/name`, or the id of a rule',
    )
    .argument('[kind]', 'with `kinds`: one of them, or a field of one')
    .option('--baseline <file>', 'with `accepted`: list this baseline too', pathIn)
    .addOption(
      new Option(
        '--effective <name>',
        'the settings that hold for a Service or workload, `namespace/name`, or for a namespace, each with its line',
      ).conflicts('impact'),
    )
    .option(
      '--impact <document>',
      'who would gain and lose access without a document: `file:line`, a file, `Kind/name` or a name',
    )
    .addOption(
      new Option(
        '--log <line>',
        'a line of a log of ztunnel or Envoy: what decided, and from which intent; `-` reads lines from stdin',
      ).conflicts(['effective', 'impact']),
    )
    .option('--from <caller>', 'with `--log`: who called, where the line does not say it, as in `ambit trace`')
    .addOption(
      new Option('-o, --output <format>', 'with `--effective`, `--impact` and `--log`: the format')
        .choices(['human', 'json'])
        .default('human'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit explain AMB3007',
        "ambit explain I-02 ; ambit explain 'istio-security §2.3'",
        'ambit explain kinds ; ambit explain kinds VirtualService',
        'ambit explain VirtualService.spec.http.fault ; ambit explain istio.io/rev',
        'ambit explain AuthorizationPolicy/payments/ledger-allow',
        'ambit explain payments/checkout-charges',
        'ambit explain accepted',
        'ambit explain --effective payments/ledger',
        'ambit explain --impact intents/payments.yaml:12',
        'kubectl logs -n istio-system ds/ztunnel | grep error | ambit explain --log -',
      ),
    )
    .action(async (subject: string | undefined, kind: string | undefined, options) => {
      const { runExplain } = await import('../commands/explain.js');
      runtime.answer(await runExplain(session(runtime), { subject, kind }, options));
    });
}
