// SPDX-License-Identifier: Apache-2.0
/// @file
/// Steps for tests: designs, workloads, and their jobs, freed at the end.
#pragma once

#include "training/count.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace step_of
{

inline ts_design shipped(const std::string &name)
{
    ts_design design{};
    char error[1024] = "";
    EXPECT_TRUE(
        ts_design_load((std::string(TESSERA_SHIPPED_DESIGNS) + "/" + name + ".yaml").c_str(),
                       &design, error, sizeof error))
        << error;
    return design;
}

inline ts_training training_of(const ts_design &design)
{
    ts_training training{};
    ts_error error{};
    EXPECT_TRUE(ts_training_make(&design, &training, &error)) << error.text;
    return training;
}

class workload
{
  public:
    explicit workload(const char *network, std::int64_t batch = 0)
    {
        ts_error error{};
        EXPECT_TRUE(ts_network_make(network, batch, &w_, &error)) << error.text;
    }

    explicit workload(const std::vector<ts_work_layer> &layers)
    {
        w_.batch = 1;
        for (const ts_work_layer &layer : layers)
            EXPECT_TRUE(ts_workload_add(&w_, &layer));
        ts_error error{};
        EXPECT_TRUE(ts_workload_check(&w_, &error)) << error.text;
    }

    ~workload()
    {
        ts_workload_free(&w_);
    }

    workload(const workload &) = delete;
    workload &operator=(const workload &) = delete;

    const ts_workload &get() const
    {
        return w_;
    }

  private:
    ts_workload w_{};
};

inline std::vector<ts_job> jobs_of(const ts_training &training, const workload &w)
{
    ts_jobs jobs{};
    ts_error error{};
    EXPECT_TRUE(ts_jobs_make(&training, &w.get(), &jobs, &error)) << error.text;
    std::vector<ts_job> result(jobs.jobs, jobs.jobs + jobs.n);
    ts_jobs_free(&jobs);
    return result;
}

struct counted {
    std::vector<ts_job> jobs;
    std::vector<ts_counts> counts;
    ts_totals totals;
};

inline counted count(const ts_training &training, const workload &w,
                     const ts_counting &by = ts_closed_form)
{
    counted result{};
    result.jobs = jobs_of(training, w);
    const ts_jobs jobs = {result.jobs.size(), result.jobs.size(), result.jobs.data()};
    ts_error error{};
    ts_counts *counts = ts_jobs_count(&training, &w.get(), &jobs, &by, &error);
    EXPECT_NE(counts, nullptr) << error.text;
    if (!counts)
        return result;
    result.counts.assign(counts, counts + jobs.n);
    result.totals = ts_jobs_totals(&training, &w.get(), &jobs, counts);
    free(counts);
    return result;
}

inline std::string refusal(const ts_training &training, const workload &w)
{
    ts_jobs jobs{};
    ts_error error{};
    if (!ts_jobs_make(&training, &w.get(), &jobs, &error))
        return error.text;
    ts_counts *counts = ts_jobs_count(&training, &w.get(), &jobs, &ts_closed_form, &error);
    EXPECT_EQ(counts, nullptr);
    free(counts);
    ts_jobs_free(&jobs);
    return error.text;
}

/// A linear layer without bias.
inline ts_work_layer linear(std::int64_t rows, std::int64_t in, std::int64_t out)
{
    ts_work_layer layer = ts_work_new(TS_WORK_LINEAR);
    layer.name[0] = 'l';
    layer.rows = rows;
    layer.in_channels = in;
    layer.out_channels = out;
    return layer;
}

/// A convolution of a square image with a square kernel.
inline ts_work_layer conv(std::int64_t in, std::int64_t out, std::int64_t side, std::int64_t kernel,
                          std::int64_t stride, std::int64_t pad)
{
    ts_work_layer layer = ts_work_new(TS_WORK_CONV);
    layer.name[0] = 'c';
    layer.in_channels = in;
    layer.out_channels = out;
    layer.in_height = layer.in_width = side;
    layer.kernel_height = layer.kernel_width = kernel;
    layer.stride_height = layer.stride_width = stride;
    layer.pad_height = layer.pad_width = pad;
    return layer;
}

} // namespace step_of
