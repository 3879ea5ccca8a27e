// Curves as SVG, drawn without a browser. Colours are CSS variables of the page they go into.

import * as echarts from "echarts";
import { NAMES } from "./table.js";

/**
 * @typedef {object} Chart
 * @property {string} [title] default: up by across
 * @property {string} across what the horizontal axis shows
 * @property {string} up what the vertical axis shows
 * @property {2 | 10} base the vertical axis goes in powers of this
 * @property {Curve[]} curves
 */

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {[number, number][]} points
 * @property {string} [color] default: of a palette
 * @property {"solid" | "dashed"} [type] default: dashed where the palette begins anew
 */

const WIDTH = 560;
const HEIGHT = 340;

/** Curves of a chart whose names fit above it; more are named below one another beside it. */
const FEW = 2;

/** The width of the names beside a chart. */
const NAMES_WIDTH = 220;

/** How many colours the page has for curves that have none of their own. */
const COLORS = 8;

const INK = "var(--ink)";
const FAINT = "var(--faint)";

/**
 * The curves of schuss and of its twin.
 * @param {Curve["points"]} schuss
 * @param {Curve["points"]} twin
 * @returns {Curve[]}
 */
export function pair(schuss, twin) {
  return [
    { name: NAMES.schuss, points: schuss, color: "var(--schuss)", type: "solid" },
    { name: NAMES.twin, points: twin, color: "var(--twin)", type: "dashed" },
  ];
}

/** The curves as an SVG element. */
export function drawChart(/** @type {Chart} */ { across, up, base, curves }) {
  const beside = curves.length > FEW ? NAMES_WIDTH : 0;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH + beside, height: HEIGHT });
  chart.setOption({
    animation: false,
    textStyle: { color: INK, fontFamily: "system-ui, sans-serif" },
    grid: { left: 72, right: 24 + beside, top: beside === 0 ? 40 : 12, bottom: 52 },
    legend: {
      ...(beside === 0 ? { top: 0, right: 16 } : { top: 8, left: WIDTH - 8, orient: "vertical" }),
      itemWidth: 44,
      itemStyle: { opacity: 0 },
      textStyle: { color: INK },
    },
    xAxis: { type: "value", name: across, nameGap: 30, ...axis },
    yAxis: {
      type: "log",
      logBase: base,
      name: up,
      nameGap: 52,
      ...axis,
      axisLabel: { color: INK, formatter: tick[base] },
    },
    series: curves.map(draw),
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

/**
 * @param {Curve} curve
 * @param {number} k
 */
function draw({ name, points, ...line }, k) {
  const { color = `var(--curve-${k % COLORS})`, type = k < COLORS ? "solid" : "dashed" } = line;
  return {
    name,
    data: points,
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
