"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCodeText } from "#components/ui/code-text.ts";
import { Copyable } from "#components/ui/copyable.tsx";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { Finding as ClusterFinding } from "#lib/clusters/schema.ts";
import { Rights } from "./rights.tsx";

/** `ok` null: it cannot be known from here. `facts` fill the text of its code. */
export type Finding = Omit<ClusterFinding, "ok"> & { ok: boolean | null; facts?: Record<string, unknown> };

const ICON_OF = { true: "ok", false: "error", null: "unknown" } as const;
const SHADE_OF = { true: "ok", false: "no", null: "unknown" } as const;

const RIGHTS = ["RIGHTS", "NAMESPACE_RIGHTS"];

/**
 * What "check now" looked at, the failures with what to do about each. Texts are looked up by code in `texts` (as
 * `finding.<code>.ok|no|unknown` and `fix.<code>`); where there is none, what the server said is shown.
 */
export function Findings({
  findings,
  texts,
  help,
}: {
  findings: readonly Finding[];
  texts?: string;
  /** What helps with a failure beside the words. */
  help?: (finding: Finding) => ReactNode;
}) {
  const t = useTranslations("settings");
  const textOf = useCodeText();
  const said = (finding: Finding) => {
    const key = `${texts}.finding.${finding.code}.${SHADE_OF[`${finding.ok}`]}`;
    return textOf(texts === undefined ? [] : [key, `${key}_untimed`], finding);
  };
  const fix = ({ code, facts, fix: message = "" }: Finding) =>
    textOf([...(texts === undefined ? [] : [`${texts}.fix.${code}`]), `settings.fix.${code}`], {
      code,
      message,
      facts,
    });
  return (
    <ul className="flex flex-col gap-1.5">
      {findings.map((finding) => {
        const label = `finding.${finding.code}`;
        return (
          <li
            key={`${finding.code} ${finding.message}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] items-start gap-x-2"
          >
            <span className="mt-0.5">
              <StateIcon state={ICON_OF[`${finding.ok}`]} />
            </span>
            <div className="min-w-0">
              {t.has(label) && <span className="mr-2">{t(label)}</span>}
              {RIGHTS.includes(finding.code) ? (
                <Rights finding={finding} />
              ) : (
                <span className="break-words text-fg-2">{said(finding)}</span>
              )}
              {finding.ok === false && (
                <span className="block text-fg">
                  {t("toFix")} {fix(finding)}
                </span>
              )}
              {finding.ok === false && help?.(finding)}
              {finding.manifest !== undefined && (
                <Copyable
                  text={finding.manifest}
                  label={t("cluster.copyManifest")}
                  shown={t("cluster.copyManifest")}
                  mono={false}
                />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
