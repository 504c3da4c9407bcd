"use client";

import { ArrowDown, Copy, Link2, Pause, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "../button.tsx";
import { copyText } from "../copy-text.ts";
import { IconButton } from "../icon-button.tsx";
import { useToast } from "../toaster.tsx";
import type { LineRange } from "./line-range.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { copyOf } from "./log-copy.ts";

/** What can be done with the lines that are marked: their text or their address to the clipboard. */
export function PickedLines({
  lines,
  log,
  address,
  onDrop,
}: {
  lines: LineRange;
  log: LogBuffer;
  /** Opens the log at these lines; none where a log has no address. */
  address: string | null;
  onDrop: () => void;
}) {
  const t = useTranslations("common.log");
  const toast = useToast();
  const { from, to } = lines;
  const count = to - from + 1;
  const first = copyOf(log, { from, to: from }) ?? "";
  const copyLines = () => {
    const text = copyOf(log, lines);
    if (text === null) toast.failed(t("tooLong"));
    else void copy(text);
  };
  const copy = (what: string) => copyText(what).then(() => toast.done(t("copied")));
  return (
    <div className="log-foot">
      <span className="font-medium whitespace-nowrap">
        {count === 1 ? t("line", { number: from }) : t("lines", { from, to })}
      </span>
      <code className="min-w-0 flex-1 truncate text-sm text-fg-3 max-sm:hidden">{first}</code>
      <span className="ml-auto flex items-center gap-1">
        <Button size="small" kind="quiet" icon={<Copy aria-hidden />} onClick={copyLines}>
          {count === 1 ? t("copyLine") : t("copyLines", { count })}
        </Button>
        {address !== null && (
          <Button size="small" kind="quiet" icon={<Link2 aria-hidden />} onClick={() => void copy(address)}>
            {t("copyLink")}
          </Button>
        )}
        <IconButton size="small" label={t("unpick")} icon={<X aria-hidden />} onClick={onDrop} />
      </span>
    </div>
  );
}

/** Says that the end is not followed, and how much came since. */
export function NotFollowing({
  held,
  count,
  onFollow,
}: {
  held: boolean;
  count: number;
  onFollow: () => void;
}) {
  const t = useTranslations("common.log");
  return (
    <div className="log-foot">
      <Pause aria-hidden className="text-fg-3" />
      <span>{t(held ? "held" : "paused")}</span>
      <Button
        kind="primary"
        size="small"
        className="ml-auto"
        icon={<ArrowDown aria-hidden />}
        onClick={onFollow}
      >
        {t("newLines", { count })}
      </Button>
    </div>
  );
}
