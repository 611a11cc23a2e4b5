/* SPDX-License-Identifier: Apache-2.0 */
/* The claim's dossier, and where every figure comes from. */
#include "render/claim.h"
#include "render/html.h"
#include "render/json.h"
#include "render/page.h"

#include <stdlib.h>

static void row(FILE *page, const char *term, const char *text)
{
    fprintf(page, "<div><dt>%s</dt><dd>", term);
    ts_html_unit(page, text);
    fputs("</dd></div>\n", page);
}

void ts_page_claims(FILE *page, const struct ts_report *report)
{
    ts_page_section(page, "claims", "Claims");
    fputs("<article class=\"claim\"><h3>7X</h3><dl class=\"words\">\n", page);
    row(page, "Claim", ts_claim_7x.claim);
    row(page, "By", ts_claim_7x.by);
    row(page, "Doubt", ts_claim_7x.doubt);
    row(page, "Measured", ts_claim_7x.measured);
    fputs("<div><dt>Figures</dt><dd>", page);
    for (int rival = 1; rival < report->n; rival++) {
        char *sentence = ts_verdict_sentence(report, rival);
        ts_html_unit(page, sentence ? sentence : "");
        fputs(" ", page);
        free(sentence);
    }
    fputs("</dd></div>\n<div><dt>Verdict so far</dt><dd><strong>", page);
    ts_html_text(page, ts_verdict_name(report->verdict));
    fputs("</strong>, for the array; of the whole core and a whole training step nothing is "
          "measured yet</dd></div>\n",
          page);
    row(page, "What would move it", ts_claim_7x.sensitivity);
    fputs("</dl></article></section>\n", page);
}

/* A command as its words. */
static void command(FILE *page, const cJSON *words)
{
    const cJSON *word;
    fputs("<code>", page);
    int n = 0;
    cJSON_ArrayForEach(word, words)
    {
        fputs(n++ ? " " : "", page);
        ts_html_text(page, cJSON_IsString(word) ? word->valuestring : "");
    }
    fputs("</code>", page);
}

static void provenance(FILE *page, const struct ts_costed *c)
{
    fputs("<h3>", page);
    ts_html_text(page, c->name);
    fputs("</h3><dl class=\"words\">\n<div><dt>Cost</dt><dd>", page);
    command(page, ts_json_at(c->cost, "command"));
    ts_html_printf(page, " (%s)", ts_json_text(c->cost, "tool"));
    fputs("</dd></div>\n", page);
    if (c->replay) {
        fputs("<div><dt>Replay</dt><dd>", page);
        command(page, ts_json_at(c->replay, "command"));
        ts_html_printf(page, " (%s)", ts_json_text(c->replay, "tool"));
        fputs("</dd></div>\n<div><dt>Trace</dt><dd><code>", page);
        ts_html_text(page, ts_json_text(c->replay, "trace.command"));
        fputs("</code></dd></div>\n", page);
    }
    fputs("<div><dt>Tools</dt><dd>", page);
    const cJSON *tool;
    int n = 0;
    cJSON_ArrayForEach(tool, ts_json_at(c->cost, "tools"))
    {
        ts_html_printf(page, "%s%s: %s", n++ ? "; " : "", tool->string,
                       cJSON_IsString(tool) ? tool->valuestring : "");
    }
    fputs("</dd></div>\n<div><dt>Library</dt><dd>", page);
    ts_html_printf(page, "%s, %g V, %g C, SHA-256 ", ts_json_text(c->cost, "library.name"),
                   ts_json_number(c->cost, "library.voltage_v"),
                   ts_json_number(c->cost, "library.temperature_c"));
    fputs("<code class=\"hash\">", page);
    ts_html_text(page, ts_json_text(c->cost, "library.sha256"));
    fputs("</code></dd></div></dl>\n", page);
}

void ts_page_provenance(FILE *page, const struct ts_report *report)
{
    ts_page_section(page, "provenance", "Provenance");
    fputs("<p>This page: ", page);
    fputs("<code>", page);
    ts_html_text(page, report->command);
    fputs("</code> (tessera report " TESSERA_VERSION ").</p>\n", page);
    fputs(
        "<dl class=\"words\"><div><dt>synthesized</dt><dd>of a netlist that Yosys and ABC made of "
        "the RTL for this library; timing by OpenSTA.</dd></div>"
        "<div><dt>simulated</dt><dd>counted while the bit-accurate design ran a captured "
        "training run; power from the toggles of the netlist&#39;s nets in that run.</dd></div>"
        "<div><dt>modelled</dt><dd>rolled up by a formula from synthesized or simulated parts: "
        "the array from its mpes, registers from a flip-flop&#39;s area.</dd></div>"
        "<div><dt>scaled</dt><dd>moved to another technology by published factors; this report "
        "has no scaled figure.</dd></div>"
        "<div><dt>given</dt><dd>set by the design file.</dd></div></dl>\n",
        page);
    for (int i = 0; i < report->n; i++)
        provenance(page, &report->designs[i]);
    fputs("</section>\n", page);
}
