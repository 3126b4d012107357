import { useAccount, useApp } from "../../app_context";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { toasts } from "../../ui/toast";
import { accountErrors, checkAccount } from "../account_form";
import { Form, FormError, useForm } from "../form";

export function Profile() {
  const { calls, session } = useApp();
  const account = useAccount();
  const form = useForm(
    { displayName: account.displayName, username: account.username, email: account.email },
    {
      check: (values) => {
        const { username, email } = checkAccount({ ...values, password: "" });
        return { ...(username !== undefined && { username }), ...(email !== undefined && { email }) };
      },
      send: async (values) => {
        const answer = await calls.changeMe({ ...values, displayName: values.displayName.trim() });
        if (!answer.ok) return accountErrors(answer.refusal);
        session.begin(answer.value);
        toasts.show(t("profile.saved"));
        return undefined;
      },
    },
  );
  return (
    <Form of={form}>
      <div class="rows" ref={form.place}>
        <Field
          label={t("field.display_name")}
          hint={t("profile.display_name_hint")}
          autocomplete="name"
          maxLength={120}
          {...form.field("displayName")}
        />
        <Field
          label={t("field.username")}
          hint={t("profile.username_hint")}
          autocomplete="username"
          maxLength={120}
          verbatim
          {...form.field("username")}
        />
        <Field label={t("field.email")} kind="email" autocomplete="email" verbatim {...form.field("email")} />
      </div>
      <FormError text={form.errors.form} />
      <div class="actions">
        <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("act.saving")}>
          {t("act.save")}
        </Button>
      </div>
    </Form>
  );
}
