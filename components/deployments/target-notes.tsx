"use client";

import { Hand, ListChecks } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import { type Check, checksOf, takenOver } from "./flow-model.ts";
import type { TargetRun } from "./progress-model.ts";

const CHECK_LOOKS: Readonly<Record<Check["state"], StateName>> = {
  running: "running",
  passed: "ok",
  failing: "warning",
  failed: "failed",
};

function Note({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 border-t border-line px-3.5 py-2.5">
      <span className="mt-0.5 text-fg-3">{icon}</span>
      <div className="min-w-0">
        <h3 className="text-sm font-medium text-fg-2">{title}</h3>
        {children}
      </div>
    </section>
  );
}

/** Smoke checks of a target as last seen, each with what it found. */
export function TargetChecks({ target }: { target: TargetRun }) {
  const t = useTranslations("deployments.checksSeen");
  const checks = checksOf(target);
  if (checks.length === 0) return null;
  return (
    <Note icon={<ListChecks aria-hidden />} title={t("title")}>
      <ul className="mt-1 flex flex-col gap-1">
        {checks.map(({ component, name, kind, state, message }) => (
          <li key={`${component} ${name}`} className="flex flex-wrap items-baseline gap-x-2">
            <span className="inline-flex items-center gap-1.5">
              <StateIcon state={CHECK_LOOKS[state]} />
              <span className="font-medium">{name}</span>
            </span>
            <span className="text-sm text-fg-3">
              {component} · {t(`kind.${kind}`)}
            </span>
            <span className="sr-only">{t(`state.${state}`)}</span>
            <span className="min-w-0 text-sm break-words text-fg-2">{message}</span>
          </li>
        ))}
      </ul>
    </Note>
  );
}

/** Fields that this deployment took from another manager, by the plan's word. */
export function TakenOverFields({ target }: { target: TargetRun }) {
  const t = useTranslations("deployments.takenOver");
  const fields = takenOver(target);
  if (fields.length === 0) return null;
  return (
    <Note icon={<Hand aria-hidden />} title={t("title", { count: fields.length })}>
      <ul className="mt-1 flex flex-col gap-0.5 text-sm">
        {fields.map(({ object, field, manager }) => (
          <li key={`${object} ${field} ${manager}`} className="break-words">
            {object} <span className="font-mono">{field}</span>{" "}
            <span className="text-fg-3">{t("was", { manager })}</span>
          </li>
        ))}
      </ul>
    </Note>
  );
}
