"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCodeText } from "#components/ui/code-text.ts";
import { Copyable } from "#components/ui/copyable.tsx";
import { cx } from "#components/ui/cx.ts";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { Finding as ClusterFinding } from "#lib/clusters/schema.ts";
import { Rights } from "./rights.tsx";

/** `ok` null: it cannot be known from here. `facts` fill the text of its code. */
export type Finding = Omit<ClusterFinding, "ok"> & { ok: boolean | null; facts?: Record<string, unknown> };

const ICON_OF = { true: "ok", false: "error", null: "unknown" } as const;
const SHADE_OF = { true: "ok", false: "no", null: "unknown" } as const;

/** What is well is short, and there is much of it. */
const WELL = "grid gap-x-6 gap-y-1.5 md:grid-cols-2 2xl:grid-cols-3";

const RIGHTS = ["RIGHTS", "NAMESPACE_RIGHTS"];

type Texts = {
  /** Namespace with the findings' texts, as `finding.<code>.ok|no|unknown` and `fix.<code>`. */
  texts: string | undefined;
  /** What helps with a failure beside the words. */
  help: ((finding: Finding) => ReactNode) | undefined;
};

/**
 * What "check now" looked at: the failures first, with what to do about each. Texts are looked up by code; where there
 * is none, what the server said is shown.
 */
export function Findings({ findings, texts, help }: Partial<Texts> & { findings: readonly Finding[] }) {
  const failures = findings.filter(({ ok }) => ok === false);
  const others = findings.filter(({ ok }) => ok !== false);
  const row = (finding: Finding) => (
    <Row key={`${finding.code} ${finding.message}`} finding={finding} texts={texts} help={help} />
  );
  return (
    <div className="flex flex-col gap-3">
      {failures.length > 0 && <ul className="flex flex-col gap-3">{failures.map(row)}</ul>}
      {others.length > 0 && <ul className={WELL}>{others.map(row)}</ul>}
    </div>
  );
}

function Row({ finding, texts, help }: Texts & { finding: Finding }) {
  const t = useTranslations("settings");
  const textOf = useCodeText();
  const { code, ok, facts, manifest } = finding;
  const label = `finding.${code}`;
  const key = `${texts}.finding.${code}.${SHADE_OF[`${ok}`]}`;
  const said = textOf(texts === undefined ? [] : [key, `${key}_untimed`], finding);
  const fixes = [...(texts === undefined ? [] : [`${texts}.fix.${code}`]), `settings.fix.${code}`];
  return (
    <li className="grid grid-cols-[15px_minmax(0,1fr)] items-start gap-x-2">
      <span className="mt-0.5">
        <StateIcon state={ICON_OF[`${ok}`]} />
      </span>
      <div className="min-w-0">
        {t.has(label) && <span className="mr-2">{t(label)}</span>}
        {RIGHTS.includes(code) ? (
          <Rights finding={finding} />
        ) : (
          <span className={cx("break-words", ok !== false && t.has(label) && "text-fg-2")}>{said}</span>
        )}
        {ok === false && (
          <>
            <span className="block text-fg-2">
              {t("toFix", { fix: textOf(fixes, { code, message: finding.fix ?? "", facts }) })}
            </span>
            {help?.(finding)}
          </>
        )}
        {manifest !== undefined && (
          <Copyable
            text={manifest}
            label={t("cluster.copyManifest")}
            shown={t("cluster.copyManifest")}
            mono={false}
          />
        )}
      </div>
    </li>
  );
}
