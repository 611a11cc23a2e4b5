/* SPDX-License-Identifier: Apache-2.0 */
/* tessera gemm: the product of two matrices of NumPy files, bit for bit. */
#include "cli/cli.h"
#include "cli/format_text.h"
#include "cli/npy.h"
#include "cli/output.h"
#include "core/block_common.h"
#include "tessera/gemm.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char program[] = "tessera gemm";
static const char summary[] = "multiply two matrices of NumPy files as the machine does";
static const char help[] =
    "usage: tessera gemm A.npy B.npy -o C.npy --a-format FORMAT --b-format FORMAT [options]\n"
    "\n"
    "C[M,N] = A[M,K] * B[K,N], bit for bit. The files hold float32. Elements are rounded to the\n"
    "nearest number of their format, without scaling: what is on its grid stays as it is. C is\n"
    "the sum over chunks, before any real scale factor.\n"
    "\n"
    "  --a-format, --b-format FORMAT\n"
    "                    int4 or uint4 with int4 or fp4_r4; int8; fp8_143, fp8_152 (perhaps\n"
    "                    fp8_143:bias=9); dlfloat16, fp16, bf16, fp32\n"
    "  --phase P         of fp4_r4: even or odd (even)\n"
    "  --lanes N         products that are summed at once (8; in 8 bits 2, else 1)\n"
    "  --chunk N         products of an inner sum (64; 0 of int8, fp16, bf16, fp32: all)\n"
    "  --variant V       of 4-bit sums: fused, split or integer (fused)\n"
    "  --outer F         format of the sum over chunks: dlfloat16 (fp16 of fp16) or fp32\n"
    "  --escale N        power of two of 4-bit products, -64 to 63 (0)\n"
    "  --align W         window of sums of aligned floats: 16 to 48 bits, or exact (24)\n"
    "  --saturate        overflow gives the largest number, not what is special\n"
    "  --threads N       how many compute, 1 to 256 (as many as there are processors)\n"
    "  --reference       by the golden functions of the blocks: slow, the same bits\n"
    "  -o, --output FILE where C goes\n"
    "\n"
    "Example:\n"
    "  tessera gemm x.npy w.npy -o y.npy --a-format uint4 --b-format int4 --chunk 128\n";

struct options {
    const char *a, *b, *output;
    struct ts_format a_format, b_format;
    const char *a_text, *b_text, *align;
    long phase, lanes, chunk, variant, outer, escale, threads;
    bool saturate, reference;
};

enum { UNSET = -1 };

enum option_code {
    A_FORMAT = 256,
    B_FORMAT,
    PHASE,
    LANES,
    CHUNK,
    VARIANT,
    OUTER,
    ESCALE,
    ALIGN,
    SATURATE,
    THREADS,
    REFERENCE
};

static const char *const phase_names[] = {"even", "odd", NULL};

static bool take_name(const char *option, const char *text, const char *const *names, long *value)
{
    for (*value = 0; names[*value]; ++*value)
        if (strcmp(names[*value], text) == 0)
            return true;
    fprintf(stderr, "%s: %s must be ", program, option);
    for (int i = 0; names[i]; i++)
        fprintf(stderr, "%s%s", i == 0 ? "" : names[i + 1] ? ", " : " or ", names[i]);
    fprintf(stderr, ", not '%s'\n", text);
    return false;
}

static bool take_option(struct options *o, int code)
{
    enum { MAX_LANES = 64, MAX_CHUNK = 4096, MAX_THREADS = 256 };
    switch (code) {
    case A_FORMAT:
        o->a_text = optarg;
        return true;
    case B_FORMAT:
        o->b_text = optarg;
        return true;
    case PHASE:
        return take_name("--phase", optarg, phase_names, &o->phase);
    case LANES:
        return ts_cli_number(program, "--lanes", optarg, 1, MAX_LANES, &o->lanes);
    case CHUNK:
        return ts_cli_number(program, "--chunk", optarg, 0, MAX_CHUNK, &o->chunk);
    case VARIANT:
        return take_name("--variant", optarg, ts_variant_names, &o->variant);
    case OUTER:
        return take_name("--outer", optarg, ts_outer_names, &o->outer);
    case ESCALE:
        return ts_cli_number(program, "--escale", optarg, -64, 63, &o->escale);
    case ALIGN:
        o->align = optarg;
        return true;
    case SATURATE:
        return o->saturate = true;
    case THREADS:
        return ts_cli_number(program, "--threads", optarg, 1, MAX_THREADS, &o->threads);
    case REFERENCE:
        return o->reference = true;
    case 'o':
        o->output = optarg;
        return true;
    default:
        return false;
    }
}

/* fp4_r4 is one format in two phases. */
static bool take_format(const struct options *o, const char *text, struct ts_format *format)
{
    if (strcmp(text, "fp4_r4") == 0)
        text = o->phase ? "fp4_r4_odd" : "fp4_r4_even";
    return ts_cli_format(program, text, format);
}

static bool complete(struct options *o, int argc, char **argv)
{
    if (optind + 2 != argc || !o->output || !o->a_text || !o->b_text) {
        fprintf(stderr,
                "%s: needs A.npy, B.npy, -o C.npy, --a-format and --b-format; see `%s --help`\n",
                program, program);
        return false;
    }
    o->a = argv[optind];
    o->b = argv[optind + 1];
    return take_format(o, o->a_text, &o->a_format) && take_format(o, o->b_text, &o->b_format);
}

static bool parse(struct options *o, int argc, char **argv)
{
    static const struct option known[] = {
        {"a-format", required_argument, NULL, A_FORMAT},
        {"b-format", required_argument, NULL, B_FORMAT},
        {"phase", required_argument, NULL, PHASE},
        {"lanes", required_argument, NULL, LANES},
        {"chunk", required_argument, NULL, CHUNK},
        {"variant", required_argument, NULL, VARIANT},
        {"outer", required_argument, NULL, OUTER},
        {"escale", required_argument, NULL, ESCALE},
        {"align", required_argument, NULL, ALIGN},
        {"saturate", no_argument, NULL, SATURATE},
        {"threads", required_argument, NULL, THREADS},
        {"reference", no_argument, NULL, REFERENCE},
        {"output", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    *o = (struct options){.lanes = UNSET, .chunk = UNSET};
    o->threads = sysconf(_SC_NPROCESSORS_ONLN);
    int code = 0;
    while ((code = getopt_long(argc, argv, "o:", known, NULL)) != -1)
        if (!take_option(o, code))
            return false;
    return complete(o, argc, argv);
}

/* The parameters, as the machine has them where none are given. */
static bool set_parameters(const struct options *o, struct ts_gemm *g)
{
    enum { FOUR_BIT_LANES = 8, BYTE_LANES = 2, CHUNK_PRESET = 64, MIN_ALIGN = 16, MAX_ALIGN = 48 };
    const struct ts_format *f = &o->a_format;
    int bits = ts_format_bits(f);
    bool ieee = f->specials == TS_SPECIALS_IEEE, int8 = strcmp(f->name, "int8") == 0;
    long lanes = bits == 4 ? FOUR_BIT_LANES : bits == 8 ? BYTE_LANES : 1, width = 24;
    bool exact = o->align && strcmp(o->align, "exact") == 0;
    if (o->align && !exact &&
        !ts_cli_number(program, "--align", o->align, MIN_ALIGN, MAX_ALIGN, &width))
        return false;
    g->lanes = o->lanes == UNSET ? lanes : o->lanes;
    g->chunk = o->chunk == UNSET ? (ieee || int8 ? 0 : CHUNK_PRESET) : o->chunk;
    g->variant = o->variant;
    g->outer = o->outer;
    g->saturate = o->saturate;
    g->escale = (int)o->escale;
    g->align = (struct ts_align){exact, (int)width};
    const char *error = ts_gemm_check(g);
    if (error)
        fprintf(stderr, "%s: %s\n", program, error);
    return !error;
}

static const char *read_matrix(const char *path, struct ts_npy *npy)
{
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return strerror(errno);
    const char *why = ts_npy_read(stream, npy);
    fclose(stream);
    return why;
}

/* A matrix's vectors, rows or columns, as codes of the format. */
static const char *pack_matrix(const struct ts_npy *npy, const struct ts_format *format,
                               bool columns, struct ts_packed *packed)
{
    int64_t n = npy->rows * npy->cols;
    uint32_t *codes = malloc((size_t)(n ? n : 1) * sizeof *codes);
    if (!codes)
        return "is too large for the memory";
    for (int64_t i = 0; i < n; i++)
        codes[i] = ts_of_double(format, (double)npy->data[i]);
    const char *why =
        columns ? ts_pack(packed, format, npy->cols, npy->rows, codes, sizeof *codes, 1, npy->cols)
                : ts_pack(packed, format, npy->rows, npy->cols, codes, sizeof *codes, npy->cols, 1);
    free(codes);
    return why;
}

static bool read_operand(const char *path, const struct ts_format *format, bool columns,
                         struct ts_packed *packed)
{
    struct ts_npy npy = {0};
    const char *why = read_matrix(path, &npy);
    if (!why)
        why = pack_matrix(&npy, format, columns, packed);
    if (why)
        fprintf(stderr, "%s: %s: %s\n", program, path, why);
    free(npy.data);
    return !why;
}

/* Codes to numbers, in their place; integers of 32 bits to the nearest float. */
static void to_floats(const struct ts_format *format, uint32_t *codes, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        float x = format ? (float)ts_to_double(format, codes[i]) : (float)(int32_t)codes[i];
        memcpy(&codes[i], &x, sizeof x);
    }
}

static bool write_result(const char *path, const struct ts_gemm *g, uint32_t *c)
{
    struct ts_cli_output output;
    struct ts_npy npy = {g->a->vectors, g->b->vectors, NULL};
    to_floats(ts_gemm_result(g), c, npy.rows * npy.cols);
    npy.data = (float *)(void *)c;
    if (!ts_cli_output_open(program, path, &output))
        return false;
    ts_npy_write(output.stream, &npy);
    return ts_cli_output_close(program, &output, true);
}

static bool compute(const struct options *o, const struct ts_gemm *g)
{
    int64_t n = g->a->vectors * g->b->vectors;
    uint32_t *c = calloc((size_t)(n ? n : 1), sizeof *c);
    const char *why = NULL;
    if (!c)
        why = "the result is too large for the memory";
    else if (o->reference)
        ts_gemm_golden(g, c);
    else
        why = ts_gemm_run(g, (int)o->threads, c);
    if (why)
        fprintf(stderr, "%s: %s\n", program, why);
    bool ok = !why && write_result(o->output, g, c);
    free(c);
    return ok;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error like a full disk */
    struct options o;
    if (!parse(&o, argc, argv))
        return TS_EXIT_USAGE;
    struct ts_packed a = {0}, b = {0};
    struct ts_gemm g = {.a = &a, .b = &b};
    int status = TS_EXIT_FAILURE;
    if (read_operand(o.a, &o.a_format, false, &a) && read_operand(o.b, &o.b_format, true, &b))
        status = !set_parameters(&o, &g) ? TS_EXIT_USAGE
                 : compute(&o, &g)       ? TS_EXIT_OK
                                         : TS_EXIT_FAILURE;
    ts_packed_free(&a);
    ts_packed_free(&b);
    return ts_cli_finish(program, status);
}
