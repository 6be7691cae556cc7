import type { WeightController } from '../../../topology/rollouts/weight-controllers.js';

/** What to do about a route that a rollout controller works with, and that is in the way of settings. */
export function controllerHelp(controller: WeightController | undefined): { readonly help?: string } {
  if (controller === undefined) return {};
  const { tool, name } = controller;
  return tool === 'Flagger'
    ? { help: `${name} of Flagger writes it: say what you need under its \`spec.service\`, or drop the settings` }
    : {
        help: `${name} of Argo changes its weights: delete it, write \`weights: External\`, and name in the Rollout what is written`,
      };
}
