"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { canaryReplicas, type Strategy } from "#lib/strategies/schema.ts";
import { MAX_STEPS, nextStep } from "./strategy-model.ts";
import { WaitField } from "./wait-field.tsx";

type Steps = Extract<Strategy, { kind: "canary" }>["steps"];

/** A share in pods, and the share that so many really are. Pure. */
function sizeOf(replicas: number, percent: number): { count: number; share: number } {
  const count = canaryReplicas(replicas, percent);
  return { count, share: Math.round((count / (count + replicas)) * 100) };
}

/** The steps of a canary: share, how many pods that is, and what is waited for after it. */
export function CanarySteps({
  steps,
  replicas,
  onChange,
}: {
  steps: Steps;
  replicas: number;
  onChange: (steps: Steps) => void;
}) {
  const t = useTranslations("strategies");
  const change = (index: number, part: Partial<Steps[number]>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...part } : step)));
  const isShare = (percent: number) => percent >= 1 && percent <= 50;
  return (
    <div className="flex flex-col gap-2">
      <ol className="flex flex-col divide-y divide-line rounded-md border border-line">
        {steps.map(({ percent, wait }, index) => {
          const number = index + 1;
          const step = t("step", { number });
          return (
            <li key={number} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
              <span className="w-14 text-fg-2">{step}</span>
              <span className="inline-flex items-center gap-1.5">
                <Input
                  small
                  mono
                  className="w-14!"
                  inputMode="numeric"
                  aria-label={`${step} ${t("percent")}`}
                  value={percent === 0 ? "" : String(percent)}
                  onChange={(event) =>
                    change(index, { percent: Number(event.target.value.replace(/\D/g, "").slice(0, 3)) })
                  }
                />
                {t("percentUnit")}
              </span>
              <span className="w-36 text-sm text-fg-3">
                {isShare(percent) && t("pods", sizeOf(replicas, percent))}
              </span>
              <span className="text-fg-2">{t("waitAfter")}</span>
              <WaitField
                label={`${step} ${t("waitAfter")}`}
                value={wait}
                onChange={(next) => change(index, { wait: next })}
              />
              <IconButton
                size="small"
                className="ml-auto"
                label={t("removeStep", { number })}
                icon={<X aria-hidden />}
                disabled={steps.length === 1}
                onClick={() => onChange(steps.filter((_, at) => at !== index))}
              />
            </li>
          );
        })}
        <li className="flex flex-wrap items-center gap-x-3 px-3 py-2 text-fg-2">
          <span className="w-14">{t("full")}</span>
          <span className="text-sm text-fg-3">{t("fullHint")}</span>
        </li>
      </ol>
      <Button
        size="small"
        className="self-start"
        icon={<Plus aria-hidden />}
        disabled={steps.length >= MAX_STEPS || (steps.at(-1)?.percent ?? 0) >= 50}
        onClick={() => onChange([...steps, nextStep(steps)])}
      >
        {t("addStep")}
      </Button>
    </div>
  );
}
