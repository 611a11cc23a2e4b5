/* SPDX-License-Identifier: Apache-2.0 */
/* What a core can multiply and add per second, in registers. */
#ifndef TESSERA_TESTS_BENCH_PEAKS_H
#define TESSERA_TESTS_BENCH_PEAKS_H

#ifdef __cplusplus
extern "C" {
#endif

struct peak {
    const char *name;
    int (*present)(void);
    void (*run)(void); /* PEAK_INSTRUCTIONS of them, none waiting for another */
    int macs;          /* of one instruction */
};

enum { PEAK_ROUNDS = 1000, PEAK_CHAINS = 12, PEAK_UNROLLED = 4 };
enum { PEAK_INSTRUCTIONS = PEAK_ROUNDS * PEAK_CHAINS * PEAK_UNROLLED };

extern const struct peak peaks[];
extern const int n_peaks;

#ifdef __cplusplus
}
#endif
#endif
