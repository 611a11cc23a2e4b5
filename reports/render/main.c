/* SPDX-License-Identifier: Apache-2.0 */
/* tessera report: what was measured of two or more designs, as a page. */
#include "cli/cli.h"
#include "render/output.h"
#include "render/page.h"
#include "files/files.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "tessera report";
static const char summary[] = "join the measured cost of designs to a report";
static const char help[] =
    "usage: tessera report -o DIR COST_DIR COST_DIR [COST_DIR...]\n"
    "\n"
    "Joins what `tessera cost` measured of two or more designs: the first is the one that a claim\n"
    "is made of, the others are its rivals. Every COST_DIR holds cost.json and, where a trace was\n"
    "replayed, replay/replay.json. Says how each figure came about, how they compare, and whether\n"
    "the claim of more than 7 times over FP16 holds for what was measured. All must be of one\n"
    "library and clock.\n"
    "\n"
    "  -o, --output DIR   writes report.html, report.json and report.csv there\n"
    "\n"
    "report.html is one file that needs no network. Charts are drawn by gnuplot (package\n"
    "gnuplot-nox), diagrams by dot (package graphviz).\n"
    "Exit status: 0, 1 if something failed, 2 for wrong usage.\n"
    "\n"
    "example: tessera report -o out cost/int4_fp4_8x8 cost/fp16_8x8\n";

static const char *parse(int argc, char **argv)
{
    static const struct option known[] = {{"output", required_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
    const char *output = NULL;
    int c;
    while ((c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        if (c != 'o')
            return NULL;
        output = optarg;
    }
    int n = argc - optind;
    if (output && n >= 2 && n <= TS_MAX_DESIGNS)
        return output;
    fprintf(stderr, "%s: needs -o DIR and 2 to %d directories of `tessera cost`; see `%s --help`\n",
            program, TS_MAX_DESIGNS, program);
    return NULL;
}

static char *command_of(int argc, char *const *argv)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fputs(program, out);
    for (int i = 1; i < argc; i++)
        fprintf(out, " %s", argv[i]);
    fclose(out);
    return text;
}

static bool write_report(const struct ts_report *report, const char *output, int argc,
                         char *const *argv, struct ts_error *error)
{
    size_t html_size = 0, csv_size = 0;
    char *html = ts_page(report, &html_size, error);
    if (!html)
        return false;
    char *json = ts_report_json(report, argc, argv), *csv = ts_report_csv(report, &csv_size);
    bool ok = json && csv;
    if (ok) {
        struct ts_file files[] = {
            {"report.html", html, html_size},
            {"report.json", json, strlen(json)},
            {"report.csv", csv, csv_size},
        };
        ok = ts_files_write(output, files, sizeof files / sizeof *files, error);
    } else {
        ts_error_set(error, "out of memory");
    }
    free(html);
    free(json);
    free(csv);
    return ok;
}

static void print_verdict(const struct ts_report *report, const char *output)
{
    for (int i = 1; i < report->n; i++) {
        char *sentence = ts_verdict_sentence(report, i);
        printf("7X, for the array: %s. %s\n", ts_verdict_name(report->verdicts[i]),
               sentence ? sentence : "");
        free(sentence);
    }
    printf("wrote %s/report.html, report.json, report.csv\n", output);
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    signal(SIGXFSZ, SIG_IGN);               /* a file size limit is an error like a full disk */
    char *command = command_of(argc, argv); /* before getopt sorts argv */
    const char *output = parse(argc, argv);
    if (!output || !command) {
        free(command);
        return TS_EXIT_USAGE;
    }
    static struct ts_report report;
    struct ts_error error;
    report.command = command;
    bool ok = true;
    for (int i = optind; ok && i < argc; i++, report.n += ok)
        ok = ts_costed_load(&report.designs[report.n], argv[i], &error);
    for (int i = 1; ok && i < report.n; i++)
        ok = ts_costed_alike(&report.designs[0], &report.designs[i], &error);
    if (ok) {
        ts_report_compute(&report);
        ok = write_report(&report, output, argc, argv, &error);
    }
    if (ok)
        print_verdict(&report, output);
    else
        fprintf(stderr, "%s: %s\n", program, error.text);
    for (int i = 0; i < report.n; i++)
        ts_costed_free(&report.designs[i]);
    free(command);
    return ts_cli_finish(program, ok ? TS_EXIT_OK : TS_EXIT_FAILURE);
}
