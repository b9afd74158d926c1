// The documents beside the page: all exist, are valid, and have no broken links.

import { readFileSync, readdirSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, open, test } from "./fixtures.mjs";

const NAMES = readdirSync(new URL("../../docs/", import.meta.url))
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(".md", ""));
const LESSONS = new URL("../../public/lessons/index.json", import.meta.url);

test("every document is a page, and its links within the site resolve", async ({ page, site, witness }) => {
  void witness;
  const anchors = new Map();
  const links = [];
  for (const name of NAMES) {
    const address = `${site.below}docs/${name}.html`;
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    const found = await page.evaluate(() => ({
      ids: [...document.querySelectorAll("[id]")].map(({ id }) => id),
      links: [...document.links].map(({ href }) => href),
      wide: document.scrollingElement.scrollWidth - innerWidth,
    }));
    expect(new Set(found.ids).size, name).toBe(found.ids.length);
    expect(found.wide, name).toBeLessThanOrEqual(0);
    anchors.set(address, found.ids);
    links.push(...found.links);
  }
  const inside = [...new Set(links)].filter((link) => new URL(link).origin === new URL(site.below).origin);
  expect(inside.length).toBeGreaterThan(NAMES.length);
  for (const link of inside) {
    const [address, id] = link.split("#");
    expect((await page.request.head(address)).status(), link).toBe(200);
    if (id) expect(anchors.get(address), link).toContain(decodeURIComponent(id));
  }
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 390, height: 844 } });

    test("axe finds no violation on a phone, and nothing is too wide", async ({ page, site }) => {
      for (const name of NAMES) {
        await page.goto(`${site.root}docs/${name}.html`);
        const axe = new AxeBuilder({ page });
        if (colorScheme === "dark") axe.withRules("color-contrast"); // a theme can change nothing else
        const { violations } = await axe.analyze();
        expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((n) => n.target)}`)).toEqual([]);
        expect(await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
      }
    });
  });
}

test("there is a plan for every lesson of the page, under its title", async () => {
  const lessons = JSON.parse(readFileSync(LESSONS, "utf8"));
  expect(lessons.length).toBeGreaterThan(0);
  const plans = readFileSync(new URL("../../docs/lesson-plans.md", import.meta.url), "utf8");
  for (const { title } of lessons) expect(plans).toContain(`\n## ${title}\n`);
});

test("the help leads to them", async ({ page, site }) => {
  await open(page, site.below);
  await page.getByTestId("help").click();
  const [docs] = await Promise.all([page.waitForEvent("popup"), page.getByTestId("docs").click()]);
  await expect(docs.getByRole("heading", { level: 1 })).toHaveText("Triage for teachers");
});
