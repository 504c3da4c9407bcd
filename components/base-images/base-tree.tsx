"use client";

import { CornerDownRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { BaseImageDto } from "#lib/base-images/schema.ts";
import { treeOf } from "./tree.ts";

/** Components of a base that wait for a rebuild. */
export const behindOf = ({ components }: BaseImageDto) =>
  components.filter(({ standing }) => standing === "behind");

/** Every base with what is built on it below; one is looked at more closely. */
export function BaseTree({
  bases,
  chosen,
  onChoose,
}: {
  bases: BaseImageDto[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const t = useTranslations("baseImages");
  return (
    <Card>
      <CardHeader title={t("tree")} hint={bases.length} />
      <Table label={t("tree")}>
        <thead>
          <tr>
            <Th>{t("base")}</Th>
            <Th>{t("current")}</Th>
            <Th>{t("since")}</Th>
            <Th>{t("builtOn")}</Th>
            <Th num>{t("components")}</Th>
            <Th>{t("toRebuild")}</Th>
          </tr>
        </thead>
        <tbody>
          {treeOf(bases).map(({ base, depth }) => (
            <Tr key={base.key} selected={base.key === chosen}>
              <Td className="min-w-56">
                <span
                  className="flex items-start gap-1.5"
                  style={{ paddingInlineStart: `${Math.min(depth, 4) * 20}px` }}
                >
                  {depth > 0 && <CornerDownRight aria-hidden className="mt-0.5 flex-none text-fg-3" />}
                  <span className="min-w-0">
                    <button
                      type="button"
                      aria-pressed={base.key === chosen}
                      className="text-left font-medium hover:text-accent hover:underline"
                      onClick={() => onChoose(base.key)}
                    >
                      {base.name}
                    </button>
                    <span className="block font-mono text-sm break-all text-fg-3">
                      {base.repository}:{base.tag}
                    </span>
                  </span>
                </span>
              </Td>
              <Td className="whitespace-nowrap">
                {base.digest === null ? <span className="text-fg-3">–</span> : <Digest value={base.digest} />}
                {base.problem !== null && (
                  <StateBadge state="error" size="small" className="flex" text={t("notAsked")} />
                )}
              </Td>
              <Td className="whitespace-nowrap text-fg-2">
                <Since base={base} />
              </Td>
              <Td className="whitespace-nowrap">
                <BuiltOn base={base} bases={bases} />
              </Td>
              <Td num>{base.components.length + base.hidden}</Td>
              <Td className="whitespace-nowrap">
                {behindOf(base).length === 0 ? (
                  <span className="text-fg-3">–</span>
                ) : (
                  <StateBadge state="warning" text={t("behindCount", { count: behindOf(base).length })} />
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Since({ base }: { base: BaseImageDto }) {
  const current = base.versions.find(({ current: is }) => is);
  return current === undefined ? "–" : <ExactTime at={current.seenAt} style="day" />;
}

/** Which version of its parent a base stands on, and whether that has moved on. */
function BuiltOn({ base, bases }: { base: BaseImageDto; bases: BaseImageDto[] }) {
  const t = useTranslations("baseImages");
  if (base.parent === null) return <span className="text-fg-3">{t("public")}</span>;
  const parent = bases.find(({ key }) => key === base.parent)?.name ?? base.parent;
  if (base.builtOn === null) return <StateBadge state="unknown" text={t("parentUnknown", { parent })} />;
  return (
    <StateBadge
      state={base.builtOn.current ? "ok" : "warning"}
      text={t(base.builtOn.current ? "parentCurrent" : "parentBehind", { parent })}
    />
  );
}
