"use client";

import { ArrowDown, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { BlockerList, ProblemAlert } from "#components/ui/problem.tsx";
import type { Choices } from "./use-choices.ts";

/** How many fields of others wait for a word, the way to the next one, and the one button that applies what was picked. */
export function ConflictBar({ choices }: { choices: Choices }) {
  const t = useTranslations("plans.conflicts");
  const { groups, open, changed, allowed, aborts } = choices;
  if (groups.length === 0) return null;
  return (
    <section
      id="conflicts"
      aria-label={t("title")}
      className={cx(
        "scroll-mt-14 border-b border-line",
        // Amber asks for a person: not once everything is decided and applied.
        open + changed > 0 ? "bg-wait-soft shadow-[inset_3px_0_var(--wait-solid)]" : "bg-sunken",
      )}
    >
      <div className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-1.5 px-3.5 py-1.5">
        <TriangleAlert aria-hidden className={open > 0 ? "text-wait" : "text-fg-3"} />
        <span className="font-medium">{t("title")}</span>
        <span className="text-fg-2" role="status">
          {open > 0
            ? t("open", { count: open })
            : t(changed > 0 ? "picked" : "allDecided", { count: changed })}
        </span>
        <Button size="small" icon={<ArrowDown aria-hidden />} onClick={choices.next}>
          {t(open > 0 ? "next" : "look")}
          <span className="max-sm:hidden">
            <Kbd>n</Kbd>
          </span>
        </Button>
        {allowed && (
          <span className="ml-auto flex flex-wrap items-center gap-1.5">
            {groups.length > 1 && (
              <>
                <Button size="small" kind="quiet" onClick={() => choices.pickAll("leave")}>
                  {t("leave.all")}
                </Button>
                <Button size="small" kind="quiet" onClick={() => choices.pickAll("take_over")}>
                  {t("take_over.all")}
                </Button>
              </>
            )}
            <ApplyChoices choices={choices} />
          </span>
        )}
      </div>
      {changed > 0 && (
        <p className="px-3.5 pb-2 text-sm text-fg-2">{t(aborts ? "abort.footer" : "footer")}</p>
      )}
      {choices.problem !== null && <ProblemAlert problem={choices.problem} className="mx-3.5 mb-2.5" />}
      {!allowed && <BlockerList blockers={choices.blockers} className="px-3.5 pb-1.5" />}
    </section>
  );
}

/** Applies everything that was picked at once; who gives the plan up goes back instead. */
export function ApplyChoices({ choices }: { choices: Choices }) {
  const t = useTranslations("plans.conflicts");
  const { aborts, changed, open, pending } = choices;
  if (aborts)
    return (
      <Button size="small" href={`/releases/${choices.release}`}>
        {t("abort.leave")}
      </Button>
    );
  return (
    <Button
      size="small"
      kind={open === 0 && changed > 0 ? "primary" : "normal"}
      disabled={changed === 0}
      loading={pending}
      onClick={choices.apply}
    >
      {t("apply", { count: changed })}
    </Button>
  );
}
