/* SPDX-License-Identifier: Apache-2.0 */
/* Where there is no MPI. */
#include "sweep/remote.h"

#include <stdlib.h>

bool remote_is_wanted(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMIX_RANK") || getenv("PMI_RANK");
}

bool remote_start(struct ts_error *error)
{
    return ts_error_set(error, "was built without MPI; start it without mpirun, with --jobs");
}

int remote_rank(void)
{
    return 0;
}

int remote_size(void)
{
    return 1;
}

void remote_send(int to, const void *bytes, size_t size)
{
    (void)to, (void)bytes, (void)size;
}

void remote_receive(int from, void *bytes, size_t size)
{
    (void)from, (void)bytes, (void)size;
}

int remote_poll(void *bytes, size_t size)
{
    (void)bytes, (void)size;
    return -1;
}

void remote_stop(void)
{
}
