"use client";

import { useTranslations } from "next-intl";
import type { PlanDto } from "#lib/plans/schema.ts";

const SHOWN = 5;

/** Fields that the plan writes by force, named once more before somebody agrees to it; nothing where there are none. */
export function TakenNotice({ plan }: { plan: PlanDto }) {
  const t = useTranslations("plans.taken");
  const taken = plan.choices.filter(({ choice }) => choice === "take_over");
  if (taken.length === 0) return null;
  return (
    <div className="mb-2 rounded-md bg-wait-soft px-3 py-2 text-wait">
      <p>{t("title", { count: taken.length })}</p>
      <ul className="mt-1 text-sm text-fg-2">
        {taken.slice(0, SHOWN).map(({ cluster, namespace, object, field, manager }) => (
          <li key={`${cluster} ${namespace} ${object} ${field} ${manager}`} className="break-words">
            {t("field", { cluster, object, manager })} <span className="font-mono">{field}</span>
          </li>
        ))}
        {taken.length > SHOWN && <li>{t("more", { count: taken.length - SHOWN })}</li>}
      </ul>
    </div>
  );
}
