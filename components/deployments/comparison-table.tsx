"use client";

import { Equal, EqualNot, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Table, Th } from "#components/ui/table.tsx";
import { shortDigest } from "#components/ui/text.ts";
import type { Comparison } from "#lib/deployments/content.ts";

type Part = Comparison["parts"][number];
const FIRST = 4;
/** What the comparison writes where no pod has got as far as a node. */
const NO_NODE = "no pod is on a node";

const SIGNS: Readonly<Record<"same" | "differs" | "unread", ReactNode>> = {
  same: <Equal aria-hidden />,
  differs: <EqualNot aria-hidden />,
  unread: <EyeOff aria-hidden />,
};
const lookOf = ({ same }: Part) => (same === null ? "unread" : same ? "same" : "differs");

/** A failed target beside a healthy one, part by part; what differs stands first. */
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
  const rank = { differs: 0, unread: 1, same: 2 };
  const parts = comparison.parts.toSorted((a, b) => rank[lookOf(a)] - rank[lookOf(b)]);
  return (
    <Table
      label={t("title", { place, other })}
      className="min-w-[520px] text-sm [&_tbody_th]:align-top [&_td]:align-top"
    >
      <thead>
        <tr>
          <Th className="w-28">{t("what")}</Th>
          <Th>{t("failed", { place })}</Th>
          <Th>{t("healthy", { other })}</Th>
          <Th className="w-20">{t("result")}</Th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => {
          const look = lookOf(part);
          const lines = look === "same" ? [part.here] : [part.here, part.there];
          return (
            <tr key={part.part}>
              <th scope="row" className={look === "differs" ? "text-wait" : undefined}>
                {t(`part.${part.part}`)}
              </th>
              {lines.map((side, index) => (
                <td key={index === 0 ? "here" : "there"} colSpan={look === "same" ? 2 : 1}>
                  <Side lines={side} unread={look === "unread"} short={look === "same"} />
                </td>
              ))}
              <td>
                <span
                  className={`inline-flex items-center gap-1.5 whitespace-nowrap ${look === "differs" ? "text-wait" : "text-fg-3"}`}
                >
                  {SIGNS[look]}
                  {t(`sign.${look}`)}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

/** What one side has. `short`: both have it, so more than a line is only counted. */
function Side({ lines, unread, short }: { lines: readonly string[]; unread: boolean; short: boolean }) {
  const t = useTranslations("deployments.comparison");
  if (lines.length === 0) return <span className="text-fg-3">{t(unread ? "notRead" : "none")}</span>;
  if (short && lines.length > 1)
    return <span className="text-fg-3">{t("lines", { count: lines.length })}</span>;
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
