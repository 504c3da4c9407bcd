"use client";

import { Box, CircleAlert, CircleCheck, CircleDashed, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCodeText } from "#components/ui/code-text.ts";
import { cx } from "#components/ui/cx.ts";
import { ProblemAlert, type ProblemView } from "#components/ui/problem.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { type Check, checksOf, type Preview, renderedLines } from "./preview-model.ts";
import { YamlEditor } from "./yaml-editor.tsx";

const ICONS = {
  ok: <CircleCheck aria-hidden className="mt-0.5 text-good" />,
  failed: <CircleX aria-hidden className="mt-0.5 text-bad" />,
  waiting: <CircleDashed aria-hidden className="mt-0.5 text-fg-3" />,
} as const;

function CheckRow({ check, onLine }: { check: Check; onLine: (line: number) => void }) {
  const t = useTranslations("templates");
  const codeText = useCodeText();
  return (
    <li className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 py-1">
      {ICONS[check.state]}
      <span>{t(`check.${check.name}.${check.state}`)}</span>
      {check.problems.map((problem) => (
        <span
          key={`${problem.code} ${problem.message} ${problem.line}`}
          className="col-start-2 text-sm text-fg-2"
        >
          <span className="break-words">
            {codeText([`templates.problem.${problem.code}`], {
              ...problem,
              facts: { reason: problem.message },
            })}
          </span>
          {problem.line !== null && problem.code === "RENDER_FAILED" && (
            <button
              type="button"
              className="ml-2 text-accent hover:underline"
              onClick={() => onLine(problem.line ?? 1)}
            >
              {t("line", { line: problem.line })}
            </button>
          )}
          {problem.line !== null && problem.code !== "RENDER_FAILED" && (
            <span className="ml-2 text-fg-3">{t("resultLine", { line: problem.line })}</span>
          )}
        </span>
      ))}
    </li>
  );
}

/** The rendered text for each environment of the component's project, with its checks and objects. */
export function PreviewPane({
  previews,
  environment,
  own,
  onEnvironment,
  loading,
  problem,
  onLine,
}: {
  previews: Preview[];
  environment: string;
  /** The environment that the template is of. */
  own: string;
  onEnvironment: (environment: string) => void;
  loading: boolean;
  problem: ProblemView | null;
  onLine: (line: number) => void;
}) {
  const t = useTranslations("templates");
  const shown = previews.find((preview) => preview.environment === environment);
  return (
    <>
      <div className="flex min-h-10 flex-wrap items-stretch gap-x-4 border-b border-line px-3.5">
        {previews.map((preview) => (
          <button
            key={preview.environment}
            type="button"
            aria-pressed={preview.environment === environment}
            onClick={() => onEnvironment(preview.environment)}
            className={cx(
              "-mb-px inline-flex items-center gap-1.5 border-b-2",
              preview.environment === environment
                ? "border-accent font-semibold"
                : "border-transparent text-fg-2",
            )}
          >
            {preview.environment}
            {preview.ok ? (
              <CircleCheck aria-label={t("passes")} className="size-[13px]! text-good" />
            ) : (
              <CircleX aria-label={t("fails")} className="size-[13px]! text-bad" />
            )}
          </button>
        ))}
        <span className="ml-auto self-center text-fg-2" role="status">
          {loading ? t("rendering") : t("rendered")}
        </span>
      </div>
      {problem !== null && <ProblemAlert problem={problem} className="m-3" />}
      {shown === undefined && loading && <SkeletonRows rows={10} />}
      {shown !== undefined && (
        <>
          {shown.environment !== own && (
            <p className="border-b border-line bg-sunken px-3.5 py-1.5 text-sm text-fg-2">
              {t("notOwn", { own })}
            </p>
          )}
          {shown.text === null ? (
            <p className="flex items-center gap-2 px-3.5 py-6 text-fg-2">
              <CircleAlert aria-hidden className="text-bad" />
              {t("notRendered")}
            </p>
          ) : (
            <YamlEditor
              key={shown.environment}
              readOnly
              result
              label={t("resultOf", { environment: shown.environment })}
              value={shown.text}
              badLines={renderedLines(shown)}
              className="h-[440px] [&_.cm-gutters]:bg-sunken! [&>.cm-editor]:bg-sunken!"
            />
          )}
          <section className="border-t border-line px-3.5 py-2.5">
            <h3 className="font-semibold">{t("checks")}</h3>
            <ul className="mt-1">
              {checksOf(shown).map((check) => (
                <CheckRow key={check.name} check={check} onLine={onLine} />
              ))}
            </ul>
          </section>
          <section className="border-t border-line px-3.5 py-2.5">
            <h3 className="font-semibold">
              {t("objects")} <span className="font-normal text-fg-3">{shown.objects.length}</span>
            </h3>
            <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
              {shown.objects.map((object) => (
                <li key={`${object.kind} ${object.name}`} className="inline-flex items-center gap-1.5">
                  <Box aria-hidden className="text-fg-3" />
                  <span className="text-fg-2">{object.kind}</span> {object.name}
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </>
  );
}
