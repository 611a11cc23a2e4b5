/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a cell library: one Liberty file or several, plain or packed. */
#include "cache/cache.h"
#include "synth/liberty.h"
#include "synth/merge.h"
#include "synth/sha256.h"
#include "synth/synth.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { INPUTS_OF_LOAD = 4 };

const char *ts_library_preset(void)
{
    const char *own = getenv("TESSERA_LIBERTY");
    return own && *own ? own : "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";
}

static bool hash_file(const char *path, struct ts_sha256 *hash, struct ts_error *error)
{
    char part[65536];
    FILE *file = fopen(path, "rb");
    if (!file)
        return ts_error_set(error, "%s: %s", path, strerror(errno));
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        ts_sha256_add(hash, part, n);
    int failed = ferror(file) ? errno : 0;
    fclose(file);
    return !failed || ts_error_set(error, "%s: %s", path, strerror(failed));
}

/* Plain text, also of a packed file. */
static bool read_text(const char *path, struct ts_text *text, bool *packed, struct ts_error *error)
{
    gzFile file = gzopen(path, "rb");
    if (!file)
        return ts_error_set(error, "%s: %s", path, strerror(errno));
    size_t room = 0;
    int n;
    do {
        if (text->size + 1 >= room) {
            room = room ? 2 * room : 1 << 20;
            char *more = realloc(text->at, room);
            if (!more) {
                gzclose(file);
                return ts_error_set(error, "%s: out of memory", path);
            }
            text->at = more;
        }
        size_t left = room - text->size - 1;
        n = gzread(file, text->at + text->size, left < 1 << 30 ? (unsigned)left : 1U << 30);
        text->size += n > 0 ? (size_t)n : 0;
    } while (n > 0);
    text->at[text->size] = '\0';
    *packed |= gzdirect(file) == 0;
    /* A packed file that was cut short is only noticed at its end. */
    bool whole = gzclose(file) == Z_OK && n == 0;
    return whole || ts_error_set(error, "%s: cannot be unpacked; is it cut off?", path);
}

/* What the blocks' surroundings and gate equivalents are made of: the smallest cells. */
static void choose_cells(const struct ts_liberty *liberty, struct ts_library *library)
{
    const struct ts_cell *driver = NULL;
    library->gate_um2 = NAN;
    for (int i = 0; i < liberty->n_cells; i++) {
        const struct ts_cell *cell = &liberty->cells[i];
        if (cell->dont_use || cell->area <= 0)
            continue;
        if (cell->kind == TS_CELL_BUFFER && (!driver || cell->area < driver->area))
            driver = cell;
        if (cell->kind == TS_CELL_NAND2 || cell->kind == TS_CELL_NOR2)
            library->gate_um2 = fmin(library->gate_um2, cell->area);
    }
    if (driver) {
        snprintf(library->driver, sizeof library->driver, "%s", driver->name);
        library->load_ff =
            INPUTS_OF_LOAD * driver->input_capacitance * liberty->capacitance_unit_f * 1e15;
    }
}

static void describe(const struct ts_liberty *liberty, struct ts_library *library)
{
    snprintf(library->name, sizeof library->name, "%.63s", liberty->name);
    library->voltage_v = liberty->voltage;
    library->temperature_c = liberty->temperature;
    library->process = liberty->process;
    library->time_unit_s = liberty->time_unit_s;
    library->capacitance_unit_f = liberty->capacitance_unit_f;
    choose_cells(liberty, library);
}

struct merge {
    const struct ts_library *library;
    const struct ts_text *texts;
};

static bool write_merged(const char *directory, void *context, struct ts_error *error)
{
    const struct merge *merge = context;
    char path[TS_SYNTH_PATH];
    snprintf(path, sizeof path, "%s/library.lib", directory);
    return ts_liberty_merge(merge->library->files, merge->texts, merge->library->n_files, path,
                            error);
}

/* One plain file is read where it is. */
static bool place(const struct ts_text *texts, bool packed, struct ts_library *library,
                  struct ts_error *error)
{
    if (library->n_files == 1 && !packed) {
        char *path = realpath(library->files[0], NULL);
        bool fits = path && strlen(path) < sizeof library->liberty;
        if (fits)
            memcpy(library->liberty, path, strlen(path) + 1);
        free(path);
        return fits || ts_error_set(error, "%s: %s", library->files[0], strerror(errno));
    }
    char name[96];
    snprintf(name, sizeof name, "liberty-%.32s", library->digest);
    struct merge merge = {library, texts};
    char entry[sizeof library->liberty - sizeof "/library.lib"];
    if (!ts_cached(name, write_merged, &merge, entry, sizeof entry, NULL, error))
        return false;
    snprintf(library->liberty, sizeof library->liberty, "%s/library.lib", entry);
    return true;
}

/* The cells of all files, from the one file that the tools will read. */
static bool parse_placed(const struct ts_text *texts, struct ts_library *library,
                         struct ts_error *error)
{
    struct ts_liberty liberty;
    struct ts_text text = {0};
    bool packed = false;
    bool merged = library->n_files > 1;
    bool fine = !merged || read_text(library->liberty, &text, &packed, error);
    if (!merged)
        text = texts[0];
    if (fine)
        fine = ts_liberty_parse(merged ? library->liberty : library->files[0], text.at, text.size,
                                &liberty, error);
    if (fine) {
        describe(&liberty, library);
        ts_liberty_free(&liberty);
    }
    if (merged)
        free(text.at);
    return fine;
}

/* Each file is a library by itself, and of the same units. */
static bool check_file(const struct ts_library *library, int i, struct ts_text text,
                       struct ts_liberty *first, struct ts_error *error)
{
    struct ts_liberty liberty;
    if (!ts_liberty_parse(library->files[i], text.at, text.size, &liberty, error))
        return false;
    ts_liberty_free(&(struct ts_liberty){.cells = liberty.cells});
    liberty.cells = NULL;
    if (i == 0)
        *first = liberty;
    /* The same text gives the same number. */
    if (liberty.time_unit_s < first->time_unit_s || liberty.time_unit_s > first->time_unit_s ||
        liberty.capacitance_unit_f < first->capacitance_unit_f ||
        liberty.capacitance_unit_f > first->capacitance_unit_f)
        return ts_error_set(error, "%s: its units are not those of %s", library->files[i],
                            library->files[0]);
    return true;
}

bool ts_library_open(struct ts_library *library, const char *const *files, int n,
                     struct ts_error *error)
{
    *library = (struct ts_library){.n_files = n};
    if (n < 1 || n > TS_MAX_LIBERTY)
        return ts_error_set(error, "%d Liberty files; 1 to %d make a library", n, TS_MAX_LIBERTY);
    struct ts_text texts[TS_MAX_LIBERTY] = {0};
    struct ts_liberty first = {0};
    struct ts_sha256 hash;
    bool packed = false, fine = true;
    ts_sha256_start(&hash);
    for (int i = 0; i < n && fine; i++) {
        library->files[i] = files[i];
        fine = hash_file(files[i], &hash, error) &&
               read_text(files[i], &texts[i], &packed, error) &&
               check_file(library, i, texts[i], &first, error);
    }
    if (fine) {
        ts_sha256_end(&hash, library->digest);
        fine = place(texts, packed, library, error) && parse_placed(texts, library, error);
    }
    for (int i = 0; i < n; i++)
        free(texts[i].at);
    return fine;
}
