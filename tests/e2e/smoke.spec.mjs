// The page loads: at the root and under a sub-path, in both themes, without errors and within the budget.

import AxeBuilder from "@axe-core/playwright";
import { expect, open, seek, test } from "./fixtures.mjs";
import { firstVisit } from "./size.mjs";

for (const place of ["root", "below"]) {
  test(`loads without an error (${place === "root" ? "at /" : "under a sub-path"})`, async ({ page, site, witness }) => {
    await open(page, site[place]);
    await page.waitForLoadState("networkidle");
    const address = new URL(site[place]);
    const web = witness.requests.filter((url) => !/^(data|blob):/.test(url)).map((url) => new URL(url));
    const elsewhere = web.filter((url) => url.origin !== address.origin).map(String);
    expect(elsewhere, "requests to another origin").toEqual([]);
    const outside = web.filter((url) => !url.pathname.startsWith(address.pathname)).map(String);
    expect(outside, "requests beside the page's own folder").toEqual([]);
  });
}

for (const [name, viewport] of [
  ["desk", { width: 1440, height: 900 }],
  ["phone", { width: 390, height: 844 }],
]) {
  test.describe(name, () => {
    test.use({ viewport });

    test("requests nothing that the size table leaves out", async ({ page, site, witness }) => {
      await open(page, site.root, { playing: true });
      await page.waitForLoadState("networkidle");
      const time = page.getByTestId("time");
      const begun = await time.innerText();
      await expect.poll(async () => (await time.innerText()) > begun).toBe(true);
      await seek(page, 30_000); // jobs, heartbeats, an emergency
      const counted = firstVisit();
      const uncounted = witness.requests
        .filter((url) => url.startsWith(site.root))
        .map((url) => new URL(url).pathname.slice(1) || "index.html")
        .filter((path) => !counted.includes(path));
      expect(uncounted).toEqual([]);
    });
  });
}

test("has a title, a language and a heading", async ({ page, site }) => {
  await open(page, site.root);
  await expect(page).toHaveTitle(/Triage/);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
});

for (const colorScheme of ["light", "dark"]) {
  for (const [name, viewport] of [
    ["desk", { width: 1440, height: 900 }],
    ["phone", { width: 390, height: 844 }],
  ]) {
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ colorScheme, viewport });

      test("axe finds no violation", async ({ page, site }) => {
        await open(page, site.root);
        await page.evaluate(() => window.triage.pause()); // results would differ while the page is animated
        const { violations } = await new AxeBuilder({ page }).analyze();
        const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target).join(", ")}`);
        expect(told).toEqual([]);
      });

      test("nothing is wider than the screen", async ({ page, site }) => {
        await open(page, site.root);
        const overhang = await page.evaluate(
          () => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
        );
        expect(overhang).toBeLessThanOrEqual(0);
      });
    });
  }
}
