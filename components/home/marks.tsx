"use client";

import { ArrowUp, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { lookOf, type StateName } from "#components/ui/states.ts";
import type { CellDto } from "#lib/home/schema.ts";
import { shortNumber } from "./release-number.ts";

type MarkDto = CellDto["marks"][number];
const STATES: Record<Exclude<MarkDto["kind"], "behind">, StateName> = {
  deploying: "deploying",
  testing: "held",
  failed: "failed",
  queued: "in_queue",
};

/** A mark of a cell: icon, word, the whole meaning on hover. Silence means healthy. It may stand for several of its kind. */
export function CellMark({ mark, of = 1 }: { mark: MarkDto; of?: number }) {
  const t = useTranslations("home");
  const look: { kind: string; icon: LucideIcon; spins?: true } =
    mark.kind === "behind" ? { kind: "idle", icon: ArrowUp } : lookOf(STATES[mark.kind]);
  const { icon: Icon } = look;
  const facts = {
    release: shortNumber(mark.release),
    person: mark.person?.displayName ?? "",
    count: mark.count,
  };
  const word =
    mark.kind === "testing" && mark.person !== null ? mark.person.displayName : t(`mark.${mark.kind}`, facts);
  return (
    <span
      className={cx("state state-small", `k-${look.kind}`)}
      title={t(
        `markTitle.${mark.kind === "testing" && mark.person === null ? "testing_free" : mark.kind}`,
        facts,
      )}
    >
      <Icon aria-hidden className={cx(look.spins && "spin")} />
      <span>{word}</span>
      {of > 1 && <span>{of}</span>}
    </span>
  );
}
