import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, it } from "vitest";
import { linkedText } from "./linked_text";

afterEach(cleanup);

describe("plain text with addresses", () => {
  const cases = [
    ["see https://a.example/x?y=1, then ask", ["https://a.example/x?y=1"]],
    ["(http://a.example/b) and «https://c.example»", ["http://a.example/b", "https://c.example/"]],
    ["javascript:alert(1) data:text/html,x mailto:a@b.example", []],
    ["<a href='https://a.example'>x</a>", ["https://a.example/"]],
    ["https://chat.example/api/logout and https:///", []],
    ["", []],
  ] as const;
  it.each(cases)("%s", (text, addresses) => {
    const { container } = render(<p>{linkedText(text)}</p>);
    expect(container.textContent).toBe(text);
    expect(screen.queryAllByRole("link").map((link) => link.getAttribute("href"))).toEqual(addresses);
    for (const link of screen.queryAllByRole("link")) expect(link.getAttribute("rel")).toContain("noopener");
  });
});
