"use client";

import { KeyRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { Column } from "./config-column.ts";
import { Runs } from "./config-notes.tsx";

/** Takes a secret's new value; what is stored is shown to nobody. */
export function SecretDialog({
  name,
  place,
  open,
  onOpenChange,
  onSet,
}: {
  name: string;
  place: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSet: (value: string) => void;
}) {
  const t = useTranslations("components");
  const common = useTranslations("common");
  const [value, setValue] = useState("");
  const close = () => {
    setValue("");
    onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title={t("secretTitle", { name })}
      description={t("secretText", { place })}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (value === "") return;
          onSet(value);
          close();
        }}
      >
        <Field label={t("newValue")}>
          <Input
            mono
            type="password"
            autoComplete="new-password"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </Field>
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={close}>
            {common("cancel")}
          </Button>
          <Button submit kind="primary" disabled={value === ""}>
            {t("take")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A secret in one environment: name and version, who may replaces it without seeing it. */
export function SecretCell({ column, name }: { column: Column; name: string }) {
  const t = useTranslations("components");
  const common = useTranslations("common");
  const { config, draft, running } = column;
  const [asking, setAsking] = useState(false);
  const saved = config.secrets.find((secret) => secret.name === name);
  const typed = draft.secrets[name];
  const open = config.mayEdit;
  const change = column.changes.find((one) => one.kind === "secret" && one.name === name);
  const set = (value: string | null) => column.edit({ secrets: { ...draft.secrets, [name]: value } });
  const undo = () => {
    const { [name]: _, ...secrets } = draft.secrets;
    column.edit({ secrets });
  };
  const runs = running?.config?.secrets[name];
  return (
    <div className={cx("config-cell", open && "config-open", change !== undefined && "config-edited")}>
      <div className="flex min-h-[26px] items-center gap-2">
        {change !== undefined ? (
          <span>{typed === null ? t("secretRemoved") : t("secretTyped")}</span>
        ) : saved === undefined ? (
          <span className="text-fg-3">{t("unset")}</span>
        ) : (
          <>
            <Tag mono icon={<KeyRound aria-hidden />}>
              v{saved.version}
            </Tag>
            <TimeAgo at={saved.updatedAt} className="whitespace-nowrap text-fg-2" />
          </>
        )}
        {open && (
          <span className="ml-auto flex items-center gap-1">
            {change !== undefined ? (
              <Button kind="quiet" size="small" onClick={undo}>
                {t("undo")}
              </Button>
            ) : (
              <>
                {saved !== undefined && (
                  <Button kind="quiet" size="small" onClick={() => set(null)}>
                    {common("remove")}
                  </Button>
                )}
                <Button size="small" onClick={() => setAsking(true)}>
                  {t(saved === undefined ? "set" : "replace")}
                </Button>
              </>
            )}
          </span>
        )}
      </div>
      {runs !== undefined && saved !== undefined && runs !== saved.version && <Runs value={`v${runs}`} />}
      <SecretDialog name={name} place={column.key} open={asking} onOpenChange={setAsking} onSet={set} />
    </div>
  );
}
