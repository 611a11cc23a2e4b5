// SPDX-License-Identifier: Apache-2.0
// tessera report on made-up inputs: its figures, its verdict, its page, and how it fails.
#include "synthetic.h"

#include <gtest/gtest.h>

#include <rapidjson/document.h>
#include <valijson/adapters/rapidjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <vector>

namespace
{

namespace fs = std::filesystem;
using rapidjson::Document;

class Report : public testing::Test
{
  protected:
    Document run(const Synthetic &a, const Synthetic &b)
    {
        write_synthetic(dir + "/a", a);
        write_synthetic(dir + "/b", b);
        outcome = report("-o " + out + " " + dir + "/a " + dir + "/b");
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        html = read_text(out + "/report.html");
        return parse(read_text(out + "/report.json"));
    }

    static Document parse(const std::string &text)
    {
        Document json;
        json.Parse(text.c_str());
        EXPECT_FALSE(json.HasParseError()) << text.substr(0, 200);
        return json;
    }

    static double ratio(const Document &json, const char *name)
    {
        const auto &value = json["ratios"][0][name]["value"];
        return value.IsNumber() ? value.GetDouble() : -1;
    }

    static std::string verdict(const Document &json)
    {
        return json["claims"][0]["verdict"].GetString();
    }

    // One line on stderr, nothing written.
    void refuses(const std::string &arguments, const std::string &why,
                 const std::string &before = "")
    {
        Outcome o = report(arguments, before);
        EXPECT_EQ(o.status, 1);
        EXPECT_EQ(std::count(o.err.begin(), o.err.end(), '\n'), 1) << o.err;
        EXPECT_NE(o.err.find(why), std::string::npos) << o.err;
        EXPECT_FALSE(fs::exists(out + "/report.html"));
    }

    std::string inputs() const
    {
        return "-o " + out + " " + dir + "/a " + dir + "/b";
    }

    Scratch scratch;
    const std::string dir = scratch.path, out = dir + "/out";
    std::string html;
    Outcome outcome;
};

// Of a rival with as many multiply-accumulates, that many times the area and energy.
Synthetic rival(double area, double energy)
{
    Synthetic s;
    s.name = "beta";
    s.area_um2 = 100 * area;
    s.pj_per_mac = 2 * energy + 2;
    s.run_pj_per_mac = 3 * energy;
    s.phases = false;
    return s;
}

TEST_F(Report, RatiosAreTheRivalsCostOverTheClaimed)
{
    Synthetic b = rival(2, 4);
    b.macs_per_cycle = 1;
    b.cycles = 30;
    Document json = run({}, b);
    EXPECT_DOUBLE_EQ(ratio(json, "area_per_mac"), 8);     // 200 / 1 against 100 / 4
    EXPECT_DOUBLE_EQ(ratio(json, "mpe_area_per_mac"), 8); // halves of these
    EXPECT_NEAR(ratio(json, "tops_per_mm2"), 8, 1e-4);
    EXPECT_DOUBLE_EQ(ratio(json, "energy_per_useful_mac"), 4);
    EXPECT_DOUBLE_EQ(ratio(json, "energy_per_mac"), 5);
    EXPECT_DOUBLE_EQ(ratio(json, "tops_per_w"), 5);
    EXPECT_DOUBLE_EQ(ratio(json, "cycles"), 3);
    EXPECT_DOUBLE_EQ(ratio(json, "milliseconds"), 3);
    EXPECT_DOUBLE_EQ(ratio(json, "delivered_per_area"), 6); // a third of the time, half the area
    EXPECT_STREQ(json["ratios"][0]["energy_per_mac"]["kind"].GetString(), "simulated + modelled");
    EXPECT_STREQ(json["ratios"][0]["energy_per_useful_mac"]["kind"].GetString(),
                 "simulated + modelled");
    EXPECT_DOUBLE_EQ(json["ratios"][0]["energy_per_useful_mac"]["design_value"].GetDouble(), 3);
    EXPECT_DOUBLE_EQ(json["ratios"][0]["energy_per_useful_mac"]["rival_value"].GetDouble(), 12);
    EXPECT_EQ(html.find("Claimed</th>"), std::string::npos);
    EXPECT_STREQ(json["ratios"][0]["mpe_area_per_mac"]["kind"].GetString(), "synthesized");
    EXPECT_STREQ(json["ratios"][0]["rival"].GetString(), "beta");
    for (const char *text : {"8.00<small>", "4.00<small>", "3.00<small>", "6.00<small>"})
        EXPECT_NE(html.find(text), std::string::npos) << text;
}

TEST_F(Report, TheVerdictTurnsAboveSeven)
{
    EXPECT_EQ(verdict(run({}, rival(7.01, 7.01))), "holds");
    EXPECT_EQ(verdict(run({}, rival(6.99, 6.99))), "does not hold");
    EXPECT_EQ(verdict(run({}, rival(7.01, 6.99))), "holds when");
    EXPECT_EQ(verdict(run({}, rival(6.99, 7.01))), "holds when");
    // Cycles are of arrays with different peak rates.
    EXPECT_EQ(outcome.out.find("Cycles"), std::string::npos);
    // The claim is of more than 7.
    EXPECT_EQ(verdict(run({}, rival(1, 7))), "does not hold");
}

TEST_F(Report, AMissedClockLeavesTheVerdictOpen)
{
    Synthetic b = rival(9, 9);
    b.meets_clock = false;
    Document json = run({}, b);
    EXPECT_EQ(verdict(json), "open");
    std::string sentence = json["claims"][0]["rivals"][0]["sentence"].GetString();
    EXPECT_NE(sentence.find("beta misses the clock"), std::string::npos) << sentence;
}

TEST_F(Report, EveryRivalIsJudgedAndTheVerdictIsOfAll)
{
    write_synthetic(dir + "/c", rival(2, 2));
    write_synthetic(dir + "/a", {});
    write_synthetic(dir + "/b", rival(9, 9));
    outcome = report(inputs() + " " + dir + "/c");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    Document json = parse(read_text(out + "/report.json"));
    EXPECT_EQ(verdict(json), "holds when");
    EXPECT_STREQ(json["claims"][0]["rivals"][0]["verdict"].GetString(), "holds");
    EXPECT_STREQ(json["claims"][0]["rivals"][1]["verdict"].GetString(), "does not hold");
    EXPECT_EQ(json["ratios"].Size(), 2U);
}

TEST_F(Report, PowerThatWasNotMeasuredIsNull)
{
    Synthetic a, b = rival(8, 8);
    a.power = b.power = false;
    Document json = run(a, b);
    EXPECT_EQ(verdict(json), "open");
    EXPECT_TRUE(json["ratios"][0]["energy_per_mac"]["value"].IsNull());
    EXPECT_STREQ(json["ratios"][0]["energy_per_mac"]["kind"].GetString(), "not measured");
    EXPECT_TRUE(json["designs"][0]["power"].IsNull());
    EXPECT_NE(html.find("Power was not measured"), std::string::npos);
    EXPECT_NE(html.find("not measured</p>"), std::string::npos);
}

TEST_F(Report, WithoutAReplayThereAreNoCyclesAndNoErrors)
{
    Synthetic a, b = rival(8, 8);
    a.replay = b.replay = a.power = b.power = false;
    Document json = run(a, b);
    EXPECT_TRUE(json["designs"][0]["cycles"]["value"].IsNull());
    EXPECT_TRUE(json["designs"][0]["mismatches"].IsNull());
    EXPECT_EQ(json["designs"][0]["errors"].Size(), 0U);
    EXPECT_NE(html.find("Cycles were not counted"), std::string::npos);
    EXPECT_EQ(html.find("0 mismatches"), std::string::npos) << "nothing was compared";
}

TEST_F(Report, DifferentWorkIsNotCompared)
{
    write_synthetic(dir + "/a", {});
    write_synthetic(dir + "/b", rival(2, 2));
    for (const char *name : {"/b/replay/replay.json", "/b/cost.json"}) {
        std::string text = read_text(dir + name), totals = "{\"events\": 1, \"macs\": 8";
        text.replace(text.find(totals), totals.size(), "{\"events\": 1, \"macs\": 9");
        write_text(dir + name, text);
    }
    ASSERT_EQ(report(inputs()).status, 0);
    Document json = parse(read_text(out + "/report.json"));
    EXPECT_TRUE(json["ratios"][0]["cycles"]["value"].IsNull());
    EXPECT_NE(std::string(json["ratios"][0]["cycles"]["note"].GetString()).find("same work"),
              std::string::npos);
}

TEST_F(Report, MismatchesAndErrorsAreCarriedOver)
{
    Synthetic a;
    a.mismatches = 3;
    a.nmse = 0.0625;
    Document json = run(a, rival(2, 2));
    EXPECT_EQ(json["designs"][0]["mismatches"].GetInt(), 3);
    EXPECT_EQ(json["designs"][1]["mismatches"].GetInt(), 0);
    const auto &errors = json["designs"][0]["errors"];
    ASSERT_EQ(errors.Size(), 5U); // fwd, and bwd and grad in both phases
    EXPECT_STREQ(errors[2]["phase"].GetString(), "odd");
    EXPECT_DOUBLE_EQ(errors[2]["nmse_median"].GetDouble(), 0.0625);
    EXPECT_DOUBLE_EQ(errors[2]["slope_worst"].GetDouble(), -0.125);
    EXPECT_NE(html.find("3 mismatches"), std::string::npos);
}

TEST_F(Report, JsonAndCsvHoldWhatThePageHolds)
{
    Document json = run({}, rival(2, 2));
    const auto &design = json["designs"][0];
    ASSERT_EQ(design["events"].Size(), 3U);
    EXPECT_STREQ(design["events"][2]["layer"].GetString(), "conv");
    EXPECT_TRUE(design["events"][2]["partial"].GetBool());
    EXPECT_DOUBLE_EQ(design["events"][2]["errors"]["odd"]["slope"].GetDouble(), -0.125);
    EXPECT_STREQ(design["operands"][0]["x_clip_source"].GetString(), "pact");
    EXPECT_DOUBLE_EQ(design["power"]["positions"][0]["switching_mw"].GetDouble(), 2);
    EXPECT_DOUBLE_EQ(design["blocks"][0]["critical_path_ns"].GetDouble(), 9);
    EXPECT_DOUBLE_EQ(design["run"]["pj_per_mac"].GetDouble(), 3);
    EXPECT_DOUBLE_EQ(design["worst_slack_ns"]["value"].GetDouble(), 1);
    const std::string csv = read_text(out + "/report.csv");
    for (const char *line : {
             "ratio,beta,energy_per_useful_mac,2,1,simulated + modelled\n",
             "figure,alpha,energy_per_useful_mac,3,pJ,simulated + modelled\n",
             "events,alpha,step 1 conv grad errors.odd.slope,-0.125,1,simulated\n",
             "events,alpha,step 1 conv grad skew_cycles,3,cycles,simulated\n",
             "operands,alpha,step 1 conv x_clip_source,pact,,simulated\n",
             "operands,alpha,step 1 conv dy_odd.zero_share,0.625,1,simulated\n",
             "blocks,alpha,mpe (Simd=1) slack_ns,1,ns,synthesized\n",
             "power.positions,alpha,r row 0 col 0 slice 0 leakage_mw,3,mW,simulated\n",
             "timing,alpha,worst_slack_ns,1,ns,synthesized\n",
         })
        EXPECT_NE(csv.find(line), std::string::npos) << line;
}

std::string complaint(const Document &schema_json, const Document &json)
{
    valijson::Schema schema;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::RapidJsonAdapter(schema_json), schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    validator.validate(schema, valijson::adapters::RapidJsonAdapter(json), &results);
    valijson::ValidationResults::Error error;
    std::string text;
    while (results.popError(error)) {
        for (const std::string &part : error.context)
            text += part;
        text += ": " + error.description + "\n";
    }
    return text;
}

TEST_F(Report, JsonIsAsItsSchemaSays)
{
    Document schema = parse(read_text(TESSERA_REPORTS "/render/report.schema.json"));
    EXPECT_EQ(complaint(schema, run({}, rival(2, 2))), "");
    Synthetic bare;
    bare.power = bare.replay = false;
    Document json = run(bare, rival(2, 2));
    EXPECT_EQ(complaint(schema, json), "");
    json["designs"][0]["area_mm2"].RemoveMember("kind");
    EXPECT_NE(complaint(schema, json), "") << "a figure without its kind";
}

TEST_F(Report, CostSchemaTakesTheInputsAndNothingElse)
{
    Document schema = parse(read_text(TESSERA_REPORTS "/cost/cost.schema.json"));
    write_synthetic(dir + "/a", {});
    Document cost = parse(read_text(dir + "/a/cost.json"));
    EXPECT_EQ(complaint(schema, cost), "");
    cost["array"].RemoveMember("kind");
    EXPECT_NE(complaint(schema, cost), "");
}

// Every element closed, in order; style and comments skipped.
std::string unclosed(const std::string &html)
{
    std::vector<std::string> open;
    for (size_t i = html.find('<'); i != std::string::npos; i = html.find('<', i + 1)) {
        size_t end = html.find('>', i);
        if (end == std::string::npos)
            return "a tag without its end";
        std::string tag = html.substr(i + 1, end - i - 1);
        std::string name = tag.substr(0, tag.find_first_of(" \t\n/", 1));
        if (tag[0] == '!' || tag.back() == '/' || name == "meta")
            continue;
        if (tag[0] != '/') {
            open.push_back(name);
            if (name == "style")
                i = html.find("</style>", i) - 1;
        } else if (open.empty() || "/" + open.back() != name) {
            return name + " after " + (open.empty() ? "all" : open.back());
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? "" : open.back();
}

TEST_F(Report, PageIsWellFormedAndNeedsNoNetwork)
{
    run({}, rival(2, 2));
    EXPECT_EQ(unclosed(html), "");
    EXPECT_FALSE(std::regex_search(html, std::regex("\\b(nan|inf)\\b")));
    EXPECT_EQ(html.find("https://"), std::string::npos);
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find("@import"), std::string::npos);
    const std::string svg = "http://www.w3.org/2000/svg";
    for (size_t i = html.find("http://"); i != std::string::npos; i = html.find("http://", i + 1))
        EXPECT_EQ(html.substr(i, svg.size()), svg);
    // Cycles, errors, area, power; array and slice of each design.
    size_t drawings = 0;
    for (size_t i = html.find("<svg"); i != std::string::npos; i = html.find("<svg", i + 1))
        drawings++;
    EXPECT_EQ(drawings, 8U);
    for (const char *text :
         {"not backed up in any way", "alpha against beta - Tessera report</title>",
          "partial dW (6 of 64 samples)", ">PACT</td>", "without read multiplexers",
          "25.0 % of the area of alpha", "Nothing-10", "nolib", "synthesized",
          "prefers-color-scheme", "@media print"})
        EXPECT_NE(html.find(text), std::string::npos) << text;
}

TEST_F(Report, NamesFromFilesAreEscaped)
{
    Synthetic a;
    a.name = "<b>&'x`>" + dir + "/ran`"; // gnuplot would
    a.layer = "l<i>$`'";
    run(a, rival(2, 2));
    EXPECT_EQ(unclosed(html), "");
    EXPECT_EQ(html.find("<b>&'x"), std::string::npos);
    EXPECT_NE(html.find("&lt;b&gt;&amp;&#39;x"), std::string::npos);
    EXPECT_FALSE(fs::exists(dir + "/ran"));
}

TEST_F(Report, BadInputIsRefusedInOneLine)
{
    write_synthetic(dir + "/a", {});
    refuses(inputs(), dir + "/b/cost.json: cannot be read");
    write_text(dir + "/b/cost.json", "{\"design\":");
    refuses(inputs(), "is not a JSON object");
    write_text(dir + "/b/cost.json", "[]");
    refuses(inputs(), "is not a JSON object");
    write_text(dir + "/b/cost.json", "{}");
    refuses(inputs(), "must be a number above 0");
    write_synthetic(dir + "/b", rival(2, 2));
    write_text(dir + "/b/replay/replay.json", "{}");
    refuses(inputs(), "'events' must be an array");
    write_text(dir + "/b/replay/replay.json", "x");
    refuses(inputs(), "replay.json: is not a JSON object");
    EXPECT_EQ(report("-o " + out + " " + dir + "/a").status, 2);
    EXPECT_EQ(report(dir + "/a " + dir + "/a").status, 2);
    EXPECT_EQ(report("--no-such-option").status, 2);
}

TEST_F(Report, AnotherRunsReplayIsRefused)
{
    write_synthetic(dir + "/a", {});
    Synthetic b = rival(2, 2), other = b;
    other.cycles = 11;
    write_synthetic(dir + "/b", b);
    const std::string replay = read_text(dir + "/b/replay/replay.json");
    write_synthetic(dir + "/c", other);
    write_text(dir + "/b/replay/replay.json", read_text(dir + "/c/replay/replay.json"));
    refuses(inputs(), "its total 'cycles' is not cost.json's; run `tessera cost` again");
    other = b;
    other.name = "gamma";
    write_synthetic(dir + "/c", other);
    write_text(dir + "/b/replay/replay.json", read_text(dir + "/c/replay/replay.json"));
    refuses(inputs(), "its 'design' is not cost.json's; run `tessera cost` again");
    // Made without a trace: what lies beside it is not its own.
    b.replay = b.power = false;
    write_synthetic(dir + "/b", b);
    ASSERT_EQ(report(inputs()).status, 0);
    Document json = parse(read_text(out + "/report.json"));
    EXPECT_TRUE(json["designs"][1]["cycles"]["value"].IsNull());
    EXPECT_EQ(json["designs"][1]["errors"].Size(), 0U);
}

TEST_F(Report, NoVerdictAcrossLibrariesOrClocks)
{
    write_synthetic(dir + "/a", {});
    Synthetic b = rival(2, 2);
    b.sha256 = "ff";
    write_synthetic(dir + "/b", b);
    refuses(inputs(), "no verdict across libraries");
    b = rival(2, 2);
    b.mhz = 200;
    write_synthetic(dir + "/b", b);
    refuses(inputs(), dir + "/a is at 100 MHz, " + dir + "/b at 200 MHz: no verdict across clocks");
}

TEST_F(Report, AMissingToolIsNamedWithItsPackage)
{
    write_synthetic(dir + "/a", {});
    write_synthetic(dir + "/b", rival(2, 2));
    fs::create_directory(dir + "/bin");
    const std::string path = "PATH='" + dir + "/bin'";
    refuses(inputs(), "gnuplot: not installed (package gnuplot-nox)", path);
    Outcome which = {std::system(("ln -s $(command -v gnuplot) '" + dir + "/bin/gnuplot'").c_str()),
                     "", ""};
    ASSERT_EQ(which.status, 0);
    refuses(inputs(), "dot: not installed (package graphviz)", path);
}

TEST_F(Report, AFullDiskLeavesWhatWasThere)
{
    run({}, rival(2, 2));
    const std::string before = html;
    fs::create_directory(dir + "/tmp");
    Outcome o = report(inputs(), "ulimit -f 80; TMPDIR='" + dir + "/tmp'");
    EXPECT_EQ(o.status, 1);
    EXPECT_EQ(std::count(o.err.begin(), o.err.end(), '\n'), 1) << o.err;
    EXPECT_EQ(read_text(out + "/report.html"), before);
    EXPECT_TRUE(fs::is_empty(dir + "/tmp"));
    EXPECT_EQ(std::distance(fs::directory_iterator(out), fs::directory_iterator()), 3);
    write_text(dir + "/file", "");
    EXPECT_EQ(report("-o " + dir + "/file " + dir + "/a " + dir + "/b").status, 1);
}

} // namespace
