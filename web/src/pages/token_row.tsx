import type { Token } from "../api/shapes";
import { rich, t } from "../i18n/catalogue";
import { ago } from "../i18n/dates";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { useClock } from "../ui/time";

export function TokenRow({ token, onRevoke }: { readonly token: Token; readonly onRevoke: () => void }) {
  const clock = useClock();
  return (
    <li>
      <div>
        <b>
          <bdi>{token.name}</bdi>
        </b>
        {token.scope === "read" && <Tag>{t("tokens.scope_read")}</Tag>}
        <small>
          {rich("tokens.starts", { prefix: <span class="mono">{token.prefix}</span> })} ·{" "}
          {token.lastUsed === null ? t("tokens.unused") : t("tokens.used", { when: ago(token.lastUsed, clock.now()) })}
        </small>
      </div>
      <Button small label={t("tokens.revoke_named", { name: token.name })} onClick={onRevoke}>
        {t("tokens.revoke")}
      </Button>
    </li>
  );
}
