#!/usr/bin/env python3
"""Each check must find what it is for, and leave alone what only looks like it."""

import tempfile
import unittest
from pathlib import Path

import checks
from functions import functions_of
from source_tree import Tree


def places(check, **files):
    """What a check says of a tree of these files; `__` in a name is a slash, `_dot_` a dot."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root) / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return list(check(Tree(root)))


class IncludeGraph(unittest.TestCase):
    def test_an_edge_that_is_not_allowed_is_found(self):
        self.assertEqual(1, len(places(checks.folders_known, quota__a_dot_h='#include "nidd/b.h"\n')))
        self.assertEqual(1, len(places(checks.folders_known, queueing__a_dot_h='#include "queueing/store/b.h"\n')))
        self.assertEqual(1, len(places(checks.folders_known, nidd__a_dot_h='#include "b.h"\n')))

    def test_an_allowed_edge_and_a_comment_are_not(self):
        text = '#include "quota/b.h"\n#include "lwm2m-core/vocabulary/c.h"\n// #include "nidd/b.h"\n'
        self.assertEqual([], places(checks.folders_known, quota__a_dot_h=text))

    def test_a_library_out_of_its_place_is_found(self):
        found = places(checks.libraries_known, nidd__types__a_dot_h="#include <boost/asio.hpp>\n",
                       nidd__client__a_dot_h="#include <boost/asio.hpp>\n#include <httplib.h>\n",
                       quota__a_dot_h="#include <curl/curl.h>\n#include <vector>\n#include <sys/stat.h>\n")
        self.assertEqual(3, len(found), found)


class Purity(unittest.TestCase):
    def test_each_way_out_is_found(self):
        for text in ("auto t = std::chrono::steady_clock::now();", "std::time(nullptr);", "std::random_device r;",
                     "std::this_thread::yield();", "std::mutex m;", "::socket(1, 2, 3);", "std::ofstream f;",
                     "#include <thread>", "#include <sys/socket.h>", "std::getenv(name);", "std::cerr << 1;"):
            self.assertEqual(1, len(places(checks.pure_is_pure, quota__a_dot_cpp=text + "\n")), text)

    def test_what_only_looks_like_it_is_left_alone(self):
        text = ('// std::mutex\nconst char* s = "std::mutex";\nvoid Thing::read(int x);\nTime time() const;\n'
                "int big = 1'000; char c = '\"'; auto r = R\"(std::mutex)\";\n")
        self.assertEqual([], places(checks.pure_is_pure, quota__a_dot_cpp=text))
        self.assertEqual([], places(checks.pure_is_pure, nidd__client__a_dot_cpp="std::mutex m;\n"))


class Functions(unittest.TestCase):
    def test_lines_are_counted_from_brace_to_brace(self):
        code = ("namespace a {\nclass B {\n    B(C c = {}) : x_{1}, y_(2) {\n    }\n"
                "    int f() const { return 1; }\n    int a[2] = {1, 2};\n};\n}\n")
        self.assertEqual([("B", 2), ("f", 1)], [(f.name, f.lines) for f in functions_of(code)])

    def test_a_lambda_counts_for_the_function_around_it(self):
        self.assertEqual(["f"], [f.name for f in functions_of("void f() {\n  auto g = [](int x) { return x; };\n}\n")])

    def test_a_long_function_is_found_and_a_long_class_is_not(self):
        body = "    int x;\n" * 80
        self.assertEqual(1, len(places(checks.functions_are_short, quota__a_dot_cpp=f"void f() {{\n{body}}}\n")))
        self.assertEqual(0, len(places(checks.functions_are_short, quota__a_dot_cpp=f"struct S {{\n{body}}};\n")))


class Texts(unittest.TestCase):
    def test_a_long_file_is_found(self):
        self.assertEqual(1, len(places(checks.files_are_short, quota__a_dot_cpp="\n" * 401)))

    def test_a_missing_readme_is_found(self):
        found = places(checks.folders_have_readmes, quota__a_dot_h="", nidd__README_dot_md="", nidd__types__a_dot_h="")
        self.assertEqual(["nidd/types: has no README.md", "quota: has no README.md"], found)

    def test_work_left_is_found(self):
        self.assertEqual(1, len(places(checks.nothing_is_left_to_do, quota__a_dot_h="// TO" "DO: more\n")))
        self.assertEqual([], places(checks.nothing_is_left_to_do, quota__a_dot_h='mkdtemp("XXXXXX");\n'))

    def test_a_header_without_its_guard_is_found(self):
        self.assertEqual(1, len(places(checks.headers_are_guarded, quota__a_dot_h="#include <map>\n#pragma once\n")))
        self.assertEqual([], places(checks.headers_are_guarded, quota__a_dot_h="// Says what.\n#pragma once\n"))

    def test_a_sleeping_test_is_found(self):
        for text in ("std::this_thread::sleep_for(1s);", "usleep(3);", "::sleep(1);", "sleep(1);"):
            self.assertEqual(1, len(places(checks.tests_do_not_sleep, tests__a_dot_cpp=text)), text)
        self.assertEqual([], places(checks.tests_do_not_sleep, tests__a_dot_cpp="modem.sleep(1); goes_to_sleep();"))

    def test_a_log_id_out_of_the_catalogue_is_found(self):
        code = 'log(LogLine::Level::error, "STORE_FULL", "x");\nlog(Level::info,\n    "SCEF_UP", "y");\n'
        code += 'spdlog::warn("READY port={}", port); logger->error("GONE");\n'
        found = places(checks.log_ids_are_documented, nidd__a_dot_cpp=code, docs__LOG_MESSAGES_dot_md="## SCEF_UP\n## READY\n")
        self.assertEqual(["STORE_FULL", "GONE"], [place.split()[1] for place in found])

    def test_a_schema_that_was_not_raised_with_a_record_is_found(self):
        records = ("constexpr std::uint8_t version = 3, version_oldest = 2;\n"
                   "constexpr std::uint8_t usage_version = 4;\n"
                   "constexpr std::uint8_t oldest_version = 9;\n")
        schema = "inline constexpr std::uint32_t record_schema = 7;\n"
        found = places(checks.schema_follows_records, queueing__a_dot_cpp=records,
                       **{"scef-adapter__b_dot_h": schema.replace("7", "6")},
                       **{"scef-adapter__admin__c_dot_cpp": "constexpr std::uint8_t version = 3;\n"})
        self.assertEqual(1, len(found), found)
        self.assertEqual([], places(checks.schema_follows_records, queueing__a_dot_cpp=records,
                                    **{"scef-adapter__b_dot_h": schema}))

    def test_a_function_of_the_exchanges_that_is_gone_is_found(self):
        rows = "| row | event | function |\n| D1 | a `CON` | `answer`, `gone` |\n| | another | `answer` |\n"
        found = places(checks.named_functions_exist, docs__exchanges_dot_md=rows,
                       queueing__a_dot_cpp="void answer() {}\n// gone\n")
        self.assertEqual(["docs/exchanges.md:2: there is no gone"], found)

    def test_a_row_of_t8_outcomes_without_a_test_is_found(self):
        rows = "".join(f"| `{name}` | 200 |\n" for name in ("post.busy", "post.lost", "post.new"))
        found = places(checks.t8_rows_are_tested,
                       **{"docs__t8-outcomes_dot_md": "## A\n\n| row | answer |\n| --- | --- |\n" + rows},
                       tests__flow__a_dot_cpp='TEST(A, post_busy_waits) {}\nauto b = "post.lost";\n// post.new\n')
        self.assertEqual(["docs/t8-outcomes.md:7: post.new is in no test of tests/flow"], found)

    def test_a_table_or_row_of_t8_outcomes_without_names_is_found(self):
        table = "| row | answer |\n| --- | --- |\n"
        text = (f"## A\n| answer |\n| --- |\n| 1 |\n\n{table}|  | 2 |\n\n"
                f"{table}| `a.b` | 3 |\n| `a.b` | 4 |\n\n## The gate before a SCEF\n| observed |\n| --- |\n")
        found = places(checks.t8_rows_are_tested, **{"docs__t8-outcomes_dot_md": text},
                       tests__flow__a_dot_cpp='auto b = "a.b", c = "a.c", d = "file.txt";\n')
        self.assertEqual(["docs/t8-outcomes.md:2", "docs/t8-outcomes.md:8", "docs/t8-outcomes.md:13", "tests/flow"],
                         [place.split(": ")[0] for place in found])

    def test_a_source_in_no_list_is_found(self):
        found = places(checks.sources_are_built, quota__a_dot_cpp="", quota__b_dot_cpp="", quota__c_dot_cpp="",
                       quota__CMakeLists_dot_txt="scef_library(q SOURCES a.cpp\n  ../quota/b.cpp # c.cpp\n)\n")
        self.assertEqual(["quota/c.cpp: is in no CMakeLists.txt"], found)


if __name__ == "__main__":
    unittest.main()
