"use client";

import { Pencil, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/choice.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { PROJECT_ROLES } from "#lib/access/roles.ts";
import { projectQuery, setMember } from "#lib/projects/client.ts";
import type { ProjectDetailDto } from "#lib/projects/schema.ts";

type Role = (typeof PROJECT_ROLES)[number];
type Draft = { username: string; roles: Role[]; known: boolean };
const NOBODY: Draft = { username: "", roles: [], known: false };

function MemberForm({ project, start, onClose }: { project: string; start: Draft; onClose: () => void }) {
  const t = useTranslations("projects");
  const roles = useTranslations("roles");
  const [draft, setDraft] = useState(start);
  return (
    <FormDialog
      title={start.known ? t("editMember", { name: start.username }) : t("addMember")}
      description={t("memberText")}
      submit={draft.roles.length === 0 && start.known ? t("removeMember") : undefined}
      ready={draft.username !== "" && (start.known || draft.roles.length > 0)}
      save={() => setMember(project, { username: draft.username, roles: draft.roles })}
      answers={projectQuery(project).queryKey}
      done={t("saved")}
      onClose={onClose}
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
  const [draft, setDraft] = useState<Draft | null>(null);
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
            onClick={() => setDraft(NOBODY)}
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
                  setDraft({
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
          <Button onClick={() => setDraft(NOBODY)} disabled={!mayEdit}>
            {t("addMember")}
          </Button>
        </div>
      )}
      {draft !== null && <MemberForm project={project.key} start={draft} onClose={() => setDraft(null)} />}
    </Card>
  );
}
