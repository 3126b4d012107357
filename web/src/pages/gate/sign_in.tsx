import { about } from "../../about";
import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Field, PasswordField } from "../../ui/field";
import type { Errors } from "../form";
import { Form, FormError, useForm } from "../form";
import { usePageTitle } from "../page_title";
import { isRefused, refusalText } from "../refusal_text";
import { Gate } from "./gate";

/** Why one was not let in, in the words of the sign-in: at the password, for a wrong name is not told apart. */
export function signInErrors(refusal: Refusal): Errors<"username" | "password"> {
  if (refusal.kind === "refused" && refusal.status === 429)
    return { password: t("signin.wait", { n: refusal.retryAfter ?? 1 }) };
  if (isRefused(refusal, 401)) return { password: t("signin.wrong") };
  if (isRefused(refusal, 403)) return { form: t("account.disabled") };
  return { form: refusalText(refusal) };
}

export function SignIn() {
  const { calls, session } = useApp();
  usePageTitle(t("signin.title"));
  const form = useForm(
    { username: "", password: "" },
    {
      check: ({ username, password }) => ({
        ...(username === "" && { username: t("field.username_missing") }),
        ...(password === "" && { password: t("field.password_missing") }),
      }),
      send: async ({ username, password }) => {
        const answer = await calls.login(username, password);
        if (!answer.ok) return signInErrors(answer.refusal);
        session.begin(answer.value); // app.tsx leads on to where one wanted to go
        return undefined;
      },
    },
  );
  return (
    <Gate>
      <Form of={form} look="sheet">
        <h1>{t("signin.title")}</h1>
        <div class="rows" ref={form.place}>
          <Field label={t("field.username")} autocomplete="username" verbatim autofocus {...form.field("username")} />
          <PasswordField label={t("field.password")} {...form.field("password")} />
        </div>
        <FormError text={form.errors.form} />
        <Button type="submit" variant="primary" wide busy={form.busy} busyLabel={t("signin.busy")}>
          {t("signin.submit")}
        </Button>
      </Form>
      <p class="alt">
        {about.value.registration === "open" ? (
          <>
            {t("signin.new")} <a href="/register">{t("signin.create")}</a>
          </>
        ) : (
          t("signup.closed")
        )}
      </p>
    </Gate>
  );
}
