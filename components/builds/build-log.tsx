"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { formatBytes } from "#components/releases/bytes.ts";
import { Banner } from "#components/ui/banner.tsx";
import { Card } from "#components/ui/card.tsx";
import { LogView } from "#components/ui/log/log-view.tsx";
import { logFileUrl, logTextUrl } from "#lib/builds/client.ts";
import type { BuildDto } from "#lib/builds/schema.ts";
import { stageAt, stagesOf } from "./build-stages.ts";
import { LogAside } from "./log-aside.tsx";
import { LogHead } from "./log-head.tsx";
import { findingsOf, firstErrorOf } from "./log-marks.ts";
import { type BuildLog, useBuildLog } from "./use-build-log.ts";
import { lineAddress, useLineLink } from "./use-line-link.ts";
import { useLogMarks } from "./use-log-marks.ts";

/** A jump may come from the address or from beside the log: the later one counts. */
type Jump = { line: number; key: number; atTop?: boolean };

/** The log of a build with its stages and findings. `toCause` raised goes to the line that says why it failed. */
export function BuildLogCard({ build, toCause }: { build: BuildDto; toCause: number }) {
  const t = useTranslations("builds");
  const source = useBuildLog(build.id);
  const { log, version } = source;
  const line = build.cause?.facts.line;
  const { marks, searched } = useLogMarks(log, version, typeof line === "string" ? line : null);
  const stages = useMemo(() => stagesOf(build, marks), [build, marks]);
  const findings = useMemo(() => findingsOf(marks), [marks]);
  const firstError = useMemo(() => firstErrorOf(marks), [marks]);
  const { picked, pick, opened } = useLineLink();
  const [jump, setJump] = useState<Jump>();
  const goTo = (to: number, atTop = false) =>
    setJump((old) => ({ line: to, key: (old?.key ?? 0) + 1, atTop }));
  // Where the reader is: drawn again only when that is in another stage.
  const [stageLine, setStageLine] = useState<number | null>(null);
  const known = useRef(stages);
  known.current = stages;
  const onSight = useCallback((seen: number) => setStageLine(stageAt(known.current, seen)?.line ?? null), []);
  const current = stageLine === null ? undefined : stages.find((stage) => stage.line === stageLine);
  useEffect(() => {
    if (opened) setJump((old) => ({ line: opened.line, key: (old?.key ?? 0) + 1 }));
  }, [opened]);
  useEffect(() => {
    if (toCause > 0 && firstError !== null) {
      setJump((old) => ({ line: firstError, key: (old?.key ?? 0) + 1 }));
    }
  }, [toCause, firstError]);

  const open = build.state === "queued" || build.state === "running";
  const [startedOpen] = useState(open);
  return (
    <Card className="overflow-hidden">
      {source.failed && (
        <Banner kind="bad" title={t("logFailed")} className="rounded-none">
          <button type="button" className="underline" onClick={source.retry}>
            {t("logRetry")}
          </button>
        </Banner>
      )}
      <LogView
        className="h-[max(480px,calc(100dvh-250px))]"
        log={log}
        version={version}
        live={open && !source.complete}
        settled={source.complete || source.failed}
        startsAtEnd={startedOpen}
        label={t("log", { component: build.component })}
        downloadHref={logFileUrl(build.id)}
        rawHref={logTextUrl(build.id)}
        findings={findings}
        firstError={firstError}
        jump={jump}
        picked={picked}
        onPick={pick}
        addressOf={lineAddress}
        notes={<Notes build={build} source={source} />}
        empty={<Empty build={build} source={source} />}
        onSight={onSight}
        head={<LogHead stages={stages} current={current} />}
        aside={
          <LogAside
            stages={stages}
            findings={findings}
            searched={searched || (source.caughtUp && log.end === 0)}
            current={current}
            onStage={(to) => goTo(to, true)}
            onFinding={goTo}
          />
        }
      />
    </Card>
  );
}

/** A shorter log is there before its note could be read. */
const WORTH_TELLING = 1024 * 1024;

/** How far a long log is read, that it is not whole, that secrets were masked in it. */
function Notes({ build, source }: { build: BuildDto; source: BuildLog }) {
  const t = useTranslations("builds");
  const [read, of] = [source.read, Math.max(build.logBytes, source.read)];
  const reading = !source.caughtUp && !source.failed && source.version > 0 && of > WORTH_TELLING;
  return (
    <>
      {reading && (
        <p role="status" className="border-b border-line px-3.5 py-1 text-sm text-fg-2 tabular-nums">
          {t("logReading", { read: formatBytes(read), of: formatBytes(of) })}
        </p>
      )}
      {build.logProblem !== null && (
        <p className="border-b border-line bg-wait-soft px-3.5 py-1 text-sm text-wait">
          {t(`logProblems.${build.logProblem}`)}
        </p>
      )}
      {build.logMasked && (
        <p className="border-b border-line px-3.5 py-1 text-sm text-fg-3">{t("logMasked")}</p>
      )}
    </>
  );
}

function Empty({ build, source }: { build: BuildDto; source: BuildLog }) {
  const t = useTranslations("builds");
  const word = !source.caughtUp
    ? "logLoading"
    : build.state === "queued"
      ? "logQueued"
      : build.state === "running"
        ? "logWaiting"
        : "logEmpty";
  return <p className="text-fg-3">{t(word)}</p>;
}
