#pragma once

/// The examples of TLV in the LwM2M Core TS 1.1, 7.4.3, as hexadecimal digits.
namespace scef::vectors {

/// 7.4.3.1: Read of /3/0, a Device with 13 resources.
inline constexpr const char* tlv_device_instance =
    "c80014 4f70656e204d6f62696c6520416c6c69616e6365"      // 0: Open Mobile Alliance
    "c80116 4c69676874776569676874204d324d20436c69656e74"  // 1: Lightweight M2M Client
    "c80209 333435303030313233"                            // 2: 345000123
    "c303 312e30"                                          // 3: 1.0
    "8606 410001 410105"                                   // 6: 1, 5
    "880708 42000ed8 42011388"                             // 7: 3800, 5000
    "8708 41007d 42010384"                                 // 8: 125, 900
    "c10964"                                               // 9: 100
    "c10a0f"                                               // 10: 15
    "830b 410000"                                          // 11: 0
    "c40d5182428f"                                         // 13: 1367491215
    "c60e 2b30323a3030"                                    // 14: +02:00
    "c11055";                                              // 16: U

/// 7.4.3.2 A: Read of /3, the same in its object instance.
inline constexpr const char* tlv_device_object =
    "080079"
    "c80014 4f70656e204d6f62696c6520416c6c69616e6365"
    "c80116 4c69676874776569676874204d324d20436c69656e74"
    "c80209 333435303030313233 c303 312e30 8606 410001 410105 880708 42000ed8 42011388"
    "8708 41007d 42010384 c10964 c10a0f 830b 410000 c40d5182428f c60e 2b30323a3030 c11055";

/// 7.4.3.2 B: Read of /2, two Access Control instances; the second has an ACL for server 310.
inline constexpr const char* tlv_access_control_object =
    "08000e c10001 c10100 8302 417f07 c1037f"
    "080212 c10003 c10100 8702 417f07 61013601 c1037f";

/// 7.4.3.2 C: Read of /1, one Server instance.
inline constexpr const char* tlv_server_object = "08000f c10001 c40100015180 c10601 c10755";

/// 7.4.3.3, first example: Read of /65/0 with object links to 66:0 and 66:1.
inline constexpr const char* tlv_object_65_instance =
    "88000c 440000420000 440100420001 c8010d 38363133383030373535353030 c40212345678";

/// 7.4.3.3, second example: Read of /66; the second instance has the link to nothing.
inline constexpr const char* tlv_object_66_object =
    "080026 c8000b 6d79536572766963652031 c8010f 496e7465726e65742e31352e323334 c40200430000"
    "080126 c8000b 6d79536572766963652032 c8010f 496e7465726e65742e31352e323335 c402ffffffff";

}  // namespace scef::vectors
