import { useAccount, useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { PasswordField } from "../../ui/field";
import { toasts } from "../../ui/toast";
import { checkPassword } from "../account_form";
import type { Errors } from "../form";
import { Form, FormError, useForm } from "../form";
import { isRefused, refusalText } from "../refusal_text";

function passwordErrors(refusal: Refusal): Errors<"old" | "password"> {
  if (refusal.kind === "refused" && refusal.status === 429)
    return { form: t("signin.wait", { n: refusal.retryAfter ?? 1 }) };
  // The rule of new passwords was checked before: what is wrong is the old one.
  if (isRefused(refusal, 400, "Bad password")) return { old: t("password.wrong") };
  return { form: refusalText(refusal) };
}

const empty = { old: "", password: "" };

export function Password() {
  const { calls } = useApp();
  const account = useAccount();
  const form = useForm(empty, {
    check: ({ old, password }) => ({
      ...(old === "" && { old: t("field.password_missing") }),
      ...checkPassword(password),
    }),
    send: async ({ old, password }) => {
      const answer = await calls.changePassword(old, password);
      if (!answer.ok) return passwordErrors(answer.refusal);
      form.setValues(empty);
      toasts.show(t("password.changed"));
      return undefined;
    },
  });
  return (
    <Form of={form}>
      <p>{t("password.lead")}</p>
      <div class="rows" ref={form.place}>
        {/* for password keepers, which save a new password under a name */}
        <input class="unseen" type="text" list={undefined} aria-hidden="true" tabIndex={-1} autocomplete="username" readonly value={account.username} />
        <PasswordField label={t("password.old")} {...form.field("old")} />
        <PasswordField
          label={t("password.new")}
          hint={t("signup.password")}
          autocomplete="new-password"
          {...form.field("password")}
        />
      </div>
      <FormError text={form.errors.form} />
      <div class="actions">
        <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("act.saving")}>
          {t("password.change")}
        </Button>
      </div>
    </Form>
  );
}
