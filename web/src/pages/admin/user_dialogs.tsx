import { useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { UserForAdmin } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, PasswordField, Switch } from "../../ui/field";
import { toasts } from "../../ui/toast";
import { accountErrors, checkAccount, checkPassword } from "../account_form";
import { FormError, useForm } from "../form";
import { adminRefusal } from "./user_actions";

interface DialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

interface UserDialogProps extends DialogProps {
  readonly user: UserForAdmin;
}

export function CreateUser({ onDone, onClose }: DialogProps) {
  const { calls } = useApp();
  const [isAdmin, setAdmin] = useState(false);
  const form = useForm(
    { username: "", email: "", password: "" },
    {
      check: checkAccount,
      send: async (account) => {
        const answer = await calls.createUser(account, isAdmin);
        if (!answer.ok) return accountErrors(answer.refusal);
        toasts.show(t("users.created", { name: account.username }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  return (
    <Dialog
      title={t("users.create")}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose}>{t("act.cancel")}</Button>
          <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("signup.busy")}>
            {t("act.create")}
          </Button>
        </>
      }
    >
      <div class="rows" ref={form.place}>
        <Field
          label={t("field.username")}
          hint={t("signup.name")}
          maxLength={120}
          verbatim
          autofocus
          {...form.field("username")}
        />
        <Field label={t("field.email")} kind="email" verbatim {...form.field("email")} />
        <PasswordField
          label={t("field.password")}
          hint={t("users.create_hint")}
          autocomplete="new-password"
          {...form.field("password")}
        />
        <Switch label={t("users.admin_switch")} on={isAdmin} onChange={setAdmin} />
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}

export function EditUser({ user, onDone, onClose }: UserDialogProps) {
  const { calls } = useApp();
  const form = useForm(
    { displayName: user.displayName, email: user.email },
    {
      check: ({ email }) => {
        const wrong = checkAccount({ username: user.username, email, password: "" }).email;
        return wrong === undefined ? {} : { email: wrong };
      },
      send: async ({ displayName, email }) => {
        const answer = await calls.changeUser(user.id, { displayName: displayName.trim(), email });
        if (!answer.ok) return accountErrors(answer.refusal);
        toasts.show(t("users.saved", { name: user.username }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  return (
    <Dialog
      title={rich("users.edit_title", { name: <bdi>{user.username}</bdi> })}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose}>{t("act.cancel")}</Button>
          <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("act.saving")}>
            {t("act.save")}
          </Button>
        </>
      }
    >
      <div class="rows" ref={form.place}>
        <Field label={t("field.display_name")} maxLength={120} autofocus {...form.field("displayName")} />
        <Field label={t("field.email")} kind="email" verbatim {...form.field("email")} />
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}

export function ResetPassword({ user, onDone, onClose }: UserDialogProps) {
  const { calls } = useApp();
  const form = useForm(
    { password: "" },
    {
      check: ({ password }) => checkPassword(password),
      send: async ({ password }) => {
        const answer = await calls.changeUser(user.id, { password });
        if (!answer.ok) return accountErrors(answer.refusal);
        toasts.show(t("users.reset_done", { name: user.username }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  return (
    <Dialog
      title={rich("users.reset_title", { name: <bdi>{user.username}</bdi> })}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose}>{t("act.cancel")}</Button>
          <Button type="submit" variant="primary" busy={form.busy} busyLabel={t("act.saving")}>
            {t("users.reset_act")}
          </Button>
        </>
      }
    >
      <p>{t("users.reset_text")}</p>
      <div ref={form.place}>
        <PasswordField
          label={t("password.new")}
          hint={t("signup.password")}
          autocomplete="new-password"
          autofocus
          {...form.field("password")}
        />
      </div>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}

/** Asked first: what it ends does not come back by enabling the account. */
export function DisableUser({ user, onDone, onClose }: UserDialogProps) {
  const { calls } = useApp();
  const form = useForm<never>(
    {},
    {
      send: async () => {
        const answer = await calls.changeUser(user.id, { isDisabled: true });
        if (!answer.ok) return { form: adminRefusal(answer.refusal, { isDisabled: true }) };
        toasts.show(t("users.disabled_done", { name: user.username }));
        onDone();
        onClose();
        return undefined;
      },
    },
  );
  return (
    <Dialog
      title={rich("users.disable_title", { name: <bdi>{user.username}</bdi> })}
      onClose={onClose}
      onSubmit={form.submit}
      actions={
        <>
          <Button onClick={onClose} autofocus>
            {t("act.cancel")}
          </Button>
          <Button type="submit" variant="danger" busy={form.busy} busyLabel={t("act.saving")}>
            {t("users.disable")}
          </Button>
        </>
      }
    >
      <p>{t("users.disable_text")}</p>
      <FormError text={form.errors.form} />
    </Dialog>
  );
}
