/* SPDX-License-Identifier: Apache-2.0 */
#include "replay/ordered.h"

#include <pthread.h>
#include <stdbool.h>

enum { MAX_JOBS = 256 };

struct shared {
    const struct ts_ordered *ordered;
    pthread_mutex_t mutex;
    pthread_cond_t turned;
    size_t next, turn; /* the piece to be taken, and the one to be merged */
};

struct worker {
    struct shared *shared;
    void *scratch;
    pthread_t id;
    bool started;
};

static size_t take(struct shared *s)
{
    pthread_mutex_lock(&s->mutex);
    size_t piece = s->next++;
    pthread_mutex_unlock(&s->mutex);
    return piece;
}

static void merge(struct shared *s, void *scratch, size_t piece)
{
    pthread_mutex_lock(&s->mutex);
    while (s->turn != piece)
        pthread_cond_wait(&s->turned, &s->mutex);
    s->ordered->merge(s->ordered->context, scratch, piece);
    s->turn++;
    pthread_cond_broadcast(&s->turned);
    pthread_mutex_unlock(&s->mutex);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct shared *s = worker->shared;
    for (size_t piece; (piece = take(s)) < s->ordered->count;) {
        s->ordered->work(s->ordered->context, worker->scratch, piece);
        merge(s, worker->scratch, piece);
    }
    return NULL;
}

void ts_ordered_run(const struct ts_ordered *ordered, int jobs, void *scratches, size_t size)
{
    struct shared s = {
        .ordered = ordered, .mutex = PTHREAD_MUTEX_INITIALIZER, .turned = PTHREAD_COND_INITIALIZER};
    struct worker workers[MAX_JOBS] = {{.shared = &s, .scratch = scratches}};
    if (jobs > MAX_JOBS)
        jobs = MAX_JOBS;
    for (int i = 1; i < jobs; i++) {
        workers[i].shared = &s;
        workers[i].scratch = (char *)scratches + (size_t)i * size;
        workers[i].started = pthread_create(&workers[i].id, NULL, work, &workers[i]) == 0;
    }
    work(&workers[0]);
    for (int i = 1; i < jobs; i++)
        if (workers[i].started)
            pthread_join(workers[i].id, NULL);
}
