"use client";

import { ArrowRight, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { ChoiceCards } from "#components/ui/choice.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { ApplyChoices } from "./conflict-bar.tsx";
import type { Conflict, Wish } from "./conflict-model.ts";
import type { Choices } from "./use-choices.ts";

/** A field that somebody else owns, at the line where it stands: whose, since when, both values, and the three choices. */
export function ConflictNote({
  id,
  object,
  conflict,
  choices,
}: {
  id: string;
  /** `Kind name` */
  object: string;
  conflict: Conflict;
  choices: Choices;
}) {
  const t = useTranslations("plans.conflicts");
  const { autoscaler, manager, field, since } = conflict;
  const wish = choices.wish(object, conflict);
  const secret = object.startsWith("Secret ");
  const theirs = conflict.theirs ?? t("unknownValue");
  const ours = conflict.ours ?? t("unknownValue");
  const facts = { manager, theirs, ours, autoscaler: autoscaler ?? "" };
  const says = (word: Wish) => {
    if (autoscaler !== null) return t(`autoscaler.${word}`, facts);
    return t(secret ? `secret.${word}` : `${word}.hint`, facts);
  };
  const disabled = !choices.allowed || choices.pending;
  return (
    <div id={id} tabIndex={-1} className="flex scroll-mt-24 flex-col gap-2 outline-none">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className="inline-flex min-w-0 items-center gap-1.5 font-medium">
          <TriangleAlert aria-hidden className="text-wait" />
          <span className="min-w-0 break-words">
            {autoscaler === null ? t("ownedBy", { manager }) : t("autoscaled", { autoscaler })}
          </span>
        </span>
        {since !== null && (
          <span className="text-fg-2">{t.rich("since", { time: () => <TimeAgo at={since} /> })}</span>
        )}
        {!secret && (
          <span className="inline-flex min-w-0 flex-wrap items-center gap-1.5 font-mono text-sm">
            <span className="text-fg-3">{t("live")}</span>
            <span className="break-all">{theirs}</span>
            <ArrowRight aria-hidden className="text-fg-3" />
            <span className="text-fg-3">{t("planned")}</span>
            <span className="break-all">{ours}</span>
          </span>
        )}
        <span className="ml-auto min-w-0 font-mono text-sm break-all text-fg-2 max-sm:ml-0">{field}</span>
      </div>
      <ChoiceCards
        label={`${object} ${field}`}
        value={wish}
        onChange={(word) => choices.pick(object, conflict, word)}
        options={(["leave", "take_over", "abort"] as const).map((word) => ({
          value: word,
          label: t(`${word}.label`),
          hint: says(word),
          disabled: disabled || (word === "take_over" && autoscaler !== null),
        }))}
      />
      {choices.allowed && wish !== conflict.choice && (
        <div className="flex flex-wrap items-center gap-2 text-sm text-fg-2">
          <span className="min-w-0 flex-1">{t(wish === "abort" ? "abort.footer" : "footer")}</span>
          <ApplyChoices choices={choices} />
        </div>
      )}
    </div>
  );
}
