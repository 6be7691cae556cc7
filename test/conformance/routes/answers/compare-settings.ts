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

/** The first setting that the model has otherwise than istiod tells the proxy; what is not known is left out. */
export function settingsUnlike(
  model: HopSettings,
  { rule = '', settings = '' }: Pick<JudgeEnd, 'rule' | 'settings'>,
  configuration: Configuration,
): string | undefined {
  const { rule: ofRoute, cluster: ofBackend } = ofModel(model);
  const [route, cluster] = [configuration.rules[rule], configuration.settings[settings]];
  return (route && unlike(ofRoute, route)) ?? (cluster && unlike(ofBackend, cluster));
}

function unlike(model: Configured, judge: Configured): string | undefined {
  const name = Object.keys(model).find((each) => each in judge && model[each] !== judge[each]);
  return name && `${name} ${model[name]}, and Istio ${judge[name]}`;
}
