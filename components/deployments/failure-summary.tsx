"use client";

import { ArrowDown, OctagonAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Card } from "#components/ui/card.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import { cx } from "#components/ui/cx.ts";
import { Select } from "#components/ui/select.tsx";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { ComparisonTable } from "./comparison-table.tsx";
import { type LikelyCause, likelyCause } from "./likely-cause.ts";
import { placeNames } from "./place-names.ts";

/** The cause in one sentence, with where it probably lies. */
function useSentence(): (likely: LikelyCause) => string {
  const t = useTranslations("deployments.likely");
  const format = useFormatter();
  const codeText = useCodeText();
  return (likely) => {
    const { kind, code, component, place, other, count, parts, complete, sameImage, target } = likely;
    if (kind === "told")
      return codeText([`deployments.causes.${code}`], target.cause ?? { code, message: code });
    return t(kind, {
      what: t(`what.${code}`),
      component,
      place,
      other,
      count,
      parts: format.list(parts.map((part) => t(`part.${part}`))),
      read: complete ? "all" : "some",
      image: sameImage ? "same" : "other",
    });
  };
}

/** What probably went wrong, at the head of a deployment of which a target failed; the comparison stands beside it. */
export function FailureSummary({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments.likely");
  const codeText = useCodeText();
  const sentence = useSentence();
  const [picked, setPicked] = useState<string | null>(null);
  const { targets } = deployment;
  const nameOf = placeNames(targets);
  const failed = targets.filter(({ state, cause }) => state === "failed" && cause !== null);
  const chosen = failed.find(({ id }) => id === picked);
  const likely = likelyCause(targets, chosen);
  if (likely === null) return null;
  const { target, place, kind } = likely;
  const { comparison, cause } = target;
  return (
    <Card className="border-bad/40">
      <div className={cx("grid", comparison !== null && "lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]")}>
        <div className="flex flex-col items-start gap-2.5 bg-linear-to-b from-bad-soft to-transparent p-3.5">
          <p
            role="alert"
            className="grid grid-cols-[18px_minmax(0,1fr)] gap-2 text-lg leading-snug font-semibold"
          >
            <OctagonAlert aria-hidden className="mt-0.5 size-[18px] text-bad" />
            <span className="[overflow-wrap:anywhere]">{sentence(likely)}</span>
          </p>
          {kind !== "told" && cause !== null && (
            <p className="pl-[26px] text-fg-2 [overflow-wrap:anywhere]">
              {codeText([`deployments.causes.${cause.code}`], cause)}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pl-[26px]">
            {failed.length > 1 && (
              <Select
                small
                label={t("target")}
                prefix={t("target")}
                value={target.id}
                onChange={setPicked}
                options={failed.map((one) => ({ value: one.id, label: nameOf(one) }))}
              />
            )}
            <a
              href={`#${target.id}`}
              className="inline-flex items-center gap-1.5 text-accent hover:underline"
            >
              <ArrowDown aria-hidden />
              {t("toLane", { place })}
            </a>
          </div>
        </div>
        {comparison !== null && (
          <div className="min-w-0 border-line max-lg:border-t lg:border-l">
            <ComparisonTable comparison={comparison} place={place} other={nameOf(comparison.with)} />
          </div>
        )}
      </div>
    </Card>
  );
}
