"use client";

import { useTranslations } from "next-intl";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { formatBytes } from "#components/releases/bytes.ts";
import { Button } from "#components/ui/button.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import { Meter } from "#components/ui/meter.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import type { StateName } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime, TimeAgo } from "#components/ui/time.tsx";
import type { ImageCopyDto } from "#lib/image-copies/schema.ts";

const LOOK: Readonly<Record<ImageCopyDto["state"], StateName>> = {
  queued: "queued",
  copying: "running",
  copied: "ok",
  failed: "failed",
};

/** It was copied, and is not there any more. */
export const isLost = ({ state, goneSince }: ImageCopyDto): boolean =>
  state === "copied" && goneSince !== null;

/** How far an image is, from where to where, who asked, and what went wrong. */
export function ImageCopyRow({
  copy,
  retrying,
  onRetry,
}: {
  copy: ImageCopyDto;
  retrying: boolean;
  onRetry: () => void;
}) {
  const t = useTranslations("policies.copies");
  const textOf = useCodeText();
  const { state, cause, askedBy, sentBytes, totalBytes, attempts } = copy;
  const time = () => <TimeAgo at={copy.createdAt} />;
  const lost = isLost(copy);
  const paused = state === "queued" && copy.nextAttemptAt !== null;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_max-content] items-start gap-x-3 border-b border-line px-3.5 py-2.5 last:border-0">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <StateBadge
            state={lost ? "missing" : LOOK[state]}
            text={t(`state.${lost ? "lost" : state}`)}
            size="small"
          />
          <Tag mono>{copy.component}</Tag>
          <ArtifactLink digest={copy.digest} release={copy.release} />
          <span className="text-sm text-fg-2">
            <Bytes copy={copy} />
          </span>
        </div>
        {(state === "copying" || paused) && totalBytes !== null && totalBytes > 0 && (
          <Meter
            value={sentBytes / totalBytes}
            kind={state === "copying" ? "run" : "idle"}
            label={t("bytesOf", { sent: formatBytes(sentBytes), total: formatBytes(totalBytes) })}
            className="max-w-96"
          />
        )}
        <p className="font-mono text-sm break-all text-fg-2">
          {t("route", { from: copy.from, to: copy.to })}
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-fg-3">
          <span>
            {askedBy === null
              ? t.rich("askedByPortal", { time })
              : t.rich("askedBy", { person: askedBy.displayName, time })}
          </span>
          {attempts > 1 && <span>{t("attempt", { attempts, most: copy.maxAttempts })}</span>}
          {copy.nextAttemptAt !== null && attempts > 0 && (
            <span>{t.rich("next", { time: () => <TimeAgo at={copy.nextAttemptAt ?? ""} /> })}</span>
          )}
        </p>
        {lost && (
          <p className="text-sm text-bad">
            {t.rich("since", { time: () => <ExactTime at={copy.goneSince ?? ""} style="minutes" /> })}
          </p>
        )}
        {cause !== null && state !== "copied" && (
          <p className={state === "failed" ? "text-sm text-bad" : "text-sm text-wait"} title={cause.message}>
            {textOf([`policies.copies.cause.${cause.code}`], cause)}
          </p>
        )}
      </div>
      {copy.actions.retry.allowed && (state === "failed" || lost || paused) && (
        <Button size="small" loading={retrying} onClick={onRetry}>
          {t(paused ? "retryNow" : "retry")}
        </Button>
      )}
    </li>
  );
}

/** What went over the wire; an image that was there already costs nothing. */
function Bytes({ copy: { state, sentBytes, totalBytes, attempts } }: { copy: ImageCopyDto }) {
  const t = useTranslations("policies.copies");
  if (attempts === 0) return totalBytes === null ? null : formatBytes(totalBytes);
  if (state === "copied" && sentBytes === 0) return t("nothingSent");
  const sent = formatBytes(sentBytes);
  // What is signed and attested of it goes along, so that it may be more than the image.
  if (state === "copied" || totalBytes === null || sentBytes > totalBytes) return t("bytes", { sent });
  return t("bytesOf", { sent, total: formatBytes(totalBytes) });
}
