"use client";

import { useTranslations } from "next-intl";
import { Copyable } from "#components/ui/copyable.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Finding as ClusterFinding } from "#lib/clusters/schema.ts";

/** `ok` null: it cannot be known from here. */
export type Finding = Omit<ClusterFinding, "ok"> & { ok: boolean | null };

const ICON_OF = { true: "ok", false: "error", null: "unknown" } as const;

/** An account without any rights lacks a hundred: the YAML has them all. */
const SHOWN = 12;

const RIGHTS = ["RIGHTS", "NAMESPACE_RIGHTS"];

/** Which rights an account lacks, and where. */
function Rights({ finding: { namespace, missing = [] } }: { finding: Finding }) {
  const t = useTranslations("settings");
  return (
    <>
      {namespace !== undefined && <span className="mr-2 font-mono">{namespace}</span>}
      <span className="text-fg-2">
        {missing.length === 0 ? t("cluster.complete") : t("cluster.missing", { count: missing.length })}
      </span>
      <span className={missing.length === 0 ? "hidden" : "mt-1 flex flex-wrap gap-1"}>
        {missing.slice(0, SHOWN).map((right) => (
          <Tag key={right} mono>
            {right}
          </Tag>
        ))}
        {missing.length > SHOWN && <Tag>+{missing.length - SHOWN}</Tag>}
      </span>
    </>
  );
}

/** What "check now" looked at, the failures with what to do about each. */
export function Findings({ findings }: { findings: Finding[] }) {
  const t = useTranslations("settings");
  return (
    <ul className="flex flex-col gap-1.5">
      {findings.map((finding) => {
        const fix = `fix.${finding.code}`;
        const key = `finding.${finding.code}`;
        return (
          <li
            key={`${finding.code} ${finding.message}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] items-start gap-x-2"
          >
            <span className="mt-0.5">
              <StateIcon state={ICON_OF[`${finding.ok}`]} />
            </span>
            <span>
              {t.has(key) && <span className="mr-2">{t(key)}</span>}
              {RIGHTS.includes(finding.code) ? (
                <Rights finding={finding} />
              ) : (
                <span className="break-words text-fg-2">{finding.message}</span>
              )}
              {finding.ok === false && (
                <span className="block text-fg">
                  {t("toFix")} {t.has(fix) ? t(fix) : finding.fix}
                </span>
              )}
              {finding.manifest !== undefined && (
                <Copyable
                  text={finding.manifest}
                  label={t("cluster.copyManifest")}
                  shown={t("cluster.copyManifest")}
                  mono={false}
                />
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
