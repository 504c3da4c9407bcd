"use client";

import { ChevronDown, ChevronUp, ListFilter, Regex, Search } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Ref } from "react";
import { Input } from "../field.tsx";
import { IconButton } from "../icon-button.tsx";
import { LogToggle } from "./log-toggle.tsx";
import type { LogFind } from "./use-log-find.ts";

/** What to look for, as text or as an expression; only the lines that match, or all with the matches marked. */
export function LogSearchBar({
  find,
  input,
  onStep,
}: {
  find: LogFind;
  input: Ref<HTMLInputElement>;
  onStep: (by: 1 | -1) => void;
}) {
  const t = useTranslations("common.log");
  const name = t(find.only ? "filter" : "search");
  return (
    <>
      <span className="flex min-w-36 max-w-72 flex-1 items-center gap-1">
        <Input
          ref={input}
          small
          mono
          icon={<Search aria-hidden />}
          aria-label={name}
          placeholder={name}
          aria-invalid={find.invalid}
          value={find.text}
          onChange={(event) => find.setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) onStep(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </span>
      <span className="flex items-center">
        <LogToggle
          icon={<Regex aria-hidden />}
          label={t("regex")}
          iconOnly
          pressed={find.regex}
          onClick={() => find.setRegex(!find.regex)}
        />
        <LogToggle
          icon={<ListFilter aria-hidden />}
          label={t("only")}
          iconOnly
          pressed={find.only}
          onClick={() => find.setOnly(!find.only)}
        />
      </span>
      {find.text !== "" && !find.invalid && (
        <span className="flex items-center text-sm text-fg-3 tabular-nums">
          <span aria-hidden="true">{t("count", { current: find.at, count: find.count })}</span>
          <IconButton
            size="small"
            label={t("previous")}
            icon={<ChevronUp aria-hidden />}
            disabled={find.count === 0}
            onClick={() => onStep(-1)}
          />
          <IconButton
            size="small"
            label={t("next")}
            icon={<ChevronDown aria-hidden />}
            disabled={find.count === 0}
            onClick={() => onStep(1)}
          />
        </span>
      )}
    </>
  );
}

/** What the search has to say, in words. */
export function LogSearchState({ find, of }: { find: LogFind; of: number }) {
  const t = useTranslations("common.log");
  if (find.text === "") return null;
  const state = find.filter?.state;
  return (
    <p role="status" className="border-b border-line px-3.5 py-1 text-sm text-fg-2">
      {find.invalid
        ? t("invalid")
        : state === "slow"
          ? t("slow")
          : t(state === "done" ? "matches" : "matching", { count: find.count, of })}
    </p>
  );
}
