/* SPDX-License-Identifier: Apache-2.0 */
/* tessera_gen: bench sources from a block descriptor and its bench file. */
#include "gen.h"

#include <string.h>

static int usage(void)
{
    fputs("usage: tessera_gen wrapper|adaptor|module BLOCK.conf OUTPUT\n", stderr);
    return 2;
}

static bool print(FILE *out, const char *what, const struct conf *conf)
{
    if (strcmp(what, "wrapper") == 0)
        gen_wrapper(out, conf);
    else if (strcmp(what, "adaptor") == 0)
        gen_adaptor(out, conf);
    else if (strcmp(what, "module") == 0)
        gen_module(out, conf->block);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return usage();
    static struct conf conf;
    if (!conf_read(&conf, argv[2]))
        return 1;
    FILE *out = fopen(argv[3], "w");
    if (!out) {
        perror(argv[3]);
        return 1;
    }
    bool known = print(out, argv[1], &conf);
    if (fclose(out) != 0) {
        perror(argv[3]);
        remove(argv[3]);
        return 1;
    }
    return known ? 0 : usage();
}
