import { useCallback } from "preact/hooks";
import { useApp } from "../../app_context";
import type { Token, UserForAdmin } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { toasts } from "../../ui/toast";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { refusalText } from "../refusal_text";
import { TokenRow } from "../token_row";

interface UserTokensProps {
  readonly user: UserForAdmin;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What programs act as this person by. Revoking one closes the dialog, for Undo stands on the page behind it. */
export function UserTokens({ user, onDone, onClose }: UserTokensProps) {
  const { calls } = useApp();
  const ask = useCallback(() => calls.tokensOf(user.id), [calls, user.id]);
  const { listing, reload } = useListing(ask);
  const revoke = (token: Token) => {
    onClose();
    toasts.show(t("tokens.revoked", { name: token.name }), {
      undo: () => undefined,
      commit: () =>
        void calls.revokeToken(token.id).then((answer) => {
          if (answer.ok) onDone();
          else toasts.show(refusalText(answer.refusal));
        }),
    });
  };
  return (
    <Dialog
      title={rich("users.tokens_title", { name: <bdi>{user.username}</bdi> })}
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          {t("tokens.done")}
        </Button>
      }
    >
      <Listed listing={listing} onRetry={reload}>
        {(tokens) =>
          tokens.length === 0 ? (
            <p>{t("users.tokens_none")}</p>
          ) : (
            <ul class="list">
              {tokens.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={() => revoke(token)} />
              ))}
            </ul>
          )
        }
      </Listed>
    </Dialog>
  );
}
