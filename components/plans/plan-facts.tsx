"use client";

import { Grab, Trash2, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { MiddleText } from "#components/ui/copyable.tsx";
import { Fact } from "#components/ui/facts.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";
import { conflictGroups } from "./conflict-model.ts";
import { changedValues, countChanges, type ReviewEntry } from "./review-model.ts";
import { Waves } from "./waves.tsx";

const SHOWN = 2;

function Names({ names, mono = true }: { names: string[]; mono?: boolean }) {
  const t = useTranslations("plans.facts");
  return (
    <span className={mono ? "flex flex-col font-mono" : "flex flex-col"}>
      {names.slice(0, SHOWN).map((name) => (
        <MiddleText key={name} text={name} max={26} className="truncate" />
      ))}
      {names.length > SHOWN && (
        <span className="font-sans">{t("more", { count: names.length - SHOWN })}</span>
      )}
    </span>
  );
}

function Count({ value, word, look }: { value: number; word: string; look?: string }) {
  return (
    <span className="inline-flex items-baseline gap-1 whitespace-nowrap">
      <span className={value > 0 ? look : undefined}>{value}</span>
      <span className="text-base font-normal text-fg-2">{word}</span>
    </span>
  );
}

/** Colour share of created, changed and deleted objects among all. */
function Share({ counts }: { counts: ReturnType<typeof countChanges> }) {
  const parts = [
    ["change", "bg-fg-3"],
    ["create", "bg-good-solid"],
    ["delete", "bg-bad-solid"],
    ["unchanged", "bg-line"],
  ] as const;
  return (
    <span aria-hidden="true" className="mt-1.5 mb-1 flex h-[5px] gap-0.5">
      {parts.map(([part, look]) =>
        counts[part] === 0 ? null : (
          <span key={part} className={`rounded-[2px] ${look}`} style={{ flex: counts[part] }} />
        ),
      )}
    </span>
  );
}

/** Strip of facts: where, how many objects, which images, values, templates, and what is risky. */
export function PlanFacts({
  plan,
  entries,
  onConflict,
}: {
  plan: PlanDto;
  entries: ReviewEntry[];
  /** Goes to the next choice that is open. */
  onConflict: () => void;
}) {
  const t = useTranslations("plans.facts");
  const counts = countChanges(plan.targets);
  const values = changedValues(entries, plan.origins);
  const templates = [...new Set(plan.templates.map(({ name, version }) => `${name} v${version}`))];
  const waves = new Set(plan.targets.map(({ wave }) => wave)).size;
  const warned = plan.checks.filter(({ state }) => state === "warning").length;
  const conflicts = conflictGroups(plan.targets).filter(({ choice }) => choice === null).length;
  const taken = plan.choices.filter(({ choice }) => choice === "take_over").length;
  const deleted = entries.filter(({ object }) => object.change === "delete");
  const risks = Number(deleted.length > 0) + Number(conflicts > 0) + Number(taken > 0) + warned;
  return (
    <section className="card overflow-hidden">
      <div className="facts lg:[--columns:0.8fr_1.9fr_0.75fr_1fr_1fr_1.5fr]">
        <Fact large label={t("targets")} value={plan.targets.length} sub={t("waves", { count: waves })} />
        <Fact
          large
          label={t("objects")}
          value={
            <>
              <Count value={counts.change} word={t("changed")} />
              <Count value={counts.create} word={t("created")} look="text-good" />
              <Count value={counts.delete} word={t("deleted")} look="text-bad" />
            </>
          }
          sub={
            <>
              <Share counts={counts} />
              {t("unchanged", { count: counts.unchanged })}
            </>
          }
        />
        <Fact large label={t("images")} value={plan.images.length} sub={t("byDigest")} />
        <Fact
          large
          label={t("values")}
          value={values.length}
          sub={values.length > 0 ? <Names names={values} /> : t("noValues")}
        />
        <Fact large label={t("templates")} value={templates.length} sub={<Names names={templates} />} />
        <Fact
          large
          label={t("risks")}
          value={risks}
          sub={
            risks === 0 ? (
              t("noRisks")
            ) : (
              <span className="flex flex-col gap-0.5">
                {deleted[0] !== undefined && (
                  <span className="inline-flex items-center gap-1.5 text-bad">
                    <Trash2 aria-hidden />
                    {t("deletes", { count: deleted.length, kind: deleted[0].object.kind })}
                  </span>
                )}
                {conflicts > 0 && (
                  <button
                    type="button"
                    onClick={onConflict}
                    className="inline-flex items-center gap-1.5 text-left text-wait underline underline-offset-2"
                  >
                    <TriangleAlert aria-hidden />
                    {t("conflicts", { count: conflicts })}
                  </button>
                )}
                {taken > 0 && (
                  <span className="inline-flex items-center gap-1.5 text-bad">
                    <Grab aria-hidden />
                    {t("taken", { count: taken })}
                  </span>
                )}
                {warned > 0 && (
                  <span className="inline-flex items-center gap-1.5 text-wait">
                    <TriangleAlert aria-hidden />
                    {t("warnings", { count: warned })}
                  </span>
                )}
              </span>
            )
          }
        />
      </div>
      <Waves targets={plan.targets} />
    </section>
  );
}
