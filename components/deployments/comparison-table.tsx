"use client";

import { Equal, EqualNot, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { shortDigest } from "#components/ui/text.ts";
import type { Comparison } from "./progress-model.ts";

type Part = Comparison["parts"][number];
const FIRST = 4;
/** What the comparison writes where no pod has got as far as a node. */
const NO_NODE = "no pod is on a node";

const LOOKS = {
  differs: { icon: EqualNot, color: "text-wait", rank: 0 },
  unread: { icon: EyeOff, color: "text-fg-3", rank: 1 },
  same: { icon: Equal, color: "text-fg-3", rank: 2 },
} as const;
const lookOf = ({ same }: Part) => (same === null ? "unread" : same ? "same" : "differs");

const ROW = "grid gap-x-4 gap-y-1 px-3.5 sm:grid-cols-[104px_minmax(0,1fr)_minmax(0,1fr)]";

/**
 * A failed target beside a healthy one, part by part; what differs stands first. On a phone the sides stand one below
 * the other.
 */
export function ComparisonTable({
  comparison,
  place,
  other,
}: {
  comparison: Comparison;
  place: string;
  other: string;
}) {
  const t = useTranslations("deployments.comparison");
  const sides = [t("failed", { place }), t("healthy", { other })];
  const parts = comparison.parts.toSorted((a, b) => LOOKS[lookOf(a)].rank - LOOKS[lookOf(b)].rank);
  return (
    <section aria-label={t("title", { place, other })} className="text-sm">
      <div aria-hidden className={cx(ROW, "py-2 text-fg-3 max-sm:hidden")}>
        <span>{t("what")}</span>
        {sides.map((side) => (
          <span key={side} className="[overflow-wrap:anywhere]">
            {side}
          </span>
        ))}
      </div>
      <ul>
        {parts.map((part) => (
          <li key={part.part} className={cx(ROW, "border-t border-line py-1.5 max-sm:first:border-t-0")}>
            <span className="flex flex-wrap items-center gap-x-3 font-medium text-fg-2 sm:block">
              {t(`part.${part.part}`)}
              {!part.same && <Sign part={part} />}
            </span>
            {part.same ? (
              <span className="flex gap-3 sm:col-span-2">
                <Sign part={part} />
                <span className="min-w-0">
                  {part.here.length > 1 ? (
                    <span className="text-fg-3">{t("lines", { count: part.here.length })}</span>
                  ) : (
                    <Lines lines={part.here} none={t("none")} />
                  )}
                </span>
              </span>
            ) : (
              [part.here, part.there].map((lines, index) => (
                <span key={sides[index]} className="min-w-0">
                  <span className="block text-fg-3 sm:sr-only">{sides[index]}</span>
                  <Lines lines={lines} none={t(part.same === null ? "notRead" : "none")} />
                </span>
              ))
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sign({ part }: { part: Part }) {
  const t = useTranslations("deployments.comparison.sign");
  const look = lookOf(part);
  const { icon: Icon, color } = LOOKS[look];
  return (
    <span className={cx("flex items-center gap-1 font-normal whitespace-nowrap", color)}>
      <Icon aria-hidden />
      {t(look)}
    </span>
  );
}

/** What one side has, or both; a long list shows its beginning. */
function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  const t = useTranslations("deployments.comparison");
  if (lines.length === 0) return <span className="text-fg-3">{none}</span>;
  const line = (text: string) => (
    <span key={text} className="block font-mono [overflow-wrap:anywhere]">
      {text === NO_NODE ? t("noNode") : text.replace(/sha256:[0-9a-f]{64}/, shortDigest)}
    </span>
  );
  const rest = lines.slice(FIRST);
  return (
    <>
      {lines.slice(0, FIRST).map(line)}
      {rest.length > 0 && (
        <details>
          <summary className="cursor-pointer text-accent">{t("more", { count: rest.length })}</summary>
          {rest.map(line)}
        </details>
      )}
    </>
  );
}
