"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { ChoiceCards } from "#components/ui/choice.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { ConflictGroup, Wish } from "./conflict-model.ts";
import { KindIcon } from "./object-marks.tsx";

const SHOWN = 4;

/** One field that somebody else owns: what it is, whose, both values, where; and the three things that can be done. */
export function ConflictRow({
  group,
  wish,
  onWish,
  disabled,
}: {
  group: ConflictGroup;
  wish: Wish | null;
  onWish: (wish: Wish) => void;
  disabled: boolean;
}) {
  const t = useTranslations("plans.conflicts");
  const { autoscaler, manager, field, object } = group;
  const [kind = "", ...name] = object.split(" ");
  const theirs = group.theirs ?? t("unknownValue");
  const ours = group.ours ?? t("unknownValue");
  const facts = { manager, theirs, ours, autoscaler: autoscaler ?? "" };
  const says = (word: Wish) =>
    autoscaler === null ? t(`${word}.hint`, facts) : t(`autoscaler.${word}`, facts);
  return (
    <li className="flex flex-col gap-2.5 border-b border-line px-3.5 py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <KindIcon kind={kind} />
        <span className="min-w-0 font-medium break-words">{name.join(" ")}</span>
        <span className="text-fg-3">{kind}</span>
        <span className="min-w-0 font-mono text-sm break-all">{field}</span>
        <span className="ml-auto flex min-w-0 flex-wrap items-center gap-1.5">
          {group.places.slice(0, SHOWN).map(({ cluster, namespace }) => (
            <Tag key={`${cluster}/${namespace}`}>
              {cluster} / {namespace}
            </Tag>
          ))}
          {group.places.length > SHOWN && (
            <span className="text-fg-3">{t("morePlaces", { count: group.places.length - SHOWN })}</span>
          )}
        </span>
      </div>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-fg-2">
        <span>{autoscaler === null ? t("ownedBy", { manager }) : t("autoscaled", { autoscaler })}</span>
        <span className="inline-flex min-w-0 flex-wrap items-center gap-1.5 font-mono text-sm">
          <span className="text-fg-3">{t("live")}</span>
          <span className="break-all">{theirs}</span>
          <ArrowRight aria-hidden className="text-fg-3" />
          <span className="text-fg-3">{t("planned")}</span>
          <span className="break-all">{ours}</span>
        </span>
      </p>
      <ChoiceCards
        label={`${object} ${field}`}
        value={wish}
        onChange={onWish}
        options={(["leave", "take_over", "abort"] as const).map((word) => ({
          value: word,
          label: t(`${word}.label`),
          hint: says(word),
          disabled: disabled || (word === "take_over" && autoscaler !== null),
        }))}
      />
    </li>
  );
}
