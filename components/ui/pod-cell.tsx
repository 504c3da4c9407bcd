import { Check, LoaderCircle, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cx } from "./cx.ts";

export const POD_LOOKS = ["ready", "starting", "failing", "none", "old", "ending", "gone"] as const;
export type PodLook = (typeof POD_LOOKS)[number];

const SIGNS: Record<PodLook, ReactNode> = {
  ready: <Check aria-hidden />,
  starting: <LoaderCircle aria-hidden className="spin" />,
  failing: <X aria-hidden />,
  none: null,
  old: null,
  ending: null,
  gone: null,
};

/** One pod as a small cell: colour, outline and sign all differ. With `onClick` it opens, `selected` marks the open one. */
export function PodCell({
  look,
  name,
  selected = false,
  onClick,
  ...rest
}: Omit<ComponentPropsWithRef<"button">, "type" | "name"> & {
  look: PodLook;
  name: string;
  selected?: boolean;
}) {
  const t = useTranslations("common.pods");
  const label = `${name}: ${t(look)}`;
  const cell = <span className={cx("pod", `pod-${look}`)}>{SIGNS[look]}</span>;
  if (onClick === undefined) {
    return (
      <span className="pod-frame" role="img" aria-label={label} title={label}>
        {cell}
      </span>
    );
  }
  return (
    <button
      {...rest}
      type="button"
      className="pod-frame"
      aria-label={label}
      title={label}
      aria-pressed={selected}
      onClick={onClick}
    >
      {cell}
    </button>
  );
}

/** What the cells mean, for the head of a page that shows them. */
export function PodLegend({
  looks = ["ready", "starting", "failing", "none", "old", "ending"],
}: {
  looks?: PodLook[];
}) {
  const t = useTranslations("common.pods");
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-1 text-sm text-fg-2">
      {looks.map((look) => (
        <li key={look} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={cx("pod", `pod-${look}`)}>
            {SIGNS[look]}
          </span>
          {t(look)}
        </li>
      ))}
    </ul>
  );
}
