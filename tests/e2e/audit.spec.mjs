// Access and audit: the role decides what a user may do, every command is recorded, and tampering is detected.

import { readFileSync, writeFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { builtIn, call, command, expect, load, open, overview, seek, test, trace } from "./fixtures.mjs";

/** No commands but those of the test. */
const quiet = { ...builtIn("failure-recovery"), commands: [] };
const rows = (page) => page.getByTestId("audit-rows").locator("tbody tr");
const verdict = (page) => page.getByTestId("audit-verdict");

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
  await load(page, quiet);
  await seek(page, 4_000);
});

test("a denied command shows why, appears in the audit at once, and changes nothing else", async ({ page }) => {
  await page.getByTestId("tab-audit").click();
  const before = await rows(page).count();
  const { jobs } = await overview(page);
  await page.getByTestId("acting").selectOption("observer");
  await expect(page.getByTestId("acting-may")).toHaveText("can only watch");
  await page.getByTestId("submit-normal").click();
  const why = "the observer may not submit jobs: this requires the operator role or higher";
  await expect(page.getByTestId("notice")).toContainText(why);
  await expect(rows(page)).toHaveCount(before + 1);
  await expect(rows(page).last()).toContainText("00:04.000");
  await expect(rows(page).last()).toContainText("observer");
  await expect(rows(page).last()).toContainText("submit normal job");
  await expect(rows(page).last()).toContainText(`denied: ${why}`);
  expect((await overview(page)).jobs).toEqual(jobs);
  expect((await trace(page)).at(-1)).toMatchObject({ kind: "command_denied", principal: "observer", reason: "not_permitted" });
  // Keyboard commands have the same principal.
  await page.getByTestId("acting").selectOption("dispatcher");
  await page.getByTestId("acting").evaluate((element) => element.blur());
  await page.keyboard.press("f");
  await expect(page.getByTestId("notice")).toContainText("the dispatcher may not inject or undo faults");
  await page.keyboard.press("e");
  await expect(page.getByTestId("notice")).toHaveCount(0);
  await expect(rows(page)).toHaveCount(before + 3);
  await expect(rows(page).last()).toContainText("allowed");
  await expect(verdict(page)).toContainText(`The chain of ${before + 3} entries is intact`);
  // Undoing changes the history.
  await page.getByTestId("undo").click();
  await expect(rows(page)).toHaveCount(before + 2);
});

test("what follows a broken entry is in sight with it", async ({ page }) => {
  for (let given = 0; given < 30; given += 1) await command(page, { submit_normal_job: { work_us: 1000 } });
  await page.getByTestId("tab-audit").click();
  await page.getByTestId("alter-entry").selectOption("12");
  await page.getByTestId("alter").click();
  await expect(page.getByTestId("audit-rows").locator("tr.broken")).toBeInViewport({ ratio: 1 });
  await expect(rows(page).nth(13)).toBeInViewport({ ratio: 1 });
});

test("as whom somebody acts is remembered, and is the commander where nobody knows them", async ({ page }) => {
  const scenario = { ...builtIn("basic-operation"), principals: [{ name: "alice", role: "dispatcher" }] };
  await load(page, scenario);
  await page.getByTestId("acting").selectOption({ label: "alice, dispatcher" });
  await page.getByTestId("tab-audit").click();
  await page.getByTestId("submit-emergency").click();
  await expect(rows(page).last()).toContainText("alicedispatcher");
  await page.reload();
  await expect(page.getByTestId("acting")).toHaveValue("commander");
  await load(page, scenario);
  await expect(page.getByTestId("acting")).toHaveValue("alice");
});

test("an altered entry is located, and all after it no longer fit", async ({ page }) => {
  for (const principal of ["operator", "mallory", "commander"]) {
    await command(page, { submit_normal_job: { work_us: 1000 } }, principal).catch(() => {});
  }
  await page.getByTestId("tab-audit").click();
  await expect(verdict(page)).toContainText("The audit of this run: The chain of 3 entries is intact.");
  await page.getByTestId("alter-entry").selectOption("1");
  await page.getByTestId("alter").click();
  await expect(verdict(page)).toHaveText(
    "Altered copy of the audit of this run: The chain is broken: entry 1 was altered: its hash does not match its content. " +
      "The 1 entry after it is no longer valid.",
  );
  await expect(rows(page).nth(0)).toContainText("valid");
  await expect(rows(page).nth(1)).toHaveClass("broken");
  await expect(rows(page).nth(1)).toContainText("allowed");
  await expect(rows(page).nth(2)).toHaveClass("after");
  // The run's own audit is unchanged.
  await page.getByTestId("restore-audit").click();
  await expect(rows(page).nth(1)).toContainText("denied");
  await expect(verdict(page)).toContainText("is intact");
  // With a recomputed hash, the next entry is the first inconsistent one.
  await page.getByTestId("alter-entry").selectOption("0");
  await page.getByTestId("alter-change").selectOption("observer");
  await page.getByTestId("alter-hashed").check();
  await page.getByTestId("alter").click();
  await expect(rows(page).nth(0)).toContainText("observer");
  await expect(verdict(page)).toContainText("entry 1 does not continue entry 0");
});

test("an audit is saved as a file, opened again and verified", async ({ page }, info) => {
  await command(page, { crash: { process: "harbour" } });
  await command(page, { crash: { process: "harbour" } }).catch(() => {});
  await page.getByTestId("tab-audit").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("save-audit").click()]);
  expect(download.suggestedFilename()).toBe("failure-recovery.audit.ndjson");
  const text = readFileSync(await download.path(), "utf8");
  expect(text).toBe(await call(page, "audit"));
  const forged = info.outputPath("forged.ndjson");
  writeFileSync(forged, text.replace('"verdict":"denied"', '"verdict":"allowed"'));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByTestId("open-audit").click()]);
  await chooser.setFiles(forged);
  await expect(verdict(page)).toHaveText(/^forged\.ndjson: The chain is broken: entry 1 was altered/);
  expect(await call(page, "openAudit", text, "kept.ndjson")).toContain("The chain of 2 entries is intact");
  await expect(verdict(page)).toContainText("kept.ndjson: The chain of 2 entries is intact");
});

test("a forged clock is refused, seen on the stage, in the log and in the diagram", async ({ page }) => {
  await page.getByTestId("group-network").click();
  await page.getByTestId("link-from").selectOption({ label: "From harbour" });
  await page.getByTestId("forge-clock").click();
  await expect(page.getByTestId("notice")).toContainText("one sender and one receiver");
  await page.getByTestId("link-to").selectOption({ label: "To recovery" });
  await page.getByTestId("forge-clock").click();
  await expect(page.getByTestId("network")).toContainText("harbour → recovery: the next clock is forged");
  await seek(page, 7_000);
  const refused = (await trace(page)).filter((event) => event.kind === "message_refused");
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ process: "recovery", from: "harbour", what: "heartbeat" });
  expect(refused[0].claimed).toBe(refused[0].had + 1_000_000);
  await expect(page.getByTestId("network")).toHaveCount(0);
  await page.getByTestId("tab-log").click();
  await page.getByTestId("log-query").fill("kind:message_refused");
  await expect(page.getByTestId("log")).toContainText("its clock is forged");
  await page.getByTestId("tab-diagram").click();
  await call(page, "select", refused[0].seq);
  expect(await call(page, "locate", refused[0].seq)).toHaveLength(2);
});

for (const [name, viewport] of [
  ["desk", { width: 1440, height: 900 }],
  ["phone", { width: 390, height: 844 }],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ viewport, colorScheme });
      test("axe finds no violation in the audit, whole and broken", async ({ page }) => {
        await command(page, { crash: { process: "harbour" } });
        await command(page, { crash: { process: "harbour" } }, "observer").catch(() => {});
        await command(page, { unite: {} }, "mallory").catch(() => {});
        await page.evaluate(() => window.triage.view("audit"));
        await expect(rows(page)).toHaveCount(3);
        const found = async () => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target)}`);
        };
        expect(await found()).toEqual([]);
        await page.getByTestId("alter-entry").selectOption("1");
        await page.getByTestId("alter").click();
        await expect(rows(page).nth(2)).toHaveClass("after");
        expect(await found()).toEqual([]);
      });
    });
  }
}
