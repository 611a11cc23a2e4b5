/* SPDX-License-Identifier: Apache-2.0 */
/* tessera_gen: bench sources from block descriptors and their bench files. */
#include "gen.h"

#include <stdlib.h>
#include <string.h>

static int usage(void)
{
    fputs("usage: tessera_gen wrapper|module OUTPUT BLOCK.conf\n"
          "       tessera_gen group|benches OUTPUT GROUP BLOCK.conf...\n",
          stderr);
    return 2;
}

static bool print_block(FILE *out, const char *what, const struct conf *conf)
{
    if (strcmp(what, "wrapper") == 0)
        gen_wrapper(out, conf);
    else if (strcmp(what, "module") == 0)
        gen_module(out, conf->block);
    else
        return false;
    return true;
}

static bool print_group(FILE *out, const char *what, const char *group, const struct conf *confs,
                        int n)
{
    if (strcmp(what, "group") == 0)
        gen_group(out, group, confs, n);
    else if (strcmp(what, "benches") == 0)
        gen_benches(out, group, confs, n);
    else
        return false;
    return true;
}

static int print_one(FILE *out, const char *what, const char *path)
{
    static struct conf conf;
    if (!conf_read(&conf, path))
        return 1;
    return print_block(out, what, &conf) ? 0 : usage();
}

/* Each block is there twice, the second time with the fault in its RTL. */
static int print_all(FILE *out, const char *what, const char *group, int n, char **paths)
{
    struct conf *confs = calloc(2 * (size_t)n, sizeof *confs);
    bool good = confs;
    for (int i = 0; good && i < n; i++) {
        good = conf_read(&confs[2 * i], paths[i]);
        confs[2 * i + 1] = confs[2 * i];
        confs[2 * i + 1].faulty = true;
    }
    bool known = !good || print_group(out, what, group, confs, 2 * n);
    free(confs);
    return known ? !good : usage();
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return usage();
    FILE *out = fopen(argv[2], "w");
    if (!out) {
        perror(argv[2]);
        return 1;
    }
    int status = argc == 4 ? print_one(out, argv[1], argv[3])
                           : print_all(out, argv[1], argv[3], argc - 4, argv + 4);
    if (fclose(out) != 0 && status == 0) {
        perror(argv[2]);
        status = 1;
    }
    if (status)
        remove(argv[2]);
    return status;
}
