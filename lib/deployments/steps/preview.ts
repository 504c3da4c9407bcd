import { previewName } from "#lib/strategies/labels.ts";
import type { StepInput } from "./outcome.ts";

/**
 * What a check is told before the traffic is switched: the Services of the new colour are their previews, also where a
 * check names the Service itself. Pure.
 */
export function previewed(input: StepInput): StepInput {
  const { plan, run } = input;
  const services = plan.objects.filter(({ manifest }) => manifest.kind === "Service");
  const names = services.map(({ manifest }) => manifest.metadata.name);
  const inUse = services.filter(
    ({ manifest, phase }) => phase === "switch" && names.includes(previewName(manifest.metadata.name)),
  );
  const replaced = inUse.map(({ manifest }) => manifest.metadata.name);
  const strategies = run.plan.inputs.strategies.map((one) => ({
    ...one,
    checks: one.checks.map((check) =>
      check.kind === "http" && check.service !== undefined && replaced.includes(check.service)
        ? { ...check, service: previewName(check.service) }
        : check,
    ),
  }));
  return {
    ...input,
    plan: { ...plan, objects: plan.objects.filter((object) => !inUse.includes(object)) },
    run: { ...run, plan: { ...run.plan, inputs: { ...run.plan.inputs, strategies } } },
  };
}
