import { useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { NewToken, Scope, Token } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { EmptyState } from "../../ui/empty_state";
import { CopyField, Field } from "../../ui/field";
import { Segmented } from "../../ui/segmented";
import { toasts } from "../../ui/toast";
import { useForm } from "../form";
import { FormDialog } from "../form_dialog";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { refusalText } from "../refusal_text";
import { TokenRow } from "../token_row";

type Open = { readonly kind: "none" } | { readonly kind: "create" } | { readonly kind: "made"; readonly token: NewToken };

export function Tokens() {
  const { calls } = useApp();
  const { listing, reload, change } = useListing(calls.tokens);
  const [open, setOpen] = useState<Open>({ kind: "none" });

  const revoke = (token: Token) => {
    change((tokens) => tokens.filter((each) => each.id !== token.id));
    toasts.show(t("tokens.revoked", { name: token.name }), {
      undo: reload,
      commit: () =>
        void calls.revokeToken(token.id).then((answer) => {
          if (answer.ok) return;
          reload();
          toasts.show(refusalText(answer.refusal));
        }),
    });
  };
  const made = (token: NewToken) => {
    change((tokens) => [...tokens, token]);
    setOpen({ kind: "made", token });
  };
  const create = (
    <Button icon="plus" onClick={() => setOpen({ kind: "create" })}>
      {t("tokens.create")}
    </Button>
  );
  return (
    <div class="rows">
      <p>{t("tokens.lead")}</p>
      <Listed listing={listing} onRetry={reload}>
        {(tokens) =>
          tokens.length === 0 ? (
            <EmptyState text={t("tokens.none")} action={create} />
          ) : (
            <>
              <ul class="list">
                {tokens.map((token) => (
                  <TokenRow key={token.id} token={token} onRevoke={() => revoke(token)} />
                ))}
              </ul>
              <div class="actions">{create}</div>
            </>
          )
        }
      </Listed>
      {open.kind === "create" && <CreateToken onMade={made} onClose={() => setOpen({ kind: "none" })} />}
      {open.kind === "made" && <TokenMade token={open.token} onClose={() => setOpen({ kind: "none" })} />}
    </div>
  );
}

interface CreateTokenProps {
  readonly onMade: (token: NewToken) => void;
  readonly onClose: () => void;
}

function CreateToken({ onMade, onClose }: CreateTokenProps) {
  const { calls } = useApp();
  const [scope, setScope] = useState<Scope>("all");
  const form = useForm(
    { name: "" },
    {
      check: ({ name }) => (name.trim() === "" ? { name: t("field.name_missing") } : {}),
      send: async ({ name }) => {
        const answer = await calls.createToken(name.trim(), scope);
        if (!answer.ok) return { form: refusalText(answer.refusal) };
        onMade(answer.value);
        return undefined;
      },
    },
  );
  return (
    <FormDialog
      title={t("tokens.new")}
      form={form}
      act={t("act.create")}
      busyLabel={t("signup.busy")}
      onClose={onClose}
    >
      <Field label={t("tokens.name")} hint={t("tokens.name_hint")} maxLength={120} autofocus {...form.field("name")} />
      <Segmented<Scope>
        label={t("tokens.scope")}
        value={scope}
        choices={[
          { value: "all", label: t("tokens.scope_all") },
          { value: "read", label: t("tokens.scope_read") },
        ]}
        onChange={setScope}
      />
    </FormDialog>
  );
}

/** The one time that the value is seen. */
const TokenMade = ({ token, onClose }: { readonly token: NewToken; readonly onClose: () => void }) => (
  <Dialog
    title={rich("tokens.created", { name: <bdi>{token.name}</bdi> })}
    onClose={onClose}
    actions={
      <Button variant="primary" onClick={onClose}>
        {t("tokens.done")}
      </Button>
    }
  >
    <CopyField label={t("tokens.value")} value={token.value} hint={t("token.once")} />
  </Dialog>
);
