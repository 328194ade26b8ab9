// Charts: drawn by Vega-Lite from the board's own specifications, in the page's colours. The same stands in tables.
import { openDrawer } from "./drawer.js";

const bundle = new URL("../charts-bundle.js", import.meta.url);
const NUMBERS = { decimal: ".", thousands: ",", grouping: [3], currency: ["", "元"] };
const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const MONTHS = [...Array(12).keys()].map((nth) => `${nth + 1}月`);
const TIMES = { dateTime: "%Y年%-m月%-d日 %H:%M", date: "%Y年%-m月%-d日", time: "%H:%M", periods: ["上午", "下午"],
  days: WEEK, shortDays: WEEK, months: MONTHS, shortMonths: MONTHS };
let loading = null;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = bundle.href;
    script.addEventListener("load", () => resolve(window.vegaEmbed));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return loading;
}

function look() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const text = { labelColor: colour("--soft"), titleColor: colour("--soft"), labelFont: colour("--fonts"), titleFont: colour("--fonts"),
    labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" };
  return {
    background: null, font: colour("--fonts"), view: { stroke: null },
    axis: { ...text, domainColor: colour("--edge"), tickColor: colour("--edge"), gridColor: colour("--line"), labelLimit: 120 },
    legend: { ...text, orient: "top", title: null, symbolType: "square" },
    mark: { color: colour("--accent") }, rule: { color: colour("--q3") }, point: { color: colour("--accent") },
  };
}

async function drawChart(place) {
  const [embed, answer] = await Promise.all([load(), fetch(place.dataset.chart, { credentials: "same-origin" })]);
  if (!answer.ok) return;
  const spec = await answer.json();
  const { view } = await embed(place, { ...spec, config: look() }, {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, formatLocale: NUMBERS, timeFormatLocale: TIMES,
  });
  view.addEventListener("click", (_event, item) => { if (item?.datum?.cases) openDrawer(item.datum.cases, place); });
}

/** Draw what is to be drawn within an element, each once it comes near the screen. */
export async function drawCharts(within) {
  const places = within.querySelectorAll("[data-chart]");
  if (!places.length) return;
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      drawChart(entry.target).catch(console.error);
    }
  }, { rootMargin: "400px" });
  places.forEach((place) => near.observe(place));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const place of document.querySelectorAll("[data-chart]")) if (place.firstChild) drawChart(place).catch(console.error);
});
