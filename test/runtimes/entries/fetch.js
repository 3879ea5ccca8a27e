// Answers with the report: for Cloudflare Workers.

import { report } from "./report.js";

export default { fetch: async () => Response.json(await report()) };
