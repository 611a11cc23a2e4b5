/* SPDX-License-Identifier: Apache-2.0 */
/* How each layer's tensors were quantized. */
#include "render/html.h"
#include "render/json.h"
#include "render/page.h"

#include <math.h>
#include <string.h>

static void clip_source(FILE *page, const char *source)
{
    fputs("<td>", page);
    ts_html_text(page, strcmp(source, "pact") == 0        ? "PACT"
                       : strcmp(source, "least_mse") == 0 ? "least MSE"
                                                          : source);
    fputs("</td>", page);
}

static void operand(FILE *page, const cJSON *o)
{
    static const char *const shares[] = {"dy_flushed_share", "dy_even.zero_share",
                                         "dy_odd.zero_share", "dy_even.saturated_share",
                                         "dy_odd.saturated_share"};
    fputs("<tr>", page);
    ts_html_cell(page, ts_json_number(o, "step"), 1);
    ts_html_text_cell(page, ts_json_text(o, "layer"));
    ts_html_cell(page, ts_json_number(o, "x_clip"), 3);
    clip_source(page, ts_json_text(o, "x_clip_source"));
    ts_html_cell(page, ts_json_number(o, "w_clip"), 3);
    ts_html_cell(page, ts_json_number(o, "gradscale_k"), 1);
    for (int i = 0; i < 5; i++)
        ts_html_cell(page, 100 * ts_json_number(o, shares[i]), 3);
    fputs("</tr>\n", page);
}

static void flushed_alone(FILE *page, const struct ts_costed *c, const cJSON *operands)
{
    double most = NAN;
    const cJSON *o;
    cJSON_ArrayForEach(o, operands) most = fmax(most, ts_json_number(o, "dy_flushed_share"));
    char number[TS_NUMBER];
    fputs("<p><strong>", page);
    ts_html_text(page, c->name);
    fprintf(page,
            "</strong> takes its operands without clips or phases; flushed of dY: at most %s "
            "%% in a layer (simulated).</p>\n",
            ts_html_number(number, 100 * most, 3));
}

static void table(FILE *page, const struct ts_costed *c)
{
    const cJSON *operands = ts_json_at(c->replay, "operands"), *o;
    if (!cJSON_GetArraySize(operands))
        return;
    bool clipped = false;
    cJSON_ArrayForEach(o, operands) clipped = clipped || ts_json_at(o, "x_clip");
    if (!clipped) {
        flushed_alone(page, c, operands);
        return;
    }
    fputs("<div class=\"wide\"><table class=\"dense\"><caption>", page);
    ts_html_text(page, c->name);
    fputs(" (simulated).</caption>", page);
    ts_html_head(page, ">Step|Layer|>x clip|x clip from|>w clip|>Gradscale k|>dY flushed "
                       "[%]|>Zeros, even [%]|>Zeros, odd [%]|>Saturated, even [%]|>Saturated, odd "
                       "[%]");
    fputs("<tbody>", page);
    cJSON_ArrayForEach(o, operands) operand(page, o);
    fputs("</tbody></table></div>\n", page);
}

void ts_page_operands(FILE *page, const struct ts_report *report)
{
    bool any = false;
    for (int i = 0; i < report->n; i++)
        any = any || cJSON_GetArraySize(ts_json_at(report->designs[i].replay, "operands")) > 0;
    if (!any)
        return;
    ts_page_section(page, "operands", "Operands");
    fputs("<p>How the captured tensors became operands. The clip of x is the one that training "
          "learned (PACT) or the one of least squared error where training had none (least MSE). "
          "Flushed: the share of dY that DLFloat16 flushed to zero. Zeros and saturated: of dY in "
          "each phase.</p>\n",
          page);
    for (int i = 0; i < report->n; i++)
        table(page, &report->designs[i]);
    fputs("</section>\n", page);
}
