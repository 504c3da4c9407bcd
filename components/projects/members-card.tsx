"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { useToast } from "#components/ui/toaster.tsx";
import { PROJECT_ROLES } from "#lib/access/roles.ts";
import { projectQuery, setMember } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";
import { FormDialog } from "./form-dialog.tsx";

type Role = (typeof PROJECT_ROLES)[number];
type Draft = { username: string; roles: Role[]; known: boolean };

function MemberForm({
  project,
  start,
  ...props
}: {
  project: string;
  start: Draft;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("projects");
  const roles = useTranslations("roles");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(start);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => setMember(project, { username: draft.username, roles: draft.roles }),
    onSuccess: (changed) => {
      client.setQueryData(projectQuery(project).queryKey, changed);
      toast.done(t("saved"));
      props.onOpenChange(false);
    },
  });
  return (
    <FormDialog
      {...props}
      title={start.known ? t("editMember", { name: start.username }) : t("addMember")}
      description={t("memberText")}
      submit={draft.roles.length === 0 && start.known ? t("removeMember") : common("save")}
      ready={draft.username !== "" && (start.known || draft.roles.length > 0)}
      busy={isPending}
      error={error}
      onSubmit={() => mutate()}
    >
      {!start.known && (
        <Field label={t("username")} hint={t("usernameHint")}>
          <Input
            mono
            value={draft.username}
            onChange={(event) => setDraft({ ...draft, username: event.target.value.trim() })}
          />
        </Field>
      )}
      <fieldset className="flex flex-col gap-2.5">
        <legend className="mb-1.5 font-medium">{t("roles")}</legend>
        {PROJECT_ROLES.map((role) => (
          <Checkbox
            key={role}
            checked={draft.roles.includes(role)}
            label={roles(role)}
            hint={t(`roleHint.${role}`)}
            onChange={(checked) =>
              setDraft({
                ...draft,
                roles: checked ? [...draft.roles, role] : draft.roles.filter((one) => one !== role),
              })
            }
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}

/** Who works in the project, with which roles. */
export function MembersCard({ project, mayEdit }: { project: ProjectDetailDto; mayEdit: boolean }) {
  const t = useTranslations("projects");
  const roleName = useTranslations("roles");
  const common = useTranslations("common");
  const [draft, setDraft] = useState<Draft>({ username: "", roles: [], known: false });
  const [opened, setOpened] = useState(0);
  const [open, setOpen] = useState(false);
  const edit = (next: Draft) => {
    setDraft(next);
    setOpened(opened + 1);
    setOpen(true);
  };
  return (
    <Card>
      <CardHeader
        title={t("members")}
        hint={project.members.length}
        actions={
          <IconButton
            size="small"
            label={mayEdit ? t("addMember") : t("needsOwner")}
            disabled={!mayEdit}
            icon={<UserPlus aria-hidden />}
            onClick={() => edit({ username: "", roles: [], known: false })}
          />
        }
      />
      <ul className="py-1.5">
        {project.members.map((member) => (
          <li key={member.username} className="flex min-h-9 items-center gap-2 px-3.5">
            <Person username={member.username} displayName={member.displayName} />
            {member.disabled && <StateBadge size="small" state="disabled" />}
            <span className="ml-auto truncate text-fg-3">
              {member.roles.map((role) => (roleName.has(role) ? roleName(role) : role)).join(" · ")}
            </span>
            {mayEdit && (
              <IconButton
                size="small"
                label={`${common("edit")} ${member.displayName}`}
                icon={<Pencil aria-hidden />}
                onClick={() =>
                  edit({
                    username: member.username,
                    roles: PROJECT_ROLES.filter((role) => member.roles.includes(role)),
                    known: true,
                  })
                }
              />
            )}
          </li>
        ))}
      </ul>
      {project.members.length === 0 && (
        <div className="px-3.5 pb-3">
          <Button onClick={() => edit({ username: "", roles: [], known: false })} disabled={!mayEdit}>
            {t("addMember")}
          </Button>
        </div>
      )}
      <MemberForm key={opened} project={project.key} start={draft} open={open} onOpenChange={setOpen} />
    </Card>
  );
}
