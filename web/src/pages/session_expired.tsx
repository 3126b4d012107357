import { useApp } from "../app_context";
import type { Account } from "../api/shapes";
import { rich, t } from "../i18n/catalogue";
import { currentPath, go } from "../routes";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { PasswordField } from "../ui/field";
import { FormError, useForm } from "./form";
import { signInErrors } from "./gate/sign_in";

/** Over whatever one was doing, which stays as it is. There is no way around it but another account. */
export function SessionExpired({ account }: { readonly account: Account }) {
  const { calls, session } = useApp();
  const form = useForm(
    { password: "" },
    {
      check: ({ password }) => (password === "" ? { password: t("field.password_missing") } : {}),
      send: async ({ password }) => {
        const answer = await calls.login(account.username, password);
        if (!answer.ok) return signInErrors(answer.refusal);
        session.begin(answer.value);
        return undefined;
      },
    },
  );
  const useAnother = () => {
    session.forget();
    go({ page: "sign_in", to: currentPath() });
  };
  return (
    <Dialog
      title={t("session.title")}
      onClose={() => undefined}
      onSubmit={form.submit}
      actions={
        <>
          <Button variant="plain" onClick={useAnother}>
            {t("session.other")}
          </Button>
          <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("signin.busy")}>
            {t("signin.submit")}
          </Button>
        </>
      }
    >
      <p>{t("session.text")}</p>
      <div ref={form.place}>
        <PasswordField
          label={rich("session.password", { name: <bdi>{account.username}</bdi> })}
          autofocus
          {...form.field("password")}
        />
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}
