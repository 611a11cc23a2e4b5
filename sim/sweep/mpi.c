/* SPDX-License-Identifier: Apache-2.0 */
/* Messages by MPI. Its errors end all processes, as is its default; the log has what was done. */
#include "sweep/remote.h"

#include <mpi.h>
#include <stdlib.h>

static int rank, size = 1;

static bool started;

/* The leak sanitizer asks. OpenMPI keeps much to the end, from plugins that are gone by then. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return started;
}

bool remote_is_wanted(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMIX_RANK") || getenv("PMI_RANK");
}

bool remote_start(struct ts_error *error)
{
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return ts_error_set(error, "MPI cannot be started");
    started = true;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return true;
}

int remote_rank(void)
{
    return rank;
}

int remote_size(void)
{
    return size;
}

void remote_send(int to, const void *bytes, size_t n)
{
    MPI_Send(bytes, (int)n, MPI_BYTE, to, 0, MPI_COMM_WORLD);
}

void remote_receive(int from, void *bytes, size_t n)
{
    MPI_Recv(bytes, (int)n, MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

int remote_poll(void *bytes, size_t n)
{
    MPI_Status status;
    int there = 0;
    if (size == 1)
        return -1; /* perhaps without MPI */
    MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return -1;
    remote_receive(status.MPI_SOURCE, bytes, n);
    return status.MPI_SOURCE;
}

void remote_stop(void)
{
    MPI_Finalize();
}
