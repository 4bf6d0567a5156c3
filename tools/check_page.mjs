// Looks at a report as its readers do: on a telephone, on a desk, light and dark, and on paper; and has axe-core check it.
//
//   npm install --no-save puppeteer-core axe-core      (anywhere; run this from there)
//   node tools/check_page.mjs case.html [FOLDER]       (CHROMIUM=/path/to/chromium if it is not /usr/bin/chromium)
//
// Writes screenshots and a PDF into FOLDER, if one is given. Exit status 1: something serious was found, the page is
// wider than the screen, or it asked for anything but itself.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [page_path, folder] = process.argv.slice(2);
const address = pathToFileURL(resolve(page_path)).href;
const screens = [
  { name: "phone", width: 390, scheme: "light" },
  { name: "phone-dark", width: 390, scheme: "dark" },
  { name: "desk", width: 1280, scheme: "light" },
  { name: "desk-dark", width: 1280, scheme: "dark" },
];
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage();
let wrong = 0;
page.on("request", (request) => {
  if (request.url() !== address) {
    wrong += 1;
    console.log(`asked for ${request.url()}`);
  }
});
for (const { name, width, scheme } of screens) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 844, isMobile: width < 500 });
  await page.goto(address);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await page.evaluate(axe);
  const { violations, incomplete, passes } = await page.evaluate(() => window.axe.run());
  console.log(`${name}: ${passes.length} checks passed, ${violations.length} failed, ${incomplete.length} left to people`);
  for (const { id, impact, nodes } of violations) {
    console.log(`  ${impact}: ${id}, ${nodes.length} times, first at ${nodes[0].html}\n  ${nodes[0].failureSummary}`);
  }
  for (const { id, nodes } of incomplete) {
    console.log(`  to look at: ${id}, ${nodes.length} times, first at ${nodes[0].html}`);
  }
  wrong += violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).length + (wide > width ? 1 : 0);
  if (wide > width) console.log(`  the page is ${wide} pixels wide`);
}
if (folder) {
  await page.emulateMediaFeatures([]);
  await page.pdf({ path: join(folder, "page.pdf"), format: "A4", preferCSSPageSize: true });
}
await browser.close();
process.exit(wrong ? 1 : 0);
