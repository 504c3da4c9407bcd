"use client";

import { ArrowLeftRight, Hand, ListChecks } from "lucide-react";
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

/** A failed target beside one where the same plan is healthy: what differs first, then what is the same. */
export function TargetComparison({ target }: { target: TargetRun }) {
  const t = useTranslations("deployments.comparison");
  const { comparison } = target;
  if (comparison === null) return null;
  const differs = comparison.parts.filter(({ same }) => same === false);
  const named = (same: boolean | null) =>
    comparison.parts
      .filter((part) => part.same === same)
      .map(({ part }) => t(`part.${part}`))
      .join(t("comma"));
  return (
    <div className="rounded-md border border-line bg-surface text-sm sm:ml-[26px]">
      <p className="flex items-center gap-2 border-b border-line px-2.5 py-1.5 font-medium">
        <ArrowLeftRight aria-hidden className="text-fg-3" />
        {t("title", { other: comparison.with.cluster })}
      </p>
      {differs.map(({ part, here, there }) => (
        <div
          key={part}
          className="grid gap-x-3 gap-y-1 border-b border-line px-2.5 py-1.5 sm:grid-cols-[88px_minmax(0,1fr)_minmax(0,1fr)]"
        >
          <span className="font-medium text-wait">{t(`part.${part}`)}</span>
          <Side name={target.cluster} lines={here} />
          <Side name={comparison.with.cluster} lines={there} />
        </div>
      ))}
      {differs.length === 0 && <p className="border-b border-line px-2.5 py-1.5">{t("nothing")}</p>}
      <p className="px-2.5 py-1.5 text-fg-3">
        {named(true) !== "" && t("same", { parts: named(true) })}{" "}
        {named(null) !== "" && t("unread", { parts: named(null) })}
      </p>
    </div>
  );
}

function Side({ name, lines }: { name: string; lines: readonly string[] }) {
  const t = useTranslations("deployments.comparison");
  return (
    <div className="min-w-0">
      <span className="text-fg-3">{name}</span>
      <ul className="font-mono break-words">
        {lines.length === 0 ? <li>{t("none")}</li> : lines.map((line) => <li key={line}>{line}</li>)}
      </ul>
    </div>
  );
}
