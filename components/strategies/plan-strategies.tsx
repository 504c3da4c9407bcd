"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";
import { StrategySummary } from "./strategy-summary.tsx";
import { useWaitText } from "./use-wait-text.ts";

/** Steps that a target goes through only where a strategy asks for it. */
const SPECIAL = ["canary", "switch"];
type Steps = PlanDto["steps"][number]["steps"];

/** Targets that go through the same steps, together. Pure. */
function groupsOf(steps: PlanDto["steps"]): { names: string[]; steps: Steps }[] {
  const groups = new Map<string, { names: string[]; steps: Steps }>();
  for (const target of steps) {
    const key = JSON.stringify(target.steps);
    const group = groups.get(key) ?? { names: [], steps: target.steps };
    group.names.push(`${target.cluster}/${target.namespace}`);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** How each component of a plan goes out, and the steps that come of it. Left out where everything simply rolls. */
export function PlanStrategies({ plan }: { plan: PlanDto }) {
  const t = useTranslations("strategies");
  const told = plan.strategies.filter(
    ({ strategy, checks }) => strategy.kind !== "rolling" || checks.length > 0,
  );
  const groups = groupsOf(plan.steps);
  const standard = groups.every(({ steps }) => !steps.some(({ name }) => SPECIAL.includes(name)));
  if (told.length === 0 && standard) return null;
  return (
    <Card>
      <CardHeader title={t("plan.title")} />
      <ul className="divide-y divide-line">
        {told.map(({ component, strategy, checks }) => (
          <li key={component} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-3.5 py-2">
            <span className="min-w-32 font-mono text-sm">{component}</span>
            <StrategySummary strategy={strategy} />
            <span className="ml-auto text-sm text-fg-3">
              {checks.length === 0 ? t("plan.noChecks") : t("plan.checks", { count: checks.length })}
            </span>
          </li>
        ))}
        {groups.map(({ names, steps }) => (
          <li key={names.join(" ")} className="flex flex-col gap-1.5 px-3.5 py-2.5">
            <span className="text-sm text-fg-3">
              {groups.length === 1 ? (
                t("plan.everywhere")
              ) : (
                <span className="flex flex-wrap gap-x-3 font-mono">
                  {names.map((name) => (
                    <span key={name}>{name}</span>
                  ))}
                </span>
              )}
            </span>
            <StepLine steps={steps} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function StepLine({ steps }: { steps: Steps }) {
  const t = useTranslations("strategies");
  const stepName = useTranslations("deployments.step");
  const say = useWaitText();
  const textOf = ({ name, input }: Steps[number]) => {
    if (input?.wait) return say(input.wait);
    return stepName.has(name) ? stepName(name) : name;
  };
  const numbered = steps.map((step, index) => ({ ...step, number: index + 1 }));
  return (
    <ol className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
      {numbered.map(({ number, ...step }) => (
        <Fragment key={number}>
          {number > 1 && (
            <li aria-hidden="true" className="text-fg-3">
              <ArrowRight className="size-3!" />
            </li>
          )}
          <li className="inline-flex flex-wrap items-center gap-1.5">
            <Tag kind={step.name === "wait" ? "wait" : undefined}>{textOf(step)}</Tag>
            {step.input?.canaries?.map(({ component, percent, replicas }) => (
              <span key={component} className="text-sm text-fg-2">
                {t("plan.sized", { component, percent, count: replicas })}
              </span>
            ))}
          </li>
        </Fragment>
      ))}
    </ol>
  );
}
