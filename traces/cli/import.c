/* SPDX-License-Identifier: Apache-2.0 */
/* tessera import: workloads from the files of other tools. */
#include "cli/cli.h"
#include "cli/output.h"
#include "tessera/workload.h"

#include <getopt.h>
#include <stdio.h>

static const char program[] = "tessera import";
static const char summary[] = "make a workload from a SCALE-Sim topology or a PyTorch trace";
static const char help[] =
    "usage: tessera import FILE [--batch N] [-o FILE]\n"
    "\n"
    "Reads the shapes of a network's layers, and writes them as a workload, which\n"
    "`tessera workload` shows. What FILE is, it tells by itself:\n"
    "\n"
    "  SCALE-Sim topology, CSV   convolutions (Layer name, IFMAP Height, ...) or GEMMs\n"
    "                            (Layer, M, N, K); layers with DP in their name are\n"
    "                            depthwise. Sparsity is read and left out of account\n"
    "  PyTorch execution trace   JSON with \"nodes\", all schemas so far\n"
    "  PyTorch profiler trace    JSON with \"traceEvents\", recorded with\n"
    "                            record_shapes=True\n"
    "\n"
    "Of a PyTorch trace, layers are the operators of the forward pass of its first\n"
    "step; backward passes and updates follow from them. docs/workloads.md says which\n"
    "operators, and what they become.\n"
    "\n"
    "  --batch N    samples of a step: so often what the file has (default: 1)\n"
    "  -o FILE      where the workload goes (default: standard output)\n"
    "\n"
    "Exit status: 0 if all went well, 1 if a file is unsound or cannot be written, 2\n"
    "for a wrong command line.\n"
    "\n"
    "example: tessera import topology.csv -o net.json && tessera workload net.json\n";

static bool write_out(const struct ts_workload *workload, const char *path)
{
    struct ts_cli_output output;
    if (!path)
        return ts_workload_write(workload, stdout);
    if (!ts_cli_output_open(program, path, &output))
        return false;
    bool ok = ts_workload_write(workload, output.stream);
    return ts_cli_output_close(program, &output, ok) && ok;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {{"batch", required_argument, NULL, 'b'},
                                          {"output", required_argument, NULL, 'o'},
                                          {NULL, 0, NULL, 0}};
    enum { MAX_BATCH = 1 << 24 };
    const char *output = NULL;
    long batch = 1;
    int c;
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    while ((c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        if (c == 'o')
            output = optarg;
        else if (c != 'b' || !ts_cli_number(program, "--batch", optarg, 1, MAX_BATCH, &batch))
            return TS_EXIT_USAGE;
    }
    if (optind + 1 != argc) {
        fprintf(stderr, "%s: one FILE is needed; see `%s --help`\n", program, program);
        return TS_EXIT_USAGE;
    }
    struct ts_workload workload;
    struct ts_error left_out, error;
    if (!ts_workload_import(argv[optind], batch, &workload, &left_out, &error)) {
        fprintf(stderr, "%s: %s\n", program, error.text);
        return TS_EXIT_FAILURE;
    }
    if (*left_out.text)
        fprintf(stderr, "%s: warning: %s: %s\n", program, argv[optind], left_out.text);
    bool ok = write_out(&workload, output);
    ts_workload_free(&workload);
    return ts_cli_finish(program, ok ? TS_EXIT_OK : TS_EXIT_FAILURE);
}
