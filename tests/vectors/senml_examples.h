#pragma once

/// The examples of SenML in the LwM2M Core TS 1.1, 7.4.4, and in RFC 8428.
namespace scef::vectors {

/// Table 7.4.4-2: Read of /3/0.
inline constexpr const char* senml_json_device =
    R"([{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},
{"n":"1","vs":"Lightweight M2M Client"},
{"n":"2","vs":"345000123"},
{"n":"3","vs":"1.0"},
{"n":"6/0","v":1},
{"n":"6/1","v":5},
{"n":"7/0","v":3800},
{"n":"7/1","v":5000},
{"n":"8/0","v":125},
{"n":"8/1","v":900},
{"n":"9","v":100},
{"n":"10","v":15},
{"n":"11/0","v":0},
{"n":"13","v":1367491215},
{"n":"14","vs":"+02:00"},
{"n":"16","vs":"U"}])";

/// The same records in SenML CBOR (RFC 8428 6), with integer labels and shortest integers.
inline constexpr const char* senml_cbor_device =
    "90 a3 21 652f332f302f 00 6130 03 744f70656e204d6f62696c6520416c6c69616e6365"
    "a2 00 6131 03 764c69676874776569676874204d324d20436c69656e74"
    "a2 00 6132 03 69333435303030313233"
    "a2 00 6133 03 63312e30"
    "a2 00 63362f30 02 01 a2 00 63362f31 02 05"
    "a2 00 63372f30 02 190ed8 a2 00 63372f31 02 191388"
    "a2 00 63382f30 02 187d a2 00 63382f31 02 190384"
    "a2 00 6139 02 1864 a2 00 623130 02 0f"
    "a2 00 6431312f30 02 00"
    "a2 00 623133 02 1a5182428f"
    "a2 00 623134 03 662b30323a3030"
    "a2 00 623136 03 6155";

/// Table 7.4.4-3: a notification of /72 with values of the past.
inline constexpr const char* senml_json_history =
    R"([{"bn":"/72/","bt":25462634,"n":"1/2","v":22.4,"t":-5},
{"n":"1/2","v":22.9,"t":-30},
{"n":"1/2","v":24.1,"t":-50}])";

/// Table 7.4.4-4: object links. The table has FFFF:FFFF for the last one; here it is in the decimal
/// form that appendix C prescribes.
inline constexpr const char* senml_json_links = R"([{"bn":"/","n":"65/0/0/0","vlo":"66:0"},
{"n":"65/0/0/1","vlo":"66:1"},
{"n":"65/0/1","vs":"8613800755500"},
{"n":"65/0/2","v":1},
{"n":"66/0/0","vs":"myService1"},
{"n":"66/0/1","vs":"Internet.15.234"},
{"n":"66/0/2","vlo":"67:0"},
{"n":"66/1/0","vs":"myService2"},
{"n":"66/1/1","vs":"Internet.15.235"},
{"n":"66/1/2","vlo":"65535:65535"},
{"n":"67/0/0","vs":"85.76.76.84"},
{"n":"67/0/1","vs":"85.76.255.255"}])";

/// Table 7.4.4-5: Read of one resource.
inline constexpr const char* senml_json_single = R"([{"bn":"/3/0/0","vs":"Open Mobile Alliance"}])";

/// Tables 7.4.4-6 and 7.4.4-7: a Read-Composite and its answer.
inline constexpr const char* senml_json_composite_request =
    R"([{"n":"/3/0/0"},{"n":"/3/0/9"},{"n":"/1/0/1"}])";
inline constexpr const char* senml_json_composite_answer =
    R"([{"n":"/3/0/0","vs":"Open Mobile Alliance"},{"n":"/3/0/9","v":95},{"n":"/1/0/1","v":86400}])";

/// Table 7.4.4-8: a Write-Composite.
inline constexpr const char* senml_json_composite_write =
    R"([{"n":"/3311/0/5850","vb":false},{"n":"/3311/1/5850","vb":false},)"
    R"({"n":"/3311/2/5851","v":20},{"n":"/3308/0/5900","v":18}])";

/// RFC 8428 5.1.1: one value.
inline constexpr const char* senml_json_one_datapoint =
    R"([{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}])";

/// RFC 8428 5.1.2, third example: base name, time, unit and version.
inline constexpr const char* senml_json_base_fields =
    R"([{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,
 "n":"voltage","u":"V","v":120.1},
{"n":"current","t":-5,"v":1.2},
{"n":"current","t":-4,"v":1.3},
{"n":"current","t":-3,"v":1.4},
{"n":"current","t":-2,"v":1.5},
{"n":"current","t":-1,"v":1.6},
{"n":"current","v":1.7}])";

/// RFC 8428 6: that pack in CBOR; 1.5 is in half precision. The last record has its time, 0.
inline constexpr const char* senml_cbor_base_fields =
    "87a721781b75726e3a6465763a6f773a"
    "313065323037336130313038303036 3a"
    "22fb41d303a15b001062236141200500"
    "67766f6c74616765016156 02fb405e06"
    "6666666666a3006763757272656e7406"
    "2402fb3ff3333333333333a300676375"
    "7272656e74062302fb3ff4cccccccccc"
    "cda3006763757272656e74062202fb3f"
    "f6666666666666a3006763757272656e"
    "74062102f93e00a3006763757272656e"
    "74062002fb3ff999999999999aa30067"
    "63757272656e74060002fb3ffb333333"
    "333333";

}  // namespace scef::vectors
