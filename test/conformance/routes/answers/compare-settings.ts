import type { HopSettings } from '../../../../src/mesh/routes/settings/effective.js';
import type { JudgeAnswer, JudgeEnd } from '../../contract.js';
import { ofCluster, ofRule } from './configured.js';
import { type Configured, ofModel } from './settings.js';

/** What istiod tells proxies of the routes and clusters that ends name. */
export interface Configuration {
  readonly rules: Readonly<Record<string, Configured>>;
  readonly settings: Readonly<Record<string, Configured>>;
}

export const nothingConfigured: Configuration = { rules: {}, settings: {} };

export function configurationOf({ rules = {}, settings = {} }: Pick<JudgeAnswer, 'rules' | 'settings'>): Configuration {
  return {
    rules: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, ofRule(rule)])),
    settings: Object.fromEntries(Object.entries(settings).map(([name, cluster]) => [name, ofCluster(cluster)])),
  };
}

/** The settings of one proxy that both sides know, and those of them about which they differ. */
export interface ComparedSettings {
  readonly hop: HopSettings;
  readonly count: number;
  readonly unlike: readonly UnlikeSetting[];
}

export interface UnlikeSetting {
  readonly name: string;
  readonly model: Configured[string];
  readonly istio: Configured[string];
}

export function compareSettings(
  hop: HopSettings,
  { rule = '', settings = '' }: Pick<JudgeEnd, 'rule' | 'settings'>,
  configuration: Configuration,
): readonly ComparedSettings[] {
  const { rule: ofRoute, cluster: ofBackend } = ofModel(hop);
  const cluster = configuration.settings[settings];
  // Keys are nothing to a cluster that does not choose by a hash.
  const isHashed = ['RING_HASH', 'MAGLEV'].includes(String(cluster?.algorithm));
  const pairs = [
    ...pairsOf(ofRoute, configuration.rules[rule]).filter(({ name }) => name !== 'affinity' || isHashed),
    ...pairsOf(ofBackend, cluster),
  ];
  return pairs.length === 0
    ? []
    : [{ hop, count: pairs.length, unlike: pairs.filter((each) => each.model !== each.istio) }];
}

function pairsOf(model: Configured, istio: Configured | undefined): readonly UnlikeSetting[] {
  if (istio === undefined) return [];
  const shared = Object.keys(model).filter((name) => name in istio);
  return shared.map((name) => ({ name, model: model[name], istio: istio[name] }));
}
