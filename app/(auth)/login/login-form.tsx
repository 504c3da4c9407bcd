"use client";

import { CircleX, Eye, EyeOff } from "lucide-react";
import { getProviders, signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { callbackPath } from "./callback-path.ts";
import { type LoginFailure, loginFailure } from "./login-failure.ts";

/** Name and password. After success the whole page is loaded anew, so that nothing of another reader is left. */
export function LoginForm({ callbackUrl, failed }: { callbackUrl?: string; failed?: string }) {
  const t = useTranslations("auth");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<LoginFailure | null>(
    failed === undefined ? null : loginFailure(failed),
  );
  const passwordField = useRef<HTMLInputElement>(null);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failure !== null) alert.current?.focus();
  }, [failure]);

  async function submit() {
    if (username.trim() === "" || password === "") return setFailure({ kind: "empty" });
    setBusy(true);
    setFailure(null);
    try {
      // Without the server next-auth would leave for an error page of its own, and what was typed would be lost.
      if ((await getProviders()) === null) throw new Error("no answer");
      const answer = await signIn("credentials", { redirect: false, username: username.trim(), password });
      if (answer?.ok === true) {
        location.assign(callbackPath(callbackUrl, location.origin));
        return;
      }
      setFailure(loginFailure(answer?.error ?? ""));
      setPassword("");
    } catch {
      setFailure({ kind: "unreachable" });
    }
    setBusy(false);
  }

  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      {failure !== null && (
        <div
          ref={alert}
          role="alert"
          tabIndex={-1}
          className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 rounded-md bg-bad-soft px-3 py-2.5 outline-none"
        >
          <CircleX aria-hidden className="mt-0.5 text-bad" />
          <span className="font-semibold text-bad">{t(`errors.${failure.kind}`)}</span>
          {failure.kind !== "empty" && (
            <span className="col-start-2 text-fg-2">
              {t(`errors.${failure.kind}Hint`, { minutes: failure.minutes ?? 10 })}
            </span>
          )}
        </div>
      )}
      <Field label={t("username")}>
        <Input
          name="username"
          className="min-h-9"
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || password !== "") return;
            event.preventDefault();
            passwordField.current?.focus();
          }}
        />
      </Field>
      <Field label={t("password")}>
        <span className="relative block">
          <Input
            ref={passwordField}
            name="password"
            className="min-h-9 pr-10"
            type={shown ? "text" : "password"}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <IconButton
            size="small"
            className="absolute! top-1/2 right-1.5 -translate-y-1/2"
            label={t(shown ? "hidePassword" : "showPassword")}
            icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            onClick={() => setShown(!shown)}
          />
        </span>
      </Field>
      <Button submit kind="primary" wide loading={busy} className="mt-1 h-9">
        {t("submit")}
      </Button>
    </form>
  );
}
