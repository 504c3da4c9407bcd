"use client";

import { useTranslations } from "next-intl";
import { MarkedCode } from "#components/ui/marked-code.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";
import type { PlanObject } from "./review-model.ts";
import { SourceTag } from "./source-tag.tsx";

/** An object's changes field by field: name, value before and after, where it comes from. */
export function FieldTable({
  fields,
  origins,
  query,
}: {
  fields: PlanObject["fields"];
  origins: PlanDto["origins"];
  query: string;
}) {
  const t = useTranslations("plans.fields");
  return (
    <div className="table-scroll">
      <table className="w-full min-w-[560px] table-fixed text-sm">
        <thead>
          <tr className="border-b border-line text-left text-fg-3">
            <th className="w-[40%] px-3.5 py-1.5 font-normal">{t("field")}</th>
            <th className="px-2 py-1.5 font-normal">{t("before")}</th>
            <th className="px-2 py-1.5 font-normal">{t("after")}</th>
            <th className="w-32 px-2 py-1.5 font-normal">{t("origin")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, before, after, origin }) => {
            const from = origin === null ? undefined : origins[origin];
            return (
              <tr key={field} className="border-b border-line align-top last:border-0">
                <td className="px-3.5 py-1.5 font-mono break-all">
                  <MarkedCode text={field.replace(/^\./, "")} query={query} />
                </td>
                <td className="px-2 py-1.5 font-mono break-all text-bad">
                  {before === null ? (
                    <span className="text-fg-3">–</span>
                  ) : (
                    <MarkedCode text={before} query={query} />
                  )}
                </td>
                <td className="px-2 py-1.5 font-mono break-all text-good">
                  {after === null ? (
                    <span className="text-fg-3">–</span>
                  ) : (
                    <MarkedCode text={after} query={query} />
                  )}
                </td>
                <td className="px-2 py-1.5 text-fg-2">{from !== undefined && <SourceTag origin={from} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
