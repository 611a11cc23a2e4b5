/* SPDX-License-Identifier: Apache-2.0 */
/* Traces: what is written is read back; what fails leaves one line and nothing else. */
#include "scratch.h"

#include <cmath>
#include <csignal>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <sys/resource.h>

class Trace : public testing::Test
{
  protected:
    /* A writer of one step of one linear layer 1 -> 1; the caller makes it fail. */
    ts_trace_writer *begin(double loss_scale = 1)
    {
        ts_run run = small_run();
        run.kept = 1;
        ts_layer layer = linear_layer("fc", 1, 1);
        ts_step step{0, 0, 0, loss_scale};
        ts_trace_writer *writer = ts_trace_create(file.c_str(), &run, &error);
        if (writer) {
            ts_trace_add_layer(writer, &layer);
            ts_trace_add_step(writer, &step);
        }
        return writer;
    }

    /* Writes what is left and expects finish() to report that. */
    void finish(ts_trace_writer *writer, const char *expected)
    {
        const float curve[] = {0, 0, 0, 0};
        for (ts_tensor tensor : {TS_TENSOR_X, TS_TENSOR_DY})
            ts_trace_write(writer, 0, tensor, curve);
        EXPECT_FALSE(ts_trace_finish(writer, curve, curve, &error));
        EXPECT_EQ(std::string(error.text).rfind(file + ": ", 0), 0U) << error.text;
        EXPECT_NE(std::strstr(error.text, expected), nullptr) << error.text;
        EXPECT_TRUE(scratch.files().empty());
    }

    Scratch scratch;
    std::string file = scratch.path("small.h5");
    ts_error error{};
};

TEST_F(Trace, reads_back_what_was_written)
{
    ASSERT_TRUE(write_small(file, &error)) << error.text;
    ASSERT_EQ(scratch.files().size(), 1U);
    ts_trace *trace = ts_trace_open(file.c_str(), &error);
    ASSERT_NE(trace, nullptr) << error.text;

    const ts_run *run = ts_trace_run(trace);
    EXPECT_STREQ(run->command, small_run().command);
    EXPECT_STREQ(run->quantization, "sawb+pact");
    EXPECT_EQ(run->seed, INT64_MAX);
    EXPECT_EQ(run->kept, 2);
    EXPECT_EQ(run->test_accuracy, 0.5);

    ASSERT_EQ(ts_trace_layers(trace), 2);
    EXPECT_STREQ(ts_trace_layer(trace, 0)->name, "conv");
    EXPECT_EQ(ts_trace_layer(trace, 0)->kind, TS_CONV2D);
    EXPECT_EQ(ts_trace_layer(trace, 0)->out_width, 3);
    EXPECT_EQ(ts_trace_layer(trace, 1)->kind, TS_LINEAR);
    EXPECT_EQ(ts_trace_elements(trace, 0, TS_TENSOR_X), 100U);
    EXPECT_EQ(ts_layer_macs(ts_trace_layer(trace, 0), 2), 972U);

    ASSERT_EQ(ts_trace_steps(trace), 2);
    EXPECT_EQ(ts_trace_step(trace, 1)->number, 3);
    EXPECT_EQ(ts_trace_step(trace, 1)->loss, 1.5);
    EXPECT_EQ(ts_trace_step(trace, 1)->loss_scale, 1024);
    EXPECT_EQ(ts_trace_find_step(trace, 3), 1);
    EXPECT_EQ(ts_trace_find_step(trace, 2), -1);
    EXPECT_TRUE(std::isnan(ts_trace_pact_alpha(trace, 0, 0)));
    EXPECT_EQ(ts_trace_pact_alpha(trace, 0, 1), 1.0);
    EXPECT_EQ(ts_trace_grad_max(trace)[7], 7);
    EXPECT_EQ(ts_trace_loss(trace)[3], 1);

    for (int s = 0; s < 2; s++) {
        for (int l = 0; l < 2; l++) {
            for (ts_tensor tensor : {TS_TENSOR_X, TS_TENSOR_W, TS_TENSOR_DY}) {
                std::vector<float> values(ts_trace_elements(trace, l, tensor));
                ASSERT_TRUE(ts_trace_read(trace, s, l, tensor, values.data(), &error));
                for (size_t i = 0; i < values.size(); i++)
                    ASSERT_EQ(values[i], element(s ? 3 : 1, l, tensor, i));
            }
        }
    }
    ts_trace_close(trace);
}

TEST_F(Trace, replaces_a_file_only_when_finished)
{
    ASSERT_TRUE(write_small(file, &error));
    ts_trace_abandon(begin());
    EXPECT_EQ(failure(file), "");
    EXPECT_EQ(scratch.files().size(), 1U);
}

TEST_F(Trace, writer_refuses_what_the_reader_would)
{
    const float not_a_number = std::numeric_limits<float>::quiet_NaN();
    ts_trace_writer *writer = begin();
    EXPECT_FALSE(ts_trace_write(writer, 0, TS_TENSOR_W, &not_a_number));
    finish(writer, "/steps/000000/000/W: element 0 is nan");
    finish(begin(), "/steps/000000/000/W was never written");
    finish(begin(3), "loss_scale 3 is not a power of two");

    writer = begin();
    ts_layer late = linear_layer("late", 1, 1);
    EXPECT_FALSE(ts_trace_add_layer(writer, &late));
    finish(writer, "layer 'late' comes after a step");

    writer = begin();
    EXPECT_FALSE(ts_trace_write_pact_alpha(writer, 1, 1));
    finish(writer, "no layer 1");

    ts_run run = small_run();
    run.kept = 5;
    EXPECT_EQ(ts_trace_create(file.c_str(), &run, &error), nullptr);
    EXPECT_NE(std::strstr(error.text, "kept 5"), nullptr) << error.text;
    run = small_run();
    run.model = "\xff";
    EXPECT_EQ(ts_trace_create(file.c_str(), &run, &error), nullptr);
    EXPECT_NE(std::strstr(error.text, "'model' is not UTF-8"), nullptr) << error.text;
    EXPECT_TRUE(scratch.files().empty());

    run = small_run();
    std::string nowhere = scratch.path("no/such.h5");
    EXPECT_EQ(ts_trace_create(nowhere.c_str(), &run, &error), nullptr);
    EXPECT_NE(std::strstr(error.text, "No such file"), nullptr) << error.text;
    EXPECT_EQ(ts_trace_create("/dev/null", &run, &error), nullptr);
    EXPECT_STREQ(error.text,
                 "/dev/null: is there and is no regular file, whose place a trace could take");
}

TEST_F(Trace, layers_must_be_consistent)
{
    ts_layer good = conv_layer("conv", 2, 3, 7, 3, 2, 1);
    EXPECT_TRUE(ts_layer_check(&good, 8, &error));
    auto refused = [&](int ts_layer::*extent, int value, const char *expected) {
        ts_layer layer = good;
        layer.*extent = value;
        EXPECT_FALSE(ts_layer_check(&layer, 8, &error));
        EXPECT_NE(std::strstr(error.text, expected), nullptr) << error.text;
    };
    refused(&ts_layer::out_height, 3, "out_height is 3");
    refused(&ts_layer::kernel_width, 10, "kernel_width 10 exceeds");
    refused(&ts_layer::stride_height, 0, "stride_height is 0");
    refused(&ts_layer::pad_width, -1, "pad_width is -1");
    good.kind = TS_LINEAR;
    refused(&ts_layer::in_channels, 2, "a linear layer");
    ts_layer huge = conv_layer("huge", 1 << 24, 1 << 24, 1 << 12, 1, 1, 0);
    EXPECT_FALSE(ts_layer_check(&huge, 8, &error));
}

/* A limit on file sizes stands for a full disk: both end in a write that fails. */
TEST_F(Trace, full_disk_leaves_one_line_and_no_file)
{
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    auto handler = std::signal(SIGXFSZ, SIG_IGN);
    for (rlim_t size : {0, 1, 4096}) {
        rlimit limit{size, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
        bool written = write_small(file, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        EXPECT_FALSE(written);
        EXPECT_NE(std::strstr(error.text, "File too large"), nullptr) << error.text;
        EXPECT_EQ(std::strchr(error.text, '\n'), nullptr);
        EXPECT_TRUE(scratch.files().empty());
    }
    std::signal(SIGXFSZ, handler);
    EXPECT_TRUE(write_small(file, &error)) << error.text;
}
