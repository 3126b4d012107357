import { useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { UserForAdmin } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Field, PasswordField, Switch } from "../../ui/field";
import { toasts } from "../../ui/toast";
import { accountErrors, checkAccount, checkPassword } from "../account_form";
import { useForm } from "../form";
import { FormDialog } from "../form_dialog";
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
    <FormDialog
      title={t("users.create")}
      form={form}
      act={t("act.create")}
      busyLabel={t("signup.busy")}
      onClose={onClose}
    >
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
    </FormDialog>
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
    <FormDialog
      title={rich("users.edit_title", { name: <bdi>{user.username}</bdi> })}
      form={form}
      act={t("act.save")}
      onClose={onClose}
    >
      <Field label={t("field.display_name")} maxLength={120} autofocus {...form.field("displayName")} />
      <Field label={t("field.email")} kind="email" verbatim {...form.field("email")} />
    </FormDialog>
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
    <FormDialog
      title={rich("users.reset_title", { name: <bdi>{user.username}</bdi> })}
      form={form}
      act={t("users.reset_act")}
      lead={t("users.reset_text")}
      onClose={onClose}
    >
      <PasswordField
        label={t("password.new")}
        hint={t("signup.password")}
        autocomplete="new-password"
        autofocus
        {...form.field("password")}
      />
    </FormDialog>
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
    <FormDialog
      title={rich("users.disable_title", { name: <bdi>{user.username}</bdi> })}
      form={form}
      act={t("users.disable")}
      isDanger
      lead={t("users.disable_text")}
      onClose={onClose}
    />
  );
}
