"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Save } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { PageProject } from "#components/shell/page-project.tsx";
import { Button } from "#components/ui/button.tsx";
import { lineDiff } from "#components/ui/diff-lines.ts";
import { Dot } from "#components/ui/dot.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Person } from "#components/ui/person.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { previewQuery, templateQuery, templateVersionsQuery, updateTemplate } from "#lib/templates/client.ts";
import type { TemplateDto } from "#lib/templates/schema.ts";
import { ContextPane } from "./context-pane.tsx";
import { templateLines } from "./preview-model.ts";
import { PreviewPane } from "./preview-pane.tsx";
import { SaveDialog } from "./save-dialog.tsx";
import { TemplateConflict } from "./template-conflict.tsx";
import { TemplateUsage } from "./template-usage.tsx";
import { TemplateVersions } from "./template-versions.tsx";
import { useDelayed } from "./use-delayed.ts";
import { YamlEditor } from "./yaml-editor.tsx";

/** A component to render the template for. */
export type PreviewChoice = { project: string; component: string };
const nameOf = ({ project, component }: PreviewChoice) => `${project}/${component}`;

/** A template: what it can name, its text, and what that comes to. */
export function TemplatePage({ initial, choices }: { initial: TemplateDto; choices: PreviewChoice[] }) {
  const t = useTranslations("templates");
  const toast = useToast();
  const client = useQueryClient();
  const { data: template = initial } = useQuery(templateQuery(initial.id));
  // What the text in the editor was made from: another version on the server is somebody else's.
  const [base, setBase] = useState({ version: initial.version, body: initial.body });
  const [body, setBody] = useState(initial.body);
  const [chosen, setChosen] = useState(choices[0]);
  const [environment, setEnvironment] = useState(initial.environment);
  const [saving, setSaving] = useState(false);
  const [goTo, setGoTo] = useState<{ line: number; key: number }>();
  const settled = useDelayed(body, 450);
  const preview = useQuery({
    ...previewQuery({ body: settled, project: chosen?.project ?? "", component: chosen?.component ?? "" }),
    enabled: chosen !== undefined && settled !== "",
    placeholderData: (before) => before,
  });
  const previews = preview.data?.items ?? [];
  const badLines = useMemo(() => templateLines(preview.data?.items ?? []), [preview.data]);
  const ownFails = previews.some((one) => one.environment === template.environment && !one.ok);
  const dirty = body !== base.body;
  const compared = useDeferredValue(body);
  const lines = useMemo(() => lineDiff(base.body, compared), [base.body, compared]);
  const added = lines.filter(({ kind }) => kind === "add" || kind === "change").length;
  const removed = lines.filter(({ kind }) => kind === "remove" || kind === "change").length;
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);
  const save = useMutation({
    mutationFn: (comment: string) => updateTemplate(template.id, { version: base.version, body, comment }),
    onSuccess: (answer) => {
      client.setQueryData(templateQuery(template.id).queryKey, answer);
      void client.invalidateQueries({ queryKey: templateVersionsQuery(template.id).queryKey });
      void client.invalidateQueries({ queryKey: ["templates"] });
      setBase({ version: answer.version, body: answer.body });
      setSaving(false);
      toast.done(t("saved", { version: answer.version }));
    },
    onError: () => void client.invalidateQueries({ queryKey: templateQuery(template.id).queryKey }),
  });
  const foreign = template.version > base.version;
  const why = !template.mayEdit
    ? t("mayNotEdit")
    : foreign
      ? t("resolveFirst")
      : ownFails
        ? t("fixFirst")
        : !dirty
          ? t("unchanged")
          : "";
  return (
    <Page>
      {template.project !== null && <PageProject project={template.project} />}
      <PageHeader
        title={template.name}
        badges={
          <>
            <Tag>{template.environment}</Tag>
            <Tag>{template.project === null ? t("global") : (template.component ?? t("ofProject"))}</Tag>
            <span className="font-mono text-fg-2">v{template.version}</span>
            {dirty && <StateBadge state="draft" pill text={t("draft", { version: base.version + 1 })} />}
          </>
        }
        meta={
          <>
            <Person {...template.updatedBy} />
            <span>
              {t("savedAt")} <TimeAgo at={template.updatedAt} />
            </span>
            {dirty && (
              <>
                <Dot />
                <span>
                  {t("comparedWith", { version: base.version })}{" "}
                  <span className="font-mono text-good">+{added}</span>{" "}
                  <span className="font-mono text-bad">−{removed}</span>
                </span>
              </>
            )}
          </>
        }
        actions={
          <>
            {why !== "" && <span className="text-sm text-fg-2">{why}</span>}
            <Button
              kind="primary"
              icon={<Save aria-hidden />}
              disabled={why !== ""}
              onClick={() => {
                save.reset();
                setSaving(true);
              }}
            >
              {t("saveAs", { version: base.version + 1 })}
            </Button>
          </>
        }
      />
      {foreign && dirty && (
        <TemplateConflict
          theirs={template}
          mine={body}
          onKeepMine={() => setBase({ version: template.version, body: template.body })}
          onTakeTheirs={() => {
            setBase({ version: template.version, body: template.body });
            setBody(template.body);
          }}
        />
      )}
      <div className="card grid overflow-hidden lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] 2xl:grid-cols-[300px_minmax(0,1.15fr)_minmax(0,1fr)]">
        <section
          aria-label={t("context.title")}
          className="min-w-0 border-line max-2xl:order-last max-2xl:col-span-full max-2xl:border-t 2xl:border-r"
        >
          <header className="flex min-h-10 items-center gap-2 border-b border-line px-3.5 py-1">
            <h2 className="whitespace-nowrap">{t("context.title")}</h2>
            <span className="ml-auto w-44">
              <Select
                small
                label={t("previewFor")}
                placeholder={t("noComponent")}
                value={chosen === undefined ? null : nameOf(chosen)}
                onChange={(name) => setChosen(choices.find((choice) => nameOf(choice) === name))}
                options={choices.map((choice) => ({
                  value: nameOf(choice),
                  label: choice.component,
                  hint: choice.project,
                }))}
              />
            </span>
          </header>
          {chosen !== undefined && <ContextPane {...chosen} environment={environment} />}
        </section>
        <section
          aria-label={t("text")}
          className="flex min-w-0 flex-col border-line max-lg:border-b lg:border-r"
        >
          <header className="flex min-h-10 items-center gap-2 border-b border-line px-3.5">
            <h2>{t("text")}</h2>
            <span className="text-fg-3">Jinja · YAML</span>
            {badLines.length > 0 && (
              <span className="ml-auto">
                <StateBadge state="error" text={t("errors", { count: badLines.length })} />
              </span>
            )}
          </header>
          <YamlEditor
            label={t("text")}
            value={body}
            onChange={setBody}
            readOnly={!template.mayEdit}
            badLines={badLines}
            goTo={goTo}
            className="h-[640px] lg:h-[720px]"
          />
        </section>
        <section aria-label={t("rendered")} className="min-w-0">
          {chosen === undefined ? (
            <p className="px-3.5 py-6 text-fg-2">{t("noPreview")}</p>
          ) : (
            <PreviewPane
              previews={previews}
              environment={environment}
              own={template.environment}
              onEnvironment={setEnvironment}
              loading={preview.isFetching || settled !== body}
              problem={problemOf(preview.error)}
              onLine={(line) => setGoTo({ line, key: (goTo?.key ?? 0) + 1 })}
            />
          )}
        </section>
      </div>
      <TemplateUsage template={template} />
      <TemplateVersions id={template.id} mayEdit={template.mayEdit} onTake={setBody} />
      <SaveDialog
        open={saving}
        onClose={() => setSaving(false)}
        version={base.version}
        saved={base.body}
        body={body}
        used={template.usedBy.length}
        busy={save.isPending}
        problem={problemOf(save.error)}
        onSave={(comment) => save.mutate(comment)}
      />
    </Page>
  );
}
