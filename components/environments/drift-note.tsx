"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { GitCompareArrows, Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { type LivePlace, reapplyDeployed } from "#lib/live/client.ts";
import { planQuery } from "#lib/plans/client.ts";
import { DriftAdopt } from "./drift-adopt.tsx";
import type { LiveTarget } from "./live-model.ts";

type Drift = LiveTarget["drift"][number];
/** Of a target that somebody rebuilt by hand; the plan has all of it. */
const SHOWN = 8;

/** Differences by object, in the order they were found. */
function byObject(drift: readonly Drift[]): [string, Drift[]][] {
  const objects = new Map<string, Drift[]>();
  for (const one of drift) objects.set(one.object, [...(objects.get(one.object) ?? []), one]);
  return [...objects];
}

/** Where a target is not as it was deployed, by whom, and the way back: a plan of the last deployment's manifests. */
export function DriftNote({
  place,
  target,
  mayOperate,
}: {
  place: LivePlace;
  target: LiveTarget;
  mayOperate: boolean;
}) {
  const t = useTranslations("live.drift");
  const toast = useToast();
  const router = useRouter();
  const client = useQueryClient();
  const [all, setAll] = useState(false);
  const { drift } = target;
  const reapply = useMutation({
    mutationFn: () => reapplyDeployed(place, [...new Set(drift.map(({ component }) => component))]),
    onSuccess: (plan) => {
      client.setQueryData(planQuery(plan.digest).queryKey, plan);
      router.push(`/plans/${plan.digest}`);
    },
    onError: (error) => toast.failed(problemOf(error) ?? { code: "INTERNAL" }),
  });
  if (drift.length === 0) return null;
  const shown = all ? drift : drift.slice(0, SHOWN);
  return (
    <section
      aria-label={t("label")}
      className="m-3.5 rounded-md border border-wait-solid/40 bg-wait-soft p-3 shadow-[inset_3px_0_var(--wait-solid)]"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1.5">
        <p className="flex items-center gap-1.5 font-medium text-wait">
          <GitCompareArrows aria-hidden />
          {t("title", { count: drift.length })}
        </p>
        <Button
          size="small"
          icon={<Undo2 aria-hidden />}
          disabled={!mayOperate}
          title={mayOperate ? t("reapplyText") : t("mayNot")}
          loading={reapply.isPending}
          onClick={() => reapply.mutate()}
        >
          {t("reapply")}
        </Button>
      </div>
      <ul className="mt-1.5 flex flex-col gap-2">
        {byObject(shown).map(([object, fields]) => (
          <li key={object} className="min-w-0">
            <span className="font-medium">{object}</span>
            {fields.map((one) =>
              one.kind === "missing" ? (
                <span key="missing" className="ml-2">
                  {t("missing")}
                </span>
              ) : (
                <span key={one.field} className="block text-sm wrap-anywhere">
                  <span className="font-mono">
                    {one.field} <span className="text-fg-3 line-through">{one.expected}</span> →{" "}
                    <b>{one.actual === "" ? t("removed") : one.actual}</b>
                  </span>
                  {one.manager !== null && (
                    <span className="ml-2 text-fg-2">{t("manager", { manager: one.manager })}</span>
                  )}
                </span>
              ),
            )}
            <DriftAdopt place={place} target={target} object={object} />
          </li>
        ))}
      </ul>
      {drift.length > SHOWN && (
        <Button kind="quiet" size="small" className="mt-1.5" onClick={() => setAll(!all)}>
          {t(all ? "fewer" : "more", { count: drift.length - SHOWN })}
        </Button>
      )}
      <p className="mt-2 text-sm text-fg-2">
        {drift.some(({ manager }) => manager !== null) && t("tools")}
        {t("text")}
      </p>
    </section>
  );
}
