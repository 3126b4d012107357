import { about } from "../../about";
import { useApp } from "../../app_context";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Field, PasswordField } from "../../ui/field";
import { accountErrors, checkAccount } from "../account_form";
import { Form, FormError, useForm } from "../form";
import { usePageTitle } from "../page_title";
import { isRefused } from "../refusal_text";
import { CardPage } from "./card_pages";
import { Gate } from "./gate";

export function SignUp() {
  const { calls, session } = useApp();
  usePageTitle(t("signup.title"));
  const form = useForm(
    { username: "", email: "", password: "" },
    {
      check: checkAccount,
      send: async (account) => {
        const answer = await calls.register(account);
        if (!answer.ok)
          return isRefused(answer.refusal, 403) ? { form: t("signup.closed") } : accountErrors(answer.refusal);
        session.begin(answer.value);
        return undefined;
      },
    },
  );
  if (about.value.registration === "closed") return <ClosedSignUp />;
  return (
    <Gate>
      <Form of={form} look="sheet">
        <h1>{t("signup.title")}</h1>
        <div class="rows" ref={form.place}>
          <Field
            label={t("field.username")}
            hint={t("signup.name")}
            autocomplete="username"
            maxLength={120}
            verbatim
            autofocus
            {...form.field("username")}
          />
          <Field label={t("field.email")} kind="email" autocomplete="email" verbatim {...form.field("email")} />
          <PasswordField
            label={t("field.password")}
            hint={t("signup.password")}
            autocomplete="new-password"
            {...form.field("password")}
          />
        </div>
        <FormError text={form.errors.form} />
        <Button type="submit" variant="primary" wide busy={form.busy} busyLabel={t("signup.busy")}>
          {t("signup.submit")}
        </Button>
      </Form>
      <p class="alt">
        {t("signup.have")} <a href="/login">{t("signin.submit")}</a>
      </p>
    </Gate>
  );
}

const ClosedSignUp = () => (
  <CardPage
    title={t("signup.title")}
    text={t("signup.closed")}
    action={
      <a class="btn btn-primary" href="/login">
        {t("signin.submit")}
      </a>
    }
  />
);
