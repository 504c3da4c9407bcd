"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Checkbox, Switch } from "#components/ui/choice.tsx";
import { GLOBAL_ROLES } from "#lib/access/roles.ts";
import { createUser, updateUser } from "#lib/users/client.ts";
import type { UserDto } from "#lib/users/schema.ts";
import { TextField } from "./server-fields.tsx";

/** A new person, or name, global roles, password and whether one may sign in. */
export function UserForm({
  known,
  me,
  onClose,
}: {
  /** Null: a new one. */
  known: UserDto | null;
  me: string;
  onClose: () => void;
}) {
  const t = useTranslations("settings");
  const roleName = useTranslations("roles");
  const [username, setUsername] = useState("");
  const [displayName, setDisplayName] = useState(known?.displayName ?? "");
  const [password, setPassword] = useState("");
  const [disabled, setDisabled] = useState(known?.disabled ?? false);
  const [globalRoles, setGlobalRoles] = useState(
    GLOBAL_ROLES.filter((role) => known?.globalRoles.includes(role)),
  );
  const save = () =>
    known === null
      ? createUser({ username, displayName, password, globalRoles })
      : updateUser(known.username, {
          displayName,
          globalRoles,
          ...(disabled === known.disabled ? {} : { disabled }),
          ...(password === "" ? {} : { password }),
        });
  const short = password !== "" && password.length < 12;
  return (
    <FormDialog
      title={known === null ? t("person.add") : t("person.edit", { name: known.displayName })}
      description={known?.username}
      ready={
        displayName.trim() !== "" && !short && (known !== null || (username.length >= 2 && password !== ""))
      }
      save={save}
      refreshes={[["users"]]}
      done={t("saved")}
      onClose={onClose}
    >
      {known === null && (
        <TextField
          kind="key"
          label={t("username")}
          hint={t("person.usernameHint")}
          value={username}
          onChange={setUsername}
        />
      )}
      <TextField label={t("person.displayName")} value={displayName} onChange={setDisplayName} />
      <TextField
        kind="secret"
        label={t(known === null ? "person.password" : "person.newPassword")}
        hint={t(known === null ? "password.hint" : "person.newPasswordHint")}
        error={short ? t("password.short") : undefined}
        value={password}
        onChange={setPassword}
      />
      <fieldset className="flex flex-col gap-2.5">
        <legend className="mb-1.5 font-medium">{t("globalRoles")}</legend>
        {GLOBAL_ROLES.map((role) => (
          <Checkbox
            key={role}
            checked={globalRoles.includes(role)}
            label={roleName(role)}
            hint={t(`person.roleHint.${role}`)}
            onChange={(checked) =>
              setGlobalRoles(checked ? [...globalRoles, role] : globalRoles.filter((one) => one !== role))
            }
          />
        ))}
      </fieldset>
      {known !== null && (
        <Switch
          checked={disabled}
          disabled={known.username === me}
          label={t("person.disable")}
          hint={known.username === me ? t("person.notMyself") : t("person.disableHint")}
          onChange={setDisabled}
        />
      )}
    </FormDialog>
  );
}
