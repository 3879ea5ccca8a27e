// Pairs of curves as SVG, drawn without a browser. Colours are CSS variables of the page they go into.

import * as echarts from "echarts";
import { NAMES } from "./table.js";

/**
 * @typedef {object} Chart
 * @property {string} across what the horizontal axis shows
 * @property {string} up what the vertical axis shows
 * @property {2 | 10} base the vertical axis goes in powers of this
 * @property {[number, number][]} schuss
 * @property {[number, number][]} twin
 */

const WIDTH = 560;
const HEIGHT = 340;

const INK = "var(--ink)";
const FAINT = "var(--faint)";

/** The curves as an SVG element. */
export function drawChart(/** @type {Chart} */ { across, up, base, schuss, twin }) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    textStyle: { color: INK, fontFamily: "system-ui, sans-serif" },
    grid: { left: 72, right: 24, top: 40, bottom: 52 },
    legend: { top: 0, right: 16, itemWidth: 44, itemStyle: { opacity: 0 }, textStyle: { color: INK } },
    xAxis: { type: "value", name: across, nameGap: 30, ...axis },
    yAxis: {
      type: "log",
      logBase: base,
      name: up,
      nameGap: 52,
      ...axis,
      axisLabel: { color: INK, formatter: tick[base] },
    },
    series: [
      { name: NAMES.schuss, data: schuss, ...curve("var(--schuss)", "solid") },
      { name: NAMES.twin, data: twin, ...curve("var(--twin)", "dashed") },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

const axis = {
  nameLocation: "middle",
  nameTextStyle: { color: INK },
  axisLine: { show: true, lineStyle: { color: INK } },
  axisLabel: { color: INK },
  splitLine: { lineStyle: { color: FAINT } },
};

function curve(/** @type {string} */ color, /** @type {string} */ type) {
  return {
    type: "line",
    symbol: "none",
    silent: true,
    lineStyle: { color, type, width: 2.5 },
    itemStyle: { color },
  };
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Numbers on the vertical axis: 0.25, 10⁻³. */
const tick = {
  2: (/** @type {number} */ value) => `${value}`,
  10: (/** @type {number} */ value) => {
    const exponent = Math.round(Math.log10(value));
    return `10${exponent < 0 ? "⁻" : ""}${SUPERSCRIPTS[Math.abs(exponent)]}`;
  },
};
