/** Also over plain http, where browsers have no navigator.clipboard: many servers in an office have no certificate. */
export async function copyText(text: string): Promise<void> {
  if (isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  document.addEventListener(
    "copy",
    (event) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    },
    { once: true },
  );
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way there is without https
  document.execCommand("copy");
}
