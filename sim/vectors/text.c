/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes fields by the formats of their ports. */
#include "vectors/text.h"

#include <inttypes.h>

static void print_element(FILE *out, const struct ts_field *field, const struct ts_format *format,
                          uint64_t word)
{
    fprintf(out, "%0*" PRIx64, (field->bits + 3) / 4, word);
    if (!field->port || field->port->control)
        return;
    if (format)
        fprintf(out, " (%.9g)", ts_to_double(format, (uint32_t)word));
    else
        fprintf(out, " (%" PRId64 ")", ts_sign_extend(word, field->bits));
}

void ts_field_print(FILE *out, const struct ts_layout *layout, const struct ts_field *field,
                    const uint64_t *elements)
{
    const struct ts_format *format =
        field->port ? ts_port_format(field->port, layout->params) : NULL;
    bool list = field->count > 1;
    if (list)
        fputc('[', out);
    for (int i = 0; i < field->count; i++) {
        if (i)
            fputs(", ", out);
        print_element(out, field, format, elements[i]);
    }
    if (list)
        fputc(']', out);
}
