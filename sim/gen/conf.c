/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of bench files. */
#include "conf.h"

#include <stdio.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n";

/* Lines that other tools read. */
static const char *const FOR_OTHERS[] = {"bench", "fault", "mutation", "proof", "systemc", NULL};

static int line_number;

/* Prints what is wrong, and with which word unless NULL. */
static bool fail(const struct conf *conf, const char *what, const char *word)
{
    fprintf(stderr, "%s:%d: %s", conf->path, line_number, what);
    fprintf(stderr, word ? ": '%s'\n" : "\n", word);
    return false;
}

static bool copy(char *to, size_t size, const char *from)
{
    return from && *from && (size_t)snprintf(to, size, "%s", from) < size;
}

static struct conf_config *find_config(struct conf *conf, const char *label)
{
    for (int i = 0; i < conf->n_configs; i++)
        if (strcmp(conf->configs[i].label, label) == 0)
            return &conf->configs[i];
    return NULL;
}

static bool read_config(struct conf *conf, char *rest)
{
    if (conf->n_configs == CONF_MAX_CONFIGS)
        return fail(conf, "too many configurations", NULL);
    struct conf_config *config = &conf->configs[conf->n_configs];
    char *save = NULL;
    const char *label = strtok_r(rest, BLANKS, &save);
    if (label && find_config(conf, label))
        return fail(conf, "a second configuration", label);
    if (!copy(config->label, sizeof config->label, label))
        return fail(conf, "config without a label, or too long a one", label);
    ts_block_presets(conf->block, config->params);
    for (char *word; (word = strtok_r(NULL, BLANKS, &save));) {
        const char *error = ts_block_set(conf->block, config->params, word);
        if (error)
            return fail(conf, error, NULL);
    }
    const char *error = ts_block_check(conf->block, config->params);
    if (error)
        return fail(conf, error, NULL);
    conf->n_configs++;
    return true;
}

static bool read_exhaustive(struct conf *conf, char *rest)
{
    char *save = NULL;
    char *label = strtok_r(rest, BLANKS, &save);
    for (int i = 0; !label && i < conf->n_configs; i++)
        conf->configs[i].exhaustive = true;
    for (; label; label = strtok_r(NULL, BLANKS, &save)) {
        struct conf_config *config = find_config(conf, label);
        if (!config)
            return fail(conf, "no such configuration above this line", label);
        config->exhaustive = true;
    }
    return true;
}

static bool add_test(struct conf *conf, const char *file)
{
    if (conf->n_tests == CONF_MAX_TESTS)
        return fail(conf, "too many test files", file);
    return copy(conf->tests[conf->n_tests++], CONF_NAME_SIZE, file) ||
           fail(conf, "test without a file, or too long a name", file);
}

/* Those of every block, but for what a lockstep replaces. */
static bool add_generic_tests(struct conf *conf, bool lockstep)
{
    char oracle[CONF_NAME_SIZE];
    snprintf(oracle, sizeof oracle, "%.40s_oracle_test.cpp", conf->block->name);
    return add_test(conf, oracle) && (conf->block->own_timing || add_test(conf, "rtl_test.cpp")) &&
           (lockstep || add_test(conf, "systemc_test.cpp"));
}

static bool read_line(struct conf *conf, char *line, bool *lockstep)
{
    size_t end = strlen(line);
    while (end && strchr(BLANKS, line[end - 1]))
        line[--end] = '\0';
    if (!end || *line == '#')
        return true;
    char *rest = line + strcspn(line, BLANKS);
    if (*rest)
        *rest++ = '\0';
    rest += strspn(rest, BLANKS);

    if (strcmp(line, "config") == 0)
        return read_config(conf, rest);
    if (strcmp(line, "exhaustive") == 0)
        return read_exhaustive(conf, rest);
    if (strcmp(line, "lockstep") == 0)
        *lockstep = true;
    if (strcmp(line, "lockstep") == 0 || strcmp(line, "test") == 0)
        return add_test(conf, rest);
    for (const char *const *other = FOR_OTHERS; *other; other++)
        if (strcmp(line, *other) == 0)
            return true;
    return fail(conf, "unknown line", line);
}

/* The block is the file's name without directory and ending. */
static bool find_block(struct conf *conf)
{
    const char *slash = strrchr(conf->path, '/');
    const char *base = slash ? slash + 1 : conf->path;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(base, "."), base);
    conf->block = ts_block_find(name);
    return conf->block || fail(conf, "no block of that name", name);
}

bool conf_read(struct conf *conf, const char *path)
{
    *conf = (struct conf){.path = path};
    line_number = 0;
    if (!find_block(conf))
        return false;
    FILE *file = fopen(path, "r");
    if (!file)
        return fail(conf, "cannot be read", NULL);
    char line[1024];
    bool good = true, lockstep = false;
    for (line_number = 1; good && fgets(line, sizeof line, file); line_number++)
        good = read_line(conf, line, &lockstep);
    fclose(file);
    return good && add_generic_tests(conf, lockstep) &&
           (conf->n_configs > 0 || fail(conf, "no configuration", NULL));
}
