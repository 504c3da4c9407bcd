import { useTranslations } from "next-intl";
import { problemOf } from "#lib/http/problem-of.ts";

const KNOWN = ["unreachable", "unauthorized", "forbidden", "missing", "throttled"] as const;

/** Why the branches, tags or commits of a repository cannot be listed, and another try. */
export function RefFailure({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  const t = useTranslations("releases.form");
  const failure = problemOf(error)?.facts?.failure;
  const known = KNOWN.find((name) => name === failure);
  return (
    <p role="alert" className="flex flex-wrap items-baseline gap-x-2 px-2.5 py-2 text-bad">
      {t("unreadable")}
      {known !== undefined && <span className="text-fg-2">{t(`unreadableWhy.${known}`)}</span>}
      <button type="button" onClick={onRetry} className="text-accent hover:underline">
        {t("unreadableRetry")}
      </button>
    </p>
  );
}
