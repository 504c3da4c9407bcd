"use client";

import { ArrowRight, TriangleAlert, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { PlanObject } from "./review-model.ts";

const NOTE = "grid grid-cols-[15px_minmax(0,1fr)] items-start gap-2";

function Note({ icon, field, children }: { icon: ReactNode; field?: string; children: ReactNode }) {
  return (
    <li className={NOTE}>
      <span className="mt-0.5">{icon}</span>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className="min-w-0 break-words">{children}</span>
        {field !== undefined && <span className="font-mono text-sm break-all text-fg-2">{field}</span>}
      </span>
    </li>
  );
}

/** Whether there is something to say about an object besides its diff. */
export const hasNotes = ({ conflicts, warnings, dropped }: PlanObject): boolean =>
  conflicts.length > 0 || warnings.length > 0 || dropped.some(({ after }) => after !== null);

/**
 * What is to be known about an object: fields given up, warnings of the API.
 * @param children choices about fields of others that have no line of their own
 */
export function ObjectNotes({ object, children }: { object: PlanObject; children: ReactNode[] }) {
  const t = useTranslations("plans.notes");
  const told = object.warnings.length > 0 || object.dropped.some(({ after }) => after !== null);
  if (!told && children.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 border-b border-line bg-wait-soft px-3.5 py-2.5 shadow-[inset_3px_0_var(--wait-solid)]">
      {children}
      {object.dropped.map(({ field, before, after, owners }) =>
        after === null ? null : (
          <Note key={field} icon={<Undo2 aria-hidden className="text-wait" />} field={field}>
            {owners.length > 0 ? (
              t("dropped.kept", { owners: owners.join(t("comma")), value: after })
            ) : before === after ? (
              t("dropped.same", { value: after })
            ) : (
              <>
                {t("dropped.default")}{" "}
                <span className="inline-flex items-center gap-1 font-mono text-sm">
                  {before}
                  <ArrowRight aria-hidden className="text-fg-3" />
                  {after}
                </span>
              </>
            )}
          </Note>
        ),
      )}
      {object.warnings.map((warning) => (
        <Note key={warning} icon={<TriangleAlert aria-hidden className="text-wait" />}>
          {warning}
        </Note>
      ))}
    </ul>
  );
}
