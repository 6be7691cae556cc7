import { parseBlock } from '../../mesh/ip.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import type { NetworkRule, PortRange } from '../../mesh/network-policies/policy.js';
import { allHosts, type OutsideHost } from '../../mesh/paths/host-names.js';
import type { EgressSubject } from './subjects.js';

/** In words what of the addresses outside is open to a workload that no rule opens; `undefined`: nothing. */
export function addressesOpenTo(subject: EgressSubject): string | undefined {
  const { networkPolicies = [] } = subject.class.caller;
  if (networkPolicies.length === 0) return 'any address outside';
  const meant = openedAddresses(subject);
  return networkPolicies.flatMap(({ rules }) => rules.flatMap((rule) => openBy(rule, meant)))[0];
}

interface Opened {
  readonly address: string;
  readonly port: number;
}

/** Where the hosts are that rules open, as the ServiceEntries say that are there in the end. */
function openedAddresses({ at, opens }: EgressSubject): readonly Opened[] {
  const outside = [...allHosts(at).values()]
    .flat()
    .filter((named): named is OutsideHost => named.service === undefined);
  return outside
    .filter(({ host, port }) => opens(host, port.number))
    .flatMap(({ outside: { object }, port }) => {
      const { endpoints, addresses, resolution } = asObject(object.value.spec) ?? {};
      const given =
        resolution === 'STATIC'
          ? asArray(endpoints).map((endpoint) => asText(asObject(endpoint)?.address))
          : asArray(addresses).map(asText);
      const target = typeof port.targetPort === 'number' ? port.targetPort : port.number;
      return given.flatMap((address) => (address === undefined ? [] : [{ address, port: target }]));
    });
}

function openBy({ peers, ports }: NetworkRule, meant: readonly Opened[]): readonly string[] {
  if (peers === undefined) return [`any address outside${onPorts(ports)}`];
  return peers.flatMap((peer) => {
    if (peer.kind === 'pods' || peer.isOfOthers || isOpened(peer.cidr, ports, meant)) return [];
    return [`addresses ${peer.cidr}${onPorts(ports)}`];
  });
}

function onPorts(ports: readonly PortRange[] | undefined): string {
  const [first] = ports ?? [];
  return first?.kind === 'numbers' ? ` on port ${first.first}` : '';
}

/** One address, at ports that rules open at it. */
function isOpened(cidr: string, ports: readonly PortRange[] | undefined, meant: readonly Opened[]): boolean {
  const block = parseBlock(cidr);
  if (block === undefined || ports === undefined) return false;
  const here = meant.filter(({ address }) => {
    const other = parseBlock(address);
    return other !== undefined && other.bits === block.bits && other.start <= block.start && block.end <= other.end;
  });
  return ports.every((range) => {
    if (range.kind === 'named' || range.first !== range.last) return false;
    return here.some(({ port }) => port === range.first);
  });
}
