"use client";

import { OctagonAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { wayOut } from "./blocker-way.ts";
import { useCodeText } from "./code-text.ts";
import { Copyable } from "./copyable.tsx";
import { cx } from "./cx.ts";
import { SignInAgain } from "./sign-in-again.tsx";

export type BlockerView = {
  code: string;
  message: string;
  facts?: Record<string, string | number>;
  liftedBy?: string[];
};
/** Problem details (RFC 9457) as the API answers them; only `code` must be there. */
export type ProblemView = {
  code: string;
  status?: number;
  detail?: string;
  requestId?: string;
  blockers?: BlockerView[];
  facts?: Record<string, unknown>;
};

function simpleFacts(facts: Record<string, unknown> | undefined): Record<string, string | number> {
  const simple: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(facts ?? {})) {
    if (typeof value === "string" || typeof value === "number") simple[name] = value;
  }
  return simple;
}

/** What exactly was not as it must be: fields with what is wrong with them, else the one thing that was said. */
function wrongOf({ code, facts, detail }: ProblemView): string[] {
  if (code !== "INVALID_INPUT") return [];
  const issues = Array.isArray(facts?.issues) ? facts.issues : [];
  const told = issues.flatMap((issue: { path?: unknown; message?: unknown }) =>
    typeof issue.message === "string" ? [[issue.path, issue.message].filter(Boolean).join(": ")] : [],
  );
  return told.length > 0 ? told : [detail ?? []].flat();
}

/** Whether the session has ended, so that signing in again is what helps. */
export const isSignedOut = ({ code }: ProblemView): boolean => code === "UNAUTHENTICATED";

/** Title and explanation of a problem in the reader's language; a code without a text falls back to the server's. */
export function useProblemText() {
  const t = useTranslations("errors");
  return useMemo(
    () => ({
      titleOf: ({ code, facts }: ProblemView) =>
        t.has(`${code}.title`) ? t(`${code}.title`, simpleFacts(facts)) : t("fallback", { code }),
      textOf: ({ code, facts, detail }: ProblemView) =>
        t.has(`${code}.text`) ? t(`${code}.text`, simpleFacts(facts)) : detail,
    }),
    [t],
  );
}

/** Namespaces whose `blockers` group holds texts of their noun's codes; those of all nouns are in `blockers`. */
const NOUNS = [
  "plans",
  "approvals",
  "deployments",
  "live",
  "templates",
  "releases",
  "builds",
  "environments",
  "flow",
  "policies",
];

/** The text of a blocker by its code and facts; the server's message where a translation or a fact is missing. */
export function useBlockerText() {
  const codeText = useCodeText();
  const roles = useTranslations("roles");
  return useMemo(
    () => ({
      textOf: (blocker: BlockerView): string =>
        codeText(
          [`blockers.${blocker.code}`, ...NOUNS.map((noun) => `${noun}.blockers.${blocker.code}`)],
          blocker,
        ),
      liftedBy: (who: string[]) => who.map((name) => (roles.has(name) ? roles(name) : name)),
    }),
    [codeText, roles],
  );
}

/** Every reason for a refusal at once, each with who can lift it. */
export function BlockerList({ blockers, className }: { blockers: BlockerView[]; className?: string }) {
  const t = useTranslations("common");
  const { textOf, liftedBy } = useBlockerText();
  return (
    <ul className={cx("flex flex-col", className)}>
      {blockers.map((blocker) => {
        const text = textOf(blocker);
        const people = liftedBy((blocker.liftedBy ?? []).filter((name) => name !== "system"));
        const alone = blocker.liftedBy?.includes("system") === true;
        const way = wayOut(blocker);
        return (
          <li
            key={`${blocker.code} ${text}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 border-t border-line py-2 first:border-0"
          >
            <OctagonAlert aria-hidden className="mt-0.5 text-bad" />
            <span className="min-w-0 break-words text-fg">
              {text}
              {way !== null && (
                <>
                  {" "}
                  <Link href={way.href} className="whitespace-nowrap text-accent hover:underline">
                    {t(`way.${way.kind}`)}
                  </Link>
                </>
              )}
            </span>
            {(people.length > 0 || alone) && (
              <span className="col-start-2 text-fg-3 first-letter:uppercase">
                {[
                  alone ? t("liftsItself") : "",
                  people.length > 0 ? t("liftedBy", { who: people.join(t("listComma")) }) : "",
                ]
                  .filter(Boolean)
                  .join(t("clause"))}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What happened, what was kept, what to do now; the blockers with who can lift each; the request id to pass on. */
export function ProblemAlert({ problem, className }: { problem: ProblemView; className?: string }) {
  const t = useTranslations("common");
  const { titleOf, textOf } = useProblemText();
  const text = textOf(problem);
  return (
    <div
      role="alert"
      className={cx("rounded-md border border-bad-solid/40 bg-bad-soft px-3.5 py-2.5", className)}
    >
      <div className="flex items-start gap-2">
        <OctagonAlert aria-hidden className="mt-0.5 text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-semibold text-bad">{titleOf(problem)}</p>
          {text !== undefined && <p className="break-words text-fg-2">{text}</p>}
          {isSignedOut(problem) && <SignInAgain />}
          {wrongOf(problem).map((line) => (
            <p key={line} className="font-mono text-sm break-words text-fg-2">
              {line}
            </p>
          ))}
        </div>
      </div>
      {problem.blockers !== undefined && problem.blockers.length > 0 && (
        <BlockerList blockers={problem.blockers} className="mt-2 rounded-md bg-surface px-3" />
      )}
      {problem.requestId !== undefined && (
        <p className="mt-2 flex items-center gap-1.5 text-sm text-fg-2">
          {t("requestId")}
          <Copyable text={problem.requestId} label={t("requestId")} />
        </p>
      )}
    </div>
  );
}
